"""What /privacy says: short paragraphs under headings, with what this bot's settings add to them."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.language.phrases import phrase
from bot.types import Language, Part


@dataclass(frozen=True, slots=True)
class Practice:
    """What a bot's settings let it do with words."""

    days: int  # for how many days words are kept
    has_office: bool = False
    uses_llm: bool = False
    hears_voice: bool = False


def write_privacy(practice: Practice, language: Language) -> list[Part]:
    """Return what is kept, how long, why, who else sees it and how to delete it."""
    return list(_write(practice, language))


def _write(practice: Practice, language: Language) -> Iterator[Part]:
    yield Part("title", phrase(language, "privacy_what"))
    yield Part("text", phrase(language, "privacy_kept"))
    if practice.has_office:
        yield Part("text", phrase(language, "privacy_person"))
    yield Part("title", phrase(language, "privacy_how_long"))
    yield Part("text", phrase(language, "privacy_times", days=practice.days))
    if practice.has_office:
        yield Part("text", phrase(language, "privacy_person_time", days=practice.days))
    yield Part("title", phrase(language, "privacy_why"))
    yield Part("text", phrase(language, "privacy_reasons"))
    if practice.uses_llm or practice.hears_voice:
        yield Part("title", phrase(language, "privacy_others"))
    if practice.uses_llm:
        yield Part("text", phrase(language, "privacy_llm"))
    if practice.hears_voice:
        yield Part("text", phrase(language, "privacy_voice"))
    yield Part("title", phrase(language, "privacy_delete"))
    yield Part("text", phrase(language, "privacy_forget"))
    if practice.has_office:
        yield Part("text", phrase(language, "privacy_forget_staff"))
