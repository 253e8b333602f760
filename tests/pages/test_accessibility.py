"""WCAG 2.2 AA as far as it can be told by looking at every page: names, headings, order, targets, room."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, Final

import pytest
import requests

from tests.pages.faults import faults
from tests.pages.gallery import SIGHTS, Gallery, Sight, Who
from tests.pages.readers_own import UNFOLDED, as_readers_set_it
from tests.pages.screen import DESK, PHONE, Screen
from tests.pages.visitor import Page, Visitor

Visitors = Callable[..., Visitor]

_CITIZENS: Final[tuple[Who, ...]] = ("anybody", "reporter", "asked", "citizen")
_NARROW: Final = 320
_TABLET: Final = 800
_ONE_LINE: Final = 24
"""Pixels by which what stands side by side may differ."""
_TARGETS: Final = "a[href], button, input:not([type=hidden]), select, textarea, summary"
_SHOWN: Final = """
const folded = (one) => {
  const box = (one.matches("summary") ? one.parentElement.parentElement : one).closest("details:not([open])");
  return box !== null;
};
const shown = (one) => one.offsetParent !== null && !folded(one) && !one.matches(".skip");
"""
_SMALL: Final = f"""
{_SHOWN}
return [...document.querySelectorAll("{_TARGETS}")]
  .filter((one) => shown(one) && !one.closest("p, dd, li.said, td, th"))
  .map((one) => [one.outerHTML.slice(0, 80), (one.closest(".choice") || one).getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([name, box]) => [name, box.width, box.height]);
"""
_ORDER: Final = f"""
{_SHOWN}
return [...document.querySelectorAll("{_TARGETS}")]
  .filter((one) => shown(one) && !one.disabled && one.tabIndex >= 0)
  .map((one) => Math.round(one.getBoundingClientRect().top + scrollY));
"""


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_page_has_a_fault(gallery: Gallery, language: str) -> None:
    """Every page that there is, opened by whom it is for, with something on it."""
    found, status = [], []
    for sight in SIGHTS:
        page = gallery.doors[sight.who].get(gallery.address(sight), headers={"Accept-Language": language})
        found += [f"{sight.path}: {fault}" for fault in faults(page)]
        status.append((sight.path, page.status))

    assert [] == found
    assert [(sight.path, sight.status) for sight in SIGHTS] == status


@pytest.mark.browser
def test_every_page_is_without_a_finding_in_a_browser(screen: Screen, gallery: Gallery) -> None:
    """Each page once, by turns on a telephone in Indonesian and at a desk in English: axe's rules, and our own."""
    found: list[tuple[str, str, Any]] = []
    for place, sight in enumerate(SIGHTS):
        width, language = ((PHONE, "id"), (DESK, "en"))[place % 2]
        found += _looked_at(screen, gallery, sight, language, (width,))

    assert [] == found


@pytest.mark.browser
@pytest.mark.chaos
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_is_without_a_finding_however_it_is_seen(screen: Screen, gallery: Gallery, language: str) -> None:
    """The same on every width in every language; `make chaos` has the minutes for it."""
    assert [] == [one for sight in SIGHTS for one in _looked_at(screen, gallery, sight, language, (PHONE, DESK))]


def _looked_at(
    screen: Screen, gallery: Gallery, sight: Sight, language: str, widths: tuple[int, ...]
) -> Iterator[tuple[str, str, Any]]:
    """What is at fault: 1.4.10 sideways at 320 px, 2.5.8 targets under 24 px, 1.3.2 order, and axe's rules."""
    screen.become(gallery.doors[sight.who])
    screen.language(language)
    screen.width(_NARROW)
    screen.open(gallery.address(sight))
    assert gallery.address(sight) == screen.path
    yield from ((sight.path, language, one) for one in as_readers_set_it(screen, _NARROW))
    tops = screen.run(_ORDER)
    wrong = [(before, after) for before, after in pairwise(tops) if before > after + _ONE_LINE]
    yield from ((sight.path, language, f"order {pair}") for pair in wrong)
    for width in (_NARROW, _TABLET, *widths):
        screen.width(width)
        wide = screen.run("return document.documentElement.scrollWidth")
        if wide > width:
            yield sight.path, language, f"{wide} px wide at {width}"
        yield from ((sight.path, f"{language} {width}", small) for small in screen.run(_SMALL))
        if width in widths:
            yield from ((sight.path, f"{language} {width}", finding) for finding in screen.axe())


_STANDS: Final = """
return [...document.querySelectorAll("main *, footer")].filter((one) => one.offsetParent !== null)
  .filter((one) => !one.closest(".room"))
  .map((one) => [one.outerHTML.slice(0, 60) + one.textContent.slice(0, 60), one.getBoundingClientRect().top])
  .filter(([, top]) => top < innerHeight).map(([name, top]) => [name, Math.round(top)]);
"""


@pytest.mark.browser
def test_nothing_moves_under_the_thumb_when_a_citizens_page_has_come(screen: Screen, gallery: Gallery) -> None:
    """What a page's scripts show or hide has its room before they run, however late they come on a slow network."""
    moved: list[tuple[str, str, int]] = []
    for sight in SIGHTS:
        reader = gallery.doors[sight.who]
        if sight.who not in _CITIZENS or "<script" not in reader.get(gallery.address(sight)).html:
            continue
        screen.become(reader)
        stood: list[dict[str, int]] = []
        for kept_away in (("*.js",), ()):
            screen.without(*kept_away)
            screen.open(gallery.address(sight))
            stood.append(dict(screen.run(_STANDS)))
        before, after = stood
        assert before.keys() & after.keys(), sight.path
        moved += [(sight.path, one, after[one] - top) for one, top in before.items() if after.get(one, top) != top]

    screen.driver.get_log("browser")  # each that was kept away is an error there
    assert [] == moved


@pytest.mark.browser
def test_axe_finds_nothing_on_forms_that_came_back(screen: Screen) -> None:
    """With errors, and where something is missing."""
    screen.open("/cilacap/adukan")
    screen.run("document.querySelector('#message').removeAttribute('required')")
    screen.leave_by("main form button.button:not([name])")
    wrong = screen.axe()
    screen.write("#message", "Lampu padam")
    screen.leave_by("main form button.button:not([name])")

    assert [] == wrong
    assert [] == screen.axe()


def test_pages_with_errors_have_no_fault(visitor: Visitors) -> None:
    """Forms that came back, and a receipt whose code was not said to be kept."""
    somebody = visitor()
    form = somebody.get("/cilacap/adukan")
    wrong = somebody.send(form, "/adukan", message="")
    incomplete = somebody.send(form, "/adukan", message="Lampu padam")
    receipt = somebody.send(incomplete, "/adukan", tetap="1")
    unsaved = somebody.send(receipt, "/terima")

    pages = [wrong, incomplete, receipt, unsaved]
    assert [] == [f"{page.address}: {fault}" for page in pages for fault in faults(page)]


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

    assert [fault] == [found[: len(fault)] for found in faults(Page(answer))]


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

    fields = [
        name for name in walked if re.fullmatch(r"(location|reporter)\.\w+|message|photos|privacy|Kirim aduan", name)
    ]
    assert "Langsung ke isi" == walked[0]
    assert [
        "message",
        "location.kecamatan",
        "location.desa",
        "location.text",
        "photos",
        "privacy",
        "reporter.name",
        "reporter.address",
        "reporter.phone",
        "reporter.email",
        "Kirim aduan",
    ] == fields
    assert all(seen)


@pytest.mark.browser
@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_on_a_telephone_a_desk_begins_with_its_page_and_its_menu_opens_without_scripts(
    screen: Screen, gallery: Gallery, who: Who
) -> None:
    """However many pages an office has; at a desk they stand above it, and nothing has to be opened."""
    shown = "return [...document.querySelectorAll('.nav a')].filter((one) => one.offsetParent).length"
    screen.become(gallery.doors[who])
    screen.scripts(on=False)
    screen.open("/cilacap/papan")
    top, shut = screen.run("return document.querySelector('main').getBoundingClientRect().top"), screen.run(shown)
    screen.click("a.menu")
    opened, wide = screen.run(shown), screen.run("return document.documentElement.scrollWidth")
    screen.click("li.menu a")
    shut_again = screen.run(shown)
    screen.scripts(on=True)
    screen.open("/cilacap/papan#menu")
    found = screen.axe()
    screen.width(DESK)
    at_a_desk = screen.run(shown)

    assert top < 120
    assert (0, 0) == (shut, shut_again)
    assert opened == at_a_desk + 1 > 8  # with the way to close it
    assert (PHONE, []) == (wide, found)


_PICTURES: Final = ("*.svg*", "*.png*", "*/lampiran/*")
_UNTOLD: Final = "return [...document.images].filter((one) => !one.alt.trim()).map((one) => one.outerHTML);"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("who", "path"),
    [("anybody", "/cilacap/prosedur"), ("reporter", "/cilacap/terima"), ("coordinator", "/cilacap/berkas/{waiting}")],
)
def test_without_images_a_page_says_the_same(screen: Screen, gallery: Gallery, who: Who, path: str) -> None:
    """A drawing or a photo that does not come has its words, and widens nothing; what is a part of the page stays."""
    screen.become(gallery.doors[who])
    screen.width(_NARROW)
    said = []
    for missing in ((), _PICTURES):
        screen.without(*missing)
        screen.open(path.format(**gallery.tickets))
        screen.run(UNFOLDED)
        said.append(screen.text)

    assert said[0] == said[1]
    assert [] == screen.run(_UNTOLD)
    assert _NARROW >= screen.run("return document.documentElement.scrollWidth")
    screen.driver.get_log("browser")  # that they did not come is noted there
