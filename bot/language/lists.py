"""The lists of `wishes.yaml` as patterns, and a question from which what is understood is taken out word by word."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.language.patterns import alternatives
from bot.language.spelling import Speller, canonical, words_of
from bot.language.words import STOP_WORDS

_FILE = Path(__file__).with_name("wishes.yaml")
_HAN = re.compile(r"[㐀-鿿]")
# What is written for a word that was taken out: no letter and no space, so that no phrase is found across it.
TAKEN = "\0"
# What may stand between the two parts of a superlative, as in "sab se kam (welding ki) fees".
_BETWEEN_PARTS = rf"([^{TAKEN},.?!،؟。，？！]{{0,24}}?)"
_GAPS = {"**": (4, 6), "*": (2, 4)}  # words, or Chinese characters, that a gap may hold
SAYING_NOTHING = ("course", "plural", "listing", "filler", "learning", "after")
_GRAMMAR_ENDS = re.compile(r"^[的了吗呢些里我有是在个请]+|[的了吗呢些里我有是在个课班]+$")
_WRITTEN_WORD = re.compile(r"[^\W_]+(?:[-./+#][^\W_]*)*")
# Where two lists together tell what one does not.
_COMPOSED: dict[str, tuple[tuple[str, str], ...]] = {
    "cheapest": (("sup", "cheap"), ("cheap", "tareen"), ("sup_least", "dear"), ("sup_least", "of_fee")),
    "dearest": (("sup", "dear"), ("dear", "tareen"), ("sup_most", "of_fee")),
    "shortest": (("sup", "short"), ("short", "tareen"), ("sup_least", "of_duration")),
    "longest": (("sup", "long"), ("long", "tareen"), ("sup_most", "of_duration")),
    "best_paid": (("sup_most", "of_stipend"),),
    "least_paid": (("sup_least", "of_stipend"),),
    "most_seats": (("sup_most", "of_seats"),),
    "fewest_seats": (("sup_least", "of_seats"),),
}
_UNITS = ("month", "year", "week", "day", "rupees", "thousand", "people")
_NEXT_TO = ("sup", "tareen")  # these stand right beside their other part


@dataclass(frozen=True, slots=True)
class Lists:
    """Every list of `wishes.yaml`, ready to be looked for."""

    patterns: Mapping[str, re.Pattern[str]]
    composed: Mapping[str, tuple[re.Pattern[str], ...]]
    schooling: tuple[re.Pattern[str], ...]
    languages: Mapping[str, re.Pattern[str]]
    levels: tuple[frozenset[str], ...]
    ordinals: Mapping[str, int]
    months: Mapping[str, int]
    numbers: Mapping[str, float]
    whole: Mapping[str, float]
    words: Mapping[str, frozenset[str]]
    lone: frozenset[str]  # Chinese characters that say nothing where they stand alone
    speller: Speller


@lru_cache(maxsize=1)
def load_lists() -> Lists:
    """Return the lists of `wishes.yaml`."""
    data: dict[str, Any] = yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader)
    ladder, levels, languages = data.pop("schooling"), data.pop("levels"), data.pop("languages")
    valued = {name: _by_word(data.pop(name)) for name in ("numbers", "whole", "ordinals", "months")}
    # A single Chinese character is part of other words as well: it is idle only where nothing else is left.
    lone = {name: {word for word in str(data[name]).split() if _is_lone(word)} for name in SAYING_NOTHING}
    sources = {
        name: phrases_source(word for word in str(words).split() if word not in lone.get(name, ()))
        for name, words in data.items()
    }
    texts = [*map(str, data.values()), *ladder, *levels.values(), *languages.values()]
    spelt = {word for text in texts for word in words_of(canonical(text.replace("_", " ").replace("*", " ")))}
    spelt.update(word for words in valued.values() for text in words for word in words_of(text))
    return Lists(
        patterns={name: re.compile(source) for name, source in sources.items()},
        composed={name: _compose(pairs, sources) for name, pairs in _COMPOSED.items()},
        schooling=tuple(re.compile(phrases_source(words.split())) for words in ladder),
        languages={name: re.compile(phrases_source(words.split())) for name, words in languages.items()},
        levels=tuple(
            frozenset(canonical(word.replace("_", " ")) for word in [name, *words.split()])
            for name, words in levels.items()
        ),
        ordinals={word: int(value) for word, value in valued["ordinals"].items()},
        months={word: int(value) for word, value in valued["months"].items()},
        numbers=valued["numbers"],
        whole=valued["whole"],
        words={name: frozenset(canonical(w.replace("_", " ")) for w in str(data[name]).split()) for name in _UNITS},
        lone=frozenset(character for characters in lone.values() for character in characters),
        speller=Speller(spelt),
    )


def phrases_source(phrases: Iterable[str]) -> str:
    """Return the source of a pattern that finds any of some phrases, `_` for a space and `*` for a gap.

    What stands in a gap is a group of the pattern, so that it can be left in the text.
    """
    parts: list[str] = []
    alone, han = alternatives(canonical(phrase.replace("_", " ")) for phrase in phrases)
    if alone:
        parts.append(rf"(?<!\w)(?:{'|'.join(_phrase_source(phrase) for phrase in alone)})(?!\w)")
    parts += [_phrase_source(phrase) for phrase in han]
    return "|".join(parts) or r"(?!)"


def either(words: Iterable[str]) -> str:
    """Return the source of a pattern of plain words, the longest first; Latin and Urdu ones end where a word ends."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word) + ("" if _HAN.search(word) else r"(?!\w)") for word in ordered)


def _phrase_source(phrase: str) -> str:
    source = re.escape(phrase)
    for gap, (words, characters) in _GAPS.items():
        mark = re.escape(gap)
        if _HAN.search(phrase):
            source = source.replace(mark, rf"([㐀-鿿]{{0,{characters}}}?)")
        else:
            source = source.replace(rf"\ {mark}\ ", rf"\ (?:(\w+(?:\ \w+){{0,{words - 1}}}?)\ )??")
            source = source.replace(rf"\ {mark}", r"\ (\w+)")
    return source


def _compose(pairs: Iterable[tuple[str, str]], sources: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for first, second in pairs:
        one, other = f"(?:{sources[first]})", f"(?:{sources[second]})"
        gap = r"[ ]*" if first in _NEXT_TO or second in _NEXT_TO else _BETWEEN_PARTS
        patterns.append(re.compile(one + gap + other))
        if first not in _NEXT_TO and second not in _NEXT_TO:
            patterns.append(re.compile(other + gap + one))
    return tuple(patterns)


def _is_lone(word: str) -> bool:
    return len(word) == 1 and _HAN.match(word) is not None


def _by_word(listed: Mapping[float, str]) -> dict[str, float]:
    return {
        canonical(word.replace("_", " ")): float(value)
        for value, words in listed.items()
        for word in str(words).split()
    }


class Rest:
    """The part of a question that nothing has been read from yet; what was is blanked, so that places stay."""

    def __init__(self, text: str, written: Mapping[str, str]) -> None:
        self.text = text
        self.written = written

    def has(self, name: str) -> bool:
        """Tell whether a word of a list is left."""
        return load_lists().patterns[name].search(self.text) is not None

    def take(self, name: str) -> list[re.Match[str]]:
        """Take every word of a list out."""
        return self.take_pattern(load_lists().patterns[name])

    def take_pattern(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Take out all that a pattern finds, but for what stands in its gaps."""
        found = list(pattern.finditer(self.text))
        for match in found:
            self.cut_match(match)
        return found

    def cut_match(self, match: re.Match[str]) -> None:
        """Take one match out, but for what stands in its gaps."""
        start = match.start()
        for first, last in sorted(span for span in match.regs[1:] if span[0] >= 0):
            self.cut(start, first)
            start = last
        self.cut(start, match.end())

    def cut(self, start: int, stop: int) -> None:
        """Take a stretch out."""
        if stop > start:
            self.text = f"{self.text[:start]}{TAKEN * (stop - start)}{self.text[stop:]}"

    def rest(self, without: Iterable[str] = SAYING_NOTHING) -> str:
        """Return the words that say something, as they were written, without connecting ones at the ends."""
        for name in without:
            self.take(name)
        words = [_GRAMMAR_ENDS.sub("", word) for word in _WRITTEN_WORD.findall(self.text)]
        telling = [word for word in words if word and (not _is_idle(word) or is_between(word))]
        while telling and is_between(telling[0]):
            telling.pop(0)
        while telling and is_between(telling[-1]):
            telling.pop()
        return " ".join(self.written.get(word, word) for word in telling)


def is_between(word: str) -> bool:
    """Tell whether a word joins two things: and, or."""
    return load_lists().patterns["between"].fullmatch(word) is not None


def _is_idle(word: str) -> bool:
    """Tell whether a word says nothing: one of grammar, a number, or Chinese characters that a phrase left behind."""
    return word in STOP_WORDS or word.isdecimal() or all(character in load_lists().lone for character in word)
