"""Style, scripts and headers: contrast computed from the tokens, weight, and what a browser may load."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from uuid import uuid4

import pytest
from flask import Flask, Response

from portal.pages.frame import policy
from portal.pages.frame.assets import load_assets
from portal.pages.frame.colour import of_pages
from portal.parts import EXTENSION
from shared.domain.colour import GROUND, contrast
from shared.domain.tenants import load_tenant
from shared.platform.settings import PROJECT
from tests.fixtures.waiting import patience
from tests.journey.installation import Api
from tests.pages.accounts import enter
from tests.pages.visitor import Visitor

Visitors = Callable[..., Visitor]

_SHEET = load_assets().plain["aduan.css"].content.decode()
_TOKENS = {
    name: "#" + "".join(each * (6 // len(digits)) for each in digits)
    for name, digits in re.findall(r"--([\w-]+): #([0-9a-f]{3}|[0-9a-f]{6})\b", _SHEET)
}
_TEXT = [
    ("ink", "ground"),
    ("ink", "paper"),
    ("ink-2", "ground"),
    ("ink-2", "paper"),
    ("ink-2", "brand-soft"),
    ("brand", "paper"),
    ("brand", "ground"),
    ("brand", "brand-soft"),
    ("brand-ink", "brand"),
    ("late", "paper"),
    ("late-ink", "late"),
    ("soon-ink", "soon"),
    ("still-ink", "still"),
    ("note-ink", "note"),
]
_PAGES = ["/", "/cilacap/", "/cilacap/adukan", "/cilacap/lacak", "/cilacap/prosedur", "/cilacap/tidak-ada"]


def _contrast(one: str, other: str) -> float:
    return contrast(_TOKENS[one], _TOKENS[other])


@pytest.mark.parametrize(("text", "ground"), _TEXT)
def test_text_is_readable(text: str, ground: str) -> None:
    """WCAG 1.4.3: 4.5 to 1."""
    assert _contrast(text, ground) >= 4.5


@pytest.mark.parametrize(
    ("sign", "ground"), [("field", "paper"), ("ink", "focus"), ("soon-line", "paper"), ("note-line", "paper")]
)
def test_borders_and_signs_are_seen(sign: str, ground: str) -> None:
    """WCAG 1.4.11: 3 to 1, for what tells where a field is, where the focus is and what a colour means."""
    assert _contrast(sign, ground) >= (3 if sign != "note-line" else 2.5)


def test_a_governments_colour_is_judged_by_the_ground_on_which_it_stands() -> None:
    """What is checked of a colour is checked of the sheet's own ground, and the usual one is the sheet's."""
    home = load_tenant(PROJECT / "tenants" / "cilacap")

    assert (GROUND, of_pages(home).own) == (_TOKENS["ground"], _TOKENS["brand"])


def test_style_and_scripts_keep_their_budget() -> None:
    """They come before anything else, in kB: 5 of style, 4 of scripts, 3.5 for the app, 5 for officers. Photos bring
    2.5 more.
    """
    weights = {name: len(asset.packed) for name, asset in load_assets().plain.items()}
    scripts = {name: weight for name, weight in weights.items() if name.endswith(".js")}
    app = sum(scripts.pop(name) for name in ("antre.js", "app.js", "luring.js"))
    citizens = sum(
        scripts.pop(name) for name in ("code.js", "filing.js", "forget.js", "receipt.js", "sent.js", "tulisan.js")
    )
    photos = sum(scripts.pop(name) for name in ("foto.js", "unggah.js"))

    assert sum(weight for name, weight in weights.items() if name.endswith(".css")) <= 5 * 1024
    assert citizens <= 4 * 1024
    assert app <= 3.5 * 1024
    assert photos <= 2.5 * 1024  # once one is chosen
    assert sum(scripts.values()) <= 5 * 1024  # what only officers load, of whose inbox the design allows 20 in all


@pytest.mark.parametrize(("path", "most"), [("/cilacap/adukan", 15), ("/trenggalek/adukan", 16)])
def test_the_filing_page_is_light(visitor: Visitors, path: str, most: int) -> None:
    """Document, style and script together, compressed, in kB: the list of villages included."""
    page = visitor().get(path)
    plain = load_assets().plain
    loaded = ("aduan.css", "forget.js", "filing.js", "antre.js", "app.js", "aduan.svg")
    assets = sum(len(plain[name].packed) for name in loaded)

    assert (int(page.headers["Content-Length"]) + assets) / 1024 <= most


@pytest.mark.parametrize(
    ("path", "goes"),
    [
        *(("/cilacap/", True), ("/cilacap/adukan", True), ("/cilacap/lacak", True), ("/cilacap/prosedur", True)),
        *(("/cilacap/adukan?bahasa=en", False), ("/cilacap/lacak/CLP-2026-000001", False), ("/cilacap/masuk", False)),
    ],
)
def test_a_citizens_first_pages_go_packed_and_no_secret_beside_what_others_wrote(
    visitor: Visitors, path: str, goes: bool
) -> None:
    """Where an address may bring something into a page with a token, its length would tell of that."""
    page, plain = visitor().get(path), visitor().get(path, headers={"Accept-Encoding": "identity"})
    length = int(page.headers["Content-Length"])

    assert goes is ("gzip" == page.headers.get("Content-Encoding"))
    assert goes is (length < len(page.html.encode()) / 2)
    assert not goes or "Accept-Encoding" in page.headers["Vary"]
    assert "Content-Encoding" not in plain.headers


def test_the_form_that_holds_who_its_reporter_is_goes_as_it_is(api: Api, visitor: Visitors) -> None:
    """To whoever is in their account it brings name, number and address beside its token."""
    somebody, address = visitor(), f"siti.{uuid4().hex[:8]}@warga.example"
    enter(api, somebody, address)
    page = somebody.get("/cilacap/adukan")

    assert address == page.form("/adukan").values["reporter.email"]
    assert "Content-Encoding" not in page.headers


def test_no_style_reaches_for_what_old_telephones_do_not_know() -> None:
    """A sheet with layers is left out whole by browsers of before 2022; nothing is fetched from elsewhere."""
    assert "@layer" not in _SHEET
    assert "@import" not in _SHEET
    assert "url(" not in _SHEET


def test_no_rule_repeats_a_colour_that_a_government_may_set() -> None:
    """It would stay green where a government's own is red: rules name the token, which its sheet sets anew."""
    rules = re.sub(r"--[\w-]+: #[0-9a-f]{3,6};", "", _SHEET)
    brand = {value for name, value in _TOKENS.items() if name in ("brand", "brand-soft", "brand-line", "brand-deep")}

    assert [] == [each for each in sorted(brand) if each in rules]


@pytest.mark.parametrize("path", _PAGES)
def test_a_page_loads_only_our_own_files_and_holds_no_script_or_style_of_its_own(visitor: Visitors, path: str) -> None:
    """The policy forbids what is written into the page, so nothing is; errors carry the same headers."""
    page = visitor().get(path)

    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "no-referrer" == page.headers["Referrer-Policy"]
    assert "nosniff" == page.headers["X-Content-Type-Options"]
    assert "same-origin" == page.headers["Cross-Origin-Opener-Policy"]
    permitted = dict(each.split("=") for each in page.headers["Permissions-Policy"].split(", "))
    assert "(self)" == permitted.pop("camera")
    assert {"geolocation", "microphone"} < set(permitted)
    assert {"()"} == set(permitted.values())
    assert "no-store" == page.headers["Cache-Control"]
    assert [] == [each for each in page.elements if "style" in each.attributes or each.tag == "style"]
    assert [] == [name for each in page.elements for name in each.attributes if name.startswith("on")]
    loaded = [each.attributes.get("src") or each.attributes.get("href", "") for each in page.all("script")]
    loaded += [each.attributes["href"] for each in page.all("link") if each.attributes["rel"] != "manifest"]
    assert all(address.startswith("/static/") for address in loaded)


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        *(("/", True), ("/cilacap/", True), ("/cilacap/umum", True), ("/cilacap/kinerja/2026-10", True)),
        *(("/cilacap/data/", True), ("/cilacap/prosedur", True), ("/cilacap/data-anda", True)),
        *(("/cilacap/adukan", False), ("/cilacap/lacak", False), ("/cilacap/masuk", False), ("/cilacap/x", False)),
    ],
)
def test_search_engines_list_only_what_is_for_everybody_to_read(visitor: Visitors, path: str, listed: bool) -> None:
    """No form, no error and nothing personal is found by them."""
    assert listed is ("X-Robots-Tag" not in visitor().get(path).headers)


@pytest.mark.parametrize(
    ("asked", "public", "kept"), [("https", "http", True), ("http", "https", True), ("http", "http", False)]
)
def test_a_browser_is_bound_to_tls_where_there_is_tls(asked: str, public: str, kept: bool) -> None:
    """Our own or that of a proxy before us; where there is none, it would find nothing there for a year."""
    app = Flask("test")
    settings = SimpleNamespace(public_url=f"{public}://aduan.example")
    app.extensions[EXTENSION] = SimpleNamespace(runtime=SimpleNamespace(settings=settings))
    with app.test_request_context("/cilacap/", base_url=f"{asked}://aduan.example"):
        headers = policy.guarded(Response()).headers

    assert kept is ("Strict-Transport-Security" in headers)


def test_a_static_file_is_named_by_its_content_and_kept_for_ever(api: Api) -> None:
    """Another content has another name; a name that nobody made is nothing."""
    asset = load_assets().plain["aduan.css"]
    found = api.session.get(f"{api.address}/static/{asset.name}", timeout=patience(30))
    other = api.session.get(f"{api.address}/static/aduan.000000000000.css", timeout=patience(30))

    assert (200, asset.content) == (found.status_code, found.content)
    assert "immutable" in found.headers["Cache-Control"]
    assert "gzip" == found.headers["Content-Encoding"]
    assert 404 == other.status_code


@pytest.mark.parametrize("name", ["__Host-terima", "__Host-lacak", "__Host-sapa"])
def test_cookies_are_for_this_host_and_no_script(visitor: Visitors, name: str) -> None:
    """Secure, HttpOnly, SameSite, and of no other host."""
    somebody = visitor()
    somebody.session.max_redirects = 5
    form = somebody.get("/cilacap/adukan").form("/adukan").values
    values = {**form, "message": "x", "reporter.name": "S", "reporter.address": "R"}
    receipt = somebody.session.post(f"{somebody.address}/cilacap/adukan", values, timeout=patience(30))
    given = [receipt.history[0].headers["Set-Cookie"]]
    fresh = visitor().session.get(f"{somebody.address}/cilacap/lacak", timeout=patience(30))
    given.append(fresh.headers["Set-Cookie"])
    token = somebody.get("/cilacap/terima").form("/terima").values
    opened = somebody.session.post(
        f"{somebody.address}/cilacap/terima", {**token, "disimpan": "1"}, timeout=patience(30), allow_redirects=False
    )
    given.append(opened.headers["Set-Cookie"])

    said = next(part for each in given for part in re.split(r", (?=__Host-)", each) if part.startswith(f"{name}="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(said.split("; ")[1:])
