"""A table as an Excel workbook (Office Open XML)."""

import io
from datetime import datetime

import xlsxwriter

from shared.wording.sheets.sheet import Sheet

_WIDEST = 60
_NEVER = datetime(2000, 1, 1)  # noqa: DTZ001 - the library takes naive dates only


def as_xlsx(sheet: Sheet) -> bytes:
    """One sheet: the title, the heads, the rows, the notes. Texts are texts, whatever they begin with."""
    file = io.BytesIO()
    # No date of making inside: the same table gives the same bytes.
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _NEVER})
    page = book.add_worksheet("Data")
    bold = book.add_format({"bold": True})
    page.write_string(0, 0, sheet.title, bold)
    for column, head in enumerate(sheet.heads):
        page.write_string(2, column, head, bold)
        width = sheet.widths[column] if column < len(sheet.widths) else len(head) + 4
        page.set_column(column, column, min(_WIDEST, width))
    page.freeze_panes(3, 0)
    for place, row in enumerate(sheet.rows, start=3):
        for column, cell in enumerate(row):
            if cell is not None:
                page.write(place, column, cell)
    for place, note in enumerate(sheet.notes, start=4 + len(sheet.rows)):
        page.write_string(place, 0, note)
    book.close()
    return file.getvalue()
