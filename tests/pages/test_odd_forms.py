"""What no keyboard writes, sent in a form: refused, or passed over; never our fault. What turns or breaks a line stays
in its place.
"""

from typing import Any, Final

import pytest

from tests.fixtures.waiting import patience
from tests.journey.installation import Api, officer
from tests.pages.desks import WHO, Desks, filed
from tests.pages.gallery import Gallery, Who
from tests.pages.screen import Screen
from tests.pages.visitor import Page

_SIGN: Final = "a\x00b"
_ENDLESS: Final = "x" * 30_000
_TURNING: Final = "\u202eirtal"
"""Whoever reads on reads from the right, unless it is kept apart."""

_FORMS: Final[tuple[tuple[Who, str, tuple[str, ...], dict[str, str]], ...]] = (
    ("anybody", "lacak", ("ticket", "code"), {}),
    ("anybody", "adukan", ("title", "location.desa", "kiriman"), {}),
    ("anybody", "saya/masuk", ("email", "phone"), {}),
    ("citizen", "saya/buka", ("ticket",), {}),
    ("citizen", "saya/lepas", ("ticket",), {}),
    ("citizen", "saya/tautkan", ("ticket", "code"), {}),
    ("citizen", "saya/kode", ("code",), {}),
    ("reporter", "aduan/{answered}/data", ("kind", "text", "kiriman"), {}),
    ("coordinator", "semua", ("q", "name", "phone", "desa", "since", "tempat", "sesudah"), {}),
    ("coordinator", "papan/kembar", ("one", "into", "reason", "kiriman"), {"deed": "apart"}),
    ("coordinator", "papan/kembar", ("one", "into", "reason", "kiriman"), {}),
    ("coordinator", "warga", ("number",), {}),
    ("coordinator", "meja/massal", ("pilih", "category", "deed"), {}),
    ("coordinator", "meja/massal/kategori", ("pilih", "category", "kiriman"), {}),
    ("coordinator", "akun", ("baris",), {}),
    ("coordinator", "akun", ("seterusnya",), {}),
    ("coordinator", "akun/berhalangan", ("from", "to", "deputy"), {}),
    ("coordinator", "daftarkan", ("channel", "agenda", "occurred_at", "kiriman"), {"message": "Surat"}),
    ("coordinator", "berkas/{waiting}/tindakan", ("action", "number", "version", "kiriman", "into", "why"), {}),
    ("coordinator", "berkas/{waiting}/catatan", ("note", "kiriman"), {}),
    ("coordinator", "berkas/{waiting}/lampiran", ("document", "note"), {}),
    ("coordinator", "terbitkan/{answered}/putusan", ("summary", "summary_version"), {"deed": "write_summary"}),
    ("administrator", "kelola/akun", ("username", "actor", "agency"), {"deed": "open"}),
    ("administrator", "kelola/akun", ("username", "why"), {"deed": "shut"}),
    ("administrator", "kelola/akun", ("username", "subject", "email"), {"deed": "bind"}),
    ("administrator", "kelola/akun", ("username",), {"deed": "unbind"}),
    ("administrator", "kelola/akun", ("username",), {"deed": "renew"}),
    ("administrator", "kelola/pembacaan", ("ticket", "user", "sesudah"), {}),
    ("administrator", "kelola/pembacaan", ("user",), {}),
    ("administrator", "kelola/audit", ("ticket",), {}),
    ("administrator", "kelola/hapus-data", ("ticket",), {"reason": "asked"}),
    ("administrator", "kelola/kata", ("of", "why"), {}),
    ("administrator", "kelola/surat/reporter/closed", ("text", "why", "since", "of"), {"deed": "kembali"}),
    ("administrator", "kelola/instansi/dpupr/operator", ("contacts", "why", "since"), {}),
    ("administrator", "kelola/instansi/petugas/uji.coordinator", ("email", "phone", "why"), {"deed": "capai"}),
    ("administrator", "kelola/kalender/usulan/baru/hari", ("instrument", "issued", "local_holiday"), {}),
    ("administrator", "kelola/kalender/usulan/1", ("deed", "why", "seen"), {}),
)
"""By whom, to which address, the fields in which it stands, and what is sent besides."""


def _send(gallery: Gallery, who: Who, path: str, fields: dict[str, Any]) -> int:
    return _sent(gallery, who, path, fields).status


def _sent(gallery: Gallery, who: Who, path: str, fields: dict[str, Any]) -> Page:
    """A form of no page of ours, with the token of one that is."""
    door = gallery.doors[who]
    token = next(
        form.values["tanda"]
        for form in door.get("/cilacap/masuk" if who == "anybody" else "/cilacap/lacak").forms
        if "tanda" in form.values
    )
    return door.post(f"/cilacap/{path.format(**gallery.tickets)}", {"tanda": token, **fields})


@pytest.mark.parametrize("odd", [_SIGN, _ENDLESS], ids=["a sign that no database takes", "a text without end"])
def test_no_form_is_our_fault(gallery: Gallery, odd: str) -> None:
    """Each field that is written into, of every form that is looked up, kept or decided by it."""
    found = []
    for who, path, names, besides in _FORMS:
        status = _send(gallery, who, path, {**besides, **dict.fromkeys(names, odd)})
        found += [(path, names, status)] if status >= 500 else []

    assert [] == found


@pytest.mark.parametrize(
    ("who", "path", "twice", "fields"),
    [
        (
            "anybody",
            "adukan",
            {"privacy": ["open", "secret"]},
            {"message": "Jalan rusak", **{f"reporter.{name}": value for name, value in WHO.items()}},
        ),
        (
            "coordinator",
            "berkas/{waiting}/tindakan",
            {"reason": ["bukan aduan", "x"]},
            {"action": "reject", "number": "0"},
        ),
        ("anybody", "lacak", {"code": ["SALAH23456", "SALAH23457"]}, {"ticket": "CLP-2026-000001"}),
        ("reporter", "aduan/{answered}/tanggapi", {"kiriman": ["satu", "dua"]}, {"selesai": "tanya", "text": "Kapan?"}),
        ("citizen", "saya/keluar", {"semua": ["", "1"]}, {}),
        ("coordinator", "semua", {"q": ["jalan", "lampu"]}, {}),
        ("administrator", "kelola/hapus-data/{answered}", {"deed": ["batal", "setuju"]}, {}),
    ],
)
def test_what_is_said_twice_is_refused(
    gallery: Gallery, who: Who, path: str, twice: dict[str, Any], fields: dict[str, Any]
) -> None:
    """Who asks for secrecy in a form that is open as well is not taken for one who did not."""
    page = _sent(gallery, who, path, {**fields, **twice})

    assert (422, True) == (page.status, "dua kali" in page.text), page.text


def test_a_part_without_a_name_is_no_part_of_a_form(gallery: Gallery, api: Api) -> None:
    """Whether a page reads the form or a program sent it: the form is refused as one that is broken."""
    part = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    nameless = b"--b\r\nContent-Disposition: form-data%s\r\n\r\nJalan rusak\r\n"
    address = f"/cilacap/dossiers/{filed(api)['id']}/files"
    for more in (b"", b'; filename="foto.jpg"'):
        body = part % (b"message", b"Jalan rusak") + nameless % more + b"--b--\r\n"
        sent: dict[str, Any] = {"data": body, "headers": {"Content-Type": "multipart/form-data; boundary=b"}}
        page = gallery.doors["anybody"].session.post(f"{api.address}/cilacap/adukan", timeout=patience(60), **sent)
        file = api.call("POST", address, officer("cilacap", "coordinator"), **sent)

        assert (403, 422) == (page.status_code, file.status_code)


_DECIDED: Final[tuple[tuple[Who, str], ...]] = (
    ("coordinator", "papan/kembar"),
    ("coordinator", "meja/massal"),
    ("administrator", "kelola/akun"),
    ("administrator", "kelola/kata/baru"),
    ("administrator", "kelola/surat/reporter/closed"),
    ("administrator", "kelola/instansi/dpupr/operator"),
    ("administrator", "kelola/instansi/petugas/uji.coordinator"),
    ("administrator", "kelola/kalender/usulan/baru/hari"),
    ("administrator", "kelola/kalender/usulan/1"),
    ("administrator", "kelola/prosedur/usulan/1"),
    ("administrator", "kelola/hapus-data/{answered}"),
)
"""Forms that can do several things, by the button that is pressed."""


@pytest.mark.parametrize(("who", "path"), _DECIDED)
@pytest.mark.parametrize("deed", ["", "entah"])
def test_what_a_form_cannot_do_is_not_taken_for_what_it_can(gallery: Gallery, who: Who, path: str, deed: str) -> None:
    """No account is opened, nothing merged, saved or erased by a button that the page has not."""
    fields = {
        "deed": deed,
        "agreed": "1",
        "why": "Sebab",
        "reason": "Sebab",
        "username": "baru",
        "actor": "coordinator",
    }
    assert 404 == _send(gallery, who, path, fields)


def test_a_log_in_with_a_name_that_is_none_is_refused_as_any_other(gallery: Gallery) -> None:
    """The name is looked up in no database, and the answer is that of a wrong password."""
    assert 401 == _send(gallery, "anybody", "masuk", {"username": _SIGN, "password": "kata sandi yang salah"})


@pytest.mark.parametrize(
    "names", [("reporter", "reporter.name"), (f"reporter{'.x' * 2000}",)], ids=["a text that holds others", "deep"]
)
def test_a_form_of_a_shape_that_is_none_is_refused(gallery: Gallery, names: tuple[str, ...]) -> None:
    """Fields lie in one another as the procedure's own do, or the form is refused with what was written."""
    fields = {**dict.fromkeys(names, "x"), "action": "supplement", "number": "0"}
    assert 422 == _send(gallery, "coordinator", "berkas/{waiting}/tindakan", fields)


_ORDER: Final = """
const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const at = walk.currentNode.data.indexOf(arguments[0]);
  if (at < 0) continue;
  const signs = [...arguments[0]].map((_, place) => {
    const range = document.createRange();
    range.setStart(walk.currentNode, at + place);
    range.setEnd(walk.currentNode, at + place + 1);
    return range.getBoundingClientRect();
  });
  if (signs[0].width) return signs.every((one, n) => !n || one.left > signs[n - 1].left || one.top > signs[n - 1].top);
}
return null;
"""


@pytest.mark.browser
def test_what_a_reporter_writes_turns_and_widens_nothing_else(screen: Screen, api: Api, desks: Desks) -> None:
    """A ticket beside a title and a number beside a name are read from the left; a word without end is broken."""
    phone, endless = "+6281234500077", "Panjang" * 40
    who = {"name": f"Siti {_TURNING}", "address": f"{endless}{_TURNING}", "phone": phone}
    told = {"title": f"{_TURNING} {endless}"[:190], "message": f"{endless} {_TURNING}"}
    receipt = api.file("cilacap", reporter=who, location={"kecamatan": "Patimuan"}, **told)
    api.rest()
    coordinator = desks.enter("cilacap", "coordinator")
    page = coordinator.get(f"/cilacap/berkas/{receipt['ticket']}")
    assert 200 == coordinator.send(page, "/catatan", note=f"{endless} {_TURNING}").status
    screen.become(coordinator)
    screen.width(320)
    found: dict[str, bool | None] = {}
    wide: list[int] = []
    for path, words in (("meja?kecamatan=Patimuan", receipt["ticket"]), (f"berkas/{receipt['ticket']}", phone)):
        screen.open(f"/cilacap/{path}")
        found[path] = screen.run(_ORDER, words)
        wide.append(screen.run("return document.documentElement.scrollWidth"))

    assert {True} == set(found.values()), found
    assert [320, 320] == wide
