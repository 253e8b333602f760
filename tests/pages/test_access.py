"""Who may open which page: every endpoint, asked by everybody."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from flask import Flask

from cli.demo.doors import open_doors
from portal.pages.citizen.own import holding
from portal.pages.frame import access_table
from portal.pages.frame.access_table import ACCESS
from portal.pages.officer import visits
from shared.application.identity.shown_doors import DemoAccount, laid_open, lay_open
from tests.journey.installation import Api
from tests.pages.desks import PASSWORD, Desks
from tests.pages.visitor import Page, Visitor

Visitors = Callable[..., Visitor]

_TICKET: Final = "{ticket}"
_PATHS: Final = {
    "static.static": ("GET", "/static/aduan.css"),
    "citizen.start": ("GET", "/cilacap/"),
    "filing.form": ("GET", "/cilacap/adukan"),
    "filing.file": ("POST", "/cilacap/adukan"),
    "receipt.shown": ("GET", "/cilacap/terima"),
    "receipt.saved": ("POST", "/cilacap/terima"),
    "tracking.find": ("GET", "/cilacap/lacak"),
    "tracking.of": ("GET", f"/cilacap/lacak/{_TICKET}"),
    "tracking.enter": ("POST", "/cilacap/lacak"),
    "tracking.enter_at": ("POST", f"/cilacap/lacak/{_TICKET}"),
    "tracking.opened": ("GET", f"/cilacap/aduan/{_TICKET}"),
    "tracking.leave": ("POST", "/cilacap/keluar-lacak"),
    "acting.form": ("GET", f"/cilacap/aduan/{_TICKET}/tarik"),
    "acting.act": ("POST", f"/cilacap/aduan/{_TICKET}/tarik"),
    "acting.file": ("GET", f"/cilacap/aduan/{_TICKET}/berkas/x"),
    "public.procedure": ("GET", "/cilacap/prosedur"),
    "public.drawing": ("GET", "/cilacap/prosedur/alur.svg"),
    "public.your_data": ("GET", "/cilacap/data-anda"),
    "public.accessibility": ("GET", "/cilacap/aksesibilitas"),
    "kinerja.latest": ("GET", "/cilacap/kinerja"),
    "kinerja.shown": ("GET", "/cilacap/kinerja/2026-10"),
    "data.shown": ("GET", "/cilacap/data/"),
    "data.recap": ("GET", "/cilacap/data/rekap-2026-10.csv"),
    "data.published": ("GET", "/cilacap/data/aduan-umum-2026-10.csv"),
    "komponen.shown": ("GET", "/pusat/komponen"),
    "umum.shown": ("GET", "/cilacap/umum"),
    "umum.one": ("GET", f"/cilacap/umum/{_TICKET}"),
    "entering.form": ("GET", "/cilacap/masuk"),
    "entering.enter": ("POST", "/cilacap/masuk"),
    "entering.leave": ("POST", "/cilacap/keluar"),
    "inbox.shown": ("GET", "/cilacap/meja"),
    "dossier.shown": ("GET", f"/cilacap/berkas/{_TICKET}"),
    "dossier.printed": ("GET", f"/cilacap/berkas/{_TICKET}/cetak"),
    "kertas.kept": ("GET", f"/cilacap/berkas/{_TICKET}/cetak.pdf"),
    "dossier.act": ("POST", f"/cilacap/berkas/{_TICKET}/tindakan"),
    "dossier.resume": ("POST", f"/cilacap/berkas/{_TICKET}/lanjut"),
    "dossier.attach": ("POST", f"/cilacap/berkas/{_TICKET}/lampiran"),
    "dossier.fetch": ("GET", f"/cilacap/berkas/{_TICKET}/lampiran/x"),
    "dossier.note": ("POST", f"/cilacap/berkas/{_TICKET}/catatan"),
    "publishing.shown": ("GET", "/cilacap/terbitkan"),
    "publishing.one": ("GET", f"/cilacap/terbitkan/{_TICKET}"),
    "publishing.decide": ("POST", f"/cilacap/terbitkan/{_TICKET}/putusan"),
    "publishing.resume": ("POST", f"/cilacap/terbitkan/{_TICKET}/lanjut"),
    "live.inbox": ("GET", "/cilacap/kabar/meja"),
    "live.dossier": ("GET", f"/cilacap/kabar/berkas/{_TICKET}"),
    "live.session": ("GET", "/cilacap/kabar/sesi"),
    "bulk.shown": ("POST", "/cilacap/meja/massal"),
    "bulk.done": ("POST", "/cilacap/meja/massal/kategori"),
    "account.still": ("GET", "/cilacap/akun/masih"),
    "kalender.shown": ("GET", "/cilacap/kelola/kalender"),
    "audit.find": ("GET", "/cilacap/kelola/audit"),
    "audit.shown": ("GET", f"/cilacap/kelola/audit/{_TICKET}"),
    "hapus.shown": ("GET", "/cilacap/kelola/hapus-data"),
    "hapus.ask": ("POST", "/cilacap/kelola/hapus-data"),
    "hapus.protocol": ("GET", f"/cilacap/kelola/hapus-data/{_TICKET}"),
    "hapus.printed": ("GET", f"/cilacap/kelola/hapus-data/{_TICKET}.pdf"),
    "hapus.decide": ("POST", f"/cilacap/kelola/hapus-data/{_TICKET}"),
    "pusat.shown": ("GET", "/pusat"),
    "account.away": ("POST", "/cilacap/akun/berhalangan"),
    "everything.shown": ("GET", "/cilacap/semua"),
    "board.shown": ("GET", "/cilacap/papan"),
    "recap.present": ("GET", "/cilacap/rekap"),
    "recap.shown": ("GET", "/cilacap/rekap/2026-10"),
    "recap.file": ("GET", "/cilacap/rekap/2026-10.csv"),
    "books.register": ("GET", "/cilacap/buku/2026-10.csv"),
    "registering.form": ("GET", "/cilacap/daftarkan"),
    "registering.file": ("POST", "/cilacap/daftarkan"),
    "sops_kept.shown": ("GET", "/cilacap/kelola/prosedur"),
    "account.shown": ("GET", "/cilacap/akun"),
    "account.change": ("POST", "/cilacap/akun"),
    "accounts.shown": ("GET", "/cilacap/kelola/akun"),
    "accounts.change": ("POST", "/cilacap/kelola/akun"),
    "warga_masuk.form": ("GET", "/cilacap/saya/masuk"),
    "warga_masuk.ask": ("POST", "/cilacap/saya/masuk"),
    "warga_masuk.code": ("GET", "/cilacap/saya/kode"),
    "warga_masuk.enter": ("POST", "/cilacap/saya/kode"),
    "warga.shown": ("GET", "/cilacap/saya"),
    "warga.open_one": ("POST", "/cilacap/saya/buka"),
    "warga.link": ("POST", "/cilacap/saya/tautkan"),
    "warga.unlink": ("POST", "/cilacap/saya/lepas"),
    "warga.identity": ("GET", "/cilacap/saya/identitas"),
    "warga.identify": ("POST", "/cilacap/saya/identitas"),
    "warga.desk_number": ("POST", "/cilacap/saya/nomor-meja"),
    "warga.erasing": ("GET", "/cilacap/saya/hapus"),
    "warga.erase": ("POST", "/cilacap/saya/hapus"),
    "warga.leave": ("POST", "/cilacap/saya/keluar"),
    "cocok.form": ("GET", "/cilacap/warga"),
    "cocok.look": ("POST", "/cilacap/warga"),
    "aplikasi.manifest": ("GET", "/cilacap/aplikasi.webmanifest"),
    "aplikasi.worker": ("GET", "/cilacap/pekerja.js"),
    "aplikasi.offline": ("GET", "/cilacap/luring"),
    "andai.form": ("GET", "/cilacap/kelola/andai"),
    "andai.tried": ("POST", "/cilacap/kelola/andai"),
    "readers.shown": ("GET", f"/cilacap/aduan/{_TICKET}/dibaca"),
    "pembacaan.shown": ("GET", "/cilacap/kelola/pembacaan"),
    "kata.shown": ("GET", "/cilacap/kelola/kata"),
    "kata.restore": ("POST", "/cilacap/kelola/kata"),
    "kata.one": ("GET", "/cilacap/kelola/kata/baru"),
    "kata.decide": ("POST", "/cilacap/kelola/kata/baru"),
}
_STAFFED: Final = [name for name, door in ACCESS.items() if door in ("officer", "administrator")]


@pytest.fixture(scope="module")
def ticket(api: Api) -> str:
    """A complaint that lies with the government's own desk."""
    return str(api.file("cilacap", message="Jalan rusak rahasia", reporter={"name": "Siti Rahayu"})["ticket"])


@pytest.fixture(scope="module")
def foreign(desks: Desks) -> Visitor:
    """Another government's coordinator."""
    return desks.enter("bantul", "coordinator")


@pytest.fixture(scope="module")
def neighbour(desks: Desks) -> Visitor:
    """Another office's operator."""
    return desks.enter("cilacap", "operator", "dishub")


def _ask(somebody: Visitor, endpoint: str, ticket: str) -> Page:
    method, path = _PATHS[endpoint]
    address = path.replace(_TICKET, ticket)
    if method == "GET":
        return somebody.get(address)
    token = somebody.get("/cilacap/lacak").form("/lacak").values["tanda"]
    return somebody.post(address, {"tanda": token})


def test_every_page_has_a_row_here_and_in_the_table() -> None:
    """A new page without one is noticed twice."""
    assert set(ACCESS) == set(_PATHS)


@pytest.mark.parametrize("endpoint", _STAFFED)
def test_a_stranger_is_shown_the_door(visitor: Visitors, ticket: str, endpoint: str) -> None:
    """Every page for officers, asked for without a visit: the log-in, and nothing of the complaint."""
    page = _ask(visitor(), endpoint, ticket)

    if endpoint.startswith("live."):
        # What a page asks by itself leads nowhere.
        assert (401, "") == (page.status, page.html)
    elif endpoint.startswith("pusat."):
        assert "Kepada pemerintah mana Anda mengadu?" == page.heading
    else:
        assert "Masuk petugas" == page.heading
    assert "rahasia" not in page.html
    assert "Siti" not in page.html


@pytest.mark.parametrize("endpoint", _STAFFED)
def test_another_governments_officer_is_refused(foreign: Visitor, ticket: str, endpoint: str) -> None:
    """Whatever their role at home."""
    page = _ask(foreign, endpoint, ticket)

    assert 403 == page.status
    assert "Siti" not in page.html


@pytest.mark.parametrize("endpoint", [name for name, door in ACCESS.items() if door == "administrator"])
def test_administration_is_for_administrators(desks: Desks, ticket: str, endpoint: str) -> None:
    """Not for a coordinator."""
    assert 403 == _ask(desks.enter("cilacap", "coordinator"), endpoint, ticket).status


@pytest.mark.parametrize(
    "endpoint",
    [
        "dossier.shown",
        "dossier.printed",
        "kertas.kept",
        "dossier.act",
        "dossier.attach",
        "dossier.fetch",
        "dossier.resume",
        "dossier.note",
        "publishing.one",
        "publishing.decide",
        "publishing.resume",
    ],
)
def test_another_offices_dossier_is_refused(neighbour: Visitor, ticket: str, endpoint: str) -> None:
    """An operator reads what their own office has, and has had no part in this."""
    page = _ask(neighbour, endpoint, ticket)

    assert page.status in (403, 422)
    assert "rahasia" not in page.html


@pytest.mark.parametrize("endpoint", [name for name, door in ACCESS.items() if door == "holder"])
def test_without_the_code_nothing_of_a_complaint_is_seen(visitor: Visitors, ticket: str, endpoint: str) -> None:
    """The receipt is gone, the complaint's pages ask for the code."""
    page = _ask(visitor(), endpoint, ticket)

    assert "rahasia" not in page.html
    assert page.heading in ("Tanda terima", "Lacak aduan", "Tidak ditemukan")


@pytest.mark.parametrize("endpoint", [name for name, door in ACCESS.items() if door == "citizen"])
def test_without_an_account_its_pages_lead_to_where_one_enters(visitor: Visitors, ticket: str, endpoint: str) -> None:
    """Nothing is done on the way."""
    assert "Masuk atau buat akun" == _ask(visitor(), endpoint, ticket).heading


def test_a_page_without_a_row_does_not_start() -> None:
    """Nor one that is for officers and asks nobody who they are."""
    app = Flask("test", static_folder=None)
    for endpoint in ACCESS:
        app.add_url_rule(f"/{endpoint}", endpoint, lambda: "")
    blueprints = {name.partition(".")[0]: None for name in ACCESS}
    for name in _STAFFED:
        app.before_request_funcs[name.partition(".")[0]] = [visits.require_visit]
    app.before_request_funcs["warga"] = [holding.require_citizen]
    access_table.check(app, blueprints)
    app.before_request_funcs["board"] = []
    with pytest.raises(LookupError, match="board"):
        access_table.check(app, blueprints)
    app.before_request_funcs["board"], app.before_request_funcs["warga"] = [visits.require_visit], []
    with pytest.raises(LookupError, match="warga"):
        access_table.check(app, blueprints)
    app.add_url_rule("/new", "inbox.new", lambda: "")
    with pytest.raises(LookupError, match=r"inbox\.new"):
        access_table.check(app, blueprints)


def test_an_administrator_opens_and_shuts_an_account(api: Api, desks: Desks, visitor: Visitors) -> None:
    """The password is shown once, works, and works no more when the account is shut."""
    del api
    chief = desks.administrator("cilacap")
    page = chief.get("/cilacap/kelola/akun")
    wrong = chief.send(page, "/kelola/akun", username="baru.sekali", actor="operator", agency="")
    made = chief.send(page, "/kelola/akun", username="baru.sekali", actor="operator", agency="dishub")
    password = made.one("p", class_="code").text
    entered = _enter(visitor(), "baru.sekali", password)
    form = made.form("/keluar").values
    shut = chief.post("/cilacap/kelola/akun", {"tanda": form["tanda"], "username": "baru.sekali", "deed": "shut"})
    again = _enter(visitor(), "baru.sekali", password)

    assert 422 == wrong.status
    assert "Kotak masuk Dinas Perhubungan" == entered.heading
    assert password not in chief.get("/cilacap/kelola/akun").html
    assert "baru.sekali sudah ditutup" in shut.text
    assert 401 == again.status


def test_an_officer_changes_their_password_and_ends_their_visits(api: Api, desks: Desks, visitor: Visitors) -> None:
    """The visit goes on here and ends elsewhere; the old password is of no use."""
    del api
    name = desks.account("cilacap", "liaison", "dlh")  # nobody else's: its password is another afterwards
    here, elsewhere = visitor(), visitor()
    _enter(here, name, PASSWORD)
    _enter(elsewhere, name, PASSWORD)
    page = here.get("/cilacap/akun")
    wrong = here.send(page, "/akun", old="salah", new="kata sandi yang baru", again="kata sandi yang baru", akhiri=None)
    done = here.send(page, "/akun", old=PASSWORD, new="kata sandi yang baru", again="kata sandi yang baru", akhiri=None)

    assert 422 == wrong.status
    assert "Kata sandi sudah diganti." in done.text
    assert "Masuk petugas" == elsewhere.get("/cilacap/meja").heading
    assert 401 == _enter(visitor(), name, PASSWORD).status


def test_an_officer_registers_what_came_by_letter(api: Api, desks: Desks) -> None:
    """With its channel and the day it came; ticket and code are handed over once."""
    somebody = desks.enter("cilacap", "coordinator")
    form = somebody.get("/cilacap/daftarkan")
    given: dict[str, Any] = {"message": "Surat tentang jembatan", "channel": "letter", "reporter__name": "Pak Darmo"}
    asked = somebody.send(form, "/daftarkan", **given)
    done = somebody.send(asked, "/daftarkan", tetap="1")
    ticket = done.one("p", class_="ticket").text
    code = done.one("p", class_="code").text
    seen = api.ok("GET", f"/cilacap/complaints/{ticket}", params={"code": code})

    assert (422, True) == (asked.status, "Belum lengkap: alamat." in asked.text)
    assert "Surat tentang jembatan" == seen["complaint"]["message"]
    assert "letter" == seen["complaint"]["channel"]


def test_a_number_of_the_agenda_is_filed_once(desks: Desks) -> None:
    """Entered again, in whatever letters, what it became is shown, without its code; no second is filed."""
    somebody = desks.enter("cilacap", "coordinator")
    form = somebody.get("/cilacap/daftarkan")
    given: dict[str, Any] = {"message": "Surat tentang jembatan gantung", "channel": "letter", "tetap": "1"}
    first = somebody.send(form, "/daftarkan", agenda="045/B-17", **given)
    again = somebody.send(somebody.get("/cilacap/daftarkan"), "/daftarkan", agenda=" 045/b-17", **given)
    other = somebody.send(somebody.get("/cilacap/daftarkan"), "/daftarkan", agenda="046", **given)
    ticket = first.one("p", class_="ticket").text

    assert "tanda terima ini" in first.text
    assert "qr" == first.one("svg", class_="qr").attributes["class"]
    assert (True, False) == (ticket in again.text, "Kode lacak" in again.text)
    assert ticket != other.one("p", class_="ticket").text


def test_the_demos_doors_are_open_to_whoever_reads_its_password(api: Api, visitor: Visitors) -> None:
    """An account for every role that people hold, in every government."""
    assert api.data is not None
    password, doors = open_doors(api.data)
    roles = {
        (tenant, actor["id"])
        for tenant in ("bantul", "cilacap", "cirebon", "majalengka", "trenggalek")
        for actor in api.ok("GET", f"/sops/{tenant}")["actors"]
        if actor["id"] not in ("reporter", "system")
    }
    front = visitor().get("/")
    entered = {}
    for door in {door.tenant: door for door in doors}.values():
        somebody = visitor()
        page = somebody.get(f"/{door.tenant}/masuk")
        entered[door.tenant] = somebody.send(page, "/masuk", username=door.username, password=password).status

    assert roles == {(door.tenant, door.username.replace("-", "_")) for door in doors}
    assert {200} == set(entered.values())
    assert sorted((door.tenant, door.username) for door in doors) == sorted(
        (form.action.split("/")[1], form.values["username"]) for form in front.forms
    )


def test_one_click_leads_from_the_demos_first_page_to_a_desk(api: Api, visitor: Visitors) -> None:
    """Without anything typed."""
    assert api.data is not None
    open_doors(api.data)
    somebody = visitor()
    form = next(each for each in somebody.get("/").forms if each.action.startswith("/bantul/"))

    assert "/bantul/meja" == urlsplit(somebody.post(form.action, form.values).address).path


def test_a_real_clock_lays_no_door_open(tmp_path: Path) -> None:
    """Whatever lies in the folder; and where nothing was laid open there is nothing to show."""
    assert laid_open(tmp_path) is None
    lay_open(tmp_path, "sandi", (DemoAccount("cilacap", "coordinator", "Admin", "Cilacap"),))
    assert ("sandi", (DemoAccount("cilacap", "coordinator", "Admin", "Cilacap"),)) == laid_open(tmp_path)
    assert 0o600 == next(tmp_path.iterdir()).stat().st_mode & 0o777


def _enter(somebody: Visitor, name: str, password: str) -> Page:
    return somebody.send(somebody.get("/cilacap/masuk"), "/masuk", username=name, password=password)
