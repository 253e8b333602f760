"""Tables as workbooks: XLSX, read as rows of text as a CSV file would hold them."""

import re
import zipfile
from collections.abc import Generator
from contextlib import closing
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
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_PIECE: Final = 1024 * 1024
_SEAM: Final = 20
"""Bytes: longer than the beginning of a formula's element."""


def read_workbook(path: Path, sheet: str | None = None) -> list[Record]:
    """The rows of a sheet that are not blank, each with its number.

    Dates become ``2026-10-05 08:00``, whole numbers lose the ``.0`` that a spreadsheet gives them; what a formula came
    to when the file was saved stands for it, or the formula where nothing was saved.

    :param sheet: its name; the first one that is not hidden unless given.
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
    found: list[Record] = []
    with closing(_reckoned(path, sheet)) as rows:
        for number, cells in enumerate(rows, 1):
            if number > _MOST_ROWS:
                raise FileError(path, number, f"more than {_MOST_ROWS} rows", "import it in several files")
            record = Record(number, tuple(_text(cell) for cell in cells))
            if not record.blank:
                found.append(record)
    return found


def _cells(
    path: Path, sheet: str | None, *, results: bool, values_only: bool = True
) -> Generator[tuple[Any, ...], None, None]:
    """The cells of each row.

    :param results: what formulas came to, rather than the formulas.
    :param values_only: what stands in the cells, rather than the cells.
    """
    with closing(load_workbook(path, read_only=True, data_only=results)) as book:
        page = _page(path, book, sheet)
        page.reset_dimensions()  # how large it is some programs tell wrongly, and what lies beyond would be lost
        yield from page.iter_rows(values_only=values_only)


def _page(path: Path, book: Any, sheet: str | None) -> Any:
    """The sheet of that name, or the first one that people see; sheets of charts are none."""
    if sheet is None:
        return next((page for page in book.worksheets if page.sheet_state == "visible"), book.worksheets[0])
    named = {page.title: page for page in book.worksheets}
    if sheet not in named:
        raise FileError(path, 0, f"there is no sheet {sheet!r}", f"name one of: {', '.join(named)}")
    return named[sheet]


def _reckoned(path: Path, sheet: str | None) -> Generator[tuple[Any, ...], None, None]:
    """The cells of each row; of a formula what it came to, and where that was not saved, the formula itself.

    Programs that write workbooks save no results, and take what somebody wrote for a formula if it begins with an
    equals sign: it would be lost without a word.
    """
    if not _has_formulas(path):
        yield from _cells(path, sheet, results=True)
        return
    with (
        closing(_cells(path, sheet, results=True, values_only=False)) as results,
        closing(_cells(path, sheet, results=False)) as written,
    ):
        for cells, formulas in zip(results, written, strict=True):
            yield tuple(_came_to(cell, formula) for cell, formula in zip(cells, formulas, strict=True))


def _came_to(cell: Any, formula: Any) -> Any:
    # A formula that came to a blank text was reckoned: its cell is one of texts, and nothing stands in it.
    if cell.value is not None or cell.data_type == "str":
        return cell.value
    return getattr(formula, "text", formula)


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if not part.startswith("xl/worksheets/"):
                continue
            with archive.open(part) as opened:
                before = b""
                while piece := opened.read(_PIECE):
                    if _FORMULA.search(before + piece):
                        return True
                    before = piece[-_SEAM:]
    return False


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
