"""Glossaries as a bridge: a term in the question also stands for its words in the other languages.

The folder's own glossary weighs most. Beside it stands the bot's (`bot/language/concepts.txt`), general words of a
student's life and of trades, so that a folder without a glossary is found in four writings as well.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from bot.index.lexical import Weighted
from bot.language.concepts import read_concepts
from bot.language.tokens import SOUND, split_units
from bot.types import Term

_SOUND_WEIGHT = 0.7
_TERM_WEIGHT = 0.8
_CONCEPT_WEIGHT = 0.7
# Below this length a sound stands for too many words to recognise a term by it.
_SHORTEST_SOUND = 4
# A pair of Han characters with one of these in it is grammar, or runs across the border of two words.
_HAN_GRAMMAR = re.compile("[的了吗呢吧啊呀嘛我你您他她它们这那哪什么怎样几谁和与或也都还就是在想请问]")

Units = tuple[str, ...]
Wording = Sequence[Units]
Key = tuple[str, ...]


class Glossary:
    """Groups of wordings of the same thing, to be looked up by any of them."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._wordings: dict[Key, list[Wording]] = {}
        for words in groups:
            wordings = [wording for word in words if (wording := split_units(word))]
            for wording in wordings:
                others = [other for other in wordings if other is not wording]
                for key in _keys(wording):
                    self._wordings.setdefault(key, []).extend(others)
        self.longest = max(map(len, self._wordings), default=1)

    def translate(self, span: Wording) -> Iterator[Wording]:
        """Return the other wordings of what a span of a question says."""
        for key in _keys(span):
            yield from self._wordings.get(key, ())


class Bridge:
    """Expands a question's units by glossaries."""

    def __init__(self, terms: Iterable[Term], concepts: Glossary | None = None) -> None:
        """Take the folder's `terms`, and the bot's own glossary unless another is given."""
        general = concepts or _read_general()
        own = Glossary((*term.en, *term.ur, *term.roman_ur, *term.zh) for term in terms)
        self._glossaries = ((own, _TERM_WEIGHT), (general, _CONCEPT_WEIGHT))

    def expand(self, question: str) -> list[Weighted]:
        """Return the question's units with every token that could stand for each, and its weight."""
        units = split_units(question)
        expanded = [{token: _SOUND_WEIGHT if token.startswith(SOUND) else 1.0 for token in unit} for unit in units]
        for glossary, weight in self._glossaries:
            for start, stop in _spans(len(units), glossary.longest):
                for translation in glossary.translate(units[start:stop]):
                    _spread(translation, expanded[start:stop], weight)
        said = [unit for unit in expanded if not _is_grammar(unit)]
        return [tuple(unit.items()) for unit in said or expanded]


def _spans(length: int, longest: int) -> Iterator[tuple[int, int]]:
    return ((start, stop) for start in range(length) for stop in range(start + 1, min(start + longest, length) + 1))


def _spread(translation: Wording, units: Sequence[dict[str, float]], weight: float) -> None:
    """Let the words of a translation stand for the units of the span in turn, the last for those that are left over."""
    for place in range(max(len(translation), len(units))):
        unit = units[min(place, len(units) - 1)]
        token = translation[min(place, len(translation) - 1)][0]
        unit[token] = max(unit.get(token, 0.0), weight)


def _is_grammar(unit: dict[str, float]) -> bool:
    """Tell whether a unit is a pair of Han characters that no glossary knows and that says nothing by itself."""
    return len(unit) == 1 and bool(_HAN_GRAMMAR.search(next(iter(unit))))


@lru_cache(maxsize=1)
def _read_general() -> Glossary:
    return Glossary(read_concepts())


def _keys(units: Wording) -> set[Key]:
    """Return the keys of a span: its words, and its sounds where each unit has one long enough."""
    exact, sounds = tuple(unit[0] for unit in units), tuple(unit[-1] for unit in units)
    return {exact, sounds} if all(len(sound) >= _SHORTEST_SOUND for sound in sounds) else {exact}
