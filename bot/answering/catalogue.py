"""The catalogue asked as data: which courses fulfil what a question wants, told apart from those that do not say.

An empty cell never fulfils a condition and never breaks one: such courses are listed apart.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.language.normalise import normalise
from bot.language.patterns import word_pattern
from bot.language.places import places_in
from bot.language.spelling import words_of
from bot.language.wishes import known_places, level_names, mentions, schooling_step
from bot.types import Condition, ConditionKind, Course, CourseField, Direction, Entry, Term, Wish

# Months are written in halves and rupees whole: what is this near is the same.
_SAME = 0.1
_ACRONYM = re.compile(r"(?<![A-Za-z\d])(?=[A-Za-z\d]*[A-Z][A-Za-z\d]*[A-Z])[A-Za-z\d]{3,}")
# "Institutes examined by the Trade Testing Board" go by the name of the board.
_PROPER_NAME = re.compile(r"[A-Z][\w-]+(?: [A-Z][\w-]+)+")
_BETWEEN_NAMES = re.compile(r"[(),;/、，（）]|\bwith\b|\band\b|\bاور\b|[与和]")
_SENTENCE_END = re.compile(r"[.!?۔؟。！？;；]")
_SHORTEST_NAME = 3  # but two Chinese characters are a name
_FIRST_HAN = 0x3400
_LONGEST_LEVEL = 20


# Conditions that no cell holds but the words of some may tell.
_TOLD_IN_WORDS: tuple[ConditionKind, ...] = ("women", "evening", "weekend")

# Conditions that are told by a name: of two of one kind, one or the other is meant.
NAMED: frozenset[ConditionKind] = frozenset({"place", "provider", "level"})
ALTERNATIVE: frozenset[ConditionKind] = NAMED | {"language", "length", "starts", "closes"}


def is_alternative(condition: Condition) -> bool:
    """Tell whether one of several such conditions is enough: two names of one kind, two lengths, two months."""
    is_exact = condition.at_least == condition.at_most
    return not condition.is_not and condition.kind in ALTERNATIVE and is_exact


@dataclass(frozen=True, slots=True)
class Listing:
    """The courses that fulfil a wish, and those of which the folder does not say whether they do."""

    found: tuple[Entry, ...]
    unknown: tuple[Entry, ...] = ()
    dropped: Condition | str | None = None  # the condition or the subject that had to go, since nothing fulfils all
    closed: frozenset[str] = frozenset()  # ids of courses whose time to apply is over
    is_alike: bool = False  # what is found comes near the subject that was dropped, in meaning

    @property
    def is_fulfilled(self) -> bool:
        """Whether courses fulfil all that is wished."""
        return bool(self.found) and self.dropped is None


class Catalogue:
    """A generation's courses, with the names by which the folder calls places, providers and levels."""

    def __init__(self, courses: Iterable[Entry], terms: Iterable[Term]) -> None:
        self.courses = tuple(courses)
        self.names: dict[str, tuple[ConditionKind, str]] = {}
        self.title_words = frozenset(
            word
            for entry in self.courses
            for each in entry.wordings.values()
            for word in words_of(normalise(each.title))
        )
        for entry in self.courses:
            self._name_levels(entry)
            self._name_providers(entry)
        self._translate(terms)
        self.names |= known_places()
        for entry in self.courses:
            self._name_places(entry)
        self.own_words = self.title_words | {word for name in self.names for word in words_of(name)}
        self._patterns: dict[tuple[ConditionKind, str], re.Pattern[str]] = {}
        # What the cells say in words is read once: a catalogue may be of thousands of courses.
        self._for_whom = {kind: {entry.id for entry in self.courses if _says(entry, kind)} for kind in _TOLD_IN_WORDS}
        self._asked = {entry.id: step for entry in self.courses if (step := _asked_schooling(entry)) is not None}

    def search(self, wish: Wish, subject: Sequence[Entry] | None, today: date) -> Listing:
        """Return the courses that fulfil `wish`, among those of its `subject` where it has one."""
        candidates = self.courses if subject is None else subject
        closed = frozenset(entry.id for entry in candidates if _is_closed(entry, today))
        return replace(self._search(wish, candidates, subject is not None, today), closed=closed)

    def _search(self, wish: Wish, candidates: Sequence[Entry], has_subject: bool, today: date) -> Listing:
        listing = self._filter(candidates, wish.conditions, today)
        if listing.found or not wish.conditions:
            return self._put_in_order(listing, wish, today)
        for dropped in reversed(wish.conditions):
            others = tuple(condition for condition in wish.conditions if condition is not dropped)
            nearest = self._filter(candidates, others, today)
            if nearest.found and (others or has_subject):
                found = self._put_in_order(nearest, wish, today).found
                shown = {entry.id for entry in found}
                return Listing(found, tuple(entry for entry in listing.unknown if entry.id not in shown), dropped)
        return listing

    def denies(self, entry: Entry, conditions: Sequence[Condition], today: date) -> bool:
        """Tell whether a course is published not to be what is asked for: in another city, not free."""
        return entry.kind == "course" and False in self._judge(entry, conditions, today)

    def named_alone(self, conditions: Sequence[Condition]) -> Entry | None:
        """Return the course that alone bears one of some names, None where none or several do."""
        for one in conditions:
            bearing = [entry for entry in self.courses if self._fulfils(entry, one, date.min)]
            if len(bearing) == 1:
                return bearing[0]
        return None

    def _filter(self, candidates: Iterable[Entry], conditions: Sequence[Condition], today: date) -> Listing:
        found, unknown = [], []
        for entry in candidates:
            if not entry.is_valid(today):
                continue
            told = self._judge(entry, conditions, today)
            if all(told):
                found.append(entry)
            elif False not in told:
                unknown.append(entry)
        return Listing(tuple(found), tuple(unknown))

    def _judge(self, entry: Entry, conditions: Sequence[Condition], today: date) -> list[bool | None]:
        """Tell for each condition whether a course fulfils it; alternatives of one kind are one condition."""
        told = [self._obeys(entry, one, today) for one in conditions if not is_alternative(one)]
        alternatives = [one for one in conditions if is_alternative(one)]
        for kind in dict.fromkeys(one.kind for one in alternatives):
            either = [self._fulfils(entry, one, today) for one in alternatives if one.kind == kind]
            told.append(True if True in either else None if None in either else False)
        return told

    def _put_in_order(self, listing: Listing, wish: Wish, today: date) -> Listing:
        """Return the winners of a superlative, those without a value apart; all where none is asked for."""
        if wish.order is None:
            return listing
        valued = {entry.id: value for entry in listing.found if (value := _rank(entry, wish.order, today)) is not None}
        best = min(valued.values(), default=None)
        if best == 0 and wish.order[1] == "most":
            best = None  # "the dearest" of courses that are free is none
        winners = tuple(entry for entry in listing.found if best is not None and valued.get(entry.id) == best)
        silent = tuple(entry for entry in listing.found if entry.id not in valued)
        return Listing(winners, silent)

    def _obeys(self, entry: Entry, condition: Condition, today: date) -> bool | None:
        """Tell whether a course fulfils a condition, or its contrary where that is asked for."""
        if condition.kind == "schooling" and condition.is_not:
            return self._fulfils(entry, replace(condition, is_not=False, step=condition.step - 1), today)
        told = self._fulfils(entry, condition, today)
        return told if told is None or not condition.is_not else not told

    def _fulfils(self, entry: Entry, condition: Condition, today: date) -> bool | None:
        """Tell whether a course fulfils a condition; None where its cells do not say."""
        course = entry.course or Course()
        wordings = entry.wordings.values()
        match condition.kind:
            case "place":
                told = self._is_named(condition, [wording.city for wording in wordings])
                # "Punjab TEVTA" is in Punjab, whatever its city is and where none is told.
                is_of_province = places_in(condition.name) and self._is_named(
                    condition, [wording.provider for wording in wordings]
                )
                return True if is_of_province else told
            case "provider":
                return self._is_named(condition, [wording.provider for wording in wordings])
            case "level":
                return self._is_named(condition, [course.level])
            case "schooling":
                return _admits(self._asked.get(entry.id), condition)
            case "women" | "evening" | "weekend":
                return entry.id in self._for_whom[condition.kind] or None
            case "open":
                return None if course.apply_by is None else course.apply_by >= today
            case "starts":
                return _is_in_month(course.starts, condition, today)
            case "closes":
                return _is_in_month(course.apply_by, condition, today)
            case "online" if condition.is_strict:
                return _mode(course) == "online" if course.mode else None
            case _:
                return _has_value(course, condition)

    def _is_named(self, condition: Condition, texts: Iterable[str]) -> bool | None:
        written = [normalise(text) for text in texts if text]
        if not written:
            return None
        key = (condition.kind, condition.name)
        if key not in self._patterns:
            keys = {key, *((condition.kind, place) for place in places_in(condition.name))}
            self._patterns[key] = word_pattern({name for name, named in self.names.items() if named in keys})
        return any(self._patterns[key].search(text) for text in written)

    def _name_levels(self, entry: Entry) -> None:
        level = entry.course.level if entry.course else ""
        if 1 < len(level) <= _LONGEST_LEVEL and not mentions("course", level):
            for name in level_names(level):
                self.names.setdefault(name, ("level", level))

    def _name_places(self, entry: Entry) -> None:
        """Let a row's city stand for one place in all its languages."""
        cities = [wording.city.strip() for wording in entry.wordings.values() if wording.city.strip()]
        known = (self.names.get(normalise(city), ("", ""))[1] for city in cities)
        name = next(filter(None, known), cities[0] if cities else "")
        for city in cities:
            self.names.setdefault(normalise(city), ("place", name))

    def _name_providers(self, entry: Entry) -> None:
        wordings = entry.wordings.values()
        for wording in wordings:
            acronyms = _ACRONYM.findall(wording.provider)
            for acronym in acronyms:
                self.names.setdefault(normalise(acronym), ("provider", acronym))
            for name in _PROPER_NAME.findall(wording.provider):
                if not any(acronym in name for acronym in acronyms):
                    self.names.setdefault(normalise(name), ("provider", name))
            for part in _BETWEEN_NAMES.split(wording.provider):
                name = part.strip()
                if _is_long_enough(name) and not any(acronym in name for acronym in acronyms):
                    self.names.setdefault(normalise(name), ("provider", name))

    def _translate(self, terms: Iterable[Term]) -> None:
        """Let the glossary's other words for a provider stand for it too."""
        for term in terms:
            words = [normalise(word) for word in (*term.en, *term.ur, *term.roman_ur, *term.zh)]
            named = next((self.names[word] for word in words if self.names.get(word, ("",))[0] == "provider"), None)
            if named is not None:
                # Over a name of its own: one provider has several names, in one row or in several.
                self.names |= dict.fromkeys(words, named)


def _is_long_enough(name: str) -> bool:
    return len(name) >= _SHORTEST_NAME - (not name.isascii() and name.isalpha() and ord(name[0]) >= _FIRST_HAN)


def _is_within(value: float | None, condition: Condition) -> bool | None:
    if value is None:
        return None
    # What is as good as the limit is at it: inside, unless it is told to be more or less than that.
    margin = -_SAME if condition.is_strict else _SAME
    below = condition.at_most is None or value < condition.at_most + margin
    return below and (condition.at_least is None or value > condition.at_least - margin)


def _has_value(course: Course, condition: Condition) -> bool | None:
    match condition.kind:
        case "free":
            return None if course.fee_pkr is None else course.fee_pkr == 0
        case "paid":
            return None if course.stipend_pkr is None else course.stipend_pkr > 0
        case "fee":
            return _is_within(course.fee_pkr, condition)
        case "stipend":
            return _is_within(course.stipend_pkr, condition)
        case "length":
            return _is_within(course.duration_months, condition)
        case "seats":
            return _is_within(course.seats, condition)
        case "language":
            taught = course.teaching_language.lower()
            return condition.name.lower() in taught if taught else None
        case _:
            return _has_mode(course, condition.kind)


def _has_mode(course: Course, wanted: ConditionKind) -> bool | None:
    return _mode(course) in (wanted, "mixed") if course.mode else None


def _mode(course: Course) -> str:
    return course.mode.lower().replace(" ", "_").replace("-", "_")


def _asked_schooling(entry: Entry) -> int | None:
    """Return the schooling that a course asks for, None where it says nothing of schooling."""
    asked = (schooling_step(wording.entry) for wording in entry.wordings.values() if wording.entry)
    return max((step for step in asked if step is not None), default=None)


def _admits(asked: int | None, condition: Condition) -> bool | None:
    """Tell whether somebody of that schooling may join; or, where that is asked, whether a course asks for it."""
    if asked is None:
        return None
    return asked == condition.step if condition.is_strict else asked <= condition.step


def _says(entry: Entry, kind: ConditionKind) -> bool:
    return any(mentions(kind, text) for text in _texts(entry, kind) if text)


def _is_in_month(day: date | None, condition: Condition, today: date) -> bool | None:
    """Tell whether a day that is still to come, or of this month, lies in a month, before or after it."""
    if day is None:
        return None
    months = 12 * (day.year - today.year) + day.month - today.month
    if condition.name:
        return months == (condition.name == "next")
    if months < 0:
        return False
    wanted = (condition.step - today.month) % 12
    if condition.at_most is not None:
        return months < wanted or (months == wanted and not condition.is_strict)
    if condition.at_least is not None:
        return months > wanted or (months == wanted and not condition.is_strict)
    return months == wanted


def _is_closed(entry: Entry, today: date) -> bool:
    return entry.course is not None and entry.course.apply_by is not None and entry.course.apply_by < today


def _texts(entry: Entry, kind: ConditionKind) -> Iterable[str]:
    """Return what says for whom and when a course is.

    Of a summary only sentences that deny nothing, and none on women: it may speak of women's clothes.
    """
    for wording in entry.wordings.values():
        yield from (wording.title, wording.entry)
        if kind != "women":
            yield from (part for part in _SENTENCE_END.split(wording.body) if part and not mentions("negation", part))


_VALUES: dict[CourseField, Callable[[Course], float | None]] = {
    "fee": lambda course: course.fee_pkr,
    "duration": lambda course: course.duration_months,
    "stipend": lambda course: course.stipend_pkr,
    "seats": lambda course: course.seats,
    "starts": lambda course: None if course.starts is None else float(course.starts.toordinal()),
    "apply_by": lambda course: None if course.apply_by is None else float(course.apply_by.toordinal()),
}


def _rank(entry: Entry, order: tuple[CourseField, Direction], today: date) -> float | None:
    """Return a course's place in an order, lower is better; None where its cell is empty or its date is over."""
    name, direction = order
    value = _VALUES[name](entry.course) if entry.course else None
    if value is None or (name in ("apply_by", "starts") and value < today.toordinal()):
        return None
    if name == "stipend" and not value:
        return None  # who pays nothing does not pay the least
    return value if direction == "least" else -value
