"""What an entry says, as an answer that cites it is held to: all its wordings, and its fields in every writing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.answering.compose import field_value
from bot.answering.generate.claims import Claims, read_claims
from bot.language.fields import asked_fields
from bot.language.normalise import normalise
from bot.language.phrases import phrase, write_date
from bot.types import LANGUAGES, CourseField, Entry, Language

FIELDS: tuple[CourseField, ...] = (
    "fee", "stipend", "duration", "city", "entry", "apply_by", "starts", "seats", "mode", "level", "provider",
    "teaching_language", "apply_url",
)  # fmt: skip
_MISTAKABLE: tuple[frozenset[CourseField], ...] = (frozenset({"fee", "stipend"}), frozenset({"starts", "apply_by"}))
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Known:
    """A text that something else must not go beyond."""

    text: str

    @cached_property
    def normal(self) -> str:
        """The text as it is compared."""
        return normalise(self.text)

    @cached_property
    def claims(self) -> Claims:
        """What the text states."""
        return read_claims(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the text, as they are compared."""
        return frozenset(_WORD.findall(self.normal))


@dataclass(frozen=True)
class Evidence(Known):
    """The entries that a sentence cites, with all that they say in every language."""

    entries: tuple[Entry, ...] = ()


def read_evidence(entries: Iterable[Entry], without: frozenset[CourseField] = frozenset()) -> Evidence:
    """Return what entries say, but for some fields of a course."""
    cited = tuple(entries)
    return Evidence("\n".join(line for entry in cited for line in _write_lines(entry, without)), cited)


def other_fields(text: str) -> frozenset[CourseField]:
    """Return the fields whose values a text must not use: a stipend is no fee, and a start no deadline."""
    named = frozenset(asked_fields(text))
    return frozenset(other for pair in _MISTAKABLE for other in pair - named if len(pair & named) == 1)


def names_mistakable(text: str) -> bool:
    """Tell whether a text names two fields whose values are easily exchanged."""
    named = frozenset(asked_fields(text))
    return any(pair <= named for pair in _MISTAKABLE)


def list_facts(entry: Entry, language: Language, without: frozenset[CourseField] = frozenset()) -> list[str]:
    """Return the fields of a course that are published, each with its label."""
    found = [(field, field_value(field, entry, language)) for field in FIELDS if field not in without]
    return [
        phrase(language, "fact", label=phrase(language, f"field_{field}"), text=value)
        for field, value in found
        if value
    ]


def _write_lines(entry: Entry, without: frozenset[CourseField]) -> Sequence[str]:
    lines = [entry.source]
    for wording in entry.wordings.values():
        lines += [wording.title, wording.body, wording.entry, wording.provider, wording.city]
    for language in LANGUAGES:
        lines += list_facts(entry, language, without)
        lines += [write_date(language, entry.as_of)] if entry.as_of else []
    return lines
