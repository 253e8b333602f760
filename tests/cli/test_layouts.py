"""``aduan import --map``: the tables of other systems, as CSV and as workbooks."""

import csv
from datetime import datetime
from datetime import time as clock
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.base.errors import Invalid
from shared.base.times import from_iso
from shared.domain.complaint.layout import heading_row, load_layout, row_of
from shared.domain.complaint.rows import load_row
from shared.domain.complaint.table import Record, read_records
from shared.domain.complaint.workbook import read_workbook
from shared.platform.settings import PROJECT
from shared.wording.yaml_lines import FileError
from tests.cli.tables import filed, imported, saved
from tests.fixtures.office import Office

LAYOUTS = PROJECT / "tenants" / "_layouts"
SP4N: list[list[Any]] = [
    ["Laporan SP4N-LAPOR! Kabupaten Bantul"],
    ["Diunduh 3 Okt 2026", None, None],
    [],
    [
        *("Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Nama Pelapor", "Judul Laporan"),
        *("Isi Laporan Awal", "Isi Laporan Akhir", "Tipe Laporan", "Status Laporan", "Kecamatan", "Kelurahan"),
        "Klasifikasi Laporan",
    ],
    [
        7000001,
        "3 Jan 2026",
        "07:15",
        "Budi",
        "Jalan",
        "Jalan rusak",
        "Jalan Parangtritis rusak",
        None,
        "Proses",
        "Sewon",
        "Panggungharjo",
        "Pengaduan",
    ],
    [
        *("7000002", "17 Agustus 2026", "23:59", "Ani", "Air", "Air mati, dua hari", "", "Rahasia", "Baru", "", ""),
        "Permintaan Informasi",
    ],
    ["7000003", "4 Des 2025", "08:00", "Eko", "Lampu", "Lampu mati", "", "Anonim", "Ditutup", "", ""],
    ["7000004", "kemarin", "08:00", "=1+1", "Parit", "Parit mampet", "", "", "Baru", "", ""],
    ["7000005", "5 Mei 2026", "08:00", "Tri", "", "", "", "", "Baru", "", ""],
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_of_the_national_system_is_filed_once(office: Office, tmp_path: Path, kind: str) -> None:
    """Titles above the heading, Indonesian months, closed cases left out, refusals told, repeated without doubles."""
    file, report = saved(tmp_path, kind, SP4N), tmp_path / "ditolak.csv"
    tried = imported(office, file, "--map", "sp4n", "--dry-run")
    assert {} == filed(office)
    ran = imported(office, file, "--map", "sp4n", "--report", str(report))
    again = imported(office, file, "--map", "sp4n")

    assert (1, "3 would be filed, 0 filed before, 1 refused, 1 left out\n") == (tried.status, tried.out)
    assert (1, "3 filed, 0 filed before, 1 refused, 1 left out\n") == (ran.status, ran.out)
    assert (1, "0 filed, 3 filed before, 1 refused, 1 left out\n") == (again.status, again.out)
    complaints = filed(office)
    assert {"sp4n:7000001", "sp4n:7000002", "sp4n:7000004"} == set(complaints)
    assert {"occurred_at": "kemarin 08:00"} == complaints["sp4n:7000004"]["as_written"]
    first, second = complaints["sp4n:7000001"], complaints["sp4n:7000002"]
    assert ("Jalan Parangtritis rusak", "open", "Budi") == (
        first["message"],
        first["privacy"],
        first["reporter"]["name"],
    )
    assert "2026-01-03T00:15:00+00:00" == first["occurred_at"]
    assert ("Air mati, dua hari", "secret") == (second["message"], second["privacy"])
    assert ["complaint", "question", None] == [
        complaints[f"sp4n:{number}"].get("classification") for number in (7000001, 7000002, 7000004)
    ]
    assert "=1+1" == complaints["sp4n:7000004"]["reporter"]["name"]
    with report.open(encoding="utf-8-sig") as opened:
        told = list(csv.DictReader(opened))
    assert [("9", "message", "required")] == [(row["row"], row["column"], row["code"]) for row in told]
    assert all(row["why"] for row in told)


@pytest.mark.parametrize(
    ("layout", "heading", "row", "at"),
    [
        (
            "nyc311",
            "Unique Key,Created Date,Complaint Type,Descriptor,Status",
            "1,10/01/2026 01:02:03 PM,Noise,Loud,Open",
            "2026-10-01T17:02:03+00:00",
        ),
        (
            "chicago311",
            "SR_NUMBER,SR_TYPE,CREATED_DATE,STATUS",
            "SR1,Pothole,10/01/2026 01:02:03 PM,Open",
            "2026-10-01T18:02:03+00:00",
        ),
        (
            "lapor_open_data",
            "TrackingID,JudulLaporan,IsiLaporan,TanggalLaporanMasuk",
            "1,Judul,Isi laporan,2026-10-01",
            "2026-09-30T17:00:00+00:00",
        ),
    ],
)
def test_foreign_layouts_are_read(tmp_path: Path, layout: str, heading: str, row: str, at: str) -> None:
    """Each shipped layout makes a complaint of a row of its system, at its own time of the day, whoever reads it."""
    file = tmp_path / "table.csv"
    file.write_text(f"{heading}\n{row}\n")
    read = load_layout(LAYOUTS / f"{layout}.yaml")
    _, records = read_records(file, read.headings)
    places, [record] = heading_row(file, records, read)
    complaint = load_row(row_of(read, places, record, ZoneInfo("Asia/Jayapura")))
    assert complaint["external_id"].startswith(f"{read.source}:")
    assert datetime.fromisoformat(at) == from_iso(complaint["occurred_at"])
    assert complaint["message"]


@pytest.mark.parametrize(
    ("day", "time", "at"),
    [
        (datetime(2026, 1, 3), clock(7, 15), "2026-01-03T07:15:00+07:00"),  # noqa: DTZ001 - cells know no zone
        (datetime(2026, 1, 3), clock(7, 15, 30), "2026-01-03T07:15:30+07:00"),  # noqa: DTZ001 - likewise
        (datetime(2026, 1, 3), "07.15", "2026-01-03T07:15:00+07:00"),  # noqa: DTZ001 - likewise
        (datetime(2026, 1, 3, 7, 15), None, "2026-01-03T07:15:00+07:00"),  # noqa: DTZ001 - likewise
        (datetime(2026, 1, 3), None, "2026-01-03T00:00:00+07:00"),  # noqa: DTZ001 - likewise
        ("03/01/2026", "7.15.30", "2026-01-03T07:15:30+07:00"),
        ("03-01-2026", "07:15", "2026-01-03T07:15:00+07:00"),
        ("Sabtu, 3 Januari 2026", "07:15 WITA", "2026-01-03T07:15:00+08:00"),
        ("Jum'at, 2 Jan 2026", "07.15 wib", "2026-01-02T07:15:00+07:00"),
        ("2026-01-03 00:00", "lusa", "2026-01-03 00:00 lusa"),
        ("3.1.2026", "pagi", "3.1.2026 pagi"),
    ],
)
def test_days_and_times_are_read_as_cells_and_as_people_write_them(
    tmp_path: Path, day: object, time: object, at: str
) -> None:
    """A workbook has them as dates or as text, by the habits of its program; what cannot be read stays as written."""
    file = saved(tmp_path, "xlsx", [["Tracking ID", *SP4N[3][1:3], *SP4N[3][6:8]], ["1", day, time, "Jalan rusak", ""]])
    read = load_layout(LAYOUTS / "sp4n.yaml")
    places, [record] = heading_row(file, read_workbook(file), read)
    assert at == row_of(read, places, record, ZoneInfo("Asia/Jayapura"))["occurred_at"]


@pytest.mark.parametrize(
    ("form", "cell", "at"),
    [
        ("%d/%m/%Y %H.%M", "05/10/2026 07.15", "2026-10-05T07:15:00+09:00"),
        ("%d-%m-%Y %H:%M WIB", "05-10-2026 07:15 WIB", "2026-10-05T07:15:00+09:00"),
        ("%d %B %Y pukul %H.%M", "5 Oktober 2026 pukul 07.15", "2026-10-05T07:15:00+09:00"),
        ("%b, %d %Y", "Oct, 5 2026", "2026-10-05T00:00:00+09:00"),
    ],
)
def test_what_a_layout_describes_itself_is_read_as_it_says(tmp_path: Path, form: str, cell: str, at: str) -> None:
    """Before anything is left out of it: the layout's zone counts, and what it takes for words stays there."""
    layout = tmp_path / "own.yaml"
    columns = f"{{message: Isi, external_id: No, occurred_at: {{columns: [Waktu], formats: ['{form}']}}}}"
    layout.write_text(f"source: own\ncolumns: {columns}\n")
    places = {"Isi": 0, "No": 1, "Waktu": 2}
    row = row_of(load_layout(layout), places, Record(2, ("Jalan rusak", "1", cell)), ZoneInfo("Asia/Jayapura"))

    assert row["occurred_at"] == at


@pytest.mark.parametrize(
    ("kind", "privacy"),
    [("", "open"), (" anonim ", "anonymous"), ("RAHASIA", "secret"), ("Anonim, Rahasia", "secret"), ("Tertutup", None)],
)
def test_what_was_meant_to_be_secret_never_becomes_open(kind: str, privacy: str | None) -> None:
    """A word of the national system's that nobody knows is told, with its line, and the row is not filed."""
    read = load_layout(LAYOUTS / "sp4n.yaml")
    record = Record(4, ("1", "Jalan rusak", kind))
    places = {"Tracking ID": 0, "Isi Laporan Akhir": 1, "Tipe Laporan": 2}
    told: object
    try:
        told = row_of(read, places, record, ZoneInfo("Asia/Jakarta"))["privacy"]
    except Invalid as error:
        told = list(error.fields)
    assert (privacy or ["privacy"]) == told


def test_a_table_that_does_not_say_who_is_secret_is_not_read(tmp_path: Path) -> None:
    """Its heading has another name since: all that was meant to be secret would be open."""
    read = load_layout(LAYOUTS / "sp4n.yaml")
    file = tmp_path / "table.csv"
    file.write_text("Tracking ID,Isi Laporan Akhir,Jenis Laporan\n1,Jalan rusak,Rahasia\n")
    with pytest.raises(FileError, match="there is no column Tipe Laporan"):
        heading_row(file, read_records(file, read.headings)[1], read)


def test_a_heading_that_is_read_stands_once(tmp_path: Path) -> None:
    """Of two columns of one name neither is dropped in silence; what nobody reads may stand as often as it likes."""
    file = tmp_path / "table.csv"
    read = load_layout(LAYOUTS / "lapor_open_data.yaml")
    told = {}
    for heading in ("TrackingID,IsiLaporan,isilaporan", "TrackingID,IsiLaporan,Kolom,Kolom"):
        file.write_text(f"{heading}\n1,Jalan rusak,Lampu mati,x\n")
        try:
            told[heading] = str(heading_row(file, read_records(file, read.headings)[1], read)[0])
        except FileError as error:
            told[heading] = error.message
    assert ["given more than once: isilaporan", "{'TrackingID': 0, 'IsiLaporan': 1}"] == list(told.values())


@pytest.mark.parametrize("name", sorted(path.name for path in LAYOUTS.glob("*.yaml")))
def test_the_shipped_layouts_are_sound(name: str) -> None:
    """And name only fields that a complaint has."""
    assert load_layout(LAYOUTS / name).headings


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("source: a\ncolumns: {message: M, colour: C}", "colour"),
        ("source: a\ncolumns: {title: T}", "message"),
        ("source: a\ncolumns: {message: {values: {}}}", "no column"),
        ("source: a\ncolumns: {message: 3}", "heading"),
        ("columns: {message: M}", "source"),
    ],
)
def test_a_mistake_in_a_layout_is_told(tmp_path: Path, text: str, word: str) -> None:
    """Before anything is read of the table."""
    file = tmp_path / "own.yaml"
    file.write_text(text)
    with pytest.raises(FileError) as found:
        load_layout(file)
    assert word in str(found.value)
