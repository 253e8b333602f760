"""Administrators' pages: calendar, one dossier's audit, an erasure by two, all governments; an officer's absence."""

from collections.abc import Callable

import pytest

from cli.installation import running
from shared.application.identity.people import People
from tests.fixtures.office import START
from tests.fixtures.waiting import eventually
from tests.journey.installation import Api, officer
from tests.pages.desks import Desks
from tests.pages.visitor import Page, Visitor

Visitors = Callable[..., Visitor]

NAME = "Sumarni Wulandaru"
TEXT = "Tetangga menutup saluran air"


def _with(page: Page, words: str) -> Page | None:
    return page if words in page.text else None


def _mark(page: Page, ticket: str) -> str:
    return str(page.form(f"/{ticket}").values["mark"])


def test_an_erasure_needs_two_administrators(api: Api, desks: Desks) -> None:
    """One asks, and cannot carry it out; another does, after a tick; a protocol says what stays where."""
    receipt = api.file("cilacap", message=TEXT, reporter={"name": NAME, "address": "RT 1"})
    ticket = receipt["ticket"]
    first, second = desks.administrator("cilacap"), desks.administrator("cilacap", "kedua")
    path = "/cilacap/kelola/hapus-data"
    unknown = first.send(first.get(path), "/hapus-data", ticket="CLP-2026-999999", reason="asked")
    without = first.send(first.get(path), "/hapus-data", ticket=ticket, reason="")
    asked = first.send(first.get(path), "/hapus-data", ticket=ticket.lower(), reason="asked")
    again = first.send(first.get(path), "/hapus-data", ticket=ticket, reason="order")
    token = asked.form("/keluar").values["tanda"]
    own = first.post(f"{path}/{ticket}", {"tanda": token, "deed": "erase", "agreed": "1", "mark": _mark(asked, ticket)})
    unticked = second.send(second.get(path), f"/{ticket}", deed="erase")
    before = api.dossier("cilacap", receipt["id"])["complaint"]["message"]
    agreed = second.send(second.get(path), f"/{ticket}", deed="erase", agreed="1")
    late = first.post(f"{path}/{ticket}", {"tanda": token, "deed": "cancel"})
    never = first.post(f"{path}/CLP-2026-999999", {"tanda": token, "deed": "cancel"})
    eventually(lambda: _with(second.get(f"{path}/{ticket}"), "Dilaksanakan"), within=60)
    done = second.get(f"{path}/{ticket}")
    paper = second.session.get(f"{api.address}{path}/{ticket}.pdf", timeout=60)

    assert [404, 422, 409, 409, 422] == [each.status for each in (unknown, without, again, own, unticked)]
    assert (409, True) == (late.status, "disetujui kedua dan dilaksanakan" in late.text.replace("uji.", ""))
    assert [404, False] == [never.status, "Tidak ada yang dihapus" in late.text + never.text]
    assert TEXT == before
    assert "Harus dilaksanakan paling lambat" in asked.text
    assert (200, b"%PDF") == (paper.status_code, paper.content[:4])
    assert 404 == second.get(f"{path}/CLP-2026-999999.pdf").status
    assert f"Berita acara penghapusan {ticket}" == agreed.heading == done.heading
    assert [True, True] == [name in done.text for name in ("uji.admin", "kedua")]
    assert "message" not in api.dossier("cilacap", receipt["id"])["complaint"]
    assert 200 == desks.enter("cilacap", "coordinator").get(f"/cilacap/berkas/{ticket}").status


def test_who_agrees_agrees_to_the_request_they_looked_at(api: Api, desks: Desks) -> None:
    """Not to one that came in its place, for another reason, while their page was open: nothing could undo it."""
    receipt = api.file("cilacap", message=TEXT, reporter={"name": NAME})
    ticket, path = receipt["ticket"], "/cilacap/kelola/hapus-data"
    first, second = desks.administrator("cilacap"), desks.administrator("cilacap", "kedua")
    first.send(first.get(path), "/hapus-data", ticket=ticket, reason="asked")
    looked_at = second.get(path)
    first.send(first.get(path), f"/{ticket}", deed="cancel")
    first.send(first.get(path), "/hapus-data", ticket=ticket, reason="order")
    refused = second.send(looked_at, f"/{ticket}", deed="erase", agreed="1")

    assert 409 == refused.status
    assert "sudah berganti" in refused.text
    assert TEXT == api.dossier("cilacap", receipt["id"])["complaint"]["message"]
    first.send(first.get(path), f"/{ticket}", deed="cancel")


def test_a_dossiers_chain_is_shown_whole_and_broken(api: Api, desks: Desks) -> None:
    """Each event with its hash and no private text; a row that somebody changed is marked."""
    receipt = api.file("cilacap", message=TEXT, reporter={"name": NAME, "address": "RT 1"})
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr", note="Catatan").ok
    chief = desks.administrator("cilacap")
    whole = chief.send(chief.get("/cilacap/kelola/audit"), "/audit", ticket=receipt["ticket"].lower())
    missing = chief.send(chief.get("/cilacap/kelola/audit"), "/audit", ticket="CLP-2026-999999")

    assert "utuh; tidak ada yang diubah." in whole.text
    assert "Didisposisikan" in whole.text
    for private in (TEXT, NAME, "Catatan"):
        assert private not in whole.html.replace("Catatan dalam", "")
    assert 404 == missing.status


def test_the_calendar_tells_days_hours_and_their_decrees(desks: Desks) -> None:
    """To officers of both kinds, in any year within reason."""
    page = desks.enter("cilacap", "operator", "dishub").get("/cilacap/kelola/kalender", params={"tahun": "2026"})
    later = desks.administrator("cilacap").get("/cilacap/kelola/kalender", params={"tahun": "2040"})
    never = desks.administrator("cilacap").get("/cilacap/kelola/kalender", params={"tahun": "99999"})

    assert "Kalender 2026" == page.heading
    assert "Kemerdekaan" in page.text
    assert "Jam kerja biasa" in page.text
    assert "Belum ada keputusan untuk tahun ini." in later.text
    assert 404 == never.status


def test_all_governments_are_seen_by_administrators_only(api: Api, desks: Desks, visitor: Visitors) -> None:
    """With what waits there; a coordinator is refused, a stranger is led to the first page."""
    page = desks.administrator("cilacap").get("/pusat")

    assert [True] * 5 == [name in page.text for name in ("Bantul", "Cilacap", "Cirebon", "Majalengka", "Trenggalek")]
    assert "reporting" in page.text
    assert 403 == desks.enter("cilacap", "coordinator").get("/pusat").status
    assert visitor().get("/pusat").address == f"{api.address}/"


@pytest.mark.parametrize(
    ("first", "last", "deputy", "wrong"),
    [("", "2026-10-09", "", "from"), ("2026-10-09", "2026-10-08", "", "to"), ("2026-10-08", "x", "", "to")],
)
def test_an_absence_is_asked_for_whole(desks: Desks, first: str, last: str, deputy: str, wrong: str) -> None:
    """What is missing or cannot be is said beside its field."""
    somebody = desks.enter("cilacap", "head", "dinkes")
    page = somebody.send(somebody.get("/cilacap/akun"), "/berhalangan", **{"from": first, "to": last, "deputy": deputy})

    assert 422 == page.status
    assert "true" == page.one("input", id=wrong).attributes["aria-invalid"]


def test_a_deputy_stands_in_until_the_officer_is_back(api: Api, desks: Desks) -> None:
    """A colleague of the same role; another's account is refused, and taken back it is gone."""
    assert api.data is not None
    somebody = desks.enter("cilacap", "liaison", "dinkes")
    chief = desks.administrator("cilacap")
    chief.send(
        chief.get("/cilacap/kelola/akun"),
        "/kelola/akun",
        deed="open",
        username="wakil.satu",
        actor="liaison",
        agency="dinkes",
    )
    page = somebody.get("/cilacap/akun")
    foreign = somebody.send(
        page,
        "/berhalangan",
        **{"from": "2026-10-08", "to": "2026-10-09", "deputy": desks.account("cilacap", "coordinator")},
    )
    noted = somebody.send(page, "/berhalangan", **{"from": "2026-10-08", "to": "2026-10-09", "deputy": "wakil.satu"})
    with running(api.data) as runtime:
        [absence] = People(runtime.database).absences("cilacap", "uji.liaison-dinkes", START.date())
    back = somebody.send(noted, "/berhalangan")
    alone = somebody.send(page, "/berhalangan", **{"from": "2026-10-15", "to": "2026-10-15", "deputy": ""})
    somebody.send(alone, "/berhalangan")

    assert [True, False] == ["Selama itu surat tugas pergi" in each.text for each in (noted, alone)]
    assert "Tidak ada yang mewakili" in alone.text
    assert 422 == foreign.status
    assert "wakil.satu" == absence.deputy
    assert "Dibatalkan." in back.text
    assert "sampai" not in back.one("main").text.partition("Berhalangan")[2].partition("Hari pertama")[0]
