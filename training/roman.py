"""Urdu written in Latin letters as students type it: attested spellings by their counts, then a thumb's drift."""

import random
import re

from training.corpora import Lexicon

_WORD = re.compile(r"[؀-ۿ]+")
# For a word without an attested spelling: consonants and long vowels as they are commonly typed.
_LETTERS = {
    "ا": "a", "ب": "b", "پ": "p", "ت": "t", "ٹ": "t", "ث": "s", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh",
    "د": "d", "ڈ": "d", "ذ": "z", "ر": "r", "ڑ": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s",
    "ض": "z", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ک": "k", "گ": "g", "ل": "l",
    "م": "m", "ن": "n", "ں": "n", "و": "o", "ہ": "h", "ی": "i", "ے": "e",
}  # fmt: skip
_CONSONANTS = re.compile(r"[bcdfgjklmnpqrstvz](?=[bcdfgjklmnpqrstvz])")
_SHORT_VOWELS = ("", "a", "a", "i", "u")
_DRIFT_WORDS = {
    "hai": ("h", "he", "hy", "ha"),
    "hain": ("hn", "hen", "hein"),
    "nahi": ("nhi", "nai", "ni"),
    "nahin": ("nhi", "nahi", "nhin"),
    "kya": ("kia", "kiya", "kea"),
    "mein": ("me", "mn", "main"),
    "main": ("me", "mn", "mai"),
    "kab": ("kb",),
    "kaise": ("kese", "kesay", "kaisay"),
    "kitni": ("ktni", "kitne"),
    "kitna": ("ktna",),
    "kahan": ("kaha", "khan"),
    "aur": ("or", "r"),
    "ke": ("k", "kay"),
    "ki": ("k", "ke"),
    "ko": ("k",),
    "se": ("sy", "say"),
    "par": ("pr", "pe"),
    "liye": ("lye", "lie", "lia"),
    "chahiye": ("chahye", "chaiye", "chye"),
    "karna": ("krna",),
    "kar": ("kr",),
    "karte": ("krte",),
    "sakta": ("skta",),
    "sakte": ("skte",),
    "sakti": ("skti",),
    "hoga": ("hga", "ho ga"),
    "hogi": ("hgi", "ho gi"),
}
_DRIFT_RULES = (
    ("aa", "a"), ("ee", "i"), ("i", "ee"), ("oo", "u"), ("u", "oo"), ("q", "k"), ("w", "v"), ("v", "w"), ("z", "s"),
    ("kh", "k"), ("gh", "g"), ("ay", "e"), ("ai", "e"), ("y", "i"), ("f", "ph"), ("ein", "en"), ("iya", "ia"),
)  # fmt: skip
_DRIFT_CHANCE = 0.35
_DROP_VOWEL_CHANCE = 0.12


def write_roman(text: str, lexicon: Lexicon, chance: random.Random) -> str:
    """Return normalised Urdu `text` with every Urdu word in Latin letters, spelt as `chance` has it."""
    return _WORD.sub(lambda match: _drift(_spell(match.group(), lexicon, chance), chance), text)


def _spell(word: str, lexicon: Lexicon, chance: random.Random) -> str:
    attested = lexicon.get(word)
    if attested:
        spellings, counts = zip(*attested, strict=True)
        return str(chance.choices(spellings, counts)[0])
    letters = "".join(_LETTERS.get(letter, "") for letter in word)
    # Urdu leaves short vowels out, people who write Latin letters put them in.
    return _CONSONANTS.sub(lambda match: match.group() + chance.choice(_SHORT_VOWELS), letters)


def _drift(word: str, chance: random.Random) -> str:
    if chance.random() > _DRIFT_CHANCE:
        return word
    if word in _DRIFT_WORDS:
        return chance.choice(_DRIFT_WORDS[word])
    for before, after in chance.sample(_DRIFT_RULES, 4):
        if before in word:
            word = word.replace(before, after, 1)
            break
    inner = [place for place in range(1, len(word) - 1) if word[place] in "aeiou"]
    if inner and len(word) > 3 and chance.random() < _DROP_VOWEL_CHANCE / _DRIFT_CHANCE:
        place = chance.choice(inner)
        word = word[:place] + word[place + 1 :]
    return word
