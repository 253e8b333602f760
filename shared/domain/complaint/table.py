"""Tables as spreadsheet programs save them: CSV in any of the ways that they know.

Nothing is guessed that could change a word in silence: what is not clear is said in one sentence, with the line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from shared.base.blank import is_blank
from shared.base.names import canonical, spelled
from shared.wording.yaml_lines import FileError

_DELIMITERS: Final = (",", ";", "\t", "|")
_MARKS: Final = (("utf-8-sig", b"\xef\xbb\xbf"), ("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"))
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How the workbooks of today (XLSX, ODS) and of before 2007 (XLS) begin."""
_END_OF_LINE: Final = re.compile(r"\r\n|\n|\r")
_QUOTED: Final = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_SEPARATOR: Final = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_MOST_ABOVE: Final = 50
"""Rows above a heading: titles, dates of an export."""
_MOST_BYTES: Final = 512 * 1024 * 1024
_SHOWN: Final = 40
"""How much of an unknown heading is repeated, in characters."""
WESTERN: Final = "cp1252"
"""Windows-1252: what Excel for Windows writes as "CSV" in Indonesia and the west."""


@dataclass(frozen=True)
class Record:
    """One row.

    :param line: the line of the file in which it begins, from 1.
    """

    line: int
    cells: tuple[str, ...]

    @property
    def blank(self) -> bool:
        """Whether nothing is written in it."""
        return all(is_blank(cell) for cell in self.cells)


@dataclass(frozen=True)
class TableFile:
    """A table with a heading.

    :param encoding: by which it was read; blank where it was no text.
    :param columns: by place, in the spelling of the known names; none for a column without a heading.
    :param records: the rows below the heading, without the blank ones.
    """

    encoding: str
    columns: tuple[str | None, ...]
    records: tuple[Record, ...]

    def row(self, record: Record) -> dict[str, str]:
        """A record's cells by column.

        :raises ValueError: if something is written where no column is.
        """
        beyond = [cell for place, cell in enumerate(record.cells) if self._column(place) is None]
        if not all(is_blank(cell) for cell in beyond):
            raise ValueError("more cells than columns; put texts that hold the separator in quotation marks")
        named = ((self._column(place), cell) for place, cell in enumerate(record.cells))
        return {column: cell for column, cell in named if column is not None}

    def _column(self, place: int) -> str | None:
        return self.columns[place] if place < len(self.columns) else None


def read_table(path: Path, known: Sequence[str], needed: str, encoding: str | None = None) -> TableFile:
    """Read a CSV file, whichever separator and encoding it was saved with.

    :param known: the names that a heading may have; capital letters and blanks around them make no difference.
    :param needed: the one that must be there.
    :param encoding: by which to read it, if that is known.
    :raises FileError: naming the line and what to do.
    """
    text, found = _decoded(path, encoding)
    stated, offset, line = _begun(text)
    delimiter = stated or _delimiter(path, text, known)
    records = [record for record in _records(path, text, delimiter, offset, line) if not record.blank]
    return replace(heading_of(path, records, known, needed), encoding=found)


def read_records(path: Path, known: Sequence[str], encoding: str | None = None) -> tuple[str, list[Record]]:
    """All rows of a CSV file that are not blank, whatever stands above its heading.

    :param known: headings by which the separator is told: it is the one that lets the most of them be read.
    :returns: the encoding, and the rows.
    :raises FileError: naming the line and what to do.
    """
    text, found = _decoded(path, encoding)
    stated, offset, line = _begun(text)

    def fit(delimiter: str) -> int:
        try:
            rows = islice(_records(path, text, delimiter, offset, line), _MOST_ABOVE)
            return max((sum(spelled(cell, known) is not None for cell in row.cells) for row in rows), default=0)
        except FileError:
            return 0

    delimiter = stated or max(_DELIMITERS, key=fit)
    return found, [record for record in _records(path, text, delimiter, offset, line) if not record.blank]


def heading_of(path: Path, records: Sequence[Record], known: Sequence[str], needed: str) -> TableFile:
    """A table of rows that were read already, none of them blank: the first of them is its heading.

    :raises FileError: as :func:`read_table`.
    """
    if not records:
        raise FileError(path, 1, "this table is empty", f"begin it with a row of headings, {needed} among them")
    heading, *rows = records
    return TableFile("", _columns(path, heading, known, needed), tuple(rows))


def _begun(text: str) -> tuple[str | None, int, int]:
    """The separator that Excel states in a line of its own, if it does; the place behind it, and the line that is."""
    stated = _SEPARATOR.match(text)
    return (stated[1], stated.end(), 2) if stated else (None, 0, 1)


def _decoded(path: Path, encoding: str | None) -> tuple[str, str]:
    if path.stat().st_size > _MOST_BYTES:
        message = f"this file is larger than {_MOST_BYTES // 2**20} MiB"
        raise FileError(path, 0, message, "import it in several files, if it is a table")
    raw = path.read_bytes()
    if raw.startswith(_WORKBOOKS):
        remedy = "save it anew as XLSX, with that ending, or as CSV in UTF-8"
        raise FileError(path, 0, "this is a workbook, and no CSV", remedy)
    marked = next((name for name, mark in _MARKS if raw.startswith(mark)), None) or _wide(raw)
    for name in (encoding,) if encoding else (marked or "utf-8",):
        try:
            return raw.decode(name), name
        except UnicodeError as error:
            if encoding or marked:
                line = _line_at(raw, error.start) if isinstance(error, UnicodeDecodeError) else 0
                raise FileError(
                    path, line, f"this line is not in {name}", "save the table anew, as CSV in UTF-8"
                ) from None
    return _western(path, raw), WESTERN


def _wide(raw: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Latin letters is zero."""
    for name, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        if raw and raw[first::2].count(0) > len(raw) // 4:
            return name
    return None


def _western(path: Path, raw: bytes) -> str:
    """What is no UTF-8: Windows-1252, unless parts of it are UTF-8 nevertheless; then a text was damaged."""
    half = raw.decode("utf-8", errors="surrogateescape")
    odd = re.search(r"[\udc80-\udcff]", half)
    place = len(half[: odd.start()].encode()) if odd else 0
    remedy = "save the table anew, as CSV in UTF-8, or name its encoding with --encoding"
    if re.search(r"[^\x00-\x7f\udc80-\udcff]", half):
        raise FileError(path, _line_at(raw, place), "this table is in two encodings at once", remedy)
    try:
        return raw.decode(WESTERN)
    except UnicodeDecodeError as error:
        message = "this line is neither in UTF-8 nor in Windows-1252"
        raise FileError(path, _line_at(raw, error.start), message, remedy) from None


def _line_at(raw: bytes, place: int) -> int:
    return raw.count(b"\n", 0, place) + 1


def _delimiter(path: Path, text: str, known: Sequence[str]) -> str:
    """The separator by which the heading holds most of the names that are known, and the rows do not go beyond it."""

    def fit(delimiter: str) -> tuple[int, bool]:
        records = (record for record in _records(path, text, delimiter) if not record.blank)
        try:
            heading = next(records, None)
            if heading is None:
                return 0, False
            names = sum(spelled(cell, known) is not None for cell in heading.cells)
            # With one column only, any sign would do: a comma in a text must not be taken for the separator.
            return names, names == 1 and all(len(record.cells) == 1 for record in records)
        except FileError:
            return 0, False

    return max(_DELIMITERS, key=fit)


def _columns(path: Path, heading: Record, known: Sequence[str], needed: str) -> tuple[str | None, ...]:
    columns = tuple(spelled(cell, known) for cell in heading.cells)
    remedy = f"headings may be: {', '.join(known)}"
    unknown = [cell for cell, name in zip(heading.cells, columns, strict=True) if name is None and not is_blank(cell)]
    if unknown:
        message = f"there is no such field: {', '.join(repr(cell[:_SHOWN]) for cell in unknown)}"
        raise FileError(path, heading.line, message, remedy)
    refuse_doubled(path, heading, columns)
    if needed not in columns:
        raise FileError(path, heading.line, f"there is no column {needed}", remedy)
    return columns


def refuse_doubled(path: Path, heading: Record, names: Sequence[str | None]) -> None:
    """One of two columns would be lost.

    :param names: of the columns, as they are known; none for one that is not read.
    :raises FileError: naming those that stand there twice.
    """
    doubled = {canonical(name) for name in names if name is not None and names.count(name) > 1}
    if doubled:
        message = f"given more than once: {', '.join(sorted(doubled))}"
        raise FileError(path, heading.line, message, "leave each heading to one column")


def _records(path: Path, text: str, delimiter: str, place: int = 0, line: int = 1) -> Iterator[Record]:
    """The rows by RFC 4180, strictly: a quotation that does not end as it should swallows no other row."""
    plain = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    while place < len(text):
        began, cells = line, []
        while True:
            cell, after = _cell(path, text, place, line, plain)
            line += len(_END_OF_LINE.findall(text, place, after))
            place = after
            cells.append(cell)
            if text[place : place + 1] != delimiter:
                break
            place += 1
        yield Record(began, tuple(cells))
        ends = _END_OF_LINE.match(text, place)
        if ends is None and place < len(text):
            message = "something stands between the end of a quotation and the next separator"
            raise FileError(path, line, message, 'write a quotation mark inside a quotation twice: ""')
        place = ends.end() if ends else place
        line += 1


def _cell(path: Path, text: str, place: int, line: int, plain: re.Pattern[str]) -> tuple[str, int]:
    if text[place : place + 1] != '"':
        found = plain.match(text, place)
        return (found[0], found.end()) if found else ("", place)
    quoted = _QUOTED.match(text, place)
    if quoted is None:
        raise FileError(path, line, "a quotation begins here and never ends", "close it, or leave the mark out")
    return quoted[1].replace('""', '"'), quoted.end()
