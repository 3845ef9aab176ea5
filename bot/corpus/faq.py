"""A row of an FAQ table as an entry."""

import re
from datetime import date

from bot.corpus.problems import tell
from bot.corpus.records import Record
from bot.types import Entry, Wording

_BETWEEN_PHRASINGS = re.compile(r"[\n|｜]")


def make_faq(record: Record, entry_id: str, file: str, today: date) -> Entry | None:
    """Return the entry of a row, or nothing where the row has an error."""
    questions, answers = record.read_languages("question"), record.read_languages("answer")
    as_of, valid_until = record.read_period(today)
    if not answers:
        record.error(tell("no_answer" if questions else "nothing"))
    elif not questions:
        record.error(tell("no_question"))
    if not record.is_sound:
        return None
    first = next(iter(questions.values()))
    unanswered = [language for language in questions if language not in answers]
    for language in unanswered:
        record.warn(tell("unanswered", code=language))
    phrasings = [phrasing.strip() for phrasing in _BETWEEN_PHRASINGS.split(record.read("also_asked"))]
    phrasings += [questions[language] for language in unanswered]  # it is still found by them
    return Entry(
        id=entry_id,
        kind="faq",
        wordings={
            language: Wording(entry_id, file, questions.get(language, first), answer)
            for language, answer in answers.items()
        },
        topic=record.read("topic"),
        also_asked=tuple(dict.fromkeys(filter(None, phrasings))),
        source=record.read("source"),
        as_of=as_of,
        valid_until=valid_until,
    )
