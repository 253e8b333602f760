"""WCAG 2.2 AA as far as it can be told by looking at pages: names, headings, order, targets, room."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
import requests

from tests.journey.installation import Api, officer
from tests.pages.desks import PASSWORD, Desks
from tests.pages.screen import DESK, PHONE, Screen
from tests.pages.visitor import Element, Page, Visitor

Visitors = Callable[..., Visitor]

_OPEN = ["/", "/cilacap/", "/cilacap/lacak", "/cilacap/prosedur", "/cilacap/data-anda", "/cilacap/aksesibilitas"]
_OPEN += ["/cilacap/umum", "/cilacap/data/", "/cilacap/kinerja/2026", "/pusat/komponen"]
_FORMS = ["/cilacap/adukan", "/trenggalek/adukan", "/cilacap/masuk", "/cilacap/kinerja/2026-10", "/cilacap/tidak-ada"]
_DESKS = ["meja", "meja?meja=semua", "semua", "papan", "rekap/2026-10", "akun", "daftarkan", "kelola/prosedur"]
_DESKS += ["berkas/{ticket}", "berkas/{ticket}/cetak", "terbitkan", "terbitkan/{ticket}", "rekap/2026"]
_FORMS += ["/cilacap/saya/masuk", "/cilacap/luring"]
_DESKS += ["warga"]
_WHO = {"name": "S", "address": "R"}
_NAMED = ("aria-label", "title", "alt")


@dataclass(frozen=True)
class Scene:
    """A complaint that was answered, with an office's dossier to go with it."""

    ticket: str
    code: str


@pytest.fixture(scope="module")
def scene(api: Api) -> Scene:
    """One answered complaint."""
    receipt = api.file(
        "cilacap", message="Lampu jalan padam", title="Lampu padam", reporter={"name": "S", "address": "R"}
    )
    steps = [
        (officer("cilacap", "coordinator"), "dispose", {"agency": "dpupr"}),
        (officer("cilacap", "operator", "dpupr"), "forward", {"note": "Mohon dicek"}),
        (officer("cilacap", "liaison", "dpupr"), "forward", {}),
        (officer("cilacap", "head", "dpupr"), "forward", {"response": "Diganti"}),
        (officer("cilacap", "liaison", "dpupr"), "forward", {"response": "Diganti"}),
        (officer("cilacap", "operator", "dpupr"), "answer", {"text": "Sudah diganti."}),
    ]
    for who, action, fields in steps:
        assert api.act(who, receipt["id"], action, **fields).ok
    api.rest()
    return Scene(receipt["ticket"], receipt["tracking_code"])


def _faults(page: Page) -> Iterator[str]:
    """What is wrong with a page, by WCAG's own numbers."""
    yield from _headings(page)
    yield from _fields(page)
    yield from _references(page)
    for each in page.elements:
        yield from _element(each)
    if page.one("html").attributes.get("lang") not in ("id", "en"):
        yield "3.1.1 no language"
    if not page.one("title").text.strip():
        yield "2.4.2 no title"
    if "#isi" != next(each.attributes["href"] for each in page.all("a")):
        yield "2.4.1 the first link does not skip to the content"
    counted = {landmark: len(page.all(landmark)) for landmark in ("header", "main", "footer")}
    yield from (f"1.3.1 {count} of {landmark}" for landmark, count in counted.items() if count != 1)


def _references(page: Page) -> Iterator[str]:
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    yield from (f"4.1.2 two elements are called {name}" for name in sorted({n for n in ids if ids.count(n) > 1}))
    for each in page.elements:
        for reference in ("aria-describedby", "aria-labelledby", "for"):
            missing = set(each.attributes.get(reference, "").split()) - set(ids)
            yield from (f"1.3.1 {reference} names {name}, which is not there" for name in sorted(missing))


def _element(each: Element) -> Iterator[str]:
    if each.tag == "a" and not each.attributes.get("href"):
        yield "2.1.1 a link that leads nowhere"
    if each.tag in ("a", "button") and not _name(each):
        yield f"4.1.2 a {each.tag} without a name: {each.attributes}"
    if each.tag == "img" and "alt" not in each.attributes:
        yield "1.1.1 a picture without a word for it"
    if each.tag == "th" and "scope" not in each.attributes:
        yield f"1.3.1 a table heading of nothing: {each.text}"
    if each.tag == "svg" and each.attributes.get("aria-hidden") != "true" and "qr" not in each.attributes["class"]:
        yield "1.1.1 a drawing that screen readers spell out"


def _headings(page: Page) -> Iterator[str]:
    levels = [int(each.tag[1]) for each in page.elements if each.tag in ("h1", "h2", "h3", "h4")]
    if 1 != levels.count(1):
        yield f"1.3.1 {levels.count(1)} first headings"
    # A summary of errors stands before the first heading, as its own.
    rest = levels[levels.index(1) :] if 1 in levels else levels
    if any(after > before + 1 for before, after in pairwise(rest)):
        yield f"1.3.1 headings skip a level: {rest}"


def _fields(page: Page) -> Iterator[str]:
    labels = {each.attributes.get("for") for each in page.all("label")}
    for each in page.elements:
        hidden = each.attributes.get("type") == "hidden"
        if each.tag in ("input", "select", "textarea") and not hidden:
            named = each.attributes.get("id") in labels or "aria-label" in each.attributes
            if not named:
                yield f"1.3.1 a field without a label: {each.attributes}"
        if each.tag == "fieldset" and not any(other.tag == "legend" for other in page.elements):
            yield "1.3.1 a group without a name"


def _name(element: Element) -> str:
    return element.text.strip() or next(
        (element.attributes[name] for name in _NAMED if element.attributes.get(name)), ""
    )


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("path", [*_OPEN, *_FORMS])
def test_open_pages_have_no_fault(visitor: Visitors, path: str, language: str) -> None:
    """Every page for everybody, in both languages."""
    assert [] == list(_faults(visitor(language).get(path)))


@pytest.mark.parametrize("language", ["id", "en"])
def test_officers_pages_have_no_fault(desks: Desks, scene: Scene, language: str) -> None:
    """Every page at a desk, with something on it; and the administrator's."""
    somebody = desks.enter("cilacap", "coordinator", language=language)
    pages = [somebody.get(f"/cilacap/{path.format(ticket=scene.ticket)}") for path in _DESKS]
    pages.append(somebody.get("/cilacap/kelola/kalender"))
    chief = desks.administrator("cilacap")
    pages += [chief.get(f"/cilacap/kelola/{path}") for path in ("akun", "hapus-data", f"audit/{scene.ticket}")]
    pages.append(chief.get("/pusat"))

    assert [] == [f"{page.address}: {fault}" for page in pages for fault in _faults(page)]
    assert {200} == {page.status for page in pages}


def test_pages_with_errors_have_no_fault(visitor: Visitors, scene: Scene) -> None:
    """Forms that came back, the receipt, the complaint's page and what can be done there."""
    somebody = visitor()
    form = somebody.get("/cilacap/adukan")
    wrong = somebody.send(form, "/adukan", message="")
    incomplete = somebody.send(form, "/adukan", message="Lampu padam")
    receipt = somebody.send(incomplete, "/adukan", tetap="1")
    unsaved = somebody.send(receipt, "/terima")
    tracked = somebody.send(somebody.get("/cilacap/lacak"), "/lacak", ticket=scene.ticket, code=scene.code)
    deeds = [somebody.get(f"/cilacap/aduan/{scene.ticket}/{what}") for what in ("balas", "tanggapi", "tarik", "foto")]
    pages = [wrong, incomplete, receipt, unsaved, tracked, *deeds]

    assert [] == [f"{page.address}: {fault}" for page in pages for fault in _faults(page)]


_BROKEN = [
    ("<h1>A</h1><h3>B</h3>", "1.3.1 headings skip"),
    ("<h1>A</h1><h1>B</h1>", "1.3.1 2 first headings"),
    ("<h1>A</h1><input name='x'>", "1.3.1 a field without a label"),
    ("<h1>A</h1><button></button>", "4.1.2 a button without a name"),
    ("<h1>A</h1><p id='x'></p><p id='x'></p>", "4.1.2 two elements"),
    ("<h1>A</h1><p aria-describedby='y'></p>", "1.3.1 aria-describedby names y"),
    ("<h1>A</h1><table><th>X</th></table>", "1.3.1 a table heading"),
    ("<h1>A</h1><svg class='x'></svg>", "1.1.1 a drawing"),
    ("<h1>A</h1><main></main>", "1.3.1 2 of main"),
]


@pytest.mark.parametrize(("content", "fault"), _BROKEN)
def test_the_checks_find_what_they_look_for(content: str, fault: str) -> None:
    """A page with each of the faults is found at fault."""
    answer = requests.Response()
    whole = "<html lang='id'><title>T</title><a href='#isi'>x</a><header></header>{}<footer></footer></html>"
    answer._content = whole.format(f"<main>{content}</main>").encode()
    answer.url = "http://127.0.0.1/"

    assert [fault] == [found[: len(fault)] for found in _faults(Page(answer))]


_SMALL = """
return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((one) => one.offsetParent !== null && !one.closest("p, dd, li.said, td, th") && !one.matches(".skip"))
  .map((one) => [one.outerHTML.slice(0, 80), (one.closest(".choice") || one).getBoundingClientRect()])
  .map(([name, box]) => [name, box.width, box.height])
  .filter(([, width, height]) => width < 24 || height < 24);
"""
_ORDER = """
const shown = (one) => one.offsetParent !== null && !one.disabled && one.tabIndex >= 0;
return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter(shown).map((one) => Math.round(one.getBoundingClientRect().top + scrollY));
"""


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/cilacap/", "/cilacap/adukan", "/cilacap/lacak", "/pusat/komponen"])
def test_a_telephone_has_room_and_fingers_find_their_targets(screen: Screen, path: str) -> None:
    """1.4.10 at 320 px nothing scrolls sideways; 2.5.8 targets of 24 px at least; reading order is top to bottom."""
    screen.width(320)
    screen.open(path)
    tops = screen.run(_ORDER)

    assert 320 >= screen.run("return document.documentElement.scrollWidth")
    assert [] == screen.run(_SMALL)
    assert tops == sorted(tops)


@pytest.mark.browser
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_desks_have_room_and_targets(screen: Screen, desks: Desks, scene: Scene, width: int) -> None:
    """The inbox, the dossier, the board and the recap, on a telephone and at a desk."""
    screen.open("/cilacap/masuk")
    screen.write("#username", desks.account("cilacap", "coordinator"))
    screen.write("#password", PASSWORD)
    screen.leave_by("main form button")
    screen.width(width)
    for path in ("meja", f"berkas/{scene.ticket}", "papan", "rekap/2026-10", "semua", f"terbitkan/{scene.ticket}"):
        screen.open(f"/cilacap/{path}")
        assert width >= screen.run("return document.documentElement.scrollWidth"), path
        assert [] == screen.run(_SMALL), path


@pytest.mark.browser
def test_the_filing_form_is_walked_by_keyboard_in_its_order(screen: Screen) -> None:
    """2.1.1 and 2.4.3: Tab goes through every field as it is read; 2.4.7: where the focus is can be seen."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    screen.open("/cilacap/adukan")
    walked, seen = [], []
    for _ in range(30):
        ActionChains(screen.driver).send_keys(Keys.TAB).perform()
        name = screen.run("return document.activeElement.name || document.activeElement.textContent.trim()")
        style = screen.run("const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.boxShadow]")
        walked.append(name)
        seen.append(style != ["none", "none"])
        if name == "Kirim aduan":
            break

    fields = [name for name in walked if "." in name or name in ("message", "photos", "privacy", "Kirim aduan")]
    assert "Langsung ke isi" == walked[0]
    assert [
        "message",
        "location.kecamatan",
        "location.desa",
        "photos",
        "privacy",
        "reporter.name",
        "reporter.address",
        "reporter.phone",
        "reporter.email",
        "Kirim aduan",
    ] == fields
    assert all(seen)
