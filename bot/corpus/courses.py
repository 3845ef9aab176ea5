"""A row of a course catalogue as an entry."""

import re
from datetime import date

from bot.corpus.characters import quote
from bot.corpus.problems import tell
from bot.corpus.records import Record
from bot.types import CONTENT_LANGUAGES, ContentLanguage, Course, Entry, Wording

_MODES = {"on site": "on site", "onsite": "on site", "online": "online", "on line": "online", "mixed": "mixed"}


def make_course(record: Record, entry_id: str, file: str, today: date) -> Entry | None:
    """Return the entry of a row, or nothing where the row has an error."""
    as_of, valid_until = record.read_period(today)
    course = _read_course(record)
    wordings = _read_wordings(record, entry_id, file)
    if not record.is_sound:
        return None
    return Entry(
        id=entry_id,
        kind="course",
        wordings=wordings,
        course=course,
        source=record.read("source"),
        as_of=as_of,
        valid_until=valid_until,
    )


def _read_course(record: Record) -> Course:
    starts, apply_by = record.read_date("starts"), record.read_date("apply_by")
    if starts and apply_by and apply_by > starts:
        record.warn(tell("after_start", apply_by=apply_by, starts=starts))
    return Course(
        level=record.read("level"),
        mode=_read_mode(record),
        duration_months=record.read_months("duration_months"),
        fee_pkr=record.read_whole("fee_pkr"),
        stipend_pkr=record.read_whole("stipend_pkr"),
        seats=record.read_whole("seats"),
        teaching_language=record.read("teaching_language"),
        starts=starts,
        apply_by=apply_by,
        apply_url=record.read_url("apply_url"),
    )


def _read_mode(record: Record) -> str:
    written = record.read("mode")
    mode = _MODES.get(re.sub(r"[\s\-_]+", " ", written.lower()), "")
    if written and not mode:
        record.warn(tell("mode", text=quote(written)))
    return mode or written


def _read_wordings(record: Record, entry_id: str, file: str) -> dict[ContentLanguage, Wording]:
    titles, summaries = record.read_languages("title"), record.read_languages("summary")
    entries = record.read_languages("entry")
    if not titles:
        record.error(tell("no_title"))
        return {}
    first = next(iter(titles.values()))
    return {
        language: Wording(
            id=entry_id,
            file=file,
            title=titles.get(language, first),
            body=summaries.get(language, ""),
            entry=entries.get(language, ""),
            provider=_read_name(record, "provider", language),
            city=_read_name(record, "city", language),
        )
        for language in CONTENT_LANGUAGES
        if language in titles or language in summaries or language in entries
    }


def _read_name(record: Record, column: str, language: ContentLanguage) -> str:
    """Return a name in its language, else the plain one, else in any: it is published, so it is not left empty."""
    own = record.read_languages(column)
    return own.get(language) or record.read(column) or next(iter(own.values()), "")
