"""The citizen's pages as an app: installable, filing without a network, and nothing of anybody's kept by the worker."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.pages.frame.assets import load_assets
from tests.fixtures.proxy import Proxy
from tests.fixtures.waiting import eventually
from tests.journey.installation import Api
from tests.pages.desks import PASSWORD, PICTURE, Desks
from tests.pages.screen import Screen
from tests.pages.visitor import Visitor

Visitors = Callable[..., Visitor]

_KEPT = """
    const done = arguments[arguments.length - 1];
    (async () => {
      const found = [];
      for (const name of await caches.keys())
        for (const each of await (await caches.open(name)).keys()) found.push(new URL(each.url).pathname);
      done(found.sort());
    })();
"""
_TOLD = "return document.querySelector('#kiriman ' + arguments[0])?.textContent"
_READY = """
    const done = arguments[arguments.length - 1];
    navigator.serviceWorker.ready.then(() => {
      if (navigator.serviceWorker.controller) done(true);
      else navigator.serviceWorker.addEventListener("controllerchange", () => done(true));
    });
"""


def test_it_can_be_installed(visitor: Visitors) -> None:
    """Each government's own: name, icons that are there, pages within its own address, and a worker of that scope."""
    somebody = visitor()
    start = somebody.get("/cilacap/")
    link = start.one("link", rel="manifest").attributes
    told = json.loads(somebody.get(link["href"]).html)
    icons = {each["src"]: each for each in told["icons"]}
    plain = load_assets().plain

    assert ("/cilacap/", "/cilacap/", "standalone") == (told["start_url"], told["scope"], told["display"])
    assert "Kabupaten Cilacap" in told["name"]
    assert {f"/static/{plain[name].name}" for name in plain if name.startswith("ikon-") and "180" not in name} == set(
        icons
    )
    assert {"any", "maskable"} == {each["purpose"] for each in icons.values()}
    assert all(200 == somebody.get(address).status for address in icons)
    assert "manifest-src 'self'" in start.headers["Content-Security-Policy"]
    assert "text/javascript" in somebody.get(link["data-worker"]).headers["Content-Type"]


def test_the_page_that_is_kept_is_everybodys(visitor: Visitors, desks: Desks) -> None:
    """No token, no name, no time: the same bytes for a stranger and for an officer; officers' pages name no app."""
    officer = desks.enter("cilacap", "coordinator")
    pages = [somebody.get("/cilacap/luring") for somebody in (visitor(), officer)]

    assert pages[0].html == pages[1].html
    assert not pages[0].all("input", name="tanda")
    assert not pages[0].all("p", class_="clockbar")
    assert not officer.get("/cilacap/meja").all("link", rel="manifest")


@pytest.mark.browser
def test_what_is_filed_without_a_network_is_filed_once(
    api: Api, desks: Desks, chromium: Screen, tmp_path: Path
) -> None:
    """Under a provisional number until there is one; sent again after every answer was lost. No other page is kept."""
    photo = tmp_path / "lampu.jpg"
    photo.write_bytes(PICTURE)
    before = len(api.ok("GET", "/cilacap/dossiers", _DESK, params={"channel": "app"})["items"])
    with Proxy(api.address) as proxy:
        screen = chromium
        screen.begin(proxy.url(api.address))
        screen.open("/cilacap/")
        assert screen.driver.execute_async_script(_READY)
        screen.open("/cilacap/masuk")
        screen.write("#username", desks.account("cilacap", "coordinator"))
        screen.write("#password", PASSWORD)
        screen.leave_by("main form button")
        kept = screen.driver.execute_async_script(_KEPT)
        proxy.cut_after(0)  # what is sent arrives, and nothing comes back
        screen.open("/cilacap/adukan")
        assert "Sampaikan aduan tanpa jaringan" == screen.find("h1").text
        screen.write("#message", "Lampu jalan padam di tikungan")
        screen.write("#reporter-name", "Siti Rahayu")
        screen.find("#photos").send_keys(str(photo))
        screen.find("#photos-pilihan li")
        screen.click("main form button.button:not(.small)")
        waiting = eventually(lambda: screen.run(_TOLD, "[data-state=waiting]:not([hidden])"))
        eventually(
            lambda: len(api.ok("GET", "/cilacap/dossiers", _DESK, params={"channel": "app"})["items"]) == before + 1
        )
        proxy.heal()
        screen.run("dispatchEvent(new Event('online'))")
        ticket = eventually(lambda: screen.run(_TOLD, ".ticket"))
        eventually(lambda: "Berkas masih dikirim" not in screen.text and "Sudah terkirim" in screen.text)
        code = screen.run(_TOLD, ".code")
    view = api.ok("GET", f"/cilacap/complaints/{ticket}", params={"code": code})
    found = api.ok("GET", "/cilacap/dossiers", _DESK, params={"channel": "app"})["items"]

    assert "Menunggu jaringan: nomor sementara S-" in waiting
    assert (before + 1, True) == (len(found), ticket in [each["ticket"] for each in found])
    assert "Lampu jalan padam di tikungan" == view["complaint"]["message"]
    assert 1 == len(view["files"])
    assert ["/cilacap/luring"] == [path for path in kept if not path.startswith("/static/")]


@pytest.mark.browser
def test_what_cannot_be_sent_holds_up_nothing_that_came_after(api: Api, chromium: Screen) -> None:
    """Photos of a complaint whose code holds no more: they are counted as lost, and the next complaint is filed."""
    screen = chromium
    screen.begin(api.address)
    screen.open("/cilacap/luring")
    screen.driver.execute_async_script(_LAID_DOWN)
    screen.run("dispatchEvent(new Event('online'))")
    told = eventually(lambda: screen.run(_TOLD, "section:nth-of-type(2) .ticket"))

    assert told.startswith("CLP-")
    eventually(lambda: "Ada berkas yang tidak tersimpan" in screen.text)
    screen.driver.get_log("browser")


_LAID_DOWN = """
const done = arguments[0], photo = new Blob(["x"], { type: "image/jpeg" });
const usual = { tenant: "cilacap", language: "id", photos: [], complaint: null };
const item = (id, more) => ({ id, number: "S-" + id, ...usual, ...more });
const said = { message: "Selokan meluap", reporter: { name: "Siti", address: "RT 1" } };
Promise.all([
  self.antre.put(item("a1", { ticket: "CLP-2026-999999", code: "x", photos: [photo], trying: "a1-1.jpg" })),
  self.antre.put(item("a2", { complaint: said })),
]).then(() => done());
"""


_WATCHED = """
const list = document.getElementById("kiriman");
const look = () => { self.waited ||= list.querySelector("[data-state=waiting]:not([hidden])")?.textContent; };
new MutationObserver(look).observe(list, { childList: true });
"""
"""What was told of as waiting, however soon the worker has sent it."""


@pytest.mark.browser
def test_what_waits_is_sent_by_the_browser_itself_when_the_page_is_gone(api: Api, chromium: Screen) -> None:
    """Background sync: the page had no network and was left; what it kept is filed once, and told when it opens."""
    before = len(api.ok("GET", "/cilacap/dossiers", _DESK, params={"channel": "app"})["items"])
    screen = chromium
    screen.begin(api.address)
    screen.open("/cilacap/")
    assert screen.driver.execute_async_script(_READY)
    screen.open("/cilacap/luring")
    screen.offline(yes=True)
    screen.run(_WATCHED)
    screen.write("#message", "Jembatan gantung putus talinya")
    screen.write("#reporter-name", "Siti Rahayu")
    screen.click("main form button.button:not(.small)")
    waiting = eventually(lambda: screen.run("return self.waited"))
    screen.driver.get("about:blank")
    eventually(lambda: len(_by_app(api)) > before)
    screen.offline(yes=False)
    screen.open("/cilacap/luring")
    ticket = eventually(lambda: screen.run(_TOLD, ".ticket"))

    assert "Menunggu jaringan: nomor sementara S-" in waiting
    assert (before + 1, True) == (len(_by_app(api)), ticket in _by_app(api))


def _by_app(api: Api) -> list[str]:
    """The tickets of what was filed without a network."""
    return [each["ticket"] for each in api.ok("GET", "/cilacap/dossiers", _DESK, params={"channel": "app"})["items"]]


_DESK = {"tenant": "cilacap", "actor": "coordinator"}
