"""Tables: which kind one is by its columns, which of them are known, and each row as a record of its cells."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.corpus.characters import CONTROL, quote
from bot.corpus.problems import Message, Report, find_nearest, tell
from bot.corpus.records import Record
from bot.corpus.rows import ERROR_VALUES, MAX_CELL, UNSTORED, Row
from bot.types import CONTENT_LANGUAGES

TableKind = Literal["faq", "course", "glossary"]


def _spread(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}_{language}" for name in names for language in CONTENT_LANGUAGES)


_COLUMNS: dict[TableKind, tuple[str, ...]] = {
    "faq": ("id", "topic", *_spread("question", "answer"), "also_asked", "source", "as_of", "valid_until"),
    "course": (
        *("id", *_spread("title", "summary", "entry"), "provider", *_spread("provider"), "city", *_spread("city")),
        *("level", "mode", "duration_months", "fee_pkr", "stipend_pkr", "seats", "teaching_language", "starts"),
        *("apply_by", "apply_url", "source", "as_of", "valid_until"),
    ),
    "glossary": ("en", "ur", "roman_ur", "zh"),
}
_TELLING = (*_spread("question", "title"), "en", "ur", "zh")
# Blanks of all kinds, and the marks that keyboards leave at the ends of a cell.
_BLANKS = " \t\n\r\v\f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff\u200b\u200c\u200d\u200e\u200f\u2060" + "".join(
    map(chr, range(0x2000, 0x200B))
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose kind is known, with its rows."""

    kind: TableKind
    records: tuple[Record, ...]


def read_table(rows: list[Row], report: Report) -> Table | None:
    """Return the table that `rows` make, the first being the header; report and return nothing where it has no kind."""
    header, *body = rows
    names = _name_columns(header.cells)
    kind = _tell_kind(names, header.place, report)
    if kind is None or not _is_sound(names, kind, header.place, report):
        return None
    _warn_unknown(names, kind, header.place, report)
    if not body:
        report.warn(header.place, tell("no_rows"))
    _warn_nameless(names, body, report)
    columns = [name if name in _COLUMNS[kind] else "" for name in names]
    return Table(kind, tuple(_make_record(row, columns, report) for row in body))


def _name_columns(cells: Iterable[str]) -> list[str]:
    names = [_name_column(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _name_column(cell: str) -> str:
    plain = unicodedata.normalize("NFKC", CONTROL.sub("", cell)).strip(_BLANKS).lower()
    return re.sub(r"[\s\-_]+", "_", plain)


def _tell_kind(names: list[str], place: str, report: Report) -> TableKind | None:
    has_questions = any(name in names for name in _spread("question"))
    has_titles = any(name in names for name in _spread("title"))
    if has_questions and has_titles:
        report.error(place, tell("two_kinds"))
        return None
    if has_questions:
        return "faq"
    if has_titles:
        return "course"
    if "en" in names and ("ur" in names or "zh" in names):
        return "glossary"
    report.error(place, _describe_unknown(names))
    return None


def _describe_unknown(names: list[str]) -> Message:
    for name in names:
        nearest = find_nearest(name, _TELLING)
        if nearest and nearest != name:
            return tell("no_kind_like", text=quote(name), nearest=nearest)
    return tell("no_kind")


def _is_sound(names: list[str], kind: TableKind, place: str, report: Report) -> bool:
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    for name in doubled:
        report.error(place, tell("two_columns", text=quote(name)))
    has_id = kind == "glossary" or "id" in names
    if not has_id:
        report.error(place, tell("no_id_column"))
    return has_id and not doubled


def _warn_unknown(names: list[str], kind: TableKind, place: str, report: Report) -> None:
    for name in names:
        if name and name not in _COLUMNS[kind]:
            nearest = find_nearest(name, _COLUMNS[kind])
            like = tell("column_like", text=quote(name), nearest=nearest)
            report.warn(place, like if nearest else tell("column", text=quote(name)))


def _warn_nameless(names: list[str], rows: list[Row], report: Report) -> None:
    nameless = [place for place, name in enumerate(names) if not name]
    for row in rows if nameless else ():
        if any(row.cells[place].strip(_BLANKS) for place in nameless if place < len(row.cells)):
            report.warn(row.place, tell("nameless"))
            return


def _make_record(row: Row, columns: list[str], report: Report) -> Record:
    record = Record(row.place, {}, report)
    width = len(columns)
    if len(row.cells) < width:
        record.warn(tell("few_cells", number=len(row.cells), width=width))
    elif any(cell.strip(_BLANKS) for cell in row.cells[width:]):
        record.error(tell("many_cells", width=width))
    for cell, column in zip(row.cells, columns, strict=False):
        if column and (text := cell.strip(_BLANKS)):
            record.cells[column] = _check_cell(text, column, record)
    return record


def _check_cell(text: str, column: str, record: Record) -> str:
    if len(text) > MAX_CELL:
        record.error(tell("long_value", column=column, most=f"{MAX_CELL:,}"))
        return ""
    if CONTROL.search(text):
        record.warn(tell("invisible", column=column))
        text = CONTROL.sub("", text)
    if text == UNSTORED:
        record.error(tell("formula", column=column))
    elif text in ERROR_VALUES:
        record.error(tell("excel", column=column, text=text))
    elif "\ufffd" in text or ("??" in text and not any(map(str.isalnum, text))):
        record.error(tell("lost", column=column, text=quote(text)))
    return text
