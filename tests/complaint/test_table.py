"""Tables as spreadsheet programs save them."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.base.blank import is_blank
from shared.domain.complaint.rows import MESSAGE, columns
from shared.domain.complaint.table import TableFile, read_table
from shared.wording.yaml_lines import FileError


def _read(tmp_path: Path, content: str | bytes, encoding: str | None = None) -> TableFile:
    file = tmp_path / "t.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(file, columns(), MESSAGE, encoding)


def _rows(table: TableFile) -> list[dict[str, str]]:
    return [table.row(record) for record in table.records]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_way_of_saving_reads_the_same(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    """Excel in English and Indonesian, "Unicode text", LibreOffice, and those of long ago."""
    lines = [
        delimiter.join(("Message", " reporter.name ", "EXTERNAL_ID")),
        delimiter.join(('"Kafé, Jl. ""Mawar""; rusak"', "Zoë", "q1")),
        delimiter * 2,
    ]

    table = _read(tmp_path, (end.join(lines) + end).encode(encoding))

    assert [{"message": 'Kafé, Jl. "Mawar"; rusak', "reporter.name": "Zoë", "external_id": "q1"}] == _rows(table)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("message\nbaik\n\n   \n,,,,\n", [{"message": "baik"}]),
        ("sep=;\r\nmessage;title\r\nbaik, sekali;t\r\n", [{"message": "baik, sekali", "title": "t"}]),
        ("\n,,\nmessage,title,\nbaik,t,\n", [{"message": "baik", "title": "t"}]),
        ("message,title\nbaik\n", [{"message": "baik"}]),
        ("message\nbaik, sekali\n", [{"message": "baik, sekali"}]),
        ('message,title\n5" pipa,t', [{"message": '5" pipa', "title": "t"}]),
        ('message,title\n"a\nb\r\nc",t', [{"message": "a\nb\r\nc", "title": "t"}]),
        (f'message\n"{"x" * 200_000}"\n', [{"message": "x" * 200_000}]),
        ("message\n", []),
    ],
)
def test_what_spreadsheets_leave_in(tmp_path: Path, content: str, rows: list[dict[str, str]]) -> None:
    """Blank rows and columns, a line for Excel alone, short rows, several lines in one cell: nothing is lost."""
    assert rows == _rows(_read(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ('message,external_id\n"baik,q1\nbaik,q2\nbaik,q3\n', 2, "quotation begins here and never ends"),
        ('message,external_id\nbaik,q0\n"a\nb",q1\n"baik,q2\n', 5, "quotation begins here"),
        ('message,external_id\n"baik,q1\n"baik",q2\n', 3, "between the end of a quotation"),
        ('message,external_id\n"baik" x,q1\n', 2, "between the end of a quotation"),
        ("pesan,nama\nbaik,Siti\n", 1, "no such field: 'pesan', 'nama'"),
        ("message,telp\nbaik,0812\n", 1, "no such field: 'telp'"),
        ("message,reporter\nbaik,Siti\n", 1, "no such field: 'reporter'"),
        ("message,as_written\nbaik,x\n", 1, "no such field: 'as_written'"),
        ("title,reporter.name\nbaik,Siti\n", 1, "no column message"),
        ("message,title,Message\nbaik,t,buruk\n", 1, "more than once: message"),
        ("", 1, "empty"),
        ("\n,,,\n", 1, "empty"),
        ("message\nbaik\nKafé\n".encode() + b"Kaf\xe9\n", 4, "two encodings"),
        (b"message\nbaik\nKaf\x81\n", 3, "neither in UTF-8 nor in Windows-1252"),
        (b"PK\x03\x04\x14\x00\x06\x00", 0, "this is a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), 0, "this is a workbook"),
    ],
)
def test_what_cannot_be_read_is_told_once(tmp_path: Path, content: str | bytes, line: int, words: str) -> None:
    """In one sentence for the file, with the line where it begins and what to do."""
    with pytest.raises(FileError) as caught:
        _read(tmp_path, content)

    assert line == caught.value.line
    assert words in caught.value.message
    assert caught.value.remedy


def test_a_named_encoding_is_taken(tmp_path: Path) -> None:
    """And a wrong one is told with its line."""
    assert [{"message": "Café"}] == _rows(_read(tmp_path, "message\nCafé".encode("mac-roman"), "mac-roman"))
    with pytest.raises(FileError) as caught:
        _read(tmp_path, "message\nx\nCafé".encode("cp1252"), "utf-8")
    assert 3 == caught.value.line


def test_a_record_is_known_by_its_first_line(tmp_path: Path) -> None:
    """However many lines it and those before it have."""
    table = _read(tmp_path, 'message,title\n"a\nb\nc",t\n\n"d\r\ne",t\nf,t\n')

    assert [2, 6, 8] == [record.line for record in table.records]


@pytest.mark.parametrize("row", ["baik,t,x", "baik,t,,x"])
def test_cells_beyond_the_columns_are_told(tmp_path: Path, row: str) -> None:
    """They are words that would be lost."""
    table = _read(tmp_path, f"message,title,\n{row}\nbaik,t,,\n")

    with pytest.raises(ValueError, match="more cells than columns"):
        table.row(table.records[0])
    assert {"message": "baik", "title": "t"} == table.row(table.records[1])


_CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(',;\t|"\n\r'), max_size=12)


@given(
    cells=st.lists(st.tuples(_CELL, _CELL), max_size=5),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
)
def test_whatever_a_writer_of_csv_writes_is_read(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], delimiter: str, quoting: int
) -> None:
    """Cell for cell, with the library's own writer as the other side."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([("message", "title"), *cells])
    table = _read(tmp_path_factory.mktemp("csv"), out.getvalue())

    written = [{"message": one, "title": two} for one, two in cells if not (is_blank(one) and is_blank(two))]
    assert written == _rows(table)
