"""A table as CSV (RFC 4180 with line feeds), for any program that reads tables."""

import csv
import io
from collections.abc import Iterable, Sequence

from shared.wording.sheets.sheet import Cell, Sheet, harmless


def as_csv(sheet: Sheet) -> str:
    """The heads and rows of a table; a comma between the cells, blank for none."""
    return csv_lines([sheet.heads, *sheet.rows])


def csv_lines(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows as CSV. The one writer of every table for spreadsheets: no cell of any column is a formula."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for row in rows:
        writer.writerow(["" if cell is None else harmless(cell) for cell in row])
    return written.getvalue()
