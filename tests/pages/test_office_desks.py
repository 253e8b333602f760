"""How desks and officers are reached, changed in the browser: by the next letter, with a reason, every change kept."""

from typing import Any, Final

import pytest

from cli.installation import running
from services.notify.outbox import Outbox
from shared.application.identity.offices import Offices, Signed, account_place, changes_of
from shared.base.errors import Conflict
from shared.domain.contacts import Contact
from shared.platform.database.pool import Database
from tests.fixtures.waiting import eventually
from tests.journey.installation import Api, officer
from tests.pages.desks import Desks, filed
from tests.pages.visitor import Page, Visitor

TENANT: Final = "cirebon"
PATH: Final = f"/{TENANT}/kelola/instansi"


@pytest.fixture
def chief(desks: Desks) -> Visitor:
    """An administrator."""
    return desks.administrator(TENANT)


def _sent(chief: Visitor, of: str, page: Page | None = None, deed: str = "simpan", **fields: str) -> Page:
    """The form of a place, filled in."""
    return chief.send(page or chief.get(PATH + of), of, deed=deed, **{"why": "Pindah kantor", **fields})


def _agency(api: Api) -> str:
    assert api.data is not None
    with running(api.data) as runtime:
        return runtime.tenants.get("cilacap").agencies[0].id


def _letters(api: Api, address: str) -> int:
    """How many letters went to an address, of a disposition made now."""
    assert api.data is not None
    receipt = filed(api)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency=_agency(api)).ok
    api.rest()
    every = Outbox(api.data / "outbox").letters()
    return sum(address in str(each.to) and receipt["ticket"] in each.subject for each in every)


def test_the_next_letter_goes_where_a_desk_is_reached_now(api: Api, desks: Desks) -> None:
    """The page of the desk tells who changed it and why; the file counts again when it is let."""
    chief, of = desks.administrator("cilacap"), f"/{_agency(api)}/operator"
    path = "/cilacap/kelola/instansi"
    before = chief.get(path + of)
    saved = chief.send(before, of, contacts="Ani; meja.baru@dinas.example\n0812 3456 7890", why="Pindah", deed="simpan")
    told = eventually(lambda: _letters(api, "meja.baru@dinas.example"))
    shown = chief.get(path + of)
    back = chief.send(shown, of, contacts="", why="Kembali", deed="berkas")
    after = _letters(api, "meja.baru@dinas.example")

    assert "Tersimpan." in saved.text
    assert "meja.baru@dinas.example" not in saved.html
    assert 1 == told
    assert "oleh" not in before.one("section", aria_labelledby="riwayat").text
    assert "uji.admin: kontak diubah. Sebab: Pindah" in shown.text
    assert "Ani; meja.baru@dinas.example; " not in shown.one("textarea", id="contacts").text
    assert "Ani; meja.baru@dinas.example" in shown.one("textarea", id="contacts").text
    assert (200, 0) == (back.status, after)


_AMISS: Final = {
    "no address": ("operator", "bukan alamat", "Baris 1: tulis alamat"),
    "half an address": ("operator", "a@b.example\na@", "Baris 2: tulis alamat"),
    "a short number": ("operator", "12", "Baris 1"),
    "two addresses": ("operator", "a@b.example; c@d.example", "Baris 1"),
    "a line break's sign": ("operator", "a@b.example\x00", "Baris 1"),
    "a header": ("operator", "a@b.example>\x0bBcc: x@y.example", "Baris"),
    "a list": ("operator", "\n".join(f"a{n}@b.example" for n in range(21)), "Paling banyak 20 baris"),
    "two mailboxes": ("kotak-surat", "a@b.example\nc@d.example", "hanya satu alamat"),
    "a number for a mailbox": ("kotak-surat", "081234567890", "hanya satu alamat"),
}


@pytest.mark.parametrize("case", _AMISS)
def test_what_is_no_contact_is_told_by_its_line_and_nothing_typed_is_lost(desks: Desks, api: Api, case: str) -> None:
    """Nothing is changed."""
    desk, contacts, told = _AMISS[case]
    of, chief = f"/{_agency(api)}/{desk}", desks.administrator("cilacap")
    page = chief.send(chief.get(f"/cilacap/kelola/instansi{of}"), of, contacts=contacts, why="x", deed="simpan")

    assert (422, True) == (page.status, told in page.text)
    assert page.one("textarea", id="contacts").text.strip().startswith(contacts[:4].strip())
    assert "Belum pernah diubah di sini" in chief.get(f"/cilacap/kelola/instansi/{_agency(api)}/kotak-surat").text


def test_two_administrators_do_not_undo_each_other(desks: Desks, chief: Visitor, api: Api) -> None:
    """Who is second is told, keeps what was typed, and sees the latest; without a reason nothing is changed."""
    of, other = f"/petugas/{_coordinator(api, desks)}", desks.administrator(TENANT, "pengelola")
    first, second = chief.get(PATH + of), other.get(PATH + of)
    unsaid = _sent(chief, of, first, "capai", email="a@b.example", why=" ")
    done = _sent(chief, of, first, "capai", email="a@b.example")
    late = _sent(other, of, second, "capai", email="c@d.example")
    wrong = _sent(chief, of, None, "capai", email="c@", phone="x")

    assert (422, True) == (unsaid.status, "Mengapa diubah?" in unsaid.one("div", id="galat").text)
    assert "kontak petugas diubah. Sebab: Pindah kantor" in done.text
    assert (409, "c@d.example") == (late.status, late.one("input", id="email").attributes["value"])
    assert 422 == wrong.status
    assert "a@b.example" == chief.get(PATH + of).one("input", id="email").attributes["value"]


def test_an_absence_is_noted_and_cancelled_for_a_reason(desks: Desks, chief: Visitor, api: Api) -> None:
    """In order, and with a deputy of the same office."""
    of, sick = f"/petugas/{_coordinator(api, desks)}", {"from": "2026-10-06", "to": "2026-10-07", "reason": "Sakit"}
    away = _sent(chief, of, None, "pergi", **sick)
    backwards = _sent(chief, of, None, "pergi", **{**sick, "from": "2026-10-09"})
    stranger = _sent(chief, of, None, "pergi", **sick, deputy="x")
    unsaid = _sent(chief, of, None, "kembali", **{**sick, "reason": ""})
    back = _sent(chief, of, None, "kembali", **{**sick, "reason": "Sembuh"})
    again = _sent(chief, of, None, "kembali", **{**sick, "reason": "Sembuh lagi"})

    assert "berhalangan 2026-10-06..2026-10-07. Sebab: Sakit" in away.text
    assert (422, True) == (backwards.status, "mendahului" in backwards.text)
    assert (422, True) == (stranger.status, "dari dinas yang sama" in stranger.text)
    assert (422, True) == (unsaid.status, "Sebab berhalangan" in unsaid.one("div", id="galat").text)
    assert "tidak berhalangan lagi 2026-10-06. Sebab: Sembuh" in back.text
    assert (409, False) == (again.status, "Sembuh lagi" in chief.get(PATH + of).text)


def test_a_refused_absence_leaves_how_the_officer_is_reached(desks: Desks, chief: Visitor, api: Api) -> None:
    """Each of the page's forms is sent alone: one that is refused empties none of the others."""
    of = f"/petugas/{_coordinator(api, desks)}"
    page = _sent(chief, of, None, "capai", email="tetap@b.example", phone="081234567890")
    sent = {**page.form(of).values, "email": None, "phone": None, "from": "2026-10-09", "to": "2026-10-08"}
    refused = chief.send(page, of, **sent, deed="pergi", reason="Cuti")
    unsaid = chief.send(refused, of, **sent, deed="kembali", reason="")

    for each in (refused, unsaid):
        assert 422 == each.status
        assert "tetap@b.example" == each.one("input", id="email").attributes["value"]
        assert "081234567890" == each.one("input", id="phone").attributes["value"]
    assert "2026-10-09" == refused.one("input", id="from").attributes["value"]
    assert "" == unsaid.one("input", id="from").attributes["value"]


def _coordinator(api: Api, desks: Desks) -> str:
    assert api.data is not None
    with running(api.data) as runtime:
        sop = runtime.tenants.get(TENANT).sop
    actor = next(each.id for each in sop.actors if each.scope == "tenant")
    return desks.account(TENANT, actor)


def test_one_of_several_changes_at_once_is_kept(api: Api) -> None:
    """Of one place; those of other places are all kept."""
    assert api.data is not None
    with running(api.data) as runtime:
        offices = Offices(runtime.database, "bantul")
        by = Signed(account="uji", why="coba", at=runtime.clock.now(), since=0)
        offices.contacts("desk/uji", (Contact(email="a@b.example"),), by)
        offices.contacts("desk/lain", (), by)
        with pytest.raises(Conflict, match="office_changed"):
            offices.contacts("desk/uji", None, by)

        assert [1, 1] == [len(changes_of(runtime.database, "bantul", f"desk/{each}")) for each in ("uji", "lain")]


def test_what_cannot_be_kept_of_an_account_has_not_been_done(api: Api, desks: Desks) -> None:
    """Opening, shutting, a new password, binding, unbinding: no deed without its line, no line without a deed."""
    assert api.data is not None
    name, chief, path = desks.account("cilacap", "operator", "bkpsdm"), desks.administrator("cilacap"), "/kelola/akun"
    page = chief.get(f"/cilacap{path}")
    given = {"tanda": page.form("/keluar").values["tanda"], "username": name, "why": "Pindah"}
    deeds = (
        {"deed": "shut"},
        {"deed": "renew"},
        {"deed": "bind", "subject": "tak-jadi"},
        {"deed": "unbind"},
        {"deed": "open", "username": "tak.jadi", "actor": "operator", "agency": "bkpsdm"},
    )
    with running(api.data) as runtime:
        bound = {**given, "deed": "bind", "email": "lama@cilacap.example"}
        assert 200 == chief.post(f"/cilacap{path}", bound).status
        before = _accounts(runtime.database)
        _do(runtime.database, _LAST)
        try:
            told = [chief.post(f"/cilacap{path}", {**given, **each}).status for each in deeds]
        finally:
            _do(runtime.database, _UNDONE)
        after = _accounts(runtime.database)
        twice = [chief.post(f"/cilacap{path}", {**given, "deed": each}).status for each in ("unbind", "shut") * 2]
        lines = [each.what for each in changes_of(runtime.database, "cilacap", account_place(name))]

    assert [500] * len(deeds) == told
    assert before == after
    assert ([200] * 4, ["shut", "unbound", "bound"]) == (twice, lines)


_LAST: Final = """
    INSERT INTO identity.office_changes (tenant, number, changed_at, account, why, what, place)
    VALUES ('cilacap', 2147483647, now(), 'uji', '', 'shut', 'account/uji')
"""
_UNDONE: Final = "DELETE FROM identity.office_changes WHERE number = 2147483647"


def _do(database: Database, statement: str) -> None:
    with database.autocommit() as cursor:
        cursor.execute(statement)


def _accounts(database: Database) -> list[Any]:
    """Every account with all that is kept of it."""
    with database.autocommit() as cursor:
        cursor.execute(
            "SELECT u::text, b::text FROM identity.users u LEFT JOIN identity.bindings b ON b.account = u.id ORDER BY 1"
        )
        return list(cursor.fetchall())


def test_odd_addresses_are_not_found(chief: Visitor, api: Api) -> None:
    """Offices, roles and accounts that there are not; another government's account; an administrator's."""
    odd = ("x/operator", "pemerintah/operator", "pemerintah/reporter", "petugas/uji.admin", "petugas/x", "pemerintah/x")

    assert {404} == {chief.get(f"{PATH}/{each}").status for each in odd}
    assert {404} == {chief.get(f"/cilacap/kelola/instansi/{_agency(api)}/{each}").status for each in ("x", "bagian.x")}
