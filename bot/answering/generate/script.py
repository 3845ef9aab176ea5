"""Whether a text is in the asker's language and writing, told by its letters and its words of grammar."""

import re

from bot.answering.generate.lists import guard_words
from bot.language.normalise import normalise
from bot.language.words import ENGLISH_ONLY, ROMAN_URDU, ROMAN_URDU_CONTENT, ROMAN_URDU_ONLY, URDU
from bot.types import Language

_LATIN = re.compile(r"[A-Za-z]+")
_ACCENTED = re.compile(r"[^\W\d_A-Za-z\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff\u3400-\u9fff\uf900-\ufaff]+")
_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
# Letters of Sindhi, Pashto, Uyghur and Kurdish that Urdu has none of.
_NOT_URDU = re.compile(r"[ټځڅډړږښۍېڄڃڇڏٺٿڦڳڱڻٻڀڌڍڊۇۆۈۋەڵێ]")
# What addresses, handles and codes are written with in any language.
_NEUTRAL = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w.-]+|@\w+|(?<![\w.])[\w-]+(?:\.[\w-]+)+(?:/\S*)?|\w*\d\w*(?:-\w+)*", re.ASCII
)
# How much of the letters must be of the asker's writing, and of the words of its grammar.
_OWN_LETTERS = 0.55
_GRAMMAR = 0.08
_HAN_WEIGHT = 3  # letters of an alphabet to one Han character
_TRADITIONAL = 3
_FEW_WORDS = 10
_TELLING_WORDS = 4


def find_script_fault(text: str, language: Language, known: str) -> str:
    """Return what is wrong with the language or writing of a text, "" where nothing is.

    `known` is what names may be taken from as they are written: the cited entries.
    """
    plain = _NEUTRAL.sub(" ", text)
    if odd := _ACCENTED.findall(plain):
        unknown = [word for word in odd if word.lower() not in known.lower()]
        if unknown:
            return f"letters of another writing: {unknown[0]}"
    folded = normalise(known)
    runs = {"Latin": _LATIN.findall(plain), "Arabic": _ARABIC.findall(plain), "Han": _HAN.findall(plain)}
    own = {"en": "Latin", "ur-Latn": "Latin", "ur": "Arabic", "zh": "Han"}[language]
    others = [run for name, found in runs.items() if name != own for run in found]
    foreign = [run for run in others if normalise(run) not in folded]
    if foreign:
        return f"words of another writing: {foreign[0]}"
    letters = sum(map(len, runs[own])) * (_HAN_WEIGHT if own == "Han" else 1)
    if letters < _OWN_LETTERS * (letters + sum(map(len, others))):
        return "mostly another writing than the asker's"
    return _find_grammar_fault(runs[own], language, known)


def _find_traditional(runs: list[str], known: str) -> str:
    """Return a fault where more than a name is in traditional characters."""
    found = [
        character for run in runs for character in run if normalise(character) != character and character not in known
    ]
    return f"traditional characters: {found[0]}" if len(found) >= _TRADITIONAL else ""


def _find_grammar_fault(runs: list[str], language: Language, known: str) -> str:
    words = [normalise(word) for word in runs]
    match language:
        case "zh":
            return _find_traditional(runs, known)
        case "ur":
            return _find_urdu_fault(runs, words)
        case "ur-Latn":
            wrong, own = ENGLISH_ONLY, ROMAN_URDU_ONLY | ROMAN_URDU_CONTENT
            loose = ROMAN_URDU
        case _:
            wrong, own = ROMAN_URDU_ONLY, ENGLISH_ONLY
            loose = ENGLISH_ONLY | {"is", "to", "in", "on", "a", "no", "yes", "be", "or", "at", "as", "you"}
    told = sum(word in own for word in words)
    against = sum(word in wrong or word in guard_words("other_latin") - loose for word in words)
    if len(words) < _FEW_WORDS:
        is_told = told >= against and (told > 0 or len(words) < _TELLING_WORDS or language == "en")
        return "" if is_told else "another language than the asker's"
    if against > told or sum(word in loose for word in words) < max(1, _GRAMMAR * len(words)):
        return "another language than the asker's"
    return ""


def _find_urdu_fault(runs: list[str], words: list[str]) -> str:
    if any(_NOT_URDU.search(run) for run in runs):
        return "letters that Urdu has not"
    told = sum(word in URDU for word in words)
    against = sum(word in guard_words("arabic") - URDU or word in guard_words("persian") - URDU for word in words)
    if against > told or (len(words) >= _FEW_WORDS and told < max(1, _GRAMMAR * len(words))):
        return "another language than Urdu"
    return ""
