"""Pages that are open for long: news without moving, two at once, a visit that ends, several at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.pages.frame.assets import load_assets
from portal.presence import LASTS, Presence
from shared.base.clock import SimulatedClock
from tests.fixtures.office import START
from tests.journey.installation import Api, officer
from tests.pages.desks import PASSWORD, Desks, form_of
from tests.pages.screen import DESK, Screen
from tests.pages.visitor import Page, Visitor

Visitors = Callable[..., Visitor]

WHO = {"name": "Siti Rahayu", "address": "RT 02/RW 01 Hanum"}
TEXT = "Ini jalan provinsi, bukan jalan kami, mohon diteruskan"


def _filed(api: Api, **complaint: Any) -> dict[str, Any]:
    return api.file("cilacap", **{"message": "Jalan berlubang", "title": "Jalan rusak", "reporter": WHO, **complaint})


def _news(somebody: Visitor, path: str) -> Any:
    return somebody.session.get(f"{somebody.address}/cilacap/kabar/{path}", timeout=30).json()


def test_news_of_an_inbox_are_counts_and_marks(api: Api, desks: Desks) -> None:
    """A filing adds one mark to those that the page knows; nothing of what was written is in it."""
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get("/cilacap/meja")
    known = next(each for each in page.elements if "data-live" in each.attributes).attributes["data-known"].split()
    receipt = _filed(api, message="Kata yang hanya di sini")
    api.rest()
    told = _news(somebody, "meja")

    assert 1 == len(set(told["keys"]) - set(known))
    assert sum(told["counts"].values()) == told["total"] == len(told["keys"])
    assert 0 < told["left"] <= 1800
    for private in (receipt["ticket"], receipt["id"], "Kata yang", "Siti"):
        assert private not in str(told)


def test_news_end_with_the_visit(desks: Desks) -> None:
    """A page that asks by itself is told that nobody is there; it is not led to the log-in, and keeps nothing alive."""
    somebody = desks.enter("cilacap", "coordinator")
    somebody.send(somebody.get("/cilacap/meja"), "/keluar")
    answer = somebody.session.get(f"{somebody.address}/cilacap/kabar/sesi", timeout=30)

    assert (401, b"") == (answer.status_code, answer.content)


def test_two_at_one_dossier_know_of_each_other(api: Api, desks: Desks) -> None:
    """On the page and in the news; and of what the other did."""
    receipt = _filed(api)
    one, other = desks.enter("cilacap", "coordinator"), desks.enter("cilacap", "operator", "dpupr")
    path = f"berkas/{receipt['ticket']}"
    one.get(f"/cilacap/{path}")
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    seen = other.get(f"/cilacap/{path}")
    told = _news(one, path)

    assert "juga sedang membuka berkas ini." in seen.text
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
    """Also on pages that do not fill in their form again: shown to be copied, after the log-in."""
    somebody = desks.enter("cilacap", "coordinator")
    form = somebody.get("/cilacap/daftarkan").form("/daftarkan")
    somebody.session.cookies.clear()
    asked = somebody.post(form.action, {**form.values, "message": TEXT, "reporter.name": "Pak Darmo"})
    kept = somebody.send(asked, "/masuk", username=desks.account("cilacap", "coordinator"), password=PASSWORD)
    onward = [each.attributes["href"] for each in kept.all("a", class_="button")]

    assert TEXT not in asked.html
    assert {TEXT, "Pak Darmo"} <= {each.text.strip() for each in kept.all("textarea")}
    assert ["/cilacap/daftarkan"] == onward


def test_several_are_printed_together(api: Api, desks: Desks) -> None:
    """Each with its history; another office's is refused, and nothing of it is shown."""
    tickets = [_filed(api, title=f"Judul {number}")["ticket"] for number in range(2)]
    api.rest()
    somebody = desks.enter("cilacap", "coordinator")
    printed = _chosen(somebody, tickets, deed="print")
    foreign = _chosen(desks.enter("cilacap", "operator", "dishub"), tickets, deed="print")

    assert [True, True] == [ticket in printed.text for ticket in tickets]
    assert "Judul 0" in printed.text
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


def _chosen(somebody: Visitor, tickets: list[str], **values: str) -> Page:
    token = somebody.get("/cilacap/meja").form("/keluar").values["tanda"]
    return somebody.post("/cilacap/meja/massal", {"tanda": token, "pilih": tickets, **values})


_FAST = """
const real = window.setTimeout;
window.setTimeout = (deed, wait) => real(deed, wait / 200);
"""
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
    screen.width(DESK)
    screen.open("/cilacap/masuk")
    screen.write("#username", desks.account("cilacap", "coordinator"))
    screen.write("#password", PASSWORD)
    made = screen.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _FAST})
    screen.leave_by("main form button")
    before = [row.text for row in screen.all("#tugas a[data-row]")]
    assert not screen.find(".live a").is_displayed()
    receipt = _filed(api, title="Kabar baru")
    screen.find(".live a:not([hidden])")
    same = [row.text for row in screen.all("#tugas a[data-row]")]
    told = screen.find(".live p").text
    screen.leave_by(".live a")
    screen.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", made)
    after = [(row.get_attribute("href") or "").rpartition("/")[2] for row in screen.all("#tugas a[data-row]")]
    screen.find("body").send_keys("?")
    assert "pindah baris" in screen.find("dialog[open]").text
    screen.click("dialog[open] button")
    screen.driver.set_script_timeout(20)
    ticked = screen.driver.execute_async_script(_TICKED, load_assets().address("minutes.js"))

    assert before == same
    assert "1 aduan baru masuk." == told
    assert receipt["ticket"] in after
    assert [
        "chip calm: 1 jam 2 menit lagi",
        "chip late: Terlambat 2 menit",
        "chip late: Terlambat 2 menit",
        "chip late: Terlambat 3 menit",
    ] == ticked
