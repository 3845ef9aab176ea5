"""What a question wants of the catalogue: conditions, an order, a number, two courses side by side.

Words are looked for in `wishes.yaml`; what a condition means for a course is `bot.answering.catalogue`'s to say. Each
word that is understood is taken out of the question, and what is left is the subject ("welding").
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.language.fields import subject_of
from bot.language.normalise import normalise
from bot.language.patterns import alternatives, word_pattern
from bot.language.phonetic import phonetic_key
from bot.language.words import STOP_WORDS
from bot.types import FLAGS, Condition, ConditionKind, ContentLanguage, CourseField, Direction, Wish

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
_MONTHS = {"month": 1.0, "year": 12.0, "week": 12 / 52, "day": 12 / 365}
_COUNTED_WITHIN = 12  # characters between "how many" and what is counted
_LONGEST_READ = 400  # characters: who writes more tells a story
_LONGEST_FOLLOW_UP = 8  # words
_SAYING_NOTHING = ("filler", "plural", "listing", "course", "learning", "after")
_SHORTEST_SOUND = 5
_SMALLEST_SUM = 500  # rupees: a smaller number without its unit is hardly money


@dataclass(frozen=True, slots=True)
class _Words:
    patterns: Mapping[str, re.Pattern[str]]
    schooling: tuple[re.Pattern[str], ...]
    number: re.Pattern[str]
    numbers: Mapping[str, float]
    places: Mapping[str, str] = field(default_factory=dict)


def read_wish(question: str, names: Mapping[str, tuple[ConditionKind, str]]) -> Wish:
    """Return what a question wants. `names` are the folder's own places, providers and levels, normalised."""
    text = _Rest(normalise(question)[:_LONGEST_READ])
    order = next((order for name, order in _ORDERS.items() if text.take(name)), None)
    numbers = _read_numbers(text)
    flags = [Condition(kind) for kind in FLAGS if text.take(kind)]
    # G-II is what a course leads to, unless somebody has it behind them.
    schooling = _read_schooling(text) if text.has("after") else []
    named = _read_names(text, names)
    schooling = schooling or _read_schooling(text)
    compared = [name for name in _COMPARED if text.take(name)]
    is_count, is_listing, is_plural = text.take_count(), text.has("listing"), text.has("plural")
    names_courses = text.has("course") or text.has("learning")
    has_two = text.has("between")
    return Wish(
        conditions=tuple(dict.fromkeys((*flags, *numbers, *named, *schooling))),
        order=order,
        compared=bool(compared) and has_two,
        compared_by=_COMPARED[compared[0]] if compared else None,
        is_count=is_count,
        is_listing=is_listing,
        is_plural=is_plural,
        is_procedure=text.has("procedure"),
        names_courses=names_courses,
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
    return {normalise(name): ("place", names[0]) for names in _list_places() for name in names}


def place_name(name: str, language: ContentLanguage) -> str:
    """Return a place's name in a language, as it is where the list has none."""
    names = next((names for names in _list_places() if names[0] == name), [name])
    script = {"en": r"[A-Za-z]", "ur": r"[\u0600-\u06ff]", "zh": r"[㐀-鿿]"}[language]
    return next((each for each in names if re.search(script, each)), name)


@lru_cache(maxsize=1)
def _list_places() -> list[list[str]]:
    listed: list[list[str]] = yaml.safe_load((_FOLDER / "places.yaml").read_text("utf-8"))
    return listed


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
        for name in without:
            self.take(name)
        words = re.findall(r"[^\W_]+(?:[-./+#][^\W_]*)*", self.text)
        return " ".join(word for word in words if not _is_idle(word) or _is_between(word))


def _is_idle(word: str) -> bool:
    """Tell whether a word says nothing: one of grammar, or a single Chinese character that its phrase left behind."""
    return word in STOP_WORDS or re.fullmatch(r"[㐀-鿿]", word) is not None


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
        before, after = _limits(text.text[: match.start()], "before"), _limits(text.text[match.end() :], "after")
        limit = before[0] or after[0]
        condition = _measure(match, value, limit, words.patterns["paid"].search(text.text) is not None)
        if condition is None:
            start = match.end()
            continue
        conditions.append(condition)
        text.cut(match.start() - before[1], match.end() + after[1])
        start = 0
    return conditions


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
        return _bounds("length", value * _MONTHS[unit], limit)
    rupees = value * (1000 if match["thousand"] else 1)
    if limit and (match["rupees"] or match["thousand"] or rupees >= _SMALLEST_SUM):
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
    return _Words(
        patterns={name: word_pattern(words) for name, words in data.items()},
        schooling=tuple(word_pattern(words) for words in ladder),
        number=_number_pattern(spelt, data),
        numbers=spelt,
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
