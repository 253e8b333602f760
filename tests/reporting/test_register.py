"""The register of a month, electronic and on paper."""

from cli.printing.register import print_register, register_csv

REGISTER = {
    "tenant": "majalengka",
    "government": "Kabupaten Majalengka",
    "month": "2026-10",
    "titles": [{"title": "Catatan aduan (buku manual)", "form": "manual"}],
    "rows": [
        {
            "ticket": "MJL-2026-000001",
            "filed_at": "2026-10-05T08:00:00+07:00",
            "channel": "sms",
            "category": "PERHUBUNGAN",
            "kecamatan": "Kadipaten",
            "agency": "dishub",
            "status": "answered",
            "answered_at": "2026-10-07T09:30:00+07:00",
            "delivered_at": None,
            "in_time": True,
            "agency_name": "Dinas Perhubungan",
        }
    ],
}


def test_a_printed_register_has_a_line_for_every_complaint() -> None:
    """Title, number, dates and agency as people write them, and who keeps it signs."""
    lines = print_register(REGISTER).splitlines()

    assert lines[0].startswith("Catatan aduan (buku manual), Kabupaten Majalengka, Oktober 2026")
    [line] = [line for line in lines if "MJL-2026-000001" in line]
    assert ["1", "MJL-2026-000001", "05-10-2026 08:00", "sms", "Perhubungan", "Dinas Perhubungan", "answered"] == [
        cell.strip() for cell in line.split("  ") if cell.strip()
    ][:7]
    assert "Jumlah: 1 aduan" in lines


def test_an_electronic_register_has_whole_values() -> None:
    """A spreadsheet gets instants with their offset, and blanks for what has not happened."""
    heads, row = register_csv(REGISTER).splitlines()

    assert "ticket,filed_at,channel,category,kecamatan,status,answered_at,delivered_at,in_time,agency_name" == heads
    assert row.startswith("MJL-2026-000001,2026-10-05T08:00:00+07:00,sms,PERHUBUNGAN,Kadipaten,answered,")
