"""Tables as workbooks: XLSX, read as rows of text as a CSV file would hold them."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook

from shared.domain.complaint.table import Record
from shared.wording.yaml_lines import FileError

SUFFIX: Final = ".xlsx"

_MOST_ROWS: Final = 200_000
_MOST_RATIO: Final = 100
_MOST_BYTES: Final = 512 * 1024 * 1024
_ALL_KEPT: Final = 10**15
"""From here on Excel keeps fifteen digits of a number and writes zeros for the rest, as of an identity number."""
_MOST_EXACT: Final = 2**53
_REMEDY: Final = "save it anew as XLSX, or as CSV in UTF-8"


def read_workbook(path: Path, sheet: str | None = None) -> list[Record]:
    """The rows of a sheet that are not blank, each with its number.

    Dates become ``2026-10-05 08:00``, whole numbers lose the ``.0`` that a spreadsheet gives them; what a formula came
    to when the file was saved stands for it.

    :param sheet: its name; the first one unless given.
    :raises FileError: if it is no workbook, unfolds to far more than it is, is too long, or has no such sheet.
    """
    try:
        _check_size(path)
        return _rows(path, sheet)
    except FileError:
        raise
    except Exception as error:  # noqa: BLE001 - of a dozen kinds, by what of a damaged file is stumbled over
        raise FileError(path, 0, f"this workbook cannot be read ({type(error).__name__})", _REMEDY) from None


def _rows(path: Path, sheet: str | None) -> list[Record]:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        if sheet is not None and sheet not in book.sheetnames:
            names = ", ".join(book.sheetnames)
            raise FileError(path, 0, f"there is no sheet {sheet!r}", f"name one of: {names}")
        page = book[sheet] if sheet else book.worksheets[0]
        page.reset_dimensions()  # how large it is some programs tell wrongly, and what lies beyond would be lost
        found: list[Record] = []
        for number, cells in enumerate(page.iter_rows(values_only=True), 1):
            if number > _MOST_ROWS:
                raise FileError(path, number, f"more than {_MOST_ROWS} rows", "import it in several files")
            record = Record(number, tuple(_text(cell) for cell in cells))
            if not record.blank:
                found.append(record)
        return found
    finally:
        book.close()


def _check_size(path: Path) -> None:
    """Refuse what is a bomb rather than a table, before anything of it is unfolded."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError):
        raise FileError(path, 0, "this is no workbook", _REMEDY) from None
    whole, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if whole > _MOST_BYTES or (whole > 10 * 1024 * 1024 and whole > packed * _MOST_RATIO):
        raise FileError(path, 0, "this workbook unfolds to far more than it is", _REMEDY)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float) and abs(cell) >= _ALL_KEPT:
        return _many_digits(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds" if cell.second else "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _many_digits(number: float) -> str:
    """A number with more digits than Excel keeps; if it cannot be told from a damaged one, in the way of writing that
    says so.
    """
    if abs(number) >= _MOST_EXACT or number % 10 == 0:  # also what is infinite, or no number
        return f"{number:.14E}"
    return str(int(number))
