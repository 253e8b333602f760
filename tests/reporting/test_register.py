"""The register of a month, on paper and for spreadsheets."""

import pytest

from cli.printing.register import print_register
from shared.wording.sheets.csv_sheet import as_csv
from shared.wording.sheets.register_sheet import register_sheet

ROW = {
    "ticket": "MJL-2026-000001",
    "filed_at": "2026-10-05T08:00:00+07:00",
    "channel": "sms",
    "category": "PERHUBUNGAN",
    "kecamatan": "Kadipaten",
    "agency": "dishub",
    "status": "answered",
    "answered_at": "2026-10-07T09:30:00+07:00",
    "delivered_at": None,
    "delivered_by": None,
    "in_time": True,
    "agency_name": "Dinas Perhubungan",
}
WRITTEN = {
    "name": "Siti Rahayu",
    "address": "RT 02",
    "identity": None,
    "title": "Lampu mati",
    "message": "=1+1",
    "dispositions": [{"at": "2026-10-05T08:10:00+07:00", "agency": "dishub"}],
    "answer": "Sudah diganti.",
}


def _register(**row: object) -> dict[str, object]:
    return {
        "tenant": "majalengka",
        "government": "Kabupaten Majalengka",
        "month": "2026-10",
        "titles": [{"id": "book", "title": "Catatan aduan (buku manual)", "form": "manual", "every": None}],
        "rows": [{**ROW, **row}],
        "next": None,
    }


def test_a_printed_register_has_a_line_for_every_complaint() -> None:
    """Title, number, dates, who and what as people write them, in Indonesian, and who keeps it signs."""
    lines = print_register(_register(**WRITTEN)).splitlines()

    assert lines[0] == "Catatan aduan (buku manual), Kabupaten Majalengka, Oktober 2026"
    [line] = [line for line in lines if "MJL-2026-0000" in line]
    for word in ("05-10-2026", "Siti Rahayu", "Lampu mati", "telah dijaw", "ya"):
        assert word in line
    assert "Jumlah: 1 aduan" in lines
    assert any(line.startswith("Petugas: ___") for line in lines)


@pytest.mark.parametrize(("channel", "name"), [("sms", "Pesan Bupati"), ("telephone", "telepon"), ("kiosk", "kiosk")])
def test_a_channel_is_named_as_people_call_it(channel: str, name: str) -> None:
    """By the procedure's own name, or else by the usual one; in the title and on each line."""
    sheet = register_sheet({**_register(channel=channel), "channel": channel, "channels": {"sms": "Pesan Bupati"}})

    assert f"Catatan aduan (buku manual), saluran {name}, Kabupaten Majalengka, Oktober 2026" == sheet.title
    assert name == sheet.rows[0][sheet.heads.index("Saluran")]


@pytest.mark.parametrize(
    ("row", "heads"),
    [
        ({}, {"Nomor tiket", "Diterima", "Status", "Perangkat daerah"}),
        (WRITTEN, {"Nama pelapor", "Alamat", "Identitas", "Judul", "Isi laporan", "Disposisi", "Jawaban"}),
    ],
)
def test_a_register_has_columns_for_what_its_reader_may_see(row: dict[str, object], heads: set[str]) -> None:
    """Who sees no texts gets no empty columns of them."""
    sheet = register_sheet(_register(**row))

    assert heads <= set(sheet.heads)
    assert ("Isi laporan" in sheet.heads) == bool(row)


def test_an_electronic_register_computes_nothing() -> None:
    """What a reporter wrote is text for the spreadsheet too."""
    assert "'=1+1" in as_csv(register_sheet(_register(**WRITTEN)))


def test_what_was_added_stands_below_what_was_filed() -> None:
    """A complaint is all that its reporter wrote: the first message, and what came later with its time."""
    added = [{"at": "2026-10-06T09:15:00+07:00", "message": "Lampu di depan pasar."}]
    sheet = register_sheet(_register(**{**WRITTEN, "additions": added}))
    [row] = sheet.rows

    assert "=1+1\n[06-10-2026 09:15] Lampu di depan pasar." == row[sheet.heads.index("Isi laporan")]
