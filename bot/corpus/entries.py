"""The entries and terms of a table file: every sheet, every row, ids held to be unique."""

from datetime import date
from pathlib import Path

from bot.corpus.courses import make_course
from bot.corpus.decoding import decode_text
from bot.corpus.delimited import read_delimited
from bot.corpus.faq import make_faq
from bot.corpus.glossary import make_term
from bot.corpus.problems import Report, name_some, tell
from bot.corpus.records import Record
from bot.corpus.rows import Row
from bot.corpus.tables import Table, read_table
from bot.types import CONTENT_LANGUAGES, Entry, Term


def read_entries(path: Path, file: str, today: date, report: Report) -> tuple[list[Entry], list[Term]]:
    """Return what the rows without an error make, in order."""
    sheets = _read_sheets(path, report)
    if not sheets and not report.problems:
        report.warn("", tell("empty"))
    tables = [table for rows in sheets if (table := read_table(rows, report))]
    terms = [make_term(record) for table in tables if table.kind == "glossary" for record in table.records]
    made = _make_entries([table for table in tables if table.kind != "glossary"], file, today)
    _warn_missing_languages(made, report)
    return [entry for _, entry in made], [term for term in terms if term]


def _read_sheets(path: Path, report: Report) -> list[list[Row]]:
    if path.suffix.lower() == ".xlsx":
        from bot.corpus.workbooks import read_workbook  # a folder without workbooks does not load openpyxl

        return read_workbook(path, report)
    rows = read_delimited(decode_text(path.read_bytes(), "CSV UTF-8"), report)
    return [rows] if rows else []


def _make_entries(tables: list[Table], file: str, today: date) -> list[tuple[Record, Entry]]:
    taken: dict[str, str] = {}
    made: list[tuple[Record, Entry]] = []
    for table in tables:
        make = make_faq if table.kind == "faq" else make_course
        for record in table.records:
            row_id = record.read_id()
            if row_id in taken:
                # A workbook's place names its sheet, a line only itself.
                where = {"place" if "!" in taken[row_id] else "line": taken[row_id]}
                record.error(tell("taken", text=row_id, **where))
            elif row_id:
                taken[row_id] = record.place
            if entry := make(record, f"{file}#{row_id}", file, today):
                made.append((record, entry))
    return made


def _warn_missing_languages(made: list[tuple[Record, Entry]], report: Report) -> None:
    """Warn once for each language that entries lack; a question without its answer has a warning of its own."""
    for language in CONTENT_LANGUAGES:
        lacking = [
            record.read("id")
            for record, entry in made
            if language not in entry.wordings and not record.read(f"question_{language}")
        ]
        if lacking:
            named = name_some(lacking)
            report.warn("", tell("lacking", code=language, number=len(lacking), total=len(made), **named))
