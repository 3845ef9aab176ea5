"""What the bot says, from one data file a language that staff can reword (`phrases/*.yaml`)."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from string import Formatter

import yaml

from bot.types import LANGUAGES, Language

FOLDER = Path(__file__).with_name("phrases")


@lru_cache(maxsize=len(LANGUAGES))
def load_phrases(language: Language) -> dict[str, str]:
    """Return every phrase of a language by its key."""
    loaded = yaml.load((FOLDER / f"{language}.yaml").read_text("utf-8"), yaml.CSafeLoader)
    return {key: str(text) for key, text in loaded.items()}


def phrase(language: Language, key: str, /, **values: object) -> str:
    """Return a phrase with its placeholders filled in.

    Raises KeyError where the key or a placeholder's value is missing: a fault of the code, never of a person's input.
    """
    return load_phrases(language)[key].format(**values)


def placeholders(text: str) -> set[str]:
    """Return the names in {braces} of a phrase."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def write_date(language: Language, day: date) -> str:
    """Return a date as people who write this language do: 24 November 2026, 24 نومبر 2026, 2026年11月24日."""
    month = phrase(language, "month_names").split()[day.month - 1]
    return phrase(language, "date", day=day.day, month=month, year=day.year)


def write_months(language: Language, months: float) -> str:
    """Return a length in months, and in years too from two years on."""
    text = _count(language, "months", months)
    if months < 24 or months % 6:
        return text
    return phrase(language, "months_with_years", months=text, years=_count(language, "years", months / 12))


def write_money(language: Language, rupees: int) -> str:
    """Return an amount of Pakistani rupees with its thousands set off."""
    return phrase(language, "money", amount=f"{rupees:,}")


def _count(language: Language, unit: str, number: float) -> str:
    return phrase(language, f"{unit}_one" if number == 1 else f"{unit}_many", number=f"{number:g}")
