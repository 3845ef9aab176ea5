"""Excel workbooks: each sheet's rows as text, read within bounds whatever the file claims of its size."""

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL, EmptyCell, ReadOnlyCell
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from bot.corpus.archives import check_archive
from bot.corpus.characters import escape
from bot.corpus.problems import Report, tell
from bot.corpus.rows import MAX_COLUMNS, MAX_ROWS, UNSTORED, Row

_MAX_XML = 100_000_000
# Formatting alone can stretch a sheet to its last row, 1,048,576.
_MAX_EMPTY_ROWS = 1_000
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_BLOCK = 1_000_000

_Cell = ReadOnlyCell | EmptyCell
_Place = tuple[str, int, int]  # sheet, row, column


def read_workbook(path: Path, report: Report) -> list[list[Row]]:
    """Return the rows of each sheet that holds any; formulas give the value that was stored with them."""
    check_archive(path, _MAX_XML)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of drawings and rules that it leaves out
        formulas = _find_formulas(path) if _has_formulas(path) else frozenset()
        sheets = [_read_sheet(sheet, formulas, report) for sheet in _open_sheets(path, data_only=True)]
    return [rows for rows in sheets if rows]


def _has_formulas(path: Path) -> bool:
    """Tell whether any sheet has one: most workbooks have none and are then read once, not twice."""
    with zipfile.ZipFile(path) as archive:
        return any(_FORMULA.search(block) for name in archive.namelist() for block in _read_blocks(archive, name))


def _read_blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
        return
    with archive.open(name) as stream:
        tail = b""
        while block := stream.read(_BLOCK):
            yield tail + block
            tail = block[-20:]  # a tag may lie across two blocks


def _find_formulas(path: Path) -> frozenset[_Place]:
    return frozenset(
        (sheet.title, number, column)
        for sheet in _open_sheets(path, data_only=False)
        for number, cells in _iterate_rows(sheet)
        for column, cell in enumerate(cells)
        if cell.data_type == "f"
    )


def _open_sheets(path: Path, data_only: bool) -> Iterator[ReadOnlyWorksheet]:
    with path.open("rb") as stream:
        workbook = openpyxl.load_workbook(stream, read_only=True, data_only=data_only)
        try:
            for sheet in workbook.worksheets:
                sheet.reset_dimensions()
                yield sheet
        finally:
            workbook.close()


def _iterate_rows(sheet: ReadOnlyWorksheet) -> Iterator[tuple[int, list[_Cell]]]:
    """Yield the number and the cells of each row, until the rows are empty for long."""
    # The published types know this method only where a workbook is opened for writing.
    rows: Iterable[tuple[_Cell, ...]] = sheet.iter_rows(max_col=MAX_COLUMNS)  # type: ignore[misc, assignment]
    empty = 0
    for number, row in enumerate(rows, start=1):
        cells = list(row)
        while cells and cells[-1] is EMPTY_CELL:  # openpyxl pads each row to the same width
            cells.pop()
        empty = empty + 1 if all(cell.value is None for cell in cells) else 0
        if empty > _MAX_EMPTY_ROWS:
            return
        if cells:
            yield number, cells


def _read_sheet(sheet: ReadOnlyWorksheet, formulas: frozenset[_Place], report: Report) -> list[Row]:
    rows: list[Row] = []
    title = escape(sheet.title)
    for number, cells in _iterate_rows(sheet):
        texts = [_show_cell(cell, (sheet.title, number, column) in formulas) for column, cell in enumerate(cells)]
        if not any(map(str.strip, texts)):
            continue
        if len(rows) > MAX_ROWS:
            report.error(f"{title}!{number}", tell("many_rows", most=f"{MAX_ROWS:,}"))
            break
        width = len(rows[0].cells) if rows else 0
        rows.append(Row(f"{title}!{number}", texts + [""] * (width - len(texts))))
    return rows


def _show_cell(cell: _Cell, is_formula: bool) -> str:
    value = cell.value
    if value is None:
        # A formula that gives an empty text has its type stored all the same.
        return UNSTORED if is_formula and cell.data_type == "n" else ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
