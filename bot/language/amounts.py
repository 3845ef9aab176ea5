"""Lengths, sums, seats and months of a question, with the words that make them limits."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.language.lists import TAKEN, Rest, either, load_lists
from bot.types import Condition, ConditionKind

# Four weeks go for a month, as catalogues count: twelve weeks are three months.
_UNITS = {"month": 1.0, "year": 12.0, "week": 0.25, "day": 12 / 365}
_DAYS_OF_A_MONTH = 30
_LONGEST_LENGTH = 120.0  # months
_LARGEST_SUM = 1e8
_SMALLEST_SUM = 500  # rupees: a smaller number without its unit is hardly money
_MOST_SEATS = 5000
# A number that may be a year is one, without its unit.
_THIS_CENTURY, _NEXT_CENTURY = 2001, 2100
_ARTICLES = ("a", "an")
# What may stand between a limit and its number and says nothing.
_IDLE_GAP = re.compile(
    rf"[ ,{TAKEN}]*(?:(?:the|a|an|ki|ka|ke|hi|just|about|around|rs|only|کی|کا|کے|ہی|的|是|在|为|了|每)[ ,{TAKEN}]*)*"
)
_DIMENSIONS: dict[str, ConditionKind] = {"of_fee": "fee", "of_stipend": "stipend", "people": "seats"}
_COUNTED = {"fee": "of_fee", "stipend": "of_stipend", "seats": "people", "length": "of_duration"}
_ALONE = re.compile(
    r"(?<!\S)(?P<before>\S*)\s?(?<!\S)(?P<unit>saal|سال) (?:se|سے) "
    r"(?:zyada|upar|kam|lamba|zaid|bara|زیادہ|زاید|اوپر|کم|لمبا)"
)
_COMPARED_NUMBER = (
    (re.compile(r"比([^比]{1,12}?)[还更要]?(?:长|久|贵|多)"), r"超过\1"),
    (re.compile(r"比([^比]{1,12}?)[还更要]?(?:短|便宜|少|快)"), r"少于\1"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A condition, and where in the question it stands."""

    condition: Condition
    start: int
    stop: int


def read_amounts(text: Rest) -> list[Found]:
    """Take lengths, sums and seats out of the question."""
    lists, found = load_lists(), []
    is_aged = lists.patterns["age"].search(text.text) is not None
    is_budget = lists.patterns["budget"].search(text.text) is not None
    start = 0
    while match := _number_pattern().search(text.text, start):
        if _is_class(text.text, match):
            start = match.end()
            continue
        if is_aged and (match["year"] or not (_unit_of(match) or match["people"])):
            text.cut(match.start(), match.end())
            continue
        head, tail = text.text[: match.start()], text.text[match.end() :]
        head = head[: len(head) - _trailing(lists.patterns["rupees"], head)]
        lower, taken = _range_before(head)
        before, after = _limits(head[: len(head) - taken], "before"), _limits(tail, "after")
        if _unit_of(match) and not (before[1] or after[1]):
            before, after = _within(head[: len(head) - taken], "before"), _within(tail, "after")
        limit = before[0] or after[0] or ("at_most" if is_budget and lower is None else "")
        conditions = _measure(match, limit, lower, text)
        if not conditions:
            start = match.end()
            continue
        first, last = len(head) - taken - before[1], match.end() + after[1]
        found += [Found(condition, first, last) for condition in conditions]
        text.cut(first, last)
        start = 0
    for kind in {one.condition.kind for one in found}:
        text.take(_COUNTED[kind])
    return found


def _is_class(text: str, match: re.Match[str]) -> bool:
    """Tell whether a number of years is that of a class: 八年级."""
    return match["year"] is not None and text[match.end() :].startswith("级")


def number_in(text: str) -> bool:
    """Tell whether a text holds a length, a sum or a number of seats."""
    match = _number_pattern().search(text)
    return match is not None and (_unit_of(match) is not None or match["number"].isdecimal())


def spell_compared_numbers(text: str) -> str:
    """Return the text with "比六个月长" as the limit that it is, and one year where "saal se zyada" has no number."""
    match = _ALONE.search(text)
    if match and match["before"] not in load_lists().numbers and not match["before"].isdecimal():
        text = (
            f"{text[: match.start('unit')]}{'ek' if match['unit'].isascii() else 'ایک'} {text[match.start('unit') :]}"
        )
    for pattern, limit in _COMPARED_NUMBER:
        match = pattern.search(text)
        if match and number_in(match[1]):
            text = pattern.sub(limit, text)
    return text


def read_months(text: Rest) -> list[Found]:
    """Take out the months in which a course starts, or until which one can apply."""
    patterns = load_lists().patterns
    says_starts, says_closes = text.has("starts"), text.has("closes")
    kind: ConditionKind = "closes" if says_closes and not says_starts else "starts"
    found = []
    for name in ("next", "this"):
        if says_starts or says_closes or name == "next":
            found += [Found(Condition(kind, name=name), *match.span()) for match in text.take(f"{name}_month")]
    for match in list(_month_pattern().finditer(text.text)):
        if not (says_starts or says_closes or match["sure"] or match["part"]):
            continue
        month = _month_of(match)
        condition, start, stop = _limit_month(text.text, Condition(kind, step=month), match)
        found.append(Found(condition, start, stop))
        text.cut(start, stop)
    if found:
        text.take_pattern(patterns["closes" if kind == "closes" else "starts"])
    return found


def _limit_month(text: str, condition: Condition, match: re.Match[str]) -> tuple[Condition, int, int]:
    start, stop = match.span()
    for name in ("month_before", "month_until", "month_after", "month_from"):
        before, after = _next_to(name, text[:start], "before"), _next_to(name, text[stop:], "after")
        is_foreign = text[start:stop].isascii() and name in ("month_before", "month_after") and before
        if not (before or after) or (after and not before and is_foreign):
            continue
        limit = float(condition.step)
        is_lower = name in ("month_after", "month_from")
        condition = replace(
            condition,
            at_least=limit if is_lower else None,
            at_most=None if is_lower else limit,
            is_strict=name in ("month_before", "month_after"),
        )
        return condition, start - before, stop + after
    return condition, start, stop


def _month_of(match: re.Match[str]) -> int:
    named = match["sure"] or match["maybe"]
    if named:
        return load_lists().months[named]
    number = match["digits"]
    return int(number) if number.isdecimal() else int(load_lists().numbers[number])


def _next_to(name: str, text: str, side: str) -> int:
    """Return how many characters a word of a list takes right beside, 0 where none stands there."""
    found = list(load_lists().patterns[name].finditer(text))
    match = (found[-1] if side == "before" else found[0]) if found else None
    if match is None:
        return 0
    gap = text[match.end() :] if side == "before" else text[: match.start()]
    if not _IDLE_GAP.fullmatch(gap):
        return 0
    return len(text) - match.start() if side == "before" else match.end()


def _limits(text: str, side: str) -> tuple[str, int]:
    """Return which limit the words next to a number set, "" for none, and how many characters they take."""
    best = ("", 0)
    for limit in ("less", "at_most", "more", "at_least"):
        taken = _next_to(f"{limit}_{side}", text, side)
        # "no more than" and "more than" both fit: the longer one is meant.
        if taken > best[1]:
            best = (limit, taken)
    return best


def _within(text: str, side: str) -> tuple[str, int]:
    """Return whether a length is told as the time in which a course is over: in three months."""
    taken = _next_to(f"within_{side}", text, side)
    return ("at_most", taken) if taken else ("", 0)


def _range_before(text: str) -> tuple[tuple[float, bool] | None, int]:
    """Return the number that a range begins with and whether it is one or the other, and how much it takes."""
    match = _range_pattern().search(text)
    if match is None:
        return None, 0
    is_either = load_lists().patterns["or"].fullmatch(match["joint"].strip()) is not None
    if match["joint"].strip() in ("and", "aur", "اور", "和") and not re.search(r"between|darmiyan|درمیان", text):
        return None, 0
    lower = _value(match["lower"])
    return (lower * (1000 if match["many"] else 1), is_either), len(text) - match.start()


def _trailing(pattern: re.Pattern[str], text: str) -> int:
    """Return how many characters a word of `pattern` takes at the end of a text."""
    found = list(pattern.finditer(text))
    return len(text) - found[-1].start() if found and not text[found[-1].end() :].strip(" .") else 0


def _value(number: str) -> float:
    return load_lists().numbers.get(number) or float(number)


def _unit_of(match: re.Match[str]) -> str | None:
    return "month" if match["whole"] else next((name for name in _UNITS if match[name]), None)


def _measure(match: re.Match[str], limit: str, lower: tuple[float, bool] | None, text: Rest) -> list[Condition]:
    value = load_lists().whole[match["whole"]] if match["whole"] else _value(match["number"])
    unit = _unit_of(match)
    if unit is not None:
        if match["number"] in _ARTICLES and not limit and unit != "year":
            return []  # "5000 a month"
        months = value / _DAYS_OF_A_MONTH if unit == "day" and value % _DAYS_OF_A_MONTH == 0 else value * _UNITS[unit]
        factor = _UNITS[unit]
        return _between("length", months, limit, lower, factor) if months <= _LONGEST_LENGTH else []
    if match["people"] or _nearest(text.text, match) == "seats":
        is_money = match["rupees"] or match["thousand"]
        if not is_money and 1 < value <= _MOST_SEATS and limit:
            return _between("seats", value, limit, lower, 1.0)
    rupees = value * (1000 if match["thousand"] else 1)
    is_sum = (
        match["rupees"]
        or match["thousand"]
        or (rupees >= _SMALLEST_SUM and not _THIS_CENTURY <= rupees < _NEXT_CENTURY)
    )
    if (limit or lower) and rupees <= _LARGEST_SUM and is_sum:
        if lower and match["thousand"] and lower[0] < _SMALLEST_SUM:
            lower = (lower[0] * 1000, lower[1])
        kind = _nearest(text.text, match)
        is_paid = not text.has("budget") and (kind == "stipend" or (kind != "fee" and text.has("paid")))
        return _between("stipend" if is_paid else "fee", rupees, limit, lower, 1.0)
    return []


def _nearest(text: str, number: re.Match[str]) -> ConditionKind | None:
    """Return what a number without its unit counts: what the nearest word for money or people says."""
    distances: dict[ConditionKind, int] = {}
    for name, kind in _DIMENSIONS.items():
        for match in load_lists().patterns[name].finditer(text):
            distance = max(match.start() - number.end(), number.start() - match.end(), 0)
            distances[kind] = min(distance, distances.get(kind, distance))
    return min(distances, key=distances.__getitem__, default=None)


def _between(
    kind: ConditionKind, value: float, limit: str, lower: tuple[float, bool] | None, factor: float
) -> list[Condition]:
    if lower is None:
        return [_bounds(kind, value, limit)]
    first, is_either = lower
    if is_either:
        return [_bounds(kind, first * factor, limit), _bounds(kind, value, limit)]
    return [Condition(kind, at_least=first * factor, at_most=value)]


def _bounds(kind: ConditionKind, value: float, limit: str) -> Condition:
    upper, lower = limit in ("less", "at_most", ""), limit in ("more", "at_least", "")
    return Condition(
        kind,
        at_least=value if lower else None,
        at_most=value if upper else None,
        is_strict=limit in ("less", "more"),
    )


@lru_cache(maxsize=1)
def _number_pattern() -> re.Pattern[str]:
    """Return the pattern of a number with its unit: months, years, weeks, days, thousands, rupees, people."""
    lists = load_lists()

    def unit(name: str) -> str:
        return rf"(?P<{name}>{either(lists.words[name])})"

    # In Chinese a number follows its words without a space.
    number = rf"(?<![a-z\d\u0600-\u06ff])(?<!\d\.)(?P<number>\d+(?:\.\d+)?|(?:{either(lists.numbers)}))"
    length = "|".join(unit(name) for name in _UNITS)
    money = rf"(?P<thousand>k(?!\w)|[ ]*(?:{either(lists.words['thousand'])}))?[ ]*{unit('rupees')}?"
    whole = rf"(?<![a-z\d.\u0600-\u06ff])(?P<whole>{either(lists.whole)})"
    return re.compile(rf"{whole}|{number}(?:[ -]*(?:{length}|{unit('people')})|{money})")


@lru_cache(maxsize=1)
def _range_pattern() -> re.Pattern[str]:
    lists = load_lists()
    units = "|".join(either(lists.words[name]) for name in (*_UNITS, "rupees"))
    joint = r"-|–|~|to|se|سے|到|至|and|or|aur|ya|یا|اور|或者|或|和"
    number = rf"(?<![a-z\d.\u0600-\u06ff])(?P<lower>\d+(?:\.\d+)?|(?:{either(lists.numbers)}))"
    many = rf"(?P<many>k(?!\w)|[ ]*(?:{either(lists.words['thousand'])}))?"
    return re.compile(rf"{number}{many}[ ]*(?:{units})?[ ]*(?P<joint>{joint})[ ]*$")


@lru_cache(maxsize=1)
def _month_pattern() -> re.Pattern[str]:
    lists = load_lists()
    unsure = {"march", "may", "june"}
    sure = either(set(lists.months) - unsure)
    digits = either(word for word, value in lists.numbers.items() if 1 <= value <= 12 and not word.isascii())
    named = rf"(?<!\w)(?:(?P<sure>{sure})|(?P<maybe>{either(unsure)}))"
    return re.compile(rf"{named}|(?<![\d个.])(?P<digits>1[0-2]|[1-9]|{digits})月(?P<part>份)?")
