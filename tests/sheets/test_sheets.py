"""Tables for people, whatever is written in them."""

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.wording.sheets.csv_sheet import as_csv
from shared.wording.sheets.pdf_sheet import as_pdf
from shared.wording.sheets.sheet import Cell, Sheet, harmless
from shared.wording.sheets.xlsx_sheet import as_xlsx

_TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n"), max_size=20)
_CELLS = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), _TEXTS)
_STARTS = "=+-@\t\r\n"


@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "\ufeff \u2060"])
@pytest.mark.parametrize(
    "sign",
    ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "\ufe62", "\ufe63", "\ufe6b", "\u207c"],
)
def test_a_sign_in_any_width_behind_anything_unseen_is_marked(before: str, sign: str) -> None:
    """Which of them a spreadsheet takes for a formula depends on its language."""
    assert f"'{before}{sign}1+1" == harmless(f"{before}{sign}1+1")


@pytest.mark.parametrize("cell", ["", "Jalan = rusak", "a@b.id", "\u2212 dua", "12-3", -5, 1.5, None, True])
def test_other_cells_stay_as_they_are(cell: Cell) -> None:
    """Nothing is marked that no program takes for one."""
    assert cell == harmless(cell)


@given(rows=st.lists(st.tuples(_CELLS, _CELLS, st.sampled_from(("=1+1", " =HYPERLINK(1)", "+62", "-", "@x", "\t=1")))))
def test_no_cell_of_a_spreadsheet_is_a_formula(rows: list[tuple[Cell, ...]]) -> None:
    """Whatever stands in whatever column, no program that opens the table computes it."""
    read = list(csv.reader(io.StringIO(as_csv(Sheet("t", ("=a", "b", "c"), rows)))))

    texts = [
        cell
        for row, was in zip(read[1:], rows, strict=True)
        for cell, w in zip(row, was, strict=True)
        if type(w) is str
    ]
    assert [] == [cell for cell in texts if cell.lstrip(" ").startswith(tuple(_STARTS))]
    assert len(rows) + 1 == len(read)


@pytest.mark.parametrize(
    "cell", ["=1+1", '=HYPERLINK("http://x.example")', "+1", "@SUM(A1)", "http://x.example", "teks"]
)
def test_a_workbook_holds_texts_as_texts(cell: str) -> None:
    """A workbook knows the kind of each cell: nothing need be marked, nothing is computed."""
    page = openpyxl.load_workbook(io.BytesIO(as_xlsx(Sheet("Judul", ("A", "B"), [(cell, 5)], ["Jumlah: 1"])))).active

    assert page is not None
    assert "Judul" == page["A1"].value
    assert (cell, "s") == (page["A4"].value, page["A4"].data_type)
    assert 5 == page["B4"].value
    assert "Jumlah: 1" == page["A6"].value


@pytest.mark.parametrize(
    "text", ["x" * 32_767, "x" * 32_768, "y\n" * 50_000, "\U0001f6a7" * 16_383, "\U0001f6a7" * 16_384]
)
def test_a_text_longer_than_a_cell_goes_on_on_a_sheet_of_its_own(text: str) -> None:
    """No program opens a cell of more than 32,767 UTF-16 units: what is longer says where it goes on, and does."""
    rows: list[tuple[Cell, ...]] = [(1, "kurang"), (2, text), (3, None)]
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(Sheet("Register", ("No", "Isi laporan"), rows, ["Jumlah: 3"]))))
    page, *others = book.worksheets
    shown = str(page["B5"].value)
    more = [row for each in others for row in each.iter_rows(min_row=2, values_only=True)]

    assert ["Jumlah: 3", "kurang", None] == [page["A8"].value, page["B4"].value, page["B6"].value]
    if len(text.encode("utf-16-le")) <= 2 * 32_767:
        assert (text, []) == (shown, more)
        return
    assert {("B5", "Isi laporan")} == {row[:2] for row in more}
    begun, mark, _ = shown.partition(" [… lembar Lanjutan: B5]")
    assert (text, True) == (begun + "".join(str(row[2]) for row in more), bool(mark))
    assert all(len(each.encode("utf-16-le")) <= 2 * 32_767 for each in (shown, *(str(row[2]) for row in more)))


def test_rows_that_no_sheet_holds_go_on_on_another() -> None:
    """The library leaves out what lies below the last row of a sheet, and says nothing."""
    rows: list[tuple[Cell, ...]] = [(number, "x" * 40_000 if number == 7 else "isi") for number in range(9)]
    sheet = Sheet("Register", ("No", "Isi"), rows, ["Jumlah: 9", "Petugas"])
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(sheet, most_rows=10)))

    assert ["Data", "Data 2", "Data 3", "Lanjutan"] == book.sheetnames
    pages = book.worksheets[:3]
    assert [("Register", "No")] * 3 == [(page["A1"].value, page["A3"].value) for page in pages]
    assert list(range(9)) == [page[f"A{row}"].value for page in pages for row in range(4, 8) if page[f"B{row}"].value]
    assert ["Jumlah: 9", "Petugas"] == [pages[2][f"A{row}"].value for row in (6, 7)]
    assert all(page.max_row <= 10 for page in book.worksheets)
    assert {"Data 2!B7"} == {row[0] for row in book["Lanjutan"].iter_rows(min_row=2, values_only=True)}


def test_a_page_is_the_same_for_the_same_table() -> None:
    """Paper can be made again: same table, same bytes; what looks like markup stays text."""
    sheet = Sheet("Register", ("A", "B"), [("#panic()", None), ("$x$ _y_ *z* [", True)] * 80, ["Petugas: ____"], (2, 1))

    assert as_pdf(sheet) == as_pdf(sheet)
    assert as_pdf(sheet).startswith(b"%PDF-")
