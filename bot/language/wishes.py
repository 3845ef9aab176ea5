"""What a question wants of the catalogue: conditions, an order, a number, two courses side by side.

Words are looked for in `wishes.yaml`; what a condition means for a course is `bot.answering.catalogue`'s to say. Each
word that is understood is taken out of the question, and what is left is the subject ("welding").
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.language.fields import subject_of
from bot.language.normalise import normalise
from bot.language.patterns import alternatives, word_pattern
from bot.language.phonetic import phonetic_key
from bot.language.places import list_places
from bot.language.words import STOP_WORDS
from bot.types import FLAGS, Condition, ConditionKind, CourseField, Direction, Wish

_FOLDER = Path(__file__).parent

_ORDERS: dict[str, tuple[CourseField, Direction]] = {
    "cheapest": ("fee", "least"),
    "dearest": ("fee", "most"),
    "shortest": ("duration", "least"),
    "longest": ("duration", "most"),
    "best_paid": ("stipend", "most"),
    "most_seats": ("seats", "most"),
    "fewest_seats": ("seats", "least"),
    "soonest_deadline": ("apply_by", "least"),
}
_COMPARED: dict[str, CourseField | None] = {
    "longer": "duration",
    "shorter": "duration",
    "cheaper": "fee",
    "compare": None,
}
# Four weeks go for a month, as catalogues count: twelve weeks are three months.
_MONTHS = {"month": 1.0, "year": 12.0, "week": 0.25, "day": 12 / 365}
_RANGE = re.compile(r"(?P<lower>\d{1,3}(?:\.\d)?)\s*(?:-|–|~|to|se|سے|到|至|and|or|aur|ya)\s*$")
_THOUSANDS = re.compile(r"(?<=\d)[,،](?=\d{3}(?!\d))")
_LONGEST_LENGTH = 120.0  # months
_COUNTED_WITHIN = 12  # characters between "how many" and what is counted
_LONGEST_READ = 400  # characters: who writes more tells a story
_GRAMMAR_ENDS = re.compile(r"^[的了吗呢些里我有是在个请]+|[的了吗呢些里我有是在个]+$")
_LONGEST_FOLLOW_UP = 8  # words
_SAYING_NOTHING = ("filler", "plural", "listing", "course", "learning", "after")
_SHORTEST_SOUND = 5
_LARGEST_SUM = 1e8
_SMALLEST_SUM = 500  # rupees: a smaller number without its unit is hardly money


@dataclass(frozen=True, slots=True)
class _Words:
    patterns: Mapping[str, re.Pattern[str]]
    schooling: tuple[re.Pattern[str], ...]
    number: re.Pattern[str]
    numbers: Mapping[str, float]
    lone: frozenset[str]  # Chinese characters that say nothing where they stand alone
    places: Mapping[str, str] = field(default_factory=dict)


def read_wish(question: str, names: Mapping[str, tuple[ConditionKind, str]]) -> Wish:
    """Return what a question wants. `names` are the folder's own places, providers and levels, normalised."""
    # "5,000" is one number: the text form parts it.
    text = _Rest(normalise(_THOUSANDS.sub("", question[:_LONGEST_READ])))
    order = next((order for name, order in _ORDERS.items() if text.take(name)), None)
    numbers = _read_numbers(text)
    flags = [Condition(kind) for kind in FLAGS if text.take(kind)]
    # G-II is what a course leads to, unless somebody has it behind them.
    schooling = _read_schooling(text) if text.has("after") else []
    named = _read_names(text, names)
    schooling = schooling or _read_schooling(text)
    has_two, has_versus = text.has("between"), text.has("versus")
    compared = [name for name in _COMPARED if text.take(name)]
    is_count, is_listing, is_plural = text.take_count(), text.has("listing"), text.has("plural")
    names_courses = text.has("course") or text.has("learning")
    return Wish(
        conditions=tuple(dict.fromkeys((*flags, *numbers, *named, *schooling))),
        order=order,
        compared=has_two and (has_versus or bool(compared)),
        compared_by=_COMPARED[compared[0]] if compared else None,
        is_count=is_count,
        is_listing=is_listing,
        is_plural=is_plural,
        is_procedure=text.has("procedure"),
        names_courses=names_courses,
        is_negated=text.has("negation"),
        subject=text.rest(_SAYING_NOTHING),
    )


def split_compared(subject: str) -> list[str]:
    """Return the two things that a question sets side by side, [] where it does not name two."""
    parts = [part for part in _load().patterns["between"].split(subject) if part.strip()]
    return [part.strip() for part in parts] if len(parts) == 2 else []


def schooling_step(text: str) -> int | None:
    """Return how far up the ladder a course's condition of entry asks for, None where it says nothing of schooling."""
    normal = normalise(text)
    steps = [step for step, pattern in enumerate(_load().schooling) if pattern.search(normal)]
    return max(steps, default=None)


def mentions(kind: str, text: str) -> bool:
    """Tell whether a text has a word of `wishes.yaml`'s list `kind`."""
    return _load().patterns[kind].search(normalise(text)) is not None


def known_places() -> dict[str, tuple[ConditionKind, str]]:
    """Return the places of `places.yaml` by every name, normalised, with the first name of each."""
    return {normalise(name): ("place", names[0]) for names in list_places() for name in names}


def is_follow_up(question: str) -> bool:
    """Tell whether a question has no subject of its own: a field, a condition, words that point back."""
    text = _Rest(subject_of(question))
    return len(question.split()) <= _LONGEST_FOLLOW_UP and not text.rest(("follow", *_SAYING_NOTHING))


def points_back(question: str) -> bool:
    """Tell whether a question has a word for what was spoken of: and, its, what about."""
    return _Rest(normalise(question)).has("follow")


class _Rest:
    """The part of a question that nothing has been read from yet."""

    def __init__(self, text: str) -> None:
        self.text = text

    def has(self, name: str) -> bool:
        return _load().patterns[name].search(self.text) is not None

    def take(self, name: str) -> bool:
        return self.take_pattern(_load().patterns[name]) is not None

    def take_pattern(self, pattern: re.Pattern[str]) -> str | None:
        match = pattern.search(self.text)
        self.text = pattern.sub(" ", self.text)
        return match[0] if match else None

    def take_count(self) -> bool:
        """Take "how many" out where it is courses that are counted, and not seats or months."""
        course = _load().patterns["course"]
        for match in _load().patterns["count"].finditer(self.text):
            after = self.text[match.end() :]
            following = next(iter(after.split()), "")
            is_bare = following in {"", *STOP_WORDS}
            if is_bare or course.search(after[:_COUNTED_WITHIN]):
                self.cut(match.start(), match.end())
                return True
        return False

    def cut(self, start: int, stop: int) -> None:
        self.text = f"{self.text[:start]} {self.text[stop:]}"

    def rest(self, without: Iterable[str]) -> str:
        """Return the words that say something, without connecting ones at the ends."""
        for name in without:
            self.take(name)
        words = [_GRAMMAR_ENDS.sub("", word) for word in re.findall(r"[^\W_]+(?:[-./+#][^\W_]*)*", self.text)]
        telling = [word for word in words if word and (not _is_idle(word) or _is_between(word))]
        while telling and _is_between(telling[0]):
            telling.pop(0)
        while telling and _is_between(telling[-1]):
            telling.pop()
        return " ".join(telling)


def _is_idle(word: str) -> bool:
    """Tell whether a word says nothing: one of grammar, or Chinese characters that a phrase left behind."""
    return word in STOP_WORDS or all(character in _load().lone for character in word)


def _is_between(word: str) -> bool:
    return _load().patterns["between"].fullmatch(word) is not None


def _read_numbers(text: _Rest) -> list[Condition]:
    """Take lengths and sums out of the question, with the words that make them limits."""
    words = _load()
    conditions: list[Condition] = []
    if words.patterns["age"].search(text.text):
        return conditions
    start = 0
    while match := words.number.search(text.text, start):
        value = words.numbers.get(match["number"]) or float(match["number"])
        head, tail = text.text[: match.start()], text.text[match.end() :]
        head = head[: len(head) - _trailing(words.patterns["rupees"], head)]
        lower, taken = _range_before(head)
        before, after = _limits(head[: len(head) - taken], "before"), _limits(tail, "after")
        condition = _measure(match, value, before[0] or after[0], words.patterns["paid"].search(text.text) is not None)
        if condition is None:
            start = match.end()
            continue
        if lower is not None and condition.kind == "length" and not before[0] and not after[0]:
            unit = next(name for name in _MONTHS if match[name])
            condition = replace(condition, at_least=lower * _MONTHS[unit])
        conditions.append(condition)
        text.cut(len(head) - taken - before[1], match.end() + after[1])
        start = 0
    return conditions


def _range_before(text: str) -> tuple[float | None, int]:
    """Return the number that a range begins with, where one stands before, and how many characters it takes."""
    match = _RANGE.search(text)
    return (float(match["lower"]), len(text) - match.start()) if match else (None, 0)


def _trailing(pattern: re.Pattern[str], text: str) -> int:
    """Return how many characters a word of `pattern` takes at the end of a text."""
    found = list(pattern.finditer(text))
    return len(text) - found[-1].start() if found and not text[found[-1].end() :].strip(" .") else 0


def _limits(text: str, side: str) -> tuple[str, int]:
    """Return which limit the words next to a number set, "" for none, and how many characters they take."""
    patterns = _load().patterns
    for limit in ("less", "at_most", "more", "at_least"):
        found = list(patterns[f"{limit}_{side}"].finditer(text))
        match = (found[-1] if side == "before" else found[0]) if found else None
        if match is None:
            continue
        gap = text[match.end() :] if side == "before" else text[: match.start()]
        if not gap.strip(" ,") or gap.strip() in ("the", "a", "ki", "کی", "的"):
            return limit, len(text) - match.start() if side == "before" else match.end()
    return "", 0


def _measure(match: re.Match[str], value: float, limit: str, is_paid: bool) -> Condition | None:
    unit = next((name for name in _MONTHS if match[name]), None)
    if unit is not None:
        months = value * _MONTHS[unit]
        return _bounds("length", months, limit) if months <= _LONGEST_LENGTH else None
    rupees = value * (1000 if match["thousand"] else 1)
    if limit and rupees <= _LARGEST_SUM and (match["rupees"] or match["thousand"] or rupees >= _SMALLEST_SUM):
        return _bounds("stipend" if is_paid else "fee", rupees, limit)
    return None


def _bounds(kind: ConditionKind, value: float, limit: str) -> Condition:
    upper, lower = limit in ("less", "at_most", ""), limit in ("more", "at_least", "")
    return Condition(
        kind,
        at_least=value if lower else None,
        at_most=value if upper else None,
        is_strict=limit in ("less", "more"),
    )


def _read_names(text: _Rest, names: Mapping[str, tuple[ConditionKind, str]]) -> list[Condition]:
    found: dict[tuple[ConditionKind, str], None] = {}
    pattern, sounds = _name_pattern(frozenset(names)), _name_sounds(frozenset(names))
    for match in pattern.finditer(text.text):
        found[names[match[0]]] = None
    text.text = pattern.sub(" ", text.text)
    # Names are misspelt more than any other word: what sounds like one is taken for it.
    for word in text.text.split():
        if (name := sounds.get(phonetic_key(word))) and word not in STOP_WORDS:
            found[names[name]] = None
            text.text = text.text.replace(word, " ")
    return [Condition(kind, name=name) for kind, name in found]


@lru_cache(maxsize=4)
def _name_sounds(names: frozenset[str]) -> dict[str, str]:
    """Return the names of one word by their sound, where that is long enough to tell them from other words."""
    return {key: name for name in sorted(names) if len(key := phonetic_key(name)) >= _SHORTEST_SOUND}


@lru_cache(maxsize=4)
def _name_pattern(names: frozenset[str]) -> re.Pattern[str]:
    return word_pattern(names)


def _read_schooling(text: _Rest) -> list[Condition]:
    steps = [step for step, pattern in enumerate(_load().schooling) if text.take_pattern(pattern)]
    return [Condition("schooling", step=max(steps))] if steps else []


@lru_cache(maxsize=1)
def _load() -> _Words:
    data: dict[str, Any] = yaml.safe_load((_FOLDER / "wishes.yaml").read_text("utf-8"))
    ladder, numbers = data.pop("schooling"), data.pop("numbers")
    # A rung's words are those of a level's name too: written with _ for a space as everywhere.
    spelt = {word: float(value) for value, words in numbers.items() for word in _join(alternatives(words))}
    # A single Chinese character is part of other words as well: it is idle only where nothing else is left.
    lone = {name: [word for word in alternatives(data[name])[1] if len(word) == 1] for name in _SAYING_NOTHING}
    listed = {name: " ".join(set(words.split()) - set(lone.get(name, ()))) for name, words in data.items()}
    return _Words(
        patterns={name: word_pattern(words) for name, words in listed.items()},
        schooling=tuple(word_pattern(words) for words in ladder),
        number=_number_pattern(spelt, data),
        numbers=spelt,
        lone=frozenset(character for characters in lone.values() for character in characters),
    )


def _number_pattern(spelt: Iterable[str], data: Mapping[str, str]) -> re.Pattern[str]:
    """Return the pattern of a number with its unit: months, years, weeks, days, thousands, rupees."""

    def either(words: Iterable[str]) -> str:
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

    def unit(name: str) -> str:
        alone, han = alternatives(data[name])
        return f"(?P<{name}>(?:{either(alone)})(?!\\w)|{either(han)})"

    number = rf"(?<![\w.])(?P<number>\d+(?:\.\d+)?|(?:{either(spelt)}))"
    # In Chinese a number follows its words without a space.
    number = number.replace(r"(?<![\w.])", r"(?<![a-z\d.\u0600-\u06ff])")
    length = "|".join(unit(name) for name in _MONTHS)
    money = f"{unit('thousand')}?[ ]*{unit('rupees')}?"
    return re.compile(rf"{number}[ -]*(?:{length}|{money})")


def _join(parts: tuple[list[str], list[str]]) -> list[str]:
    return parts[0] + parts[1]
