"""Every page that there is, each with who opens it: what is promised of all pages is tried on this list.

A page with an address of its own stands here, or among :data:`NO_PAGES` with the reason why it is none; see
``tests/portal/test_gallery.py``, which asks the application.
"""

import time
from collections import UserDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from cli.demo.doors import open_doors
from tests.files.making import view
from tests.journey.installation import Api, officer
from tests.pages.accounts import enter
from tests.pages.desks import Desks
from tests.pages.procedures import new_version
from tests.pages.visitor import Visitor

Who = Literal["anybody", "reporter", "asked", "citizen", "coordinator", "administrator"]
"""``asked``: a reporter whose complaint came back to be completed."""


@dataclass(frozen=True)
class Sight:
    """A page.

    :param endpoint: its route's name; empty of an address where there is nothing.
    :param path: with ``{answered}``, ``{waiting}``, ``{returned}`` and ``{erased}`` for tickets.
    :param status: that it answers with.
    """

    endpoint: str
    path: str
    who: Who = "anybody"
    status: int = 200


SIGHTS: Final = (
    Sight("operations.index", "/"),
    Sight("citizen.start", "/cilacap/"),
    Sight("filing.form", "/cilacap/adukan"),
    Sight("filing.form", "/trenggalek/adukan"),
    Sight("tracking.find", "/cilacap/lacak"),
    Sight("tracking.of", "/cilacap/lacak/{answered}"),
    Sight("public.procedure", "/cilacap/prosedur"),
    Sight("public.procedure", "/cirebon/prosedur"),
    Sight("public.your_data", "/cilacap/data-anda"),
    Sight("public.accessibility", "/cilacap/aksesibilitas"),
    Sight("umum.shown", "/cilacap/umum"),
    Sight("umum.shown", "/bantul/umum?bulan=2026-09"),
    Sight("umum.one", "/cilacap/umum/{answered}"),
    Sight("kinerja.shown", "/cilacap/kinerja/2026-10"),
    Sight("kinerja.shown", "/cilacap/kinerja/2026"),
    Sight("data.shown", "/cilacap/data/"),
    Sight("komponen.shown", "/pusat/komponen"),
    Sight("entering.form", "/cilacap/masuk"),
    Sight("warga_masuk.form", "/cilacap/saya/masuk"),
    Sight("aplikasi.offline", "/cilacap/luring"),
    Sight("", "/cilacap/tidak-ada", status=404),
    Sight("", "/tidak-ada", status=404),
    Sight("receipt.shown", "/cilacap/terima", "reporter"),
    Sight("tracking.opened", "/cilacap/aduan/{answered}", "reporter"),
    Sight("acting.form", "/cilacap/aduan/{answered}/balas", "reporter"),
    Sight("acting.form", "/cilacap/aduan/{answered}/tambah", "reporter"),
    Sight("acting.form", "/cilacap/aduan/{answered}/tanggapi", "reporter"),
    Sight("acting.form", "/cilacap/aduan/{answered}/tarik", "reporter"),
    Sight("acting.form", "/cilacap/aduan/{answered}/foto", "reporter"),
    Sight("acting.form", "/cilacap/aduan/{answered}/data", "reporter"),
    Sight("readers.shown", "/cilacap/aduan/{answered}/dibaca", "reporter"),
    Sight("tracking.opened", "/cilacap/aduan/{returned}", "asked"),
    Sight("acting.form", "/cilacap/aduan/{returned}/lengkapi", "asked"),
    Sight("warga.shown", "/cilacap/saya", "citizen"),
    Sight("warga.identity", "/cilacap/saya/identitas", "citizen"),
    Sight("warga.erasing", "/cilacap/saya/hapus", "citizen"),
    Sight("warga_masuk.code", "/cilacap/saya/kode", "citizen"),
    Sight("inbox.shown", "/cilacap/meja", "coordinator"),
    Sight("inbox.shown", "/cilacap/meja?meja=semua", "coordinator"),
    Sight("inbox.shown", "/cilacap/meja?meja=semua&keadaan=today&keadaan=later&kanal=web", "coordinator"),
    Sight("inbox.shown", "/cilacap/meja?kecamatan=Kampunglaut", "coordinator"),
    Sight("dossier.shown", "/cilacap/berkas/{waiting}", "coordinator"),
    Sight("dossier.shown", "/cilacap/berkas/{answered}", "coordinator"),
    Sight("dossier.printed", "/cilacap/berkas/{answered}/cetak", "coordinator"),
    Sight("everything.shown", "/cilacap/semua", "coordinator"),
    Sight("board.shown", "/cilacap/papan", "coordinator"),
    Sight("watched.tasks", "/cilacap/papan/terlambat", "coordinator"),
    Sight("watched.tasks", "/cilacap/papan/segera", "coordinator"),
    Sight("watched.tasks", "/cilacap/papan/menunggu-pelapor", "coordinator"),
    Sight("watched.returned", "/cilacap/papan/dikembalikan", "coordinator"),
    Sight("watched.returned", "/cilacap/papan/memantul", "coordinator"),
    Sight("twins.shown", "/cilacap/papan/kembar", "coordinator"),
    Sight("recap.shown", "/cilacap/rekap/2026-10", "coordinator"),
    Sight("recap.shown", "/cilacap/rekap/2026-10?banding=2026-09", "coordinator"),
    Sight("recap.shown", "/cilacap/rekap/2026", "coordinator"),
    Sight("registering.form", "/cilacap/daftarkan", "coordinator"),
    Sight("publishing.shown", "/cilacap/terbitkan", "coordinator"),
    Sight("publishing.one", "/cilacap/terbitkan/{answered}", "coordinator"),
    Sight("cocok.form", "/cilacap/warga", "coordinator"),
    Sight("account.shown", "/cilacap/akun", "coordinator"),
    Sight("sops_kept.shown", "/cilacap/kelola/prosedur", "coordinator"),
    Sight("kalender.shown", "/cilacap/kelola/kalender", "coordinator"),
    Sight("dossier.shown", "/cilacap/berkas/{waiting}", "administrator"),
    Sight("dinas.desk", "/cilacap/kelola/instansi/dpupr/operator", "administrator"),
    Sight("dinas.desk", "/cilacap/kelola/instansi/dpupr/kotak-surat", "administrator"),
    Sight("petugas.shown", "/cilacap/kelola/instansi/petugas/uji.coordinator", "administrator"),
    Sight("usulan.form", "/cilacap/kelola/kalender/usulan/baru/hari", "administrator"),
    Sight("usulan.form", "/cilacap/kelola/kalender/usulan/baru/minggu", "administrator"),
    Sight("usulan.form", "/cilacap/kelola/kalender/usulan/baru/masa", "administrator"),
    Sight("usulan.one", "/cilacap/kelola/kalender/usulan/1", "administrator"),
    Sight("sops_kept.shown", "/cilacap/kelola/prosedur?versi=1", "administrator"),
    Sight("versi.form", "/cilacap/kelola/prosedur/usulan/baru", "administrator"),
    Sight("versi.one", "/cilacap/kelola/prosedur/usulan/1", "administrator"),
    Sight("accounts.shown", "/cilacap/kelola/akun", "administrator"),
    Sight("instansi.shown", "/cilacap/kelola/instansi", "administrator"),
    Sight("pembacaan.shown", "/cilacap/kelola/pembacaan", "administrator"),
    Sight("andai.form", "/cilacap/kelola/andai", "administrator"),
    Sight("kata.shown", "/cilacap/kelola/kata", "administrator"),
    Sight("kata.one", "/cilacap/kelola/kata/baru", "administrator"),
    Sight("kata.one", "/cilacap/kelola/kata/jalan_ditambal", "administrator"),
    Sight("surat.shown", "/cilacap/kelola/surat", "administrator"),
    Sight("surat.one", "/cilacap/kelola/surat/reporter/closed", "administrator"),
    Sight("hapus.shown", "/cilacap/kelola/hapus-data", "administrator"),
    Sight("hapus.protocol", "/cilacap/kelola/hapus-data/{erased}", "administrator"),
    Sight("audit.find", "/cilacap/kelola/audit", "administrator"),
    Sight("audit.shown", "/cilacap/kelola/audit/{answered}", "administrator"),
    Sight("pusat.shown", "/pusat", "administrator"),
    Sight("disisihkan.shown", "/pusat/disisihkan", "administrator"),
)

NO_PAGES: Final = {
    "static.static": "style, scripts and pictures",
    "public.drawing": "a drawing, shown in the procedure's page",
    "sops_kept.drawing": "a drawing, shown in the procedure's page",
    "versi.drawing": "a drawing, shown in the draft's page",
    "versi.text": "a file",
    "kinerja.latest": "leads to the present month",
    "recap.present": "leads to the present month",
    "umum.feed": "read by programs",
    "masuk_oidc.depart": "leads to the government's provider of log-ins",
    "masuk_oidc.arrive": "leads on, or is the page to log in on with what went wrong",
    "data.recap": "a file",
    "data.published": "a file",
    "books.register": "a file",
    "receipt.paper": "a file",
    "recap.file": "a file",
    "kertas.kept": "a file",
    "hapus.printed": "a file",
    "acting.file": "a file",
    "acting.own_data": "a file",
    "dossier.fetch": "a file",
    "aplikasi.manifest": "read by browsers",
    "aplikasi.worker": "a script",
    "colour.sheet": "read by browsers",
    "live.inbox": "asked by a script",
    "live.dossier": "asked by a script",
    "live.session": "asked by a script",
    "live.hints": "asked by a script",
    "live.inbox_stream": "listened to by a script",
    "live.dossier_stream": "listened to by a script",
    "account.still": "asked by a script",
    "tracking.news": "asked by a script",
    "operations.health": "asked by programs",
    "hooks.deliver": "asked by providers",
}
"""What has an address and is no page to read."""

_WHO: Final = {"name": "Siti Rahayu", "address": "RT 02 Hanum", "email": "siti@warga.example"}
_ANSWERING: Final[tuple[tuple[str, str | None, str, dict[str, str]], ...]] = (
    ("coordinator", None, "dispose", {"agency": "dpupr"}),
    ("operator", "dpupr", "forward", {"note": "Mohon dicek"}),
    ("liaison", "dpupr", "forward", {}),
    ("head", "dpupr", "forward", {"response": "Diganti"}),
    ("liaison", "dpupr", "forward", {"response": "Diganti"}),
    ("operator", "dpupr", "answer", {"text": "Sudah diganti."}),
)


_CODE_SECONDS: Final = 360.0
"""So old a code may be: it is good for ten minutes, and three are given in a quarter of an hour."""


class Doors(UserDict[Who, Visitor]):
    """Who has been let in. The citizen, whose page to type a code on lasts as long as the code, asks for another."""

    def __init__(self, let_in: Mapping[Who, Visitor]) -> None:
        super().__init__(let_in)
        self._asked = time.monotonic()

    def __getitem__(self, who: Who) -> Visitor:
        visitor = super().__getitem__(who)
        if who == "citizen" and time.monotonic() - self._asked > _CODE_SECONDS:
            _asks_for_a_code(visitor)
            self._asked = time.monotonic()
        return visitor


@dataclass(frozen=True)
class Gallery:
    """An installation in which every page has something on it.

    :param tickets: by what happened to the complaint.
    :param doors: who has been let in, by who they are.
    """

    tickets: dict[str, str]
    doors: Mapping[Who, Visitor]

    def address(self, sight: Sight) -> str:
        """A page's address here."""
        return sight.path.format(**self.tickets)


def answered(api: Api) -> dict[str, Any]:
    """A complaint that was answered, and whose summary everybody may read."""
    receipt = api.file("cilacap", message="Lampu jalan padam", title="Lampu padam", reporter=_WHO)
    for actor, agency, action, fields in _ANSWERING:
        assert api.act(officer("cilacap", actor, agency), receipt["id"], action, **fields).ok
    writer = {**officer("cilacap", "operator", "dpupr"), "user": "penulis"}
    version = api.act(writer, receipt["id"], "write_summary", summary="Lampu padam di Kroya.").json()["version"]
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "publish_summary", summary_version=version).ok
    return receipt


_DECREE: Final = {
    "instrument": "Keputusan Bupati Cilacap",
    "issued": "2026-10-05",
    "approved_by": "Bupati Cilacap",
    "local_holiday": "2027-03-21 Hari Jadi",
    "why": "Hari jadi",
    "deed": "simpan",
}


def arranged(api: Api, desks: Desks) -> Gallery:
    """A complaint in each state that has a page of its own, and everybody let in."""
    done = answered(api)
    waiting = api.file("cilacap", message="Jalan berlubang di pasar", reporter=_WHO)
    returned = api.file("cilacap", message="Sampah menumpuk", reporter={"name": "Siti Rahayu"})
    erased = api.file("cilacap", message="Saluran air tersumbat", reporter=_WHO)
    assert api.act(officer("cilacap", "coordinator"), returned["id"], "return", reason="Alamat belum ada").ok
    api.rest()
    assert api.data is not None
    open_doors(api.data)
    chief = desks.administrator("cilacap")
    chief.send(chief.get("/cilacap/kelola/hapus-data"), "/hapus-data", ticket=erased["ticket"], reason="asked")
    chief.send(chief.get("/cilacap/kelola/kalender/usulan/baru/hari"), "/baru/hari", **_DECREE)
    chief.send(
        chief.get("/cilacap/kelola/prosedur/usulan/baru"),
        "/usulan/baru",
        why="Tenggat dikukuhkan",
        files={"sop": ("sop.yaml", new_version(), "text/yaml")},
    )
    coordinator = desks.enter("cilacap", "coordinator")
    for receipt in (done, waiting):  # one photo at both, which the dossier's page tells
        page = coordinator.get(f"/cilacap/berkas/{receipt['ticket']}")
        coordinator.send(page, "/lampiran", kind="photo", files={"file": ("jalan.jpg", view("jalan"), "image/jpeg")})
    doors: dict[Who, Visitor] = {
        "anybody": Visitor(api.address),
        "reporter": _reporter(api, done),
        "asked": _reporter(api, returned),
        "citizen": _citizen(api),
        "coordinator": coordinator,
        "administrator": chief,
    }
    named = {"answered": done, "waiting": waiting, "returned": returned, "erased": erased}
    return Gallery({name: receipt["ticket"] for name, receipt in named.items()}, Doors(doors))


def _reporter(api: Api, receipt: dict[str, Any]) -> Visitor:
    """Somebody who has just filed, and has opened another complaint with its code."""
    somebody = Visitor(api.address)
    somebody.send(somebody.get("/cilacap/adukan"), "/adukan", message="Lampu padam", tetap="1")
    somebody.send(somebody.get("/cilacap/lacak"), "/lacak", ticket=receipt["ticket"], code=receipt["tracking_code"])
    return somebody


def _citizen(api: Api) -> Visitor:
    """Somebody in their account, about to add a second address to it."""
    somebody = Visitor(api.address)
    enter(api, somebody, "siti.galeri@warga.example")
    _asks_for_a_code(somebody)
    return somebody


def _asks_for_a_code(somebody: Visitor) -> None:
    somebody.send(somebody.get("/cilacap/saya/masuk"), "/saya/masuk", email="siti.kedua@warga.example")
