"""Working time decreed in the browser: seen first, approved by another, counted from then on, never edited."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import psycopg2
import pytest

from cli.installation import running
from shared.application.calendar_drafts import approve, counting, draft_of
from shared.base.errors import Conflict
from tests.journey.installation import Api
from tests.pages.desks import PASSWORD, Desks, filed
from tests.pages.visitor import Page, Visitor

TENANT: Final = "bantul"
PATH: Final = f"/{TENANT}/kelola/kalender/usulan"
BASIS: Final = {
    "instrument": "Keputusan Bupati Bantul",
    "number": "7 Tahun 2026",
    "issued": "2026-10-05",
    "approved_by": "Bupati Bantul; Sekretaris Daerah",
    "why": "Hari jadi",
}
WEEK: Final = {"from": "2031-01-01", "hours-mon": "07:30-12:00, 13:00-16:00"}


@pytest.fixture
def chief(desks: Desks) -> Visitor:
    """Who drafts."""
    return desks.administrator(TENANT)


@pytest.fixture
def second(desks: Desks) -> Visitor:
    """Who approves."""
    return desks.administrator(TENANT, "pengelola")


def _drafted(chief: Visitor, deed: str = "simpan", kind: str = "hari", **fields: str) -> Page:
    return chief.send(chief.get(f"{PATH}/baru/{kind}"), f"/baru/{kind}", deed=deed, **{**BASIS, **fields})


def _decided(who: Visitor, page: Page, deed: str = "setujui") -> Page:
    path = re.sub(r"^.*?(/\w+/kelola)", r"\1", page.address.partition("?")[0])
    return who.send(who.get(path), path.rpartition("/")[2], deed=deed, why="Sudah diperiksa")


def _due(api: Api) -> tuple[str, str]:
    """A complaint filed now, and when its present step is due."""
    found = filed(api, TENANT)
    api.rest()
    return found["id"], api.dossier(TENANT, found["id"])["due_at"]


def test_what_another_approves_counts_from_then_on_and_promises_stay(api: Api, chief: Visitor, second: Visitor) -> None:
    """Seen first, then approved by another, who sees what was decided; a later decree takes it back again."""
    former, promised = _due(api)
    days = {"local_holiday": "5-10-2026 .. 2026-10-09 Hari Jadi"}
    looked = _drafted(chief, "lihat", **days)
    saved = _drafted(chief, **days)
    _, unmoved = _due(api)
    own = _decided(chief, saved)
    approved = _decided(second, saved)
    sent = {**second.get(PATH.rpartition("/")[0]).form("/keluar").values, "why": "x"}
    twice, unknown = second.post(saved.address, {**sent, "deed": "batal"}), second.post(saved.address, sent)
    _, later = _due(api)
    number = saved.address.partition("?")[0].rpartition("/")[2]
    _decided(second, _drafted(chief, supersedes=f"kelola-{number}"))
    _, again = _due(api)

    assert "5 hari berubah jam kerjanya." in looked.text
    assert "Hari Jadi" in looked.text
    assert re.search(r"Dari \S+ yang berjalan, [1-9]\d* akan jatuh lebih lambat dan 0 lebih cepat", looked.text)
    assert "Usulan tersimpan" in saved.text
    assert (409, True) == (own.status, "Pengelola lain yang menyetujuinya" in own.text)
    assert "Disetujui. Yang dimulai sesudah ini" in approved.text
    assert re.search(r"Disetujui hari ini, .* oleh uji\.pengelola\.", approved.text)
    assert (409, True) == (twice.status, "sudah diputuskan" in twice.text)
    assert 404 == unknown.status
    assert promised == unmoved == again == api.dossier(TENANT, former)["due_at"]
    assert promised < "2026-10-06"
    assert later >= "2026-10-12"


def test_who_approves_has_seen_what_it_changes(chief: Visitor, second: Visitor) -> None:
    """If another decree came to count since, it is to be looked at again; one that was taken back never counts."""
    first = _drafted(chief, closure="2033-01-03 Gedung diperbaiki")
    other = _drafted(chief, closure="2033-01-04 Gedung diperbaiki")
    path = first.address.partition("?")[0]
    seen = second.get(path.partition(second.address)[2])
    _decided(second, other)
    stale = second.send(seen, path.rpartition("/")[2], deed="setujui", why="Ya")
    taken_back = _decided(chief, first, "batal")
    late = second.send(stale, path.rpartition("/")[2], deed="setujui", why="Ya")

    assert (409, True) == (stale.status, "Kalender sudah berubah" in stale.text)
    assert "Usulan tidak diberlakukan" in taken_back.text
    assert (409, True) == (late.status, "sudah diputuskan" in late.text)


def test_of_two_who_approve_at_once_one_looks_again(api: Api, chief: Visitor) -> None:
    """Whatever drafts they are: neither has seen what the other's changes."""
    numbers = [
        int(_drafted(chief, closure=f"2034-01-0{day} Gedung diperbaiki").address.partition("?")[0].rpartition("/")[2])
        for day in (2, 3, 4)
    ]
    assert api.data is not None
    with running(api.data) as runtime:
        seen = counting(runtime.database, TENANT)

        def told(number: int) -> str:
            try:
                approve(runtime.database, draft_of(runtime.database, TENANT, number), "lain", "ya", runtime.clock, seen)
            except Conflict as error:
                return error.code
            return "counts"

        with ThreadPoolExecutor(3) as several:
            found = sorted(several.map(told, numbers))

    assert ["calendar_changed", "calendar_changed", "counts"] == found


def test_a_draft_is_tried_on_what_has_happened(api: Api, chief: Visitor) -> None:
    """Beside the days and the open promises, by the last months replayed."""
    _due(api)
    page = chief.get(_drafted(chief, closure="2026-10-02 Listrik padam").address.partition("?")[0] + "?riwayat=ya")

    assert "Terlambat menurut meja" in page.text
    assert "Ada hari yang sudah lewat" in page.text


_AMISS: Final[dict[str, tuple[str, dict[str, str], str]]] = {
    "no day": ("hari", {}, "tidak menyebut hari apa pun"),
    "no date": ("hari", {"closure": "besok Libur"}, "Baris 1: tulis tanggal"),
    "no name": ("hari", {"closure": "\n2026-12-24"}, "Baris 2: tulis tanggal"),
    "no such day": ("hari", {"closure": "2026-02-30 Libur"}, "Baris 1"),
    "backwards": ("hari", {"closure": "2026-12-24..2026-12-20 Libur"}, "Baris 1"),
    "years": ("hari", {"closure": "2026-12-24..2036-12-20 Libur"}, "Baris 1"),
    "twice": ("hari", {"closure": "2026-12-24 A\n2026-12-23..2026-12-25 B"}, "2026-12-24 disebut dua kali"),
    "by two kinds": ("hari", {"closure": "2026-12-29 A", "local_holiday": "2026-12-29 B"}, "disebut dua kali"),
    "the year 9999": ("hari", {"closure": "9999-12-31 A"}, "terlalu jauh"),
    "opened while open": ("hari", {"revokes": "2026-10-06"}, "bukan hari tutup"),
    "no such decree": ("hari", {"supersedes": "x", "closure": "2026-12-29 A"}, "x tidak ada"),
    "a later decree": (
        "hari",
        {"issued": "2020-01-01", "supersedes": "skb-2026", "closure": "2026-12-29 A"},
        "tidak ada",
    ),
    "tomorrow": ("hari", {"issued": "2026-10-06", "closure": "2026-12-29 A"}, "belum tiba"),
    "no issue": ("hari", {"issued": "kemarin", "closure": "2026-12-29 A"}, "Tulis tanggal seperti"),
    "unsaid": ("hari", {"why": " ", "closure": "2026-12-29 A"}, "Mengapa diusulkan?"),
    "a control sign": ("hari", {"closure": "2026-12-29 A\x01"}, "Baris 1"),
    "never open": (
        "minggu",
        {"from": "2026-11-01"} | {f"hours-{d}": "" for d in ("mon", "tue", "wed", "thu", "fri")},
        "tidak punya waktu kerja",
    ),
    "no hours": ("minggu", {**WEEK, "hours-tue": "pagi"}, "Tulis jam seperti"),
    "overlapping": ("minggu", {**WEEK, "hours-tue": "08:00-12:00, 11:00-13:00"}, "Tulis jam seperti"),
    "past midnight": ("minggu", {**WEEK, "hours-tue": "22:00-06:00"}, "Tulis jam seperti"),
    "ends first": ("masa", {**WEEK, "name": "Ramadan", "from": "2027-02-08", "to": "2027-02-01"}, "mendahului"),
    "a period of years": (
        "masa",
        {**WEEK, "name": "Ramadan", "from": "2027-02-08", "to": "2029-02-01"},
        "terlalu jauh",
    ),
    "a nameless period": ("masa", {**WEEK, "name": "", "from": "2027-02-08", "to": "2027-02-09"}, "Nama masa"),
}


@pytest.mark.parametrize("case", _AMISS)
def test_what_cannot_be_decreed_is_told_and_nothing_typed_is_lost(chief: Visitor, case: str) -> None:
    """By the field and with a remedy."""
    kind, fields, told = _AMISS[case]
    page = _drafted(chief, kind=kind, **fields)

    assert 422 == page.status
    assert told in page.one("div", id="galat").text or told in page.text
    assert BASIS["approved_by"] == page.one("input", id="approved_by").attributes["value"]


def test_a_draft_sent_after_the_visit_has_ended_is_not_lost(desks: Desks) -> None:
    """It is shown again after logging in, to be copied; nothing was kept by itself."""
    chief = desks.administrator(TENANT, "pelupa")
    page = chief.get(f"{PATH}/baru/hari")
    chief.send(page, "/keluar")
    late = chief.send(page, "/baru/hari", **BASIS, closure="2033-04-01 Pindah gedung", deed="simpan")
    after = chief.send(late, "/masuk", username="uji.pelupa", password=PASSWORD, administrator="1")

    assert 401 == late.status
    assert "2033-04-01 Pindah gedung" in after.text
    assert "2033" not in chief.get(PATH.rpartition("/")[0]).text


def test_odd_addresses_and_other_governments_are_not_found(chief: Visitor) -> None:
    """A draft is its government's."""
    number = _drafted(chief, closure="2033-02-01 Gedung diperbaiki").address.partition("?")[0].rpartition("/")[2]
    paths = [f"{PATH}/{odd}" for odd in ("0", "99999999999999999999", "baru/hantu", "-1", "x")]

    assert 200 == chief.get(f"{PATH}/{number}").status
    assert {404} == {chief.get(path).status for path in (*paths, f"/majalengka/kelola/kalender/usulan/{number}")}


def test_drafts_and_decisions_are_never_changed(api: Api, chief: Visitor) -> None:
    """Not even by whoever has the database."""
    _drafted(chief, closure="2033-03-01 Gedung diperbaiki")
    assert api.data is not None
    for table in ("calendar_drafts", "calendar_decisions"):
        for change in (f"UPDATE identity.{table} SET why = 'x'", f"DELETE FROM identity.{table}"):
            with running(api.data) as runtime, pytest.raises(psycopg2.errors.RaiseException):
                _execute(runtime, change)


def _execute(runtime: Any, statement: str) -> None:
    with runtime.database.autocommit() as cursor:
        cursor.execute(statement)
