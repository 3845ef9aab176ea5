"""Workbooks that tests make."""

from io import BytesIO

import openpyxl


def make_workbook(**sheets: list[list[object]]) -> bytes:
    """Return the bytes of an .xlsx with these sheets."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()
