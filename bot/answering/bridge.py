"""The glossary as a bridge: a term in the question also stands for its words in the other languages."""

from collections.abc import Iterable, Sequence

from bot.index.lexical import Weighted
from bot.language.tokens import SOUND, split_units
from bot.types import Term

_SOUND_WEIGHT = 0.7
_TERM_WEIGHT = 0.8
# Below this length a sound stands for too many words to recognise a term by it.
_SHORTEST_SOUND = 4

Key = tuple[str, ...]


class Bridge:
    """Expands a question's units by a glossary."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._translations: dict[Key, list[list[tuple[str, ...]]]] = {}
        self._longest = 1
        for term in terms:
            wordings = [split_units(word) for word in (*term.en, *term.ur, *term.roman_ur, *term.zh)]
            for wording in filter(None, wordings):
                others = [other for other in wordings if other and other is not wording]
                for key in {_exact_key(wording), _sound_key(wording)}:
                    self._translations.setdefault(key, []).extend(others)
                self._longest = max(self._longest, len(wording))

    def expand(self, question: str) -> list[Weighted]:
        """Return the question's units with every token that could stand for each, and its weight."""
        units = split_units(question)
        expanded = [{token: _SOUND_WEIGHT if token.startswith(SOUND) else 1.0 for token in unit} for unit in units]
        for start in range(len(units)):
            for stop in range(start + 1, min(start + self._longest, len(units)) + 1):
                for translation in self._translate(units[start:stop]):
                    self._spread(translation, expanded[start:stop])
        return [tuple(unit.items()) for unit in expanded]

    def _translate(self, span: Sequence[tuple[str, ...]]) -> Iterable[list[tuple[str, ...]]]:
        for key in {_exact_key(span), _sound_key(span)}:
            yield from self._translations.get(key, ())

    def _spread(self, translation: list[tuple[str, ...]], units: list[dict[str, float]]) -> None:
        """Let the words of a translation stand for the units of the span, in turn where there are more of them."""
        for place, forms in enumerate(translation):
            unit = units[min(place, len(units) - 1)]
            for token in forms[:1]:
                unit[token] = max(unit.get(token, 0.0), _TERM_WEIGHT)


def _exact_key(units: Sequence[tuple[str, ...]]) -> Key:
    return tuple(unit[0] for unit in units)


def _sound_key(units: Sequence[tuple[str, ...]]) -> Key:
    """Return the sounds of a span where each unit has one long enough, else its exact key."""
    sounds = tuple(unit[-1] for unit in units)
    return sounds if all(len(sound) >= _SHORTEST_SOUND for sound in sounds) else _exact_key(units)
