"""What lexical search compares: words of Urdu and Latin script, pairs of Han characters, sounds.

Codes and levels are kept whole beside their parts (`g-ii` is g, ii and gii), since G-II is not G-III.
"""

import re

from bot.language.normalise import normalise
from bot.language.phonetic import phonetic_key
from bot.language.words import STOP_WORDS

SOUND = "~"  # what a sound's token begins with

_UNIT = re.compile(r"(?P<han>[㐀-鿿]+)|(?P<code>[a-z0-9]+(?:[-./][a-z0-9]+)+)|(?P<word>[^\W_㐀-鿿]+[+#]*)")
_LETTERS_AND_DIGITS = re.compile(r"[a-z]+|\d+")
# Anything with a digit, and Roman numerals from two on.
_CODE = re.compile(r"\w*\d\w*|[a-z]?(?:ii|iii|iv|vi|vii|viii|ix)")
_PLURAL = re.compile(r"(?<=[a-z]{3})(?<!s)s$")


def tokenise(text: str) -> list[str]:
    """Return every token of any text, normalised, without words of grammar; sounds begin with `SOUND`."""
    return [token for unit in split_units(text) for token in unit]


def split_units(text: str) -> list[tuple[str, ...]]:
    """Return what a text says unit by unit, each as its exact token and, after it, others that could stand for it."""
    units: list[tuple[str, ...]] = []
    for match in _UNIT.finditer(normalise(text)):
        if match["han"]:
            units += _pairs(match["han"])
        elif match["code"]:
            parts = re.split(r"[-./]", match["code"])
            units += [("".join(parts),), *((part,) for part in parts if part not in STOP_WORDS)]
        elif match["word"] not in STOP_WORDS:
            units += _forms(match["word"])
    return units


def is_code(token: str) -> bool:
    """Tell whether a token is a number, a code or a level, which nothing near in meaning can stand for."""
    return bool(_CODE.fullmatch(token))


def _pairs(run: str) -> list[tuple[str, ...]]:
    return [(run[place : place + 2],) for place in range(len(run) - 1)] or [(run,)]


def _forms(word: str) -> list[tuple[str, ...]]:
    mixed = _LETTERS_AND_DIGITS.findall(word)
    if len(mixed) > 1:
        return [(word,), *((part,) for part in mixed)]
    stem, key = _PLURAL.sub("", word), phonetic_key(word)
    return [(stem, SOUND + key) if key else (stem,)]
