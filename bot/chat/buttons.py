"""The buttons under a message, and what a tap on one carries: at most 64 bytes, good after any restart."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.index.entries import entry_key
from bot.language.direction import isolate
from bot.language.phrases import phrase
from bot.types import LANGUAGES, Answer, Language, Part

CHOICE, LANGUAGE, RATING = "e:", "l:", "r:"
_GOOD, _BAD = "+", "-"
# A button shows one line, and a phone cuts it off sooner still.
_LABEL_LENGTH = 60


def offer_buttons(answer: Answer) -> InlineKeyboardMarkup | None:
    """Return a button for each choice of an answer, numbered as in its text, and two to praise or blame one entry's.

    A refusal without choices has none.
    """
    choices = [part for part in answer.parts if part.kind == "choice"]
    rows = [[_choice(number, part, answer.language)] for number, part in enumerate(choices, 1)]
    # A translation offers its original and can be rated; a listing of the catalogue is no entry's answer.
    is_rated = answer.outcome == "answered" and answer.passages and (not choices or answer.wish is None)
    if is_rated:
        rows.append(_ratings(answer))
    return InlineKeyboardMarkup(rows) if rows else None


def _ratings(answer: Answer) -> list[InlineKeyboardButton]:
    key = entry_key(answer.passages[0].entry.id)
    ratings = ((_GOOD, "👍"), (_BAD, "👎"))
    return [InlineKeyboardButton(label, callback_data=f"{RATING}{sign}:{key}") for sign, label in ratings]


def read_rating(payload: str) -> tuple[str, bool]:
    """Return the entry's short name that a tap rated, and whether it was found good."""
    sign, _, key = payload.removeprefix(RATING).partition(":")
    return key, sign == _GOOD


def read_choice(payload: str) -> tuple[str, Language]:
    """Return the entry's short name and the language that a tapped choice carries."""
    key, _, language = payload.removeprefix(CHOICE).partition(":")
    return key, _find_language(language) or "en"


def offer_languages(language: Language) -> InlineKeyboardMarkup:
    """Return a button for each language by its own name, and one to follow the question."""
    buttons = [InlineKeyboardButton(phrase(each, "language_name"), callback_data=LANGUAGE + each) for each in LANGUAGES]
    automatic = InlineKeyboardButton(phrase(language, "language_automatic"), callback_data=LANGUAGE)
    return InlineKeyboardMarkup([buttons[:2], buttons[2:], [automatic]])


def read_language(payload: str) -> Language | None:
    """Return the language that a tap chose; None follows the question."""
    return _find_language(payload.removeprefix(LANGUAGE))


def _choice(number: int, part: Part, language: Language) -> InlineKeyboardButton:
    title = part.text if len(part.text) <= _LABEL_LENGTH else part.text[: _LABEL_LENGTH - 1] + "…"
    payload = f"{CHOICE}{entry_key(part.entry_id)}:{language}"
    return InlineKeyboardButton(isolate(f"{number}. {title}", language), callback_data=payload)


def _find_language(name: str) -> Language | None:
    return next((language for language in LANGUAGES if language == name), None)
