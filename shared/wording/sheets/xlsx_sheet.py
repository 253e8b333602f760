"""A table as an Excel workbook (Office Open XML)."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from shared.wording.sheets.sheet import Cell, Sheet

T = TypeVar("T")
_Piece = tuple[str, str, str]
"""Of a text that no cell holds: which cell, the head of its column, the piece."""

_WIDEST = 60
_MOST_UNITS: Final = 32_767
"""So many units of UTF-16 a cell holds, by Excel's specifications and limits; the library would cut what is longer."""
_MOST_ROWS: Final = 1_048_576
"""So many rows a sheet holds, by the same limits; the library would leave out what is below."""
_ABOVE: Final = 3
"""Rows above the table's own: the title, a blank one, the heads."""
_PIECE: Final = 16_000
"""Characters, each of which is one unit or two."""
_DATA: Final = "Data"
_MORE: Final = "Lanjutan"
_NEVER = datetime(2000, 1, 1)  # noqa: DTZ001 - the library takes naive dates only


def as_xlsx(sheet: Sheet, most_rows: int = _MOST_ROWS) -> bytes:
    """The title, the heads, the rows, the notes. Texts are texts, whatever they begin with.

    What no cell holds says where it goes on, and does so on a sheet of its own. Rows that one sheet does not hold stand
    on another, under the same heads.

    :param most_rows: that a sheet holds, heads and notes among them.
    """
    file = io.BytesIO()
    # No date of making inside: the same table gives the same bytes.
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _NEVER})
    bold = book.add_format({"bold": True})
    more: list[_Piece] = []
    pages = list(_parts(sheet.rows, most_rows - _ABOVE - 1 - len(sheet.notes))) or [()]
    for number, rows in enumerate(pages, 1):
        page = book.add_worksheet(_numbered(_DATA, number))
        _write_heads(page, bold, sheet)
        more += _write_rows(page, "" if number == 1 else f"{_numbered(_DATA, number)}!", sheet.heads, rows)
    for place, note in enumerate(sheet.notes, start=_ABOVE + 1 + len(pages[-1])):
        page.write_string(place, 0, note)
    for number, pieces in enumerate(_parts(more, most_rows - 1), 1):
        _write_more(book.add_worksheet(_numbered(_MORE, number)), bold, pieces)
    book.close()
    return file.getvalue()


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} {number}"


def _write_heads(page: Any, bold: Any, sheet: Sheet) -> None:
    page.write_string(0, 0, sheet.title, bold)
    for column, head in enumerate(sheet.heads):
        page.write_string(_ABOVE - 1, column, head, bold)
        width = sheet.widths[column] if column < len(sheet.widths) else len(head) + 4
        page.set_column(column, column, min(_WIDEST, width))
    page.freeze_panes(_ABOVE, 0)


def _write_rows(page: Any, named: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[_Piece]:
    """Write them; what no cell holds.

    :param named: how a cell of this sheet is called on another one, before its place.
    """
    more: list[_Piece] = []
    for place, row in enumerate(rows, start=_ABOVE):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and not _fits(cell):
                where = f"{named}{xl_rowcol_to_cell(place, column)}"
                page.write_string(place, column, f"{cell[:_PIECE]} [… lembar {_MORE}: {where}]")
                rest = range(_PIECE, len(cell), _PIECE)
                more.extend((where, heads[column], cell[at : at + _PIECE]) for at in rest)
            elif cell is not None:
                page.write(place, column, cell)
    return more


def _fits(text: str) -> bool:
    return 2 * len(text) <= _MOST_UNITS or len(text.encode("utf-16-le", "surrogatepass")) <= 2 * _MOST_UNITS


def _write_more(page: Any, bold: Any, more: Sequence[_Piece]) -> None:
    """The cells that go on, each with the head of its column, in as many pieces as there must be."""
    for place, row in enumerate([("Sel", "Kolom", "Teks"), *more]):
        for column, text in enumerate(row):
            page.write_string(place, column, text, *([] if place else [bold]))
    page.set_column(2, 2, _WIDEST)


def _parts(items: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """So many at a time."""
    return (items[at : at + most] for at in range(0, len(items), most))
