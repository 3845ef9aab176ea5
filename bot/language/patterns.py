"""Lists of words as patterns over normalised text: Latin and Urdu words match whole, Chinese ones anywhere."""

import re
from collections.abc import Iterable

from bot.language.normalise import normalise

_HAN = re.compile(r"[㐀-鿿]")


def alternatives(words: str | Iterable[str]) -> tuple[list[str], list[str]]:
    """Return words normalised, longest first: those that must stand alone and the Chinese ones; `_` is a space."""
    listed = words.split() if isinstance(words, str) else words
    spaced = {normalise(word.replace("_", " ")) for word in listed} - {""}
    ordered = sorted(spaced, key=lambda word: (-len(word), word))
    return [word for word in ordered if not _HAN.search(word)], [word for word in ordered if _HAN.search(word)]


def word_pattern(words: str | Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of plain words; of none, nothing."""
    alone, han = alternatives(words)
    parts = [re.escape(word) for word in han]
    if alone:
        parts.insert(0, rf"(?<!\w)(?:{'|'.join(map(re.escape, alone))})(?!\w)")
    return re.compile("|".join(parts) or r"(?!)")
