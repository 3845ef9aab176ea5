"""CSV, as Excel, WPS and people write it: any of three delimiters, quoted line breaks, rows that keep their line.

Python's `csv` swallows the rest of a file after a quotation mark that is never closed and cannot say where it was
opened; here a row that cannot be read is told by its line and the next line is read again.
"""

import re
from collections.abc import Iterator

from bot.corpus.problems import Message, Report, tell
from bot.corpus.rows import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Row

DELIMITERS = (",", ";", "\t")

# After so many rows that cannot be read the rest is hardly worth reading, and might take for ever.
_MAX_FAULTS = 20
_HEAD = 10_000
_QUOTED = re.compile(r'"[^"]*"')


class _BadCellError(Exception):
    """The cell that begins at `position` cannot be read."""

    def __init__(self, position: int, message: Message) -> None:
        super().__init__()
        self.position = position
        self.message = message


def read_delimited(text: str, report: Report) -> list[Row]:
    """Return the rows of `text` that are not blank; the first is the header."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    rows: list[Row] = []
    for row in _scan_rows(text, find_delimiter(text), report):
        if len(rows) > MAX_ROWS:
            report.error(row.place, tell("many_rows", most=f"{MAX_ROWS:,}"))
            break
        rows.append(row)
    return rows


def find_delimiter(text: str) -> str:
    """Return the delimiter that the header line uses most, outside quotation marks."""
    header = _QUOTED.sub("", text[:_HEAD].lstrip()).split("\n", 1)[0]
    return max(DELIMITERS, key=header.count)


def _scan_rows(text: str, delimiter: str, report: Report) -> Iterator[Row]:
    mark = re.escape(delimiter)
    # A cell is quoted, or has no quotation mark at its beginning; possessive, so that nothing is scanned twice.
    cell = re.compile(rf' *"((?:[^"]++|"")*+)" *({mark}|\n|\Z)|(?!")([^{mark}\n]*+)({mark}|\n|\Z)')
    blank = re.compile(rf"(?:[ \t{mark}]*+\n)++")
    position, line, faults = 0, 1, 0
    while position < len(text):
        if found := blank.match(text, position):
            line += text.count("\n", position, found.end())
            position = found.end()
            continue
        try:
            cells, end = _scan_row(cell, text, position)
        except _BadCellError as fault:
            report.error(str(line + text.count("\n", position, fault.position)), fault.message)
            faults += 1
            if faults == _MAX_FAULTS:
                report.error(str(line), tell("reading_stopped"))
                return
            end = _find_next_line(text, position)
        else:
            if any(map(str.strip, cells)):
                yield Row(str(line), cells)
        line += text.count("\n", position, end)
        position = end


def _scan_row(cell: re.Pattern[str], text: str, position: int) -> tuple[list[str], int]:
    """Return the cells of the row that begins at `position`, and where the next one begins."""
    cells: list[str] = []
    while len(cells) <= MAX_COLUMNS:
        found = cell.match(text, position)
        if found is None:
            raise _BadCellError(position, tell("quote_open"))
        quoted, quoted_end, plain, plain_end = found.groups()
        value = plain if quoted is None else quoted.replace('""', '"')
        if len(value) > MAX_CELL:
            raise _BadCellError(position, tell("long_cell", most=f"{MAX_CELL:,}"))
        cells.append(value)
        position = found.end()
        if (quoted_end or plain_end) in {"\n", "", None}:
            return cells, position
    return cells, _find_next_line(text, position)


def _find_next_line(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end + 1
