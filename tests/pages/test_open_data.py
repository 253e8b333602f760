"""Open data and the year, by their addresses."""

import csv
import io
import json
import re
from collections.abc import Callable

import pytest

from tests.journey.installation import Api, officer
from tests.pages.desks import Desks
from tests.pages.visitor import Visitor

Visitors = Callable[..., Visitor]

NAME = "Painem Kartowiryo"
TEXT = "Kandang ayam tetangga berbau"
_MONTH = re.compile(r"/rekap/2026-\d\d$")
SUMMARY = "=Kandang berbau; sudah ditertibkan."


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def ticket(api: Api) -> str:
    """A published complaint among six of its month."""
    for number in range(5):
        api.file("cilacap", message=f"{TEXT} {number}", reporter={"name": NAME})
    receipt = api.file("cilacap", message=TEXT, reporter={"name": NAME, "phone": "081398765432"})
    desk, second = officer("cilacap", "coordinator"), {**officer("cilacap", "coordinator"), "user": "kedua"}
    assert api.act(desk, receipt["id"], "transfer", to="BBPJN", reason="Balai").ok
    assert api.act(desk, receipt["id"], "answer", text=f"Ibu {NAME}, sudah ditertibkan").ok
    written = api.act(desk, receipt["id"], "write_summary", summary=SUMMARY)
    assert written.ok, written.text
    version = written.json()["version"]
    assert api.act(second, receipt["id"], "publish_summary", summary_version=version).ok
    api.rest()
    return str(receipt["ticket"])


def test_files_hold_figures_and_summaries_and_nobody(api: Api, visitor: Visitors, ticket: str) -> None:
    """CSV and JSON alike; no cell is a formula; no name, number or own word of a reporter is in any."""
    session = visitor().session
    base = f"{api.address}/cilacap/data"
    names = ["rekap-2026-10", "rekap-2026", "aduan-umum-2026-10"]
    files = {
        f"{name}.{form}": session.get(f"{base}/{name}.{form}", timeout=60) for name in names for form in ("csv", "json")
    }

    assert {200} == {each.status_code for each in files.values()}
    assert all(each.headers["Content-Disposition"].startswith("attachment") for each in files.values())
    for private in (NAME, "Painem", TEXT, "81398765432"):
        assert [] == [name for name, each in files.items() if private in each.text]
    [published] = [row for row in _rows(files["aduan-umum-2026-10.csv"].text) if row["ticket"] == ticket]
    assert f"'{SUMMARY}" == published["summary"]
    assert ticket in [each["ticket"] for each in json.loads(files["aduan-umum-2026-10.json"].text)["items"]]
    [total] = [row for row in _rows(files["rekap-2026-10.csv"].text) if row["part"] == "total"]
    assert int(total["filed"]) == json.loads(files["rekap-2026-10.json"].text)["filed"] >= 6
    counts = [row["filed"] for row in _rows(files["rekap-2026-10.csv"].text) if row["part"].startswith("by_")]
    assert [] == [count for count in counts if count and 0 < int(count) < 5]


@pytest.mark.parametrize("name", ["rekap-2026-13.csv", "rekap-2026-10.exe", "aduan-umum-2026.csv", "rekap-x.json"])
def test_what_there_is_not_is_not_found(visitor: Visitors, name: str) -> None:
    """A period or a form that nobody writes."""
    assert 404 == visitor().get(f"/cilacap/data/{name}").status


def test_a_year_is_seen_by_officers_and_by_everybody(visitor: Visitors, desks: Desks, ticket: str) -> None:
    """Twelve months that lead to their own pages; an agency's officer reads of their own part."""
    del ticket
    everybody = visitor().get("/cilacap/kinerja/2026")
    desk = desks.enter("cilacap", "coordinator").get("/cilacap/rekap/2026")
    agency = desks.enter("cilacap", "operator", "dishub").get("/cilacap/rekap/2026")
    links = [found[0] for each in desk.all("a") if (found := _MONTH.search(each.attributes.get("href", "")))]

    assert ("Kinerja 2026", "Rekap aduan 2026") == (everybody.heading, desk.heading)
    assert 12 == len(set(links))
    assert "Bagian dinas Anda saja." in agency.text
    assert "Bulan dinas saya" in agency.text
    assert [404, 404] == [visitor().get(f"/cilacap/kinerja/{name}").status for name in ("1026", "202")]


def test_who_finds_nothing_is_told_what_to_loosen(visitor: Visitors) -> None:
    """Each word by which the public list was narrowed, with the list that is not narrowed by it."""
    page = visitor().get("/cilacap/umum", params={"kecamatan": "Adipala", "bulan": "2020-01"})

    assert "Tidak ada yang cocok dengan: Adipala, Januari 2020." in page.text
    assert page.all("a", href="/cilacap/umum?bulan=2020-01")
    assert page.all("a", href="/cilacap/umum?kecamatan=Adipala")
