"""Tables for people, whatever is written in them."""

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.wording.sheets.csv_sheet import as_csv
from shared.wording.sheets.pdf_sheet import as_pdf
from shared.wording.sheets.sheet import Cell, Sheet
from shared.wording.sheets.xlsx_sheet import as_xlsx

_TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n"), max_size=20)
_CELLS = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), _TEXTS)
_STARTS = "=+-@\t\r\n"


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


def test_a_page_is_the_same_for_the_same_table() -> None:
    """Paper can be made again: same table, same bytes; what looks like markup stays text."""
    sheet = Sheet("Register", ("A", "B"), [("#panic()", None), ("$x$ _y_ *z* [", True)] * 80, ["Petugas: ____"], (2, 1))

    assert as_pdf(sheet) == as_pdf(sheet)
    assert as_pdf(sheet).startswith(b"%PDF-")
