"""A row of a glossary as a term."""

import re

from bot.corpus.problems import tell
from bot.corpus.records import Record
from bot.types import Term

_BETWEEN_TERMS = re.compile(r"[;；؛]")


def make_term(record: Record) -> Term | None:
    """Return the term of a row, or nothing where it says the same thing in fewer than two ways."""
    words = {column: _split_terms(record.read(column)) for column in ("en", "ur", "roman_ur", "zh")}
    if sum(map(bool, words.values())) < 2:
        record.warn(tell("one_term"))
        return None
    return Term(**words) if record.is_sound else None


def _split_terms(cell: str) -> tuple[str, ...]:
    terms = (term.strip() for term in _BETWEEN_TERMS.split(cell))
    return tuple(dict.fromkeys(filter(None, terms)))
