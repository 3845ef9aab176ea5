"""One key for what sounds alike, across Roman Urdu spellings and the two scripts of Urdu.

`dakhla`, `daakhla`, `daakhilah` and داخلہ share a key, as do `fees`, `fess` and فیس. The key is the word's consonants:
vowels are what thumbs leave out and what Urdu script does not write.
"""

import re
from functools import lru_cache

_LATIN_GROUPS = (
    (re.compile(r"t(?=ion)|ss(?=ion)|s(?=ion)|c(?=ia)"), "S"),
    (re.compile(r"sh"), "S"),
    (re.compile(r"ch"), "C"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"[cq]"), "k"),
    (re.compile(r"w"), "v"),
)
_URDU_LETTERS = str.maketrans(
    {
        **dict.fromkeys("ثسص", "s"), **dict.fromkeys("زذضظژ", "z"), **dict.fromkeys("تطٹ", "t"),
        **dict.fromkeys("دڈ", "d"), **dict.fromkeys("رڑ", "r"), **dict.fromkeys("حہ", "h"),
        **dict.fromkeys("کقخ", "k"), **dict.fromkeys("گغ", "g"), **dict.fromkeys("نں", "n"),
        **dict.fromkeys("اعے", "a"), "ب": "b", "پ": "p", "ج": "j", "چ": "C", "ش": "S", "ف": "f", "ل": "l", "م": "m",
        "و": "v", "ی": "y",
    }
)  # fmt: skip
_VOWELS = "aeiou"
# Written as consonants at the start of a word, as vowels or breath elsewhere.
_HALF_VOWELS = "hvy"
_SILENT = re.compile(f"[{_VOWELS}{_HALF_VOWELS}]")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=50_000)
def phonetic_key(word: str) -> str:
    """Return the key of a normalised Latin or Urdu word; "" where too little is left to tell words apart by."""
    letters = word.translate(_URDU_LETTERS)
    if letters == word:
        for pattern, replacement in _LATIN_GROUPS:
            letters = pattern.sub(replacement, letters)
    if not letters:
        return ""
    first = "A" if letters[0] in _VOWELS else letters[0]
    key = _DOUBLED.sub(r"\1", first + _SILENT.sub("", letters[1:]))
    return key if len(key) > 1 and key.isascii() and key.isalpha() else ""
