"""Pages that are open for long: news without moving, two at once, a visit that ends, several at once."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from portal.pages.frame.assets import load_assets
from portal.presence import LASTS, Presence
from portal.streams import MOST_OF_ONE, Streams
from shared.base.clock import SimulatedClock
from shared.platform.database.bell import Bell
from tests.fixtures.office import START
from tests.fixtures.waiting import patience
from tests.journey.installation import Api, officer
from tests.pages.desks import PASSWORD, Desks, form_of
from tests.pages.screen import DESK, Screen
from tests.pages.visitor import Page, Visitor

Visitors = Callable[..., Visitor]

WHO = {"name": "Siti Rahayu", "address": "RT 02/RW 01 Hanum"}
TEXT = "Ini jalan provinsi, bukan jalan kami, mohon diteruskan"


QUIET = "trenggalek"
"""Whose desk few other tests file to: an inbox of more than two hundred tasks is too long to have news."""


def _filed(api: Api, tenant: str = "cilacap", **complaint: Any) -> dict[str, Any]:
    return api.file(tenant, **{"message": "Jalan berlubang", "title": "Jalan rusak", "reporter": WHO, **complaint})


def _news(somebody: Visitor, path: str, tenant: str = "cilacap") -> Any:
    return somebody.session.get(f"{somebody.address}/{tenant}/kabar/{path}", timeout=patience(30)).json()


def test_news_of_an_inbox_are_counts_and_marks(api: Api, desks: Desks) -> None:
    """A filing adds one mark to those that the page knows; nothing of what was written is in it."""
    api.rest()
    somebody = desks.enter(QUIET, "coordinator")
    page = somebody.get(f"/{QUIET}/meja")
    known = next(each for each in page.elements if "data-live" in each.attributes).attributes["data-known"].split()
    receipt = _filed(api, QUIET, message="Kata yang hanya di sini")
    api.rest()
    told = _news(somebody, "meja", QUIET)

    assert 1 == len(set(told["keys"]) - set(known))
    assert sum(told["counts"].values()) == told["total"] == len(told["keys"])
    assert 0 < told["left"] <= 1800
    for private in (receipt["ticket"], receipt["id"], "Kata yang", "Siti"):
        assert private not in str(told)


def test_news_end_with_the_visit(desks: Desks) -> None:
    """A page that asks by itself is told that nobody is there; it is not led to the log-in, and keeps nothing alive."""
    somebody = desks.enter("cilacap", "coordinator")
    somebody.send(somebody.get("/cilacap/meja"), "/keluar")
    answer = somebody.session.get(f"{somebody.address}/cilacap/kabar/sesi", timeout=patience(30))

    assert (401, b"") == (answer.status_code, answer.content)


def _stream(somebody: Visitor, path: str, tenant: str = "cilacap") -> requests.Response:
    address = f"{somebody.address}/{tenant}/kabar/aliran/{path}"
    return somebody.session.get(address, stream=True, timeout=patience(60))


def _told(lines: Iterator[str]) -> dict[str, Any]:
    """The next news of a stream."""
    return next(json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: {"))


def test_news_come_by_themselves_until_the_visit_ends(api: Api, desks: Desks) -> None:
    """A filing is told at once, in counts and marks; after the log-out nothing more is, and the stream is over."""
    api.rest()
    somebody = desks.enter(QUIET, "coordinator")
    page = somebody.get(f"/{QUIET}/meja")
    with _stream(somebody, "meja", QUIET) as stream:
        lines = stream.iter_lines(decode_unicode=True)
        first = _told(lines)
        receipt = _filed(api, QUIET, message="Kata yang hanya di aliran")
        then = _told(lines)
        somebody.send(page, "/keluar")
        rest = list(lines)

    assert ("text/event-stream", "no-store") == (
        stream.headers["Content-Type"].split(";")[0],
        stream.headers["Cache-Control"],
    )
    # Besides its step it may be a task already that somebody has to be reached.
    assert {receipt["id"][:8]} == {key[:8] for key in set(then["keys"]) - set(first["keys"])}
    assert "left" not in then
    assert [line for line in rest if line.startswith("event:")] == ["event: selesai"]
    for private in (receipt["ticket"], receipt["id"], "Kata yang", "Siti"):
        assert private not in str([then, rest])


def test_a_dossiers_news_come_to_who_may_read_it(api: Api, desks: Desks) -> None:
    """What a colleague does is told; another office's officer gets no stream, and an office that loses it no more."""
    receipt = _filed(api)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    path = f"berkas/{receipt['ticket']}"
    stranger = _stream(desks.enter("cilacap", "operator", "dishub"), path)
    at_office = _stream(desks.enter("cilacap", "operator", "dpupr"), path)
    at_desk = _stream(desks.enter("cilacap", "coordinator"), path)
    with at_office, at_desk:
        theirs, ours = at_office.iter_lines(decode_unicode=True), at_desk.iter_lines(decode_unicode=True)
        before = [_told(theirs)["version"], _told(ours)["version"]]
        assert api.act(officer("cilacap", "operator", "dpupr"), receipt["id"], "return", reason=TEXT).ok
        after = _told(ours)
        while after["version"] in before:  # who else looks is news, too
            after = _told(ours)
        rest = [line for line in theirs if line.startswith("event:")]

    assert 403 == stranger.status_code
    assert "Dikembalikan" in after["told"]
    assert TEXT not in after["told"]
    assert ["event: selesai"] == rest


def test_streams_are_few_and_a_new_one_takes_the_place_of_its_accounts_oldest() -> None:
    """Others keep theirs; a process that is full refuses, and one that leaves ends all and begins none."""
    streams, bell = Streams(most=6), Bell()
    own = [streams.enter("rina", bell) for _ in range(MOST_OF_ONE + 1)]
    others = [streams.enter(name, bell) for name in ("budi", "wati", "tono")]
    oldest = own[0]
    assert oldest is not None
    oldest.rest()  # it does not wait any more
    oldest.leave()

    assert [True, *[False] * MOST_OF_ONE] == [each is not None and each.full and each.over for each in own]
    assert [True, True, False] == [each is not None for each in others]
    assert 6 == len(streams)
    assert streams.enter("wati", bell) is not None
    assert 6 == len(streams), "who has one already takes its own place where there is no other"
    streams.end()
    assert streams.enter("budi", bell) is None
    assert all(each.over for each in (*own, *others) if each is not None)


def test_two_at_one_dossier_know_of_each_other(api: Api, desks: Desks) -> None:
    """On the page and in the news; and of what the other did."""
    receipt = _filed(api)
    one, other = desks.enter("cilacap", "coordinator"), desks.enter("cilacap", "operator", "dpupr")
    path = f"berkas/{receipt['ticket']}"
    one.get(f"/cilacap/{path}")
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    seen = other.get(f"/cilacap/{path}")
    told = _news(one, path)

    assert seen.one("noscript").text.strip().endswith("juga sedang membuka berkas ini."), "scripts tell it themselves"
    assert ["uji.operator-dpupr" in each for each in told["others"]] == [True]
    assert "Didisposisikan ke Dinas Pekerjaan Umum" in told["told"]
    assert told["version"] > 1


def test_presence_lasts_a_minute() -> None:
    """Then who has left is forgotten; nobody is their own company."""
    clock = SimulatedClock(START)
    presence = Presence(clock)

    assert [] == presence.others("a", "T-1", "rina", "Sekretaris (rina)")
    assert ["Sekretaris (rina)"] == presence.others("a", "T-1", "budi", "Operator (budi)")
    assert [] == presence.others("a", "T-2", "budi", "Operator (budi)")
    assert [] == presence.others("b", "T-1", "budi", "Operator (budi)")
    clock.move_to(START + LASTS + timedelta(seconds=1))
    assert [] == presence.others("a", "T-1", "budi", "Operator (budi)")


def test_who_comes_second_is_told_who_did_what(api: Api, desks: Desks) -> None:
    """The event, the role and the time; the text is there to be copied, and can be kept as a note."""
    receipt = _filed(api)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    somebody = desks.enter("cilacap", "operator", "dpupr")
    form = form_of(somebody.get(f"/cilacap/berkas/{receipt['ticket']}"), "return")
    assert api.act(officer("cilacap", "operator", "dpupr"), receipt["id"], "forward").ok
    late = somebody.post(form.action, {**form.values, "reason": TEXT})
    noted = somebody.send(late, "/catatan")

    assert 409 == late.status
    assert "Berkas ini sudah berubah: Diteruskan (" in late.text
    assert TEXT == late.form("/catatan").values["note"]
    assert TEXT in noted.text


def test_what_was_typed_anywhere_survives_a_visit_that_ended(desks: Desks) -> None:
    """In its form again, filled in and not sent; of pages that fill in no form, shown to be copied."""
    somebody = desks.enter("cilacap", "coordinator")
    name = desks.account("cilacap", "coordinator")
    form = somebody.get("/cilacap/daftarkan").form("/daftarkan")
    token = somebody.get("/cilacap/papan/kembar").form("/keluar").values["tanda"]
    somebody.session.cookies.clear()
    typed = {"message": TEXT, "reporter.name": "Pak Darmo", "location.desa": "Kroya|Kroya", "channel": "letter"}
    asked = somebody.post(form.action, {**form.values, **typed})
    entered = somebody.send(asked, "/masuk", username=name, password=PASSWORD)
    filled = somebody.send(entered, "/lanjut")
    again = filled.form("/daftarkan").values
    somebody.session.cookies.clear()
    elsewhere = somebody.post("/cilacap/papan/kembar", {"tanda": token, "reason": TEXT})
    kept = somebody.send(elsewhere, "/masuk", username=name, password=PASSWORD)

    assert TEXT not in asked.html
    assert typed | {"kiriman": form.values["kiriman"]} == {word: again[word] for word in (*typed, "kiriman")}
    assert "Belum terkirim. Periksa lalu kirim." in filled.text
    assert TEXT in [each.text.strip() for each in kept.all("textarea")]
    assert ["/cilacap/papan/kembar"] == [each.attributes["href"] for each in kept.all("a", class_="button")]


def test_what_was_typed_before_another_visit_began_is_shown_to_be_copied(desks: Desks) -> None:
    """In another tab somebody left and entered again: the form of before is not taken, and nothing of it is lost."""
    somebody = desks.enter("cilacap", "coordinator")
    form = somebody.get("/cilacap/daftarkan").form("/daftarkan")
    left = somebody.send(somebody.get("/cilacap/meja"), "/keluar")
    somebody.send(left, "/masuk", username=desks.account("cilacap", "coordinator"), password=PASSWORD)
    refused = somebody.post(form.action, {**form.values, "message": TEXT, "reporter.name": "Pak Darmo"})

    assert 403 == refused.status
    assert {TEXT, "Pak Darmo"} <= {each.text.strip() for each in refused.all("textarea")}


def test_several_are_printed_together(api: Api, desks: Desks) -> None:
    """Each with its history; another office's is refused, and nothing of it is shown."""
    tickets = [_filed(api, title=f"Judul {number}")["ticket"] for number in range(2)]
    api.rest()
    somebody = desks.enter("cilacap", "coordinator")
    printed = _chosen(somebody, tickets, deed="print")
    foreign = _chosen(desks.enter("cilacap", "operator", "dishub"), tickets, deed="print")

    assert [True, True] == [ticket in printed.text for ticket in tickets]
    assert "Judul 0" in printed.text
    assert "(Admin Utama (Dinas Komunikasi dan Informatika)), " in printed.text
    assert 403 == foreign.status
    assert "Judul" not in foreign.html


def test_a_category_is_given_to_several_after_a_look(api: Api, desks: Desks) -> None:
    """What would change is shown first; each is its own command, and what cannot be done says why."""
    first, second = _filed(api), _filed(api)
    assert api.act(officer("cilacap", "coordinator"), second["id"], "dispose", agency="dpupr").ok
    api.rest()
    somebody = desks.enter("cilacap", "coordinator")
    looked = _chosen(somebody, [first["ticket"], second["ticket"]], deed="category", category="KESEHATAN")
    before = api.dossier("cilacap", first["id"])["category"]
    done = somebody.send(looked, "/kategori")

    assert "menjadi KESEHATAN" in looked.text
    assert "tidak dapat diubah" in looked.text
    assert "KESEHATAN" != before
    assert "KESEHATAN" == api.dossier("cilacap", first["id"])["category"]
    assert "Sudah: KESEHATAN" in done.text


def test_whoever_chooses_more_than_go_together_is_told(api: Api, desks: Desks) -> None:
    """A page of a list may have more rows than are printed or classified at once: none is left out unsaid."""
    ticket = _filed(api)["ticket"]
    api.rest()
    somebody = desks.enter("cilacap", "coordinator")
    many = [ticket, *(f"CLP-2026-9{number:05}" for number in range(51))]
    looked = _chosen(somebody, many, deed="category", category="KESEHATAN")

    assert "2 aduan lain yang Anda pilih tidak ikut: paling banyak 50 sekaligus." in looked.text
    assert "tidak ikut" not in _chosen(somebody, [ticket] * 60, deed="print").text


def _chosen(somebody: Visitor, tickets: list[str], **values: str) -> Page:
    token = somebody.get("/cilacap/meja").form("/keluar").values["tanda"]
    return somebody.post("/cilacap/meja/massal", {"tanda": token, "pilih": tickets, **values})


_TICKED = """
const done = arguments[1];
const units = [["jam", "jam"], ["menit", "menit"]];
const words = JSON.stringify({ left: "{} lagi", late: "Terlambat {}", under: "x", units, second: ["detik", "detik"] });
const began = Date.now(), real = window.setInterval;
document.body.insertAdjacentHTML("beforeend",
  `<template id="detik" data-working="90" data-words='${words}'><svg class="icon"></svg></template><div id="uji">` +
  [["down", 3900], ["down", 60], ["work", 0], ["wall", 0]].map(([tick, seconds]) =>
  `<span class="chip calm" data-tick="${tick}" data-seconds="${seconds}"><svg></svg><span>x</span></span>`)
  .join("") + "</div>");
let tick;
window.setInterval = (deed) => { tick = deed; };
import(arguments[0] + "?again").then(() => {
  window.setInterval = real;
  Date.now = () => began + 180000;
  tick();
  done([...document.querySelectorAll("#uji .chip")].map((chip) => chip.className + ": " + chip.textContent));
});
"""


@pytest.mark.browser
def test_news_are_announced_and_time_is_counted_on(screen: Screen, api: Api, desks: Desks) -> None:
    """A new complaint is told and shown when asked for; chips tick down, then up, in working time while it runs."""
    api.rest()
    screen.width(DESK)
    screen.open(f"/{QUIET}/masuk")
    screen.write("#username", desks.account(QUIET, "coordinator"))
    screen.write("#password", PASSWORD)
    screen.leave_by("main form button")
    before = [row.text for row in screen.all("#tugas a[data-row]")]
    waiting = int(screen.find("[data-count=total]").text)
    assert not screen.find(".live a").is_displayed()
    _filed(api, QUIET, title="Kabar baru")
    screen.find(".live a:not([hidden])")
    same = [row.text for row in screen.all("#tugas a[data-row]")]
    told = screen.find(".live p").text
    screen.leave_by(".live a")
    after = int(screen.find("[data-count=total]").text)  # of all pages: the new one may stand on the last
    screen.find("body").send_keys("?")
    assert "pindah baris" in screen.find("dialog[open]").text
    screen.click("dialog[open] button")
    ticked = screen.driver.execute_async_script(_TICKED, load_assets().address("minutes.js"))

    assert before == same
    assert "1 aduan baru masuk." == told
    assert waiting + 1 == after
    assert [
        "chip calm: 1 jam 2 menit lagi",
        "chip late: Terlambat 2 menit",
        "chip late: Terlambat 2 menit",
        "chip late: Terlambat 3 menit",
    ] == ticked
