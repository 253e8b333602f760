"""A row of a table as a complaint: its cells are what spreadsheet programs make of them."""

from zoneinfo import ZoneInfo

import pytest

from shared.base.errors import Invalid
from shared.domain.complaint.rows import columns, load_row
from shared.domain.complaint.schema import load_submission


def test_a_row_of_a_file() -> None:
    """A row with dotted columns is the same complaint as its JSON."""
    row = {"message": "Banjir", "reporter.name": "Budi", "location.lat": "-7.5", "location.lon": "", "title": None}

    assert load_submission({"message": "Banjir", "reporter": {"name": "Budi"}, "location": {"lat": -7.5}}) == load_row(
        row
    )


def test_a_row_with_a_mistake() -> None:
    """What cannot be a complaint is named by its column, as over HTTP."""
    with pytest.raises(Invalid) as caught:
        load_row({"message": "x", "privacy": "rahasia sekali", "reporter": "Budi", "reporter.name": "Budi"})

    assert {"privacy", "reporter"} == set(caught.value.fields)


@pytest.mark.parametrize(
    ("cell", "number"),
    [("-7.5", -7.5), (" -7,5 ", -7.5), ("7", 7.0), ("+7.25", 7.25), ("1_0.5", None), ("utara", None), ("7.5e0", None),
     ("nan", None), ("inf", None), ("\u0667", None), ("1000", None), ("95", None)],
)  # fmt: skip
def test_a_coordinate_of_a_row(cell: str, number: float | None) -> None:
    """As people write it; what is no such number is kept as written, and the complaint is filed."""
    loaded = load_row({"message": "x", "location.lat": cell})

    if number is None:
        assert {"location.lat"} == set(loaded["as_written"])
        assert "location" not in loaded
    else:
        assert {"lat": number} == loaded["location"]


@pytest.mark.parametrize(
    ("cell", "stated"),
    [
        ("2026-10-05 08:00", "2026-10-05T01:00:00+00:00"),
        (" 2026-10-05T08:00:30 ", "2026-10-05T01:00:30+00:00"),
        ("2026-10-05", "2026-10-04T17:00:00+00:00"),
        ("2026-10-05T08:00:00+09:00", "2026-10-04T23:00:00+00:00"),
        ("05/10/2026", None),
        ("kemarin", None),
        ("46300", None),
    ],
)
def test_a_time_of_a_row(cell: str, stated: str | None) -> None:
    """In the government's own zone where it names none; what could be two days is not guessed."""
    loaded = load_row({"message": "x", "occurred_at": cell}, ZoneInfo("Asia/Jakarta"))

    assert stated == loaded.get("occurred_at")
    assert (stated is None) is ("occurred_at" in loaded.get("as_written", {}))


@pytest.mark.parametrize("column", ["message", "reporter.phone", "occurred_at"])
@pytest.mark.parametrize(
    ("cell", "code"),
    [("########", "digits_lost"), ("#NAME?", "formula_failed"), (" #REF! ", "formula_failed"),
     ("#n/a", "formula_failed"), ("#VALUE!", "formula_failed")],
)  # fmt: skip
def test_what_a_spreadsheet_shows_in_place_of_what_was_written_is_told(column: str, cell: str, code: str) -> None:
    """Nobody wrote it: what was written is lost, and the table has to be put right."""
    with pytest.raises(Invalid) as caught:
        load_row({"message": "x", column: cell})

    assert {column: [code]} == caught.value.fields


@pytest.mark.parametrize("cell", ["#jalanrusak", "# 12", "#", "Rumah #REF!"])
def test_other_texts_with_such_a_sign_are_texts(cell: str) -> None:
    """People begin words with it."""
    assert cell == load_row({"message": cell})["message"]


@pytest.mark.parametrize("column", ["reporter.phone", "reporter.identity", "external_id", "title"])
def test_a_text_that_an_export_has_protected_is_that_text(column: str) -> None:
    """By a formula that is a text and nothing else, so that no spreadsheet takes its digits for a number."""
    part, _, name = column.rpartition(".")
    loaded = load_row({"message": "x", column: '="0812345678"'})

    assert "0812345678" == (loaded[part][name] if part else loaded[name])


@pytest.mark.parametrize("column", ["reporter.phone", "reporter.identity", "external_id"])
@pytest.mark.parametrize("cell", ["8.12346E+11", "3,30101E+15", " 3.30101e+15 ", "8E+11"])
def test_a_number_cut_short_is_told(column: str, cell: str) -> None:
    """Which number it was nobody can tell; and two complaints under one number would be one."""
    with pytest.raises(Invalid) as caught:
        load_row({"message": "x", column: cell})

    assert {column: ["digits_lost"]} == caught.value.fields


@pytest.mark.parametrize(
    ("cell", "files"),
    [("a.jpg", ["a.jpg"]), ("a.jpg; b.jpg;", ["a.jpg", "b.jpg"]), ("a.jpg\r\nb.jpg", ["a.jpg", "b.jpg"])],
)
def test_attachments_of_a_row(cell: str, files: list[str]) -> None:
    """One on each line of the cell, or with semicolons between them."""
    assert files == load_row({"message": "x", "attachments": cell})["attachments"]


def test_the_columns_of_a_table_are_the_fields_of_a_complaint() -> None:
    """Every one can be given in a row."""
    assert {
        *("message", "title", "privacy", "channel", "external_id", "category", "classification", "occurred_at"),
        *("attachments", "location.kecamatan", "location.desa", "location.text", "location.lat", "location.lon"),
        *(f"reporter.{name}" for name in ("name", "address", "phone", "email", "identity")),
    } == set(columns())
