"""What can be told of a page's accessibility by reading its HTML: names, headings, references, landmarks."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from tests.pages.visitor import Element, Page

_NAMED: Final = ("aria-label", "title", "alt")


def faults(page: Page) -> Iterator[str]:
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
        hidden = each.attributes.get("type") == "hidden" or "hidden" in each.attributes
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
