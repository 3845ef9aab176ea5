"""The staff's report as text, as tables that a spreadsheet opens, and as one page."""

import csv
from collections.abc import Iterable
from html import escape
from io import StringIO
from pathlib import Path

from bot.operations.report import FAQ_COLUMNS, StaffReport

_MOST_SHOWN = 20

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]  # columns, rows


def to_tables(report: StaffReport) -> dict[str, Table]:
    """Return the parts of the report by name. `unanswered` is an FAQ table: fill in the answers and save it."""
    return {
        "unanswered": (FAQ_COLUMNS, [tuple(cluster.row.values()) for cluster in report.unanswered]),
        "feedback": (("entry", "good", "bad"), [(said.entry, str(said.good), str(said.bad)) for said in report.poor]),
        "blames": (("entry", "reason", "number"), [(one.entry, one.reason, str(one.number)) for one in report.blames]),
        "notes": (
            ("day", "language", "entry", "reason", "words"),
            [(str(note.day), note.language, note.entry, note.reason, note.words) for note in report.notes],
        ),
        "coverage": (("language", "entries"), [(name, str(number)) for name, number in report.coverage.items()]),
        "untranslated": (
            ("entry", "missing"),
            [(entry, " ".join(missing)) for entry, missing in report.untranslated],
        ),
        "ending": (("entry", "column", "day"), [(one.entry, one.what, str(one.day)) for one in report.ending]),
        "usage": (
            ("day", "language", "outcome", "questions"),
            [(str(one.day), one.language, one.outcome, str(one.number)) for one in report.usage],
        ),
    }


_TITLES = {
    "unanswered": "Questions without an answer (each row is ready for a table in knowledge/: write the answer)",
    "feedback": "Answers that were found bad",
    "blames": "What was wrong with them (wrong, old: out of date, other: not what was asked, unclear)",
    "notes": "In students' own words",
    "coverage": "Entries by language",
    "untranslated": "Entries that lack a language",
    "ending": "Ended, or ending within 30 days",
    "usage": "Questions by day",
}


def to_text(report: StaffReport) -> str:
    """Return the report for a terminal, long parts cut."""
    parts = []
    for name, (columns, rows) in to_tables(report).items():
        lines = [f"{_TITLES[name]}: {len(rows) or 'none'}"]
        if name == "unanswered":
            lines += [
                f"  {len(cluster.questions)} × {cluster.language}, newest {cluster.newest}: {cluster.questions[0]}\n"
                f"    {_to_line(cluster.row.values())}"
                for cluster in report.unanswered[:_MOST_SHOWN]
            ]
        else:
            lines += [
                "  " + "  ".join(f"{column}: {cell}" for column, cell in zip(columns, row, strict=True))
                for row in rows[:_MOST_SHOWN]
            ]
        if len(rows) > _MOST_SHOWN:
            lines.append(f"  … and {len(rows) - _MOST_SHOWN} more: --csv DIR writes all")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def write_tables(report: StaffReport, folder: Path) -> None:
    """Write each part as a CSV that Excel and WPS open with its letters right. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (columns, rows) in to_tables(report).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            writer.writerows([_disarm(cell) for cell in row] for row in rows)


def write_page(report: StaffReport, path: Path) -> None:
    """Write the report as one HTML page. Raises OSError."""
    tables = [_to_html(_TITLES[name], table) for name, table in to_tables(report).items()]
    head = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Rahnuma</title></head><body>'
    path.write_text(f"{head}\n{''.join(tables)}</body></html>\n", encoding="utf-8")


def _to_html(title: str, table: Table) -> str:
    columns, rows = table
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join("<tr>" + "".join(f'<td dir="auto">{escape(cell)}</td>' for cell in row) + "</tr>\n" for row in rows)
    return f"<h2>{escape(title)}: {len(rows)}</h2>\n<table border='1'>\n<tr>{head}</tr>\n{body}</table>\n"


def _disarm(cell: str) -> str:
    """Return a cell that a spreadsheet does not take for a formula: a stranger wrote it."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _to_line(cells: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="").writerow([_disarm(cell) for cell in cells])
    return line.getvalue()
