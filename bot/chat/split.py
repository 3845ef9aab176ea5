"""Long text into pieces that each fit one message, cut where a reader would pause."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

# A full stop of Latin script ends a sentence only before a space: not in "3.5" or in an address.
_SENTENCE = re.compile(r"""(?s:.+?)(?:[.!?]+["'”’)]*\s+|[۔؟。！？]+["'”’）)」』]*\s*|\n+|\Z)""")
_WORD = re.compile(r"\s*\S+\s*|\s+")
# What belongs to the character before it: marks, joiners, skin tones, variation selectors, the tags of a flag.
_EXTENDING = "\u0300-\u036f\u064b-\u0655\u0670\u200c\u200d\u20e3\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_CHARACTER = re.compile(rf"[\U0001f1e6-\U0001f1ff]{{2}}|(?s:.)(?:[{_EXTENDING}]|(?<=\u200d)[^\s\w])*")
_CODE_POINT = re.compile(r"(?s:.)")
_FROM_COARSE_TO_FINE = (_SENTENCE, _WORD, _CHARACTER, _CODE_POINT)


def measure_utf16(text: str) -> int:
    """Return how long Telegram counts a text to be: in UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, length: int) -> str:
    """Return text of at most `length` characters, with a sign where the rest is left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def split_text(text: str, limit: int, measure: Callable[[str], int] = measure_utf16) -> list[str]:
    """Return `text` in pieces whose `measure` is at most `limit`, without blank ones and blank edges.

    Cuts after a sentence or a line; in a sentence that is too long after a word; in such a word after a character as
    people see it.
    """
    pieces = _pack(text, _FROM_COARSE_TO_FINE, lambda piece: measure(piece.strip()) <= limit)
    return [stripped for piece in pieces if (stripped := piece.strip())]


def split_sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text, each with the space after it."""
    return [sentence for sentence in _SENTENCE.findall(text) if sentence.strip()]


def _pack(text: str, units: tuple[re.Pattern[str], ...], fits: Callable[[str], bool]) -> Iterator[str]:
    """Yield pieces of as many units as fit, and break a unit that does not fit by itself into finer ones."""
    parts, start = units[0].findall(text), 0
    while start < len(parts):
        count = _count_fitting(parts[start:], fits)
        if count == 0:
            *full, parts[start] = _pack(parts[start], units[1:], fits)
            yield from full
        else:
            yield "".join(parts[start : start + count])
            start += count


def _count_fitting(parts: Sequence[str], fits: Callable[[str], bool]) -> int:
    """Return how many of the first parts fit together, measuring few of the many prefixes."""
    return bisect_left(range(1, len(parts) + 1), True, key=lambda count: not fits("".join(parts[:count])))
