"""Who opened personal data, as the pages and the API tell it."""

from collections.abc import Callable

from tests.journey.installation import Api
from tests.pages.desks import Desks
from tests.pages.visitor import Visitor


def test_an_opened_dossier_is_told_to_the_administrator_and_counted_for_the_reporter(
    api: Api, desks: Desks, visitor: Callable[..., Visitor]
) -> None:
    """Page and API alike: account, role and reason here, role and number there; a register counts as well."""
    receipt = api.file("cilacap", message="Jalan gelap", reporter={"name": "Siti Rahayu", "address": "RT 1"})
    ticket = receipt["ticket"]
    desk, chief, reporter = desks.enter("cilacap", "coordinator"), desks.administrator("cilacap"), visitor()
    desk.get(f"/cilacap/berkas/{ticket}?alasan=question")
    desk.get("/cilacap/buku/2026-10.csv")
    found = chief.send(chief.get("/cilacap/kelola/pembacaan"), "/kelola/pembacaan", ticket=ticket)
    unknown = chief.send(found, "/kelola/pembacaan", ticket="CLP-2026-999999")
    reporter.send(reporter.get("/cilacap/lacak"), "/lacak", ticket=ticket, code=receipt["tracking_code"])
    counted = reporter.get(f"/cilacap/aduan/{ticket}/dibaca")
    told = api.ok("GET", f"/cilacap/complaints/{ticket}/readers", params={"code": receipt["tracking_code"]})

    assert "uji.coordinator" in found.text
    assert "berkas, dengan data pelapor" in found.text
    assert "menjawab pertanyaan pelapor" in found.text
    assert "buku register" in found.text
    assert 404 == unknown.status
    assert f"Isi aduan ini dibuka {told['times']} kali" in counted.text
    assert 2 <= told["times"] == told["named"]
    assert "uji." not in counted.html
    assert 404 == api.call("GET", f"/cilacap/complaints/{ticket}/readers", params={"code": "x"}).status_code
