"""What a plain word search would have said: the measure that the rest must beat."""

from bot.index.reader import Index
from bot.language.tokens import split_units


def first_by_words(question: str, index: Index) -> str | None:
    """Return the entry that plain BM25 (words alone, no sounds, no glossary) puts first, None where it finds none."""
    scores, _ = index.lexical.search([((unit[0], 1.0),) for unit in split_units(question)])
    best = int(scores.argmax()) if len(scores) else 0
    return index.entry_of_row[best] if len(scores) and scores[best] > 0 else None
