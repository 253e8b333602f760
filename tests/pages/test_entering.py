"""Who gets to a desk: logging in and leaving, and what a desk may read of a dossier."""

from collections.abc import Callable

import pytest

from tests.journey.installation import Api, officer
from tests.pages.desks import PASSWORD, WHO, Desks, filed
from tests.pages.visitor import Visitor

Visitors = Callable[..., Visitor]


def test_nobody_enters_without_an_account(api: Api, desks: Desks, visitor: Visitors) -> None:
    """Every page for officers leads to the log-in; wrong name and wrong password read alike."""
    receipt = filed(api)
    stranger = visitor()
    asked = [stranger.get(f"/cilacap/{path}").heading for path in ("meja", f"berkas/{receipt['ticket']}", "semua")]
    known = desks.account("cilacap", "coordinator")
    tried = [
        stranger.send(stranger.get("/cilacap/masuk"), "/masuk", username=name, password="salah sekali")
        for name in (known, "tidak.ada")
    ]

    assert ["Masuk petugas"] * 3 == asked
    assert [401, 401] == [each.status for each in tried]
    assert tried[0].text == tried[1].text.replace("tidak.ada", known)


def test_an_officer_stays_within_their_government(api: Api, desks: Desks) -> None:
    """Another government's pages are refused, and say so."""
    del api
    page = desks.enter("cilacap", "coordinator").get("/bantul/meja")

    assert 403 == page.status


@pytest.mark.parametrize(
    "target",
    ["//evil.example/", "https://evil.example/", "/bantul/meja", "/cilacap/..\\x", "//[", "/cilacap/\nX: y"],
)
def test_logging_in_leads_nowhere_else(desks: Desks, visitor: Visitors, target: str) -> None:
    """Where to go on after logging in is a page of the same government, whatever the address says."""
    somebody = visitor()
    page = somebody.get("/cilacap/masuk", params={"lanjut": target} if target.isprintable() else None)
    who = {"username": desks.account("cilacap", "coordinator"), "password": PASSWORD}
    entered = somebody.send(page, "/masuk", **who, **({} if target.isprintable() else {"lanjut": target}))
    there = somebody.get("/cilacap/masuk", params={"lanjut": target})

    assert entered.address.endswith("/cilacap/meja")
    assert 422 == there.status or there.address.endswith("/cilacap/meja")


def test_leaving_ends_the_visit_in_the_books_too(desks: Desks) -> None:
    """A copy of the cookie is of no use afterwards."""
    somebody = desks.enter("cilacap", "coordinator")
    held = {cookie.name: cookie.value or "" for cookie in somebody.session.cookies}
    somebody.send(somebody.get("/cilacap/meja"), "/keluar")
    copied = Visitor(somebody.address)
    copied.session.cookies.update(held)

    assert "Masuk petugas" == somebody.get("/cilacap/meja").heading
    assert "Masuk petugas" == copied.get("/cilacap/meja").heading


@pytest.mark.parametrize(("privacy", "known"), [("open", True), ("anonymous", False), ("secret", False)])
def test_an_agency_reads_who_complained_only_if_they_said_so(api: Api, desks: Desks, privacy: str, known: bool) -> None:
    """The government's own desk always, the agency by the reporter's choice: on the page and on paper."""
    receipt = filed(api, privacy=privacy)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    desk = desks.enter("cilacap", "coordinator").get(f"/cilacap/berkas/{receipt['ticket']}")
    agency = desks.enter("cilacap", "operator", "dpupr")
    pages = [agency.get(f"/cilacap/berkas/{receipt['ticket']}{ending}") for ending in ("", "/cetak")]

    assert "Siti Rahayu" in desk.text
    assert [known, known] == ["Siti Rahayu" in page.html for page in pages]
    assert [known, known] == [WHO["identity"] in page.html for page in pages]


def test_an_administrator_reads_and_does_not_act(api: Api, desks: Desks) -> None:
    """The dossier without a form for it, and a request that comes all the same is refused."""
    receipt = filed(api)
    somebody = desks.administrator("cilacap")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}?alasan=inspection")
    token = page.form("/keluar").values["tanda"]
    tried = somebody.post(
        f"/cilacap/berkas/{receipt['ticket']}/tindakan", {"tanda": token, "action": "dispose", "agency": "dpupr"}
    )

    assert "Jalan utama desa berlubang" in page.text
    assert [] == [each for each in page.forms if each.action.endswith("/tindakan")]
    assert 403 == tried.status
