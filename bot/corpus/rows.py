"""What a table is before anything is known of its columns, whatever kind of file it came from."""

from typing import NamedTuple

MAX_ROWS = 100_000
MAX_COLUMNS = 256
MAX_CELL = 100_000
# Stands in a cell of a workbook for a formula whose value was never stored.
UNSTORED = "#FORMULA!"
# What Excel leaves where there is no value, in a workbook and in the CSV saved from it.
ERROR_VALUES = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", UNSTORED})


class Row(NamedTuple):
    """A row that is not blank and where it stands: a line, or `sheet!row`."""

    place: str
    cells: list[str]
