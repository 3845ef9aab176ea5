"""What the bot says about itself, the same on Telegram and in a terminal."""

from bot.language.phrases import phrase
from bot.types import LANGUAGES, Language

EXAMPLES = ("example_1", "example_2", "example_3", "example_4")
# Spoken to whom nothing is known of: everybody reads one of the three, Roman Urdu's readers read Urdu or English.
_EVERYBODY: tuple[Language, ...] = ("en", "ur", "zh")


def greet(language: Language | None) -> str:
    """Return the greeting: who it is, what it does, four examples, how to choose a language; None greets everybody."""
    if language is None:
        opening = "\n".join(phrase(each, "hello") for each in _EVERYBODY)
        examples = "\n".join(example for _, example in pick_examples())
        return f"{opening}\n\n{examples}\n\n/language: {name_languages()}"
    opening = phrase(language, "hello") + "\n" + phrase(language, "about")
    examples = "\n".join((phrase(language, "examples"), *(f"• {phrase(language, key)}" for key in EXAMPLES)))
    choosing = phrase(language, "choose_language")
    return f"{opening}\n\n{examples}\n\n{phrase(language, 'in_brackets', text=choosing, more=name_languages())}"


def welcome(language: Language | None) -> str:
    """Return the greeting that stands over buttons for the examples, the languages and the menus."""
    if language is None:
        return "\n".join(phrase(each, "hello") for each in _EVERYBODY)
    return "\n".join(phrase(language, key) for key in ("hello", "about")) + "\n\n" + phrase(language, "start_tap")


def pick_examples() -> list[tuple[Language, str]]:
    """Return one example question in each writing, each about something else."""
    return [(language, phrase(language, key)) for language, key in zip(LANGUAGES, EXAMPLES, strict=True)]


def name_languages() -> str:
    """Return the languages, each by its own name."""
    return " · ".join(phrase(language, "language_name") for language in LANGUAGES)
