"""``aduan import`` of workbooks: what their programs do to numbers, formulas and sheets, and what is none."""

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference

from shared.domain.complaint.workbook import read_workbook
from shared.wording.yaml_lines import FileError
from tests.cli.tables import filed, imported, saved
from tests.fixtures.office import Office


def test_a_workbook_in_our_own_columns_needs_no_layout(office: Office, tmp_path: Path) -> None:
    """Numbers keep their digits, dates are dates, and a sheet can be named."""
    rows: list[list[Any]] = [["message", "external_id", "reporter.phone"], ["Jalan rusak", 17.0, "08123456789"]]
    ran = imported(office, saved(tmp_path, "xlsx", rows))
    assert (0, "1 filed, 0 filed before, 0 refused\n") == (ran.status, ran.out)
    assert "08123456789" == filed(office)["17"]["reporter"]["phone"]
    wrong = imported(office, saved(tmp_path, "xlsx", rows), "--sheet", "Lain")
    assert (2, "0 filed: the table cannot be read\n") == (wrong.status, wrong.out)
    assert "Lain" in wrong.err


def test_the_first_sheet_is_the_first_that_people_see(tmp_path: Path) -> None:
    """A hidden sheet and one of a chart are not read by themselves; the hidden one is by its name."""
    book, file = Workbook(), tmp_path / "laporan.xlsx"
    book.active.append(["message"])
    book.active.sheet_state = "hidden"
    seen = book.create_sheet("Terlihat")
    seen.append(["external_id"])
    chart = BarChart()
    chart.add_data(Reference(seen, min_col=1, min_row=1))
    book.create_chartsheet("Grafik", 0).add_chart(chart)
    book.active = 2
    book.save(file)

    assert [("external_id",), ("message",)] == [read_workbook(file, name)[0].cells for name in (None, "Sheet")]
    with pytest.raises(FileError, match="Grafik"):
        read_workbook(file, "Grafik")


@pytest.mark.parametrize("field", ["reporter.identity", "reporter.phone", "external_id"])
@pytest.mark.parametrize("number", [3301012345678900, 3301012345678900.0, 9123456789012344000, 1e300])
def test_a_number_of_which_excel_kept_fifteen_digits_is_told(
    office: Office, tmp_path: Path, field: str, number: float
) -> None:
    """Whose identity number it was cannot be told any more, however many zeros stand in the place of the rest."""
    ran = imported(office, saved(tmp_path, "xlsx", [["message", field], ["Jalan rusak", number]]))
    assert (1, "0 filed, 0 filed before, 1 refused\n") == (ran.status, ran.out)
    assert field in ran.err


@pytest.mark.parametrize("number", [3301012345678901, 3301012345678901.0])
def test_a_long_number_that_was_kept_is_read(office: Office, tmp_path: Path, number: float) -> None:
    """Programs that keep more digits than Excel write all sixteen."""
    rows: list[list[Any]] = [["message", "external_id", "reporter.identity"], ["Jalan rusak", "1", number]]
    assert 0 == imported(office, saved(tmp_path, "xlsx", rows)).status
    assert "3301012345678901" == filed(office)["1"]["reporter"]["identity"]


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    """A renamed text, an empty file, a bomb: one sentence, and nothing is unfolded."""
    bomb = BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40 * 1024 * 1024)
    for content in (b"", b"message\nJalan rusak\n", b"PK\x03\x04broken", bomb.getvalue()):
        file = tmp_path / "x.xlsx"
        file.write_bytes(content)
        with pytest.raises(FileError):
            read_workbook(file)


SHEET = "xl/worksheets/sheet1.xml"


def _changed(file: Path, part: str, was: bytes, now: bytes) -> Path:
    """A workbook with one of its parts written anew."""
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(was, now, 1) if name == part else content)
    assert was in parts[part]
    return file


@pytest.mark.parametrize(
    ("part", "was"),
    [
        (SHEET, b"</sheetData>"),
        (SHEET, b'r="A1"'),
        (SHEET, b'<row r="2"'),
        ("xl/workbook.xml", b"<sheets>"),
        ("xl/styles.xml", b"<fonts"),
        ("xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml"),
        ("[Content_Types].xml", b"<Types"),
    ],
)
def test_a_damaged_workbook_is_told_in_a_sentence(tmp_path: Path, part: str, was: bytes) -> None:
    """Whatever its reader stumbles over, and however late."""
    file = _changed(saved(tmp_path, "xlsx", [["message"], ["Jalan rusak"]]), part, was, b'<row r="x"<')
    with pytest.raises(FileError, match="workbook"):
        read_workbook(file)


def test_rows_beyond_the_size_that_is_told_are_read(tmp_path: Path) -> None:
    """Programs that write workbooks say that all of it is one cell: nothing is lost for that."""
    rows = [["message", "external_id"], ["Jalan rusak", "q1"], ["Lampu padam", "q2"]]
    file = _changed(saved(tmp_path, "xlsx", rows), SHEET, b'<dimension ref="A1:B3"', b'<dimension ref="A1"')

    assert rows == [list(record.cells) for record in read_workbook(file)]


def test_what_begins_with_an_equals_sign_is_not_lost(tmp_path: Path) -> None:
    """Programs that write workbooks take it for a formula, and save no result; where one was saved, that stands."""
    rows: list[list[Any]] = [["message", "external_id"], ["= jalan rusak di depan pasar", "=1+1"], [None, None]]
    file = saved(tmp_path, "xlsx", rows)
    assert rows[:2] == [list(record.cells) for record in read_workbook(file)]

    _changed(file, SHEET, b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
    assert ("= jalan rusak di depan pasar", "2") == read_workbook(file)[1].cells


def test_a_formula_that_came_to_nothing_is_blank(tmp_path: Path) -> None:
    """As in a column that somebody has filled downwards: it is no words of a reporter's, and its row none either."""
    blank = '=IF(A9="","",A9)'
    file = saved(tmp_path, "xlsx", [["message", "external_id"], ["Jalan rusak", blank], [None, blank]])
    for cell in (b'r="B2"', b'r="B3"'):
        _changed(file, SHEET, b"<c " + cell + b">", b"<c " + cell + b' t="str">')

    assert [("message", "external_id"), ("Jalan rusak", "")] == [record.cells for record in read_workbook(file)]
