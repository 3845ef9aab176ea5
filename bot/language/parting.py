"""Urdu words typed without spaces, parted: «سبسےزیادہ» is سب سے زیادہ.

Only a long word that nobody knows is looked at, and only where known words fill it wholly: the fewest, so the longest.
"""

import re
from collections.abc import Callable

from bot.language.normalise import normalise

_URDU_WORD = re.compile(r"[\u0620-\u065f\u066e-\u06d3]+")  # letters and vowel signs
# Shorter words are names, or known ones misspelt.
_SHORTEST = 8
# Letters stand alone in few words, and would fill any gap.
_SHORTEST_PART, _LONGEST_PART = 2, 14


def part_words(text: str, knows: Callable[[str], bool]) -> str:
    """Return text with the Urdu words parted that are several in one; `knows` tells of a normalised word."""
    return _URDU_WORD.sub(lambda match: _part(match[0], knows), text)


def _part(written: str, knows: Callable[[str], bool]) -> str:
    if len(written) < _SHORTEST or knows(word := normalise(written)):
        return written
    # The fewest known words up to each letter.
    best: list[list[str] | None] = [[], *([None] * len(word))]
    for stop in range(_SHORTEST_PART, len(word) + 1):
        for start in range(max(0, stop - _LONGEST_PART), stop - _SHORTEST_PART + 1):
            before, part = best[start], word[start:stop]
            if before is None or not knows(part):
                continue
            found = best[stop]
            if found is None or len(before) + 1 < len(found):
                best[stop] = [*before, part]
    return " ".join(best[-1] or [written])
