"""One text form for what is indexed and what is asked.

Whoever types on an Arabic keyboard, in full width, in traditional characters or with joiners must find what staff
wrote in any other of these ways, so both sides pass `normalise`. The form is for matching only and is never shown.

The shipped encoder's `tokenizer.json` applies the same rules by itself (all but traditional to simplified, which it
cannot express), so that it works for others too: `training/tokenizer.py` builds its normaliser from `FOLDED_LETTERS`
and `DROPPED_MARKS` of this module.
"""

import re
import unicodedata
from functools import lru_cache

import opencc

# Letters that Pakistani keyboards, fonts and converters use for one another, as they stand after NFKD and the removal
# of marks (which already turns آ أ إ into ا, ؤ into و, ئ into ي, ۂ into ہ, and presentation forms into letters).
FOLDED_LETTERS = {
    "ی": "يىېێۍ",
    "ک": "كڪڬ",
    "ہ": "هھەۀۃةۿ",
    "ا": "ٱ",
    "و": "ۇۈۆ",
    "ن": "ڹ",
}
# ۓ loses its hamza as a mark, while the same word typed with ئے keeps a letter for it: both become یے.
YEH_BARREE_WITH_HAMZA = "ۓ"
# Combining marks, format characters (joiners, direction marks, byte order mark), kashida, lone hamza.
DROPPED_MARKS = r"[\p{M}\p{Cf}ـء]"

_FOLDED = {variant: letter for letter, variants in FOLDED_LETTERS.items() for variant in variants}
_DROPPED_CATEGORIES = {"Mn", "Mc", "Me", "Cf", "Cs"}
_DROPPED_LETTERS = {"ـ", "ء"}
_SPACES = re.compile(r"\s+")
_HAN = re.compile(r"[㐀-鿿]")


class _Folding(dict[int, str]):
    """A `str.translate` table that works a character out when it is first met, so that long texts pass at C speed."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character == YEH_BARREE_WITH_HAMZA:
            folded = "یے"
        elif unicodedata.category(character) == "Cc":
            folded = " "
        else:
            # NFKD once more after case folding, which can compose anew.
            decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
            folded = "".join(map(_fold, decomposed))
        self[code] = folded
        return folded


def _fold(character: str) -> str:
    if unicodedata.category(character) in _DROPPED_CATEGORIES or character in _DROPPED_LETTERS:
        return ""
    if character.isdecimal():
        return str(unicodedata.digit(character))
    return _FOLDED.get(character, character)


_FOLDING = _Folding()


@lru_cache(maxsize=1)
def _traditional_to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """Return `text` in the form used for matching: folded letters, no marks, simplified Han, lower case, single spaces.

    Punctuation stays; `bot.language.tokens` and the encoder's tokenizer drop it. Idempotent: normalising twice
    changes nothing.
    """
    # NFC first, so that ۓ is met as one letter however it was typed; again after, for scripts that folding took apart.
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_FOLDING))
    if _HAN.search(folded):
        folded = _traditional_to_simplified().convert(folded)
    return _SPACES.sub(" ", folded).strip()
