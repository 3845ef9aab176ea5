"""One spelling for the small words of a question to the catalogue, so that each need stand in a list only once.

Roman Urdu has no spelling and thumbs slip. A word that `spellings.yaml` has takes the form given there; another one
takes that of a listed word which it equals but for doubled letters and long vowels, or but for one slip inside. Words
that a folder's own courses have in their names are left as they are.
"""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path

import yaml

from bot.language.normalise import normalise
from bot.language.words import STOP_WORDS

_FILE = Path(__file__).with_name("spellings.yaml")
# "5k" is five thousand, and no k for ke.
_WORD = re.compile(r"(?<!\d)k(?![a-z])|(?!(?<=\d)k(?![a-z]))[a-z]+(?:'[a-z]+)?|[\u0600-\u06ff]+")
# Chinese is written without spaces, and so are the words of other scripts in it.
_SEAM = re.compile(r"(?<=[㐀-鿿])(?=[a-z\u0600-\u06ff])|(?<=[a-z\u0600-\u06ff])(?=[㐀-鿿])")
_QUOTES = re.compile("[’‘`´]")
_LOOSE = (
    (re.compile(r"ee|ie"), "i"),
    (re.compile(r"oo"), "u"),
    (re.compile(r"a[iy]|ey"), "e"),
    (re.compile(r"y"), "i"),
    (re.compile(r"w"), "v"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"ck|q"), "k"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_VOWELS = "aeiouyاویے"
# Shorter words are too near to one another.
_SHORTEST_LOOSE = 4
_SHORTEST_SLIP = 6


class Speller:
    """The words of the lists, with what may be written for them."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._words = frozenset(vocabulary)
        self._loose: dict[str, str] = {}
        self._slips: dict[str, str] = {}
        for word in sorted(self._words):
            if len(word) >= _SHORTEST_LOOSE:
                self._loose.setdefault(_loose_key(word), word)
            if len(word) >= _SHORTEST_SLIP - 1:
                for slip in _slips_of(word):
                    self._slips.setdefault(slip, word)

        for variant, form in _variants().items():
            if len(variant) > _SHORTEST_LOOSE:
                self._loose.setdefault(_loose_key(variant), form)

    def read(self, text: str, own_words: Collection[str]) -> tuple[str, dict[str, str]]:
        """Return normalised text in the lists' spelling, and what was written for each word that was changed."""
        written: dict[str, str] = {}

        def respell(match: re.Match[str]) -> str:
            word = match[0]
            spelt = self._spell(word, own_words)
            if spelt != word:
                written[spelt] = word
            return spelt

        return _WORD.sub(respell, _QUOTES.sub("'", _SEAM.sub(" ", text))), written

    def knows(self, word: str) -> bool:
        """Tell whether a word is one of the lists'."""
        return word in self._words

    def reads(self, word: str) -> bool:
        """Tell whether a word stands as it is, or as another spelling of a listed one, in `spellings.yaml`."""
        return word in self._words or word in STOP_WORDS or word in _variants()

    def _spell(self, word: str, own_words: Collection[str]) -> str:
        if word in _variants():
            return _variants()[word]
        if word in self._words or word in STOP_WORDS or word in own_words or len(word) < _SHORTEST_LOOSE:
            return word
        loose = self._loose.get(_loose_key(word))
        if loose is not None:
            return loose
        # A letter too few, two the wrong way round or another vowel; else a letter too many.
        found = self._slips.get(word)
        if found is None and len(word) >= _SHORTEST_SLIP:
            found = next((one for slip in _shortened(word) if (one := self._in_words(slip))), None)
        return found or word

    def _in_words(self, word: str) -> str | None:
        return word if len(word) >= _SHORTEST_SLIP - 1 and word in self._words else None


def canonical(text: str) -> str:
    """Return a listed phrase, normalised, in the spelling of `spellings.yaml`."""
    return _WORD.sub(lambda match: _variants().get(match[0], match[0]), _QUOTES.sub("'", normalise(text)))


def words_of(text: str) -> list[str]:
    """Return the Latin and Urdu words of a normalised text."""
    return _WORD.findall(text)


@lru_cache(maxsize=1)
def _variants() -> dict[str, str]:
    data: dict[str, str] = yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader)
    spelt: dict[str, str] = {}
    for form, variants in data.items():
        for variant in variants.split():
            spelt.setdefault(normalise(variant), normalise(form))
    return spelt


def _loose_key(word: str) -> str:
    key = word
    for pattern, replacement in _LOOSE:
        key = pattern.sub(replacement, key)
    return key


def _shortened(word: str) -> Iterable[str]:
    """Yield a word without each of its inner letters."""
    for place in range(1, len(word) - 1):
        yield word[:place] + word[place + 1 :]


def _slips_of(word: str) -> Iterable[str]:
    """Yield what a thumb makes of a word: an inner letter left out, two exchanged, another vowel."""
    yield from _shortened(word)
    for place in range(1, len(word) - 2):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    # In a short word another vowel makes another word: paint, point.
    for place in range(1, len(word) - 1 if len(word) >= _SHORTEST_SLIP else 0):
        if word[place] in _VOWELS:
            for vowel in _VOWELS:
                yield word[:place] + vowel + word[place + 1 :]
