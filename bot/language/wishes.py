"""What a question wants of the catalogue: conditions, an order, a number, two courses side by side.

Words are looked for in `wishes.yaml`; what a condition means for a course is `bot.answering.catalogue`'s to say. Each
word that is understood is taken out of the question, and what is left is the subject ("welding").
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache

from bot.language.amounts import Found, number_in, read_amounts, read_months, spell_compared_numbers
from bot.language.fields import subject_of
from bot.language.lists import SAYING_NOTHING, TAKEN, Rest, load_lists
from bot.language.normalise import normalise
from bot.language.parting import part_words
from bot.language.patterns import word_pattern
from bot.language.phonetic import phonetic_key
from bot.language.places import list_places, list_provinces, places_in
from bot.language.spelling import canonical, words_of
from bot.language.words import STOP_WORDS
from bot.types import CONDITION_KINDS, FLAGS, Condition, ConditionKind, CourseField, Direction, Than, Wish

_ORDERS: dict[str, tuple[CourseField, Direction]] = {
    "soonest_deadline": ("apply_by", "least"),
    "soonest_start": ("starts", "least"),
    "best_paid": ("stipend", "most"),
    "least_paid": ("stipend", "least"),
    "cheapest": ("fee", "least"),
    "dearest": ("fee", "most"),
    "shortest": ("duration", "least"),
    "longest": ("duration", "most"),
    "most_seats": ("seats", "most"),
    "fewest_seats": ("seats", "least"),
}
_COMPARED: dict[str, tuple[CourseField, Direction] | None] = {
    "better_paid": ("stipend", "most"),
    "dearer": ("fee", "most"),
    "cheaper": ("fee", "least"),
    "more_seats": ("seats", "most"),
    "fewer_seats": ("seats", "least"),
    "higher": ("level", "most"),
    "longer": ("duration", "most"),
    "shorter": ("duration", "least"),
    "compare": None,
}
_MEASURED = {"fee": "of_fee", "duration": "of_duration", "seats": "of_seats", "stipend": "of_stipend"}
_COUNTED_WITHIN = 12  # characters between "how many" and what is counted
_LONGEST_READ = 400  # characters: who writes more tells a story
_LONGEST_FOLLOW_UP = 8  # words
_LETTER_NAME = 2  # letters
_SHORTEST_SOUND = 4
# The future of an Urdu verb: "bhejenge" sounds like Beijing.
_VERB = re.compile(r"(?:ung[ai]|[ei]g[ai]|[eaio]i?ng[ei]|og[ei])$")
_NEAR, _NEARER = 22, 14  # characters between a schooling and a word that it is not reached, or asked for
# A level as it is spoken: G-II is جی ٹو.
_URDU_LETTERS = {"g": "جی", "l": "ایل", "a": "اے", "b": "بی"}
_URDU_NUMBERS = {"1": "ون", "2": "ٹو", "3": "تھری", "4": "فور", "5": "فائیو"}
_URDU_WORD = re.compile(r"[\u0600-\u06ff]+")
# One character that other words have as well, such as 下班: it tells of a course and is no word to take out.
_CHINESE_COURSE = re.compile(r"课|(?<![上下加值])班")
# At the end of a Chinese question it asks whether, and denies nothing: 有美容课没？
_CHINESE_WHETHER = re.compile(r"没有?[啊呀呢]?[\s?？。!]*$")
_SENTENCE_END = re.compile(r"[,.?!،؟۔，。？！]")
_THOUSANDS = re.compile(r"(?<=\d)[,،，](?=\d{3}(?!\d))")
# What may stand between a condition and the word that turns it round.
_IDLE_WORDS = (
    "the|a|an|in|on|at|for|any|mein|ke|ki|ka|ko|pass|hone|liye|wala|hona|bhi|"
    "میں|کے|کی|والا|لیے|پاس|在|是|收|要|有|的|了"
)
_IDLE_GAP = re.compile(rf"(?:[ ']|(?:{_IDLE_WORDS})(?![a-z]))*")
_SUPERLATIVE = re.compile(r"(?:sab|سب|kam|کم|zyada|زیادہ|jaldi|جلدی)\s*$")


def read_wish(
    question: str, names: Mapping[str, tuple[ConditionKind, str]], own_words: Collection[str] = frozenset()
) -> Wish:
    """Return what a question wants.

    `names` are the folder's own places, providers and levels, normalised; `own_words` are those of its courses' names.
    """
    text = _open(question, names, own_words)
    pair = _split_pair(text, frozenset(name for name, (kind, _) in names.items() if kind == "level"))
    months = read_months(text)
    amounts = read_amounts(text)
    places = _read_names(text, names, {"place"})
    # "Which of X and Y is cheaper" sets two side by side, though "se" is also the word for than.
    thans = [] if pair and text.has("out_of") else _read_thans(text)
    # Before an order takes their words: of those that charge a fee the cheapest.
    costly = _read_costly(text)
    order = _take_order(text)
    flags = [*_read_flags(text), *costly]
    languages = _read_languages(text)
    # G-II is what a course leads to, unless somebody has it behind them or it is asked for.
    schooling = _read_schooling(text) if text.has("after") or text.has("asks") else []
    named = _read_names(text, names, {"provider", "level"}, own_words)
    schooling = schooling or _read_schooling(text)
    is_listing, is_plural = text.has("listing"), text.has("plural")
    found = _turn_round([*flags, *amounts, *months, *places, *named, *languages, *schooling], text)
    has_versus = text.has("versus")
    compared = [name for name in _COMPARED if text.take(name)]
    is_count = _take_count(text)
    names_courses = text.has("course") or text.has("learning") or _CHINESE_COURSE.search(text.text) is not None
    is_listing = is_listing or (names_courses and text.has("who"))
    is_compared = pair is not None and (has_versus or bool(compared))
    by = _COMPARED[compared[0]] if compared else None
    return Wish(
        conditions=_tidy(found),
        order=order,
        pair=pair if is_compared else None,
        compared_by=by[0] if by else None,
        thans=tuple(thans),
        is_count=is_count,
        is_listing=is_listing,
        is_plural=is_plural,
        is_procedure=text.has("procedure"),
        names_courses=names_courses,
        is_negated=text.has("negation"),
        subject=text.rest(),
    )


def schooling_step(text: str) -> int | None:
    """Return how far up the ladder a course's condition of entry asks for, None where it says nothing of schooling."""
    normal = canonical(text)
    steps = [step for step, pattern in enumerate(load_lists().schooling) if pattern.search(normal)]
    return max(steps, default=None)


def mentions(kind: str, text: str) -> bool:
    """Tell whether a text has a word of `wishes.yaml`'s list `kind`."""
    return load_lists().patterns[kind].search(canonical(text)) is not None


def known_places() -> dict[str, tuple[ConditionKind, str]]:
    """Return the places and provinces that are known by every name, normalised, with the first name of each."""
    listed = (*(province.names for province in list_provinces()), *list_places())
    return {normalise(name): ("place", names[0]) for names in listed for name in names}


def level_names(level: str) -> frozenset[str]:
    """Return what students say for a level that a folder writes, its own name among them."""
    own = canonical(level)
    known = next((names for names in load_lists().levels if own in names), frozenset())
    numbers = re.findall(r"(?<!\d)\d(?!\d)|(?<![a-z])(?:iii|ii|iv|i|v)(?![a-z])", own)
    if len(numbers) != 1:
        return known | {own}
    number = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}.get(numbers[0], numbers[0])
    letter = re.match(r"[a-z](?=[-\s]?(?:\d|[iv]))", own)
    short = {f"{letter[0]}{number}", f"{letter[0]}-{number}", f"{letter[0]} {number}"} if letter else set()
    if letter and letter[0] in _URDU_LETTERS and number in _URDU_NUMBERS:
        short.add(f"{_URDU_LETTERS[letter[0]]} {_URDU_NUMBERS[number]}")
    return known | {own} | short | ({f"level {number}"} if "l" in own.split()[-1] or "level" in own else set())


def part_question(question: str, own_words: Collection[str]) -> str:
    """Return a question with its Urdu words parted that were typed without spaces, by the lists' and `own_words`."""
    reads = load_lists().speller.reads

    def knows(word: str) -> bool:
        # Of two letters are the names of letters as well, which part any foreign word: پرائیویسی is no پر ای وی سی.
        return word in STOP_WORDS or (len(word) > _LETTER_NAME and (reads(word) or word in own_words))

    return part_words(question[:_LONGEST_READ], knows) + question[_LONGEST_READ:]


def is_follow_up(question: str) -> bool:
    """Tell whether a question has no subject of its own: a field, a condition, words that point back."""
    text = _open(subject_of(question), {}, ())
    return len(question.split()) <= _LONGEST_FOLLOW_UP and not text.rest(("follow", *SAYING_NOTHING))


def points_back(question: str) -> bool:
    """Tell whether a question has a word for what was spoken of: and, its, what about."""
    return _open(question, {}, ()).has("follow")


def _open(question: str, names: Mapping[str, object], own_words: Collection[str]) -> Rest:
    # "5,000" is one number: the text form parts it.
    normal = _CHINESE_WHETHER.sub("", normalise(_THOUSANDS.sub("", question[:_LONGEST_READ])))
    named = _name_words(frozenset(names))
    spelt, written = load_lists().speller.read(normal, named | frozenset(own_words) if own_words else named)
    # The text form parts ئ from its hamza: what is shown of the question is as it was typed.
    written |= {normalise(word): word for word in _URDU_WORD.findall(question[:_LONGEST_READ])}
    return Rest(spell_compared_numbers(spelt), written)


@lru_cache(maxsize=4)
def _name_words(names: frozenset[str]) -> frozenset[str]:
    return frozenset(word for name in names for word in words_of(name))


def _read_order(text: Rest) -> tuple[CourseField, Direction] | None:
    lists = load_lists()
    for name, order in _ORDERS.items():
        if name in lists.patterns and text.take(name):
            return order
    for name, order in _ORDERS.items():
        for pattern in lists.composed.get(name, ()):
            if match := pattern.search(text.text):
                text.cut_match(match)
                return order
    return None


def _take_order(text: Rest) -> tuple[CourseField, Direction] | None:
    """Take an order out, and other words for what it orders by: the longest (time)."""
    order = _read_order(text)
    if order is not None and order[0] in _MEASURED:
        text.take(_MEASURED[order[0]])
    return order


def _read_flags(text: Rest) -> list[Found]:
    # "Fully online" has online in it, and "not too late" what "too late" has.
    only_online = [Found(Condition("online", is_strict=True), *match.span()) for match in text.take("only_online")]
    flags = [Found(Condition(kind), *match.span()) for kind in FLAGS for match in text.take(kind)]
    closed = [Found(Condition("open", is_not=True), *match.span()) for match in text.take("closed")]
    return [*only_online, *flags, *closed]


def _read_costly(text: Rest) -> list[Found]:
    # 不要钱 has 要钱 in it.
    sure = [
        match
        for match in list(load_lists().patterns["costly"].finditer(text.text))
        if text.text[: match.start()][-1:] not in tuple("不没无")
    ]
    for match in sure:
        text.cut_match(match)
    return [Found(Condition("free", is_not=True), *match.span()) for match in sure]


def _read_languages(text: Rest) -> list[Found]:
    if not text.has("taught"):
        return []
    found = []
    for name, pattern in load_lists().languages.items():
        for match in list(pattern.finditer(text.text)):
            before, after = text.text[: match.start()], text.text[match.end() :]
            if re.search(r"(?:in|用)\s*$", before) or re.match(r"\s*(?:mein|medium|میں|授课|上课|教|讲)", after):
                found.append(Found(Condition("language", name=name), *match.span()))
                text.cut_match(match)
    for one in found:
        # "I know only Urdu, what is taught in Urdu": one condition, and no subject.
        text.take_pattern(load_lists().languages[one.condition.name])
    if found:
        text.take("taught")
    return found


def _read_thans(text: Rest) -> list[Than]:
    """Take out what a course is set against another one by: longer than DAE."""
    lists = load_lists()
    if not (text.has("than") or re.search(r"(?<!\w)(?:se|سے)(?!\w)|比", text.text)):
        return []
    for name, by in _COMPARED.items():
        if by is None or by[0] == "level":
            continue
        for match in lists.patterns[name].finditer(text.text):
            head, tail = text.text[: match.start()], text.text[match.end() :]
            other = _set_against(head, tail, text)
            if other:
                return [Than(by[0], by[1], other)]
    return []


def _set_against(head: str, tail: str, text: Rest) -> str:
    patterns = load_lists().patterns
    if match := patterns["than"].match(tail.lstrip()):
        named, start = tail.lstrip()[match.end() :], len(text.text) - len(tail.lstrip()) + match.end()
        stop = len(text.text)
    elif match := re.search(r"比([^比]*?)[还更要再]*$", head):
        named, start, stop = match[1], match.start(), match.end()
    elif match := re.search(r"(?:^|\W)(?:se|سے)(?:\s+(?:bhi|بھی|zyada|زیادہ))?\s*$", head):
        named, start, stop = head[: match.start()], 0, match.end()
        if _SUPERLATIVE.search(named):
            return ""
    else:
        return ""
    if number_in(named):
        return ""
    other = Rest(named, text.written).rest()
    if other:
        text.cut(0 if start == 0 else start, stop)
        for name in _COMPARED:
            text.take(name)
        text.take("than")
    return other


def _split_pair(text: Rest, levels: frozenset[str]) -> tuple[str, str] | None:
    """Return the two things that a question sets side by side, None where it does not name two."""
    lists = load_lists()
    joints = list(lists.patterns["versus"].finditer(text.text)) or list(lists.patterns["between"].finditer(text.text))
    for joint in joints:
        parts = []
        for part in (text.text[: joint.start()], text.text[joint.end() :]):
            # A level is a name as it stands: its letters alone say nothing.
            if levels and (named := _name_pattern(levels).search(part)):
                parts.append(named[0])
                continue
            rest = Rest(part, text.written)
            for name in (*_COMPARED, "of_duration"):
                rest.take(name)
            parts.append(rest.rest())
        if all(parts):
            return parts[0], parts[1]
    return None


def _take_count(text: Rest) -> bool:
    """Take "how many" out where it is courses that are counted, and not seats or months."""
    lists = load_lists()
    for match in lists.patterns["count"].finditer(text.text):
        after = _SENTENCE_END.split(text.text[match.end() :])[0]
        following = next(iter(after.split()), "")
        # "kitne lambe program" asks how long they are.
        if following and _has(following, "long"):
            continue
        is_bare = following in {"", *STOP_WORDS}
        counted = after[:_COUNTED_WITHIN]
        if is_bare or lists.patterns["course"].search(counted) or _CHINESE_COURSE.search(counted):
            text.cut_match(match)
            return True
    return False


def _read_names(
    text: Rest,
    names: Mapping[str, tuple[ConditionKind, str]],
    kinds: Collection[str],
    own_words: Collection[str] = frozenset(),
) -> list[Found]:
    wanted = {name: named for name, named in names.items() if named[0] in kinds}
    spelt = _spell_names(frozenset(wanted))
    found = [
        Found(Condition(*wanted[spelt[m[0]]]), *m.span()) for m in text.take_pattern(_name_pattern(frozenset(wanted)))
    ]
    if "level" in kinds:
        found += _read_level_numbers(text, wanted)
    # Names are misspelt more than any other word: what sounds like one is taken for it.
    sounds = _name_sounds(frozenset(wanted))
    for match in list(re.finditer(r"[a-z]{4,}|[\u0600-\u06ff]{4,}", text.text)):
        word = match[0]
        name = sounds.get(phonetic_key(word))
        if (
            name
            and not _VERB.search(word)
            and word not in STOP_WORDS
            and word not in own_words
            and not load_lists().speller.knows(word)
        ):
            found.append(Found(Condition(*wanted[name]), *match.span()))
            text.cut(*match.span())
    return found


def _read_level_numbers(text: Rest, names: Mapping[str, tuple[ConditionKind, str]]) -> list[Found]:
    found = []
    for match in list(_level_pattern().finditer(text.text)):
        number = match["after"] or match["before"]
        value = int(number) if number.isdecimal() else load_lists().ordinals[number]
        named = names.get(f"level {value}")
        if named is not None:
            found.append(Found(Condition(*named), *match.span()))
            text.cut(*match.span())
    return found


@lru_cache(maxsize=1)
def _level_pattern() -> re.Pattern[str]:
    lists = load_lists()
    level = lists.patterns["level_number"].pattern
    ordinal = "|".join(map(re.escape, sorted(lists.ordinals, key=lambda word: (-len(word), word))))
    return re.compile(
        rf"(?<!\w)(?P<before>(?:\d(?!\d)|{ordinal}))(?:st|nd|rd|th|vi|va|wan|wen)?[ ]?(?:{level})"
        rf"|(?P<han>(?!))|(?:{level})[ ]?(?P<after>\d(?!\d)|(?:{ordinal})(?!\w))"
    )


@lru_cache(maxsize=8)
def _name_sounds(names: frozenset[str]) -> dict[str, str]:
    """Return the names of one word by their sound, where that is long enough to tell them from other words."""
    return {key: name for name in sorted(names) if len(key := phonetic_key(name)) >= _SHORTEST_SOUND}


@lru_cache(maxsize=8)
def _spell_names(names: frozenset[str]) -> dict[str, str]:
    return {canonical(name): name for name in sorted(names)} | {name: name for name in names}


@lru_cache(maxsize=8)
def _name_pattern(names: frozenset[str]) -> re.Pattern[str]:
    return word_pattern(_spell_names(names))


def _read_schooling(text: Rest) -> list[Found]:
    lists, found = load_lists(), []
    for step, pattern in enumerate(lists.schooling):
        found += [Found(Condition("schooling", step=step), *match.span()) for match in text.take_pattern(pattern)]
    if not found:
        return []
    best = max(found, key=lambda one: one.condition.step)
    before, after = text.text[: best.start][-_NEAR:], text.text[best.stop :][:_NEAR]
    if best.condition.step and (_has(before, "below") or _has(after, "below")):
        text.take("below")
        return [replace(best, condition=replace(best.condition, is_not=True))]
    asks = [
        match
        for part in (before[-_NEARER:], after[:_NEARER])
        if not _has(part, "course")
        for match in lists.patterns["asks"].finditer(part)
    ]
    if best.condition.step and asks:
        text.take("asks")
        return [replace(best, condition=replace(best.condition, is_strict=True))]
    return [best]


def _has(text: str, name: str) -> bool:
    return load_lists().patterns[name].search(text) is not None


def _turn_round(found: list[Found], text: Rest) -> list[Found]:
    """Return the conditions with those turned round that a word for not or without stands at."""
    text.take("not_negating")
    patterns = load_lists().patterns
    turned = list(found)
    for name, is_before in (("not_before", True), ("not_after", False)):
        for match in list(patterns[name].finditer(text.text)):
            for number, one in enumerate(found):
                gap = text.text[match.end() : one.start] if is_before else text.text[one.stop : match.start()]
                gap = patterns["course"].sub("", gap).replace(TAKEN, "")
                is_beside = (match.end() <= one.start) if is_before else (one.stop <= match.start())
                if is_beside and _can_turn(one.condition) and _IDLE_GAP.fullmatch(gap):
                    turned[number] = replace(one, condition=_turn(one.condition))
                    text.cut_match(match)
    if turned != found:
        text.take("not_after")
    return turned


def _can_turn(condition: Condition) -> bool:
    # "Not of six months" and "not above 10,000" are clear, "not at least six months" may be meant either way.
    return (not _is_limit(condition) or condition.is_strict) and not (
        condition.kind == "schooling" and condition.step == 0
    )


def _is_limit(condition: Condition) -> bool:
    return condition.at_least != condition.at_most


def _turn(condition: Condition) -> Condition:
    """Return what is wished where a condition is denied: of "above 10,000" the limit on its other side."""
    if _is_limit(condition):
        return replace(condition, at_least=condition.at_most, at_most=condition.at_least, is_strict=False)
    return replace(condition, is_not=True, is_strict=False)


def _tidy(found: list[Found]) -> tuple[Condition, ...]:
    """Return each condition once, in one order, without what another one says more exactly."""
    conditions = list(dict.fromkeys(one.condition for one in found))
    # "Don't send me out of Lahore, what is there in Lahore": what is asked for is not what is kept out.
    conditions = [one for one in conditions if not (one.is_not and replace(one, is_not=False) in conditions)]
    kinds = {condition.kind for condition in conditions}
    # Of "Multan, Punjab" the city is meant.
    named = {one.name for one in conditions if one.kind == "place"}
    conditions = [one for one in conditions if one.kind != "place" or not places_in(one.name) & named]
    if Condition("online", is_strict=True) in conditions:
        conditions = [one for one in conditions if one != Condition("online")]
    if "stipend" in kinds:
        conditions = [one for one in conditions if one != Condition("paid")]
    # What costs 5,000 or more is not free anyway; what costs 5,000 or less may be.
    if any(one.kind == "fee" and one.at_least for one in conditions):
        conditions = [one for one in conditions if one != Condition("free", is_not=True)]
    return tuple(sorted(conditions, key=lambda condition: CONDITION_KINDS.index(condition.kind)))
