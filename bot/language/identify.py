"""Which of the four writings a question is in: script first, then Roman Urdu against English by their grammar.

A mixed question is in the language of its grammar: "admission کی last date کیا ہے" is Urdu. Where it has none,
Latin words beside another script are names and loans: "AutoCAD کورس" is Urdu.
"""

import re
from collections.abc import Mapping

from bot.language.normalise import normalise
from bot.language.places import latin_names
from bot.language.words import (
    BOTH_LATIN,
    CHINESE,
    ENGLISH,
    ENGLISH_ONLY,
    ROMAN_URDU,
    ROMAN_URDU_CONTENT,
    ROMAN_URDU_ONLY,
    ROMAN_URDU_VERBS,
    URDU,
)
from bot.types import ContentLanguage, Language

_ARABIC_WORD = re.compile(r"[؀-ۿ]+")
_HAN = re.compile(r"[㐀-鿿]")
_LETTER = re.compile(r"[a-z\u0600-\u06ff\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[a-z']+")
_FUNCTION = re.compile("|".join(sorted(CHINESE, key=len, reverse=True)))
# Spellings that English hardly has: long vowels doubled, aspirates, common Urdu endings.
_ROMAN_LOOKS = re.compile(
    r"aa|kh|gh(?!t)|dh|bh|jh|zw|hw|iye$|iyan$|iyon$|aat$|ein$|oon$|ega$|egi$|unga$|wala$|dar$|nay$"
)
_ENGLISH_LOOKS = re.compile(r"tion|ment$|ing$|ght|ould|ness$|able$|ck|ed$|ly$|ous$|ive$|wh|th$")
# A word of grammar tells much more than a word of content, which may be a loan.
_GRAMMAR = 3.0
_AMBIGUOUS = 0.5
_CLOSE = 0.6  # of the greater weight
_SENTENCE = 2  # words that only one of the two has: a sentence, no loan
_MANY = 2  # Latin words for each of the other script
_HAN_A_WORD = 2  # characters, roughly
_ROMAN = ROMAN_URDU_ONLY | ROMAN_URDU_CONTENT | ROMAN_URDU_VERBS


def identify(text: str) -> Language:
    """Return the writing of `text`; text without a letter of the four counts as English."""
    normal = normalise(text)
    latin_words = _drop_names(_LATIN_WORD.findall(normal))
    arabic_words = _ARABIC_WORD.findall(normal)
    han = len(_HAN.findall(normal))
    roman, english = _roman_score(latin_words), _english_score(latin_words)
    latin: Language = "ur-Latn" if _is_roman(roman, english, latin_words) else "en"
    grammar: dict[Language, int] = {
        latin: sum(word in (ROMAN_URDU if latin == "ur-Latn" else ENGLISH) for word in latin_words),
        "ur": sum(word in URDU for word in arabic_words),
        "zh": len(_FUNCTION.findall(normal)) if han else 0,
    }
    sizes: dict[Language, float] = {latin: len(latin_words), "ur": len(arabic_words), "zh": han / _HAN_A_WORD}
    present = [language for language, size in sizes.items() if size]
    best = max(present, key=lambda language: (grammar[language], language != latin, sizes[language]), default=latin)
    return latin if _is_loan(best, latin, normal, grammar, sizes) else best


def _drop_names(words: list[str]) -> list[str]:
    """Return the words without names of places, which look alike in any writing: Gwadar makes nothing Roman Urdu.

    What is said of a place tells: "Lahore me" is "in Lahore" in Roman Urdu, and nothing in English.
    """
    names = latin_names()
    befores = ["", *words]
    said = ("mein" if word == "me" and before in names else word for before, word in zip(befores, words, strict=False))
    return [word for word in said if word not in names]


def content_language(language: Language) -> ContentLanguage:
    """Return the column of the folder that a writing reads: Roman Urdu reads Urdu."""
    return "ur" if language == "ur-Latn" else language


def _is_loan(
    best: Language, latin: Language, normal: str, grammar: Mapping[Language, int], sizes: Mapping[Language, float]
) -> bool:
    """Tell whether a word of another script is a loan among Latin ones, where neither has grammar.

    Names stand first and what is said of them last: "SEO课" is Chinese, "HSK 4 报名 closing date" is English.
    """
    letters = _LETTER.findall(normal)
    is_latin_last = bool(letters) and letters[-1].isascii()
    return is_latin_last and grammar[latin] == grammar[best] and sizes[latin] >= _MANY * sizes[best]


def _is_roman(roman: float, english: float, words: list[str]) -> bool:
    """Tell whether Roman Urdu outweighs English; a word that both have does not, where anything speaks for English.

    Where both have grammar and weigh about the same, the one that opens the sentence is its own, the other put in.
    """
    own = [word in _ROMAN for word in words if word in _ROMAN or word in ENGLISH_ONLY]
    if min(own.count(True), own.count(False)) >= _SENTENCE and min(roman, english) >= _CLOSE * max(roman, english):
        return own[0]
    return roman > english + (_AMBIGUOUS if english else 0.0)


def _roman_score(words: list[str]) -> float:
    return sum(_GRAMMAR if word in _ROMAN else _weak_score(word, ROMAN_URDU, _ROMAN_LOOKS) for word in words)


def _english_score(words: list[str]) -> float:
    return sum(_GRAMMAR if word in ENGLISH_ONLY else _weak_score(word, ENGLISH, _ENGLISH_LOOKS) for word in words)


def _weak_score(word: str, grammar: frozenset[str], looks: re.Pattern[str]) -> float:
    """Return what a word tells that the other language has as well, or that only looks like one of the two."""
    if word in BOTH_LATIN:
        return _AMBIGUOUS if word in grammar else 0.0
    return 1.0 if looks.search(word) else 0.0
