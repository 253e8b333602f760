"""What people write and what opens their complaints stands in no log, no address and no other page."""

import re
from collections.abc import Callable
from typing import Final

import pytest

from shared.platform.settings import PROJECT
from tests.journey.installation import Api, officer
from tests.pages.desks import PASSWORD, Desks
from tests.pages.visitor import Visitor

Visitors = Callable[..., Visitor]

NAME = "Kunthi Pramesthi"
UNNAMED = "Wagiyem Tanpanama"
TEXT = "Sumur kami berbau solar sejak Selasa"
NOTE = "Catatan dapur yang tidak untuk pelapor"
REASON = "Masih berbau sampai hari ini"

_OFFICERS: Final = {"__Host-aduan", "__Host-aduan-oidc", "__Host-titipan"}
_COOKIES: Final = {
    "__Host-sapa": ("formulir dikirim dari halaman ini", "a form was sent from this page"),
    "__Host-terima": ("selama 30 menit yang membuka tanda terima", "for 30 minutes, what opens the receipt"),
    "__Host-lacak": ("atau halaman aduan", "or the complaint's page"),
    "__Host-tulis": ("selama 30 detik", "for 30 seconds"),
    "__Host-warga": ("satu kuki lagi membuat Anda tetap masuk", "one more cookie keeps you in it"),
    "__Host-kode": ("selama 10 menit", "for 10 minutes"),
}
"""What the page on people's data says of each cookie that a citizen may be given, in both languages."""


def test_people_read_of_each_cookie_that_they_are_given(visitor: Visitors) -> None:
    """One that comes to be in the programs comes to be on the page: there is no other that nobody told of."""
    sources = (each.read_text(encoding="utf-8") for each in (PROJECT / "portal").rglob("*.py"))
    given = {name for source in sources for name in re.findall(r"\"(__Host-[\w-]+)\"", source)}
    pages = [visitor().get(f"/cilacap/data-anda{asked}").text for asked in ("", "?bahasa=en")]

    assert given == _OFFICERS | set(_COOKIES)
    assert [] == [
        said for told in _COOKIES.values() for said, page in zip(told, pages, strict=True) if said not in page
    ]


def test_a_whole_visit_leaves_nothing_of_anybody_in_the_log(api: Api, desks: Desks, visitor: Visitors) -> None:
    """Filed, opened, answered, reopened, looked for: the log knows patterns of addresses and no more."""
    somebody = visitor()
    form = somebody.get("/cilacap/adukan")
    receipt = somebody.send(form, "/adukan", message=TEXT, reporter__name=NAME, reporter__address="RT 9 Kalisabuk")
    ticket = receipt.one("p", id="tiket").text
    code = receipt.one("p", id="kode").text.replace("-", "")
    opened = somebody.send(receipt, "/terima", disimpan="1")
    dossier = api.ok("GET", f"/cilacap/dossiers/{ticket}", {**officer("*", "admin"), "admin": True})["id"]
    assert api.act(officer("cilacap", "coordinator"), dossier, "dispose", agency="dpupr", note=NOTE).ok
    desk = desks.enter("cilacap", "coordinator")
    desk.send(desk.get("/cilacap/semua"), "/semua", name=NAME)
    desk.get(f"/cilacap/berkas/{ticket}")
    withdrawn = somebody.send(somebody.get(f"{opened.address}/tarik"), "/tarik", reason=REASON)
    assert api.data is not None
    log = (api.data.parent / f"{api.data.name}.log").read_text(encoding="utf-8")

    assert "Aduan sudah Anda tarik" == withdrawn.heading
    assert '"route"' in log
    for private in (NAME, TEXT, NOTE, REASON, code, ticket, PASSWORD, "Kalisabuk"):
        assert private not in log


@pytest.mark.parametrize("privacy", ["anonymous", "secret"])
def test_an_agencys_pages_never_name_who_stayed_unnamed(api: Api, desks: Desks, privacy: str) -> None:
    """Inbox, dossier, print, all complaints, board, recap and register: searched for name, address and number."""
    receipt = api.file(
        "cilacap",
        message=TEXT,
        privacy=privacy,
        reporter={
            "name": UNNAMED,
            "address": "RT 9 Karangkandri",
            "phone": "081234567890",
            "identity": "3301019988776655",
        },
    )
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    api.rest()
    somebody = desks.enter("cilacap", "operator", "dpupr")
    ticket = receipt["ticket"]
    paths = ["meja", f"berkas/{ticket}", f"berkas/{ticket}/cetak", "semua", "papan", "rekap/2026-10"]
    seen = [somebody.get(f"/cilacap/{path}").html for path in paths]
    seen.append(somebody.session.get(f"{api.address}/cilacap/buku/2026-10.csv", timeout=60).text)
    found = somebody.send(somebody.get("/cilacap/semua"), "/semua", name=UNNAMED)

    assert TEXT in seen[1]
    for private in (UNNAMED, "Karangkandri", "81234567890", "3301019988776655"):
        assert [] == [path for path, html in zip([*paths, "register"], seen, strict=True) if private in html]
    assert ticket not in found.text


@pytest.mark.parametrize(
    ("host", "code"),
    [("aduan.example", "HTTPS"), ("192.0.2.7:8000", "HTTPS"), ("[", "HTTPS"), ("localhost:8000", "halaman kami")],
)
def test_a_browser_that_cannot_keep_cookies_is_told_why(visitor: Visitors, host: str, code: str) -> None:
    """Over plain HTTP from another machine no form can work: the page says so, instead of asking again for ever."""
    page = visitor().post("/cilacap/masuk", {"username": "x"}, headers={"Host": host})

    assert 403 == page.status
    assert code in page.text
