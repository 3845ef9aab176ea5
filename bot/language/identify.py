"""Which of the four writings a question is in: script first, then Roman Urdu against English by their grammar.

A mixed question is in the language of its grammar: "admission کی last date کیا ہے" is Urdu.
"""

import re

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
_ROMAN = ROMAN_URDU_ONLY | ROMAN_URDU_CONTENT | ROMAN_URDU_VERBS


def identify(text: str) -> Language:
    """Return the writing of `text`; text without a letter of the four counts as English."""
    normal = normalise(text)
    # A name looks alike in any writing: Gwadar makes no question Roman Urdu.
    latin_words = [word for word in _LATIN_WORD.findall(normal) if word not in latin_names()]
    arabic_words = _ARABIC_WORD.findall(normal)
    han = len(_HAN.findall(normal))
    roman, english = _roman_score(latin_words), _english_score(latin_words)
    latin: Language = "ur-Latn" if _is_roman(roman, english) else "en"
    others = bool(arabic_words or han)
    scores: dict[Language, float] = {
        "ur": len(arabic_words) + _GRAMMAR * sum(word in URDU for word in arabic_words),
        # Two characters make a word, roughly.
        "zh": han / 2 + _GRAMMAR * len(_FUNCTION.findall(normal)) if han else 0.0,
        latin: _latin_weight(latin_words, latin, is_alone=not others),
    }
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] > 0 else "en"


def content_language(language: Language) -> ContentLanguage:
    """Return the column of the folder that a writing reads: Roman Urdu reads Urdu."""
    return "ur" if language == "ur-Latn" else language


def _is_roman(roman: float, english: float) -> bool:
    """Tell whether Roman Urdu outweighs English; a word that both have does not, where anything speaks for English."""
    return roman > english + (_AMBIGUOUS if english else 0.0)


def _latin_weight(words: list[str], language: Language, *, is_alone: bool) -> float:
    """Return what the Latin words weigh; beside another script only grammar counts, since the rest may be names."""
    grammar = sum(word in (ROMAN_URDU if language == "ur-Latn" else ENGLISH) for word in words)
    return (len(words) if is_alone else grammar) + _GRAMMAR * grammar


def _roman_score(words: list[str]) -> float:
    return sum(_GRAMMAR if word in _ROMAN else _weak_score(word, ROMAN_URDU, _ROMAN_LOOKS) for word in words)


def _english_score(words: list[str]) -> float:
    return sum(_GRAMMAR if word in ENGLISH_ONLY else _weak_score(word, ENGLISH, _ENGLISH_LOOKS) for word in words)


def _weak_score(word: str, grammar: frozenset[str], looks: re.Pattern[str]) -> float:
    """Return what a word tells that the other language has as well, or that only looks like one of the two."""
    if word in BOTH_LATIN:
        return _AMBIGUOUS if word in grammar else 0.0
    return 1.0 if looks.search(word) else 0.0
