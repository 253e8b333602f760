"""A table as an Excel workbook (Office Open XML)."""

import io
from datetime import datetime
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from shared.wording.sheets.sheet import Sheet

_WIDEST = 60
_MOST_UNITS: Final = 32_767
"""So many units of UTF-16 a cell holds, by Excel's specifications and limits; the library would cut what is longer."""
_PIECE: Final = 16_000
"""Characters, each of which is one unit or two."""
_MORE: Final = "Lanjutan"
_NEVER = datetime(2000, 1, 1)  # noqa: DTZ001 - the library takes naive dates only


def as_xlsx(sheet: Sheet) -> bytes:
    """One sheet: the title, the heads, the rows, the notes. Texts are texts, whatever they begin with.

    What no cell holds says where it goes on, and does so on a second sheet.
    """
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
    more: list[tuple[str, str, str]] = []
    for place, row in enumerate(sheet.rows, start=3):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and not _fits(cell):
                name = xl_rowcol_to_cell(place, column)
                page.write_string(place, column, f"{cell[:_PIECE]} [… lembar {_MORE}: {name}]")
                rest = range(_PIECE, len(cell), _PIECE)
                more.extend((name, sheet.heads[column], cell[at : at + _PIECE]) for at in rest)
            elif cell is not None:
                page.write(place, column, cell)
    for place, note in enumerate(sheet.notes, start=4 + len(sheet.rows)):
        page.write_string(place, 0, note)
    if more:
        _write_more(book.add_worksheet(_MORE), bold, more)
    book.close()
    return file.getvalue()


def _fits(text: str) -> bool:
    return 2 * len(text) <= _MOST_UNITS or len(text.encode("utf-16-le", "surrogatepass")) <= 2 * _MOST_UNITS


def _write_more(page: Any, bold: Any, more: list[tuple[str, str, str]]) -> None:
    """The cells that go on, each with the head of its column, in as many pieces as there must be."""
    for place, row in enumerate([("Sel", "Kolom", "Teks"), *more]):
        for column, text in enumerate(row):
            page.write_string(place, column, text, *([] if place else [bold]))
    page.set_column(2, 2, _WIDEST)
