"""A page as its readers set their browser: larger, wider spaced, unfolded, in few colours, without motion."""

from collections.abc import Iterator
from typing import Final

from tests.pages.screen import PHONE, Screen

_OWN_SHEET: Final = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(arguments[0]);
document.adoptedStyleSheets = arguments[0] ? [sheet] : [];
return document.documentElement.scrollWidth;
"""
UNFOLDED: Final = """
window.folded = [...document.querySelectorAll("details:not([open])")];
for (const one of window.folded) { one.removeAttribute("name"); one.open = true; }
"""
_FOLDED: Final = "for (const one of window.folded) one.open = false;"
_LONG_WORDS: Final = """
const long = "BuktiJalanBerlubang_20261005_080000_lengkap", texts = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) texts.push(walker.currentNode);
window.said = texts
  .filter((one) => one.textContent.trim().length > 3 && !one.parentElement.closest("script, style, .unseen"))
  .map((one) => [one, one.textContent]);
for (const [one] of window.said) one.textContent = long;
return document.documentElement.scrollWidth;
"""
_SAID_AGAIN: Final = "for (const [one, text] of window.said) one.textContent = text;"
_TOO_WIDE: Final = """
const beyond = (one) => one.getBoundingClientRect().right > arguments[0] + 1;
return [...document.querySelectorAll("body *")]
  .filter((one) => one.offsetParent !== null && !one.closest(".wrap, .unseen"))
  .filter((one) => beyond(one) && ![...one.children].some(beyond)).map((one) => one.outerHTML.slice(0, 200));
"""
_SPACED: Final = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
_TWICE: Final = "html { font-size: 200% !important }"
_BORDERLESS: Final = """
return [...document.querySelectorAll("main .chip, main .button, main .tag, main .card")]
  .filter((one) => one.offsetParent !== null && getComputedStyle(one).borderTopStyle === "none")
  .map((one) => one.outerHTML.slice(0, 80));
"""
_MOVING: Final = """
return [...document.querySelectorAll("*")].map((one) => [one.outerHTML.slice(0, 80), getComputedStyle(one)])
  .filter(([, style]) => style.transitionDuration !== "0s" || style.animationName !== "none").map(([name]) => name);
"""
_CUT: Final = """
return [...document.querySelectorAll("main *")]
  .filter((one) => one.offsetParent !== null && !one.closest(".unseen, .wrap, .cards thead"))
  .filter((one) => getComputedStyle(one).overflowX === "hidden" && one.scrollWidth > one.clientWidth + 1
    || getComputedStyle(one).overflowY === "hidden" && one.scrollHeight > one.clientHeight + 1)
  .map((one) => one.outerHTML.slice(0, 80));
"""
_SPLIT: Final = """
return [...document.querySelectorAll("main *")].filter((one) => one.offsetParent !== null && one.clientHeight)
  .filter((one) => one.textContent.trim().length > 3 && !one.closest(".unseen, .wrap, .cards thead, svg, select"))
  .filter((one) => getComputedStyle(one).display !== "inline")
  .map((one) => [one, parseFloat(getComputedStyle(one).fontSize)])
  .filter(([one, size]) => one.clientWidth < 2 * size && one.clientHeight > 3 * size).map(([one]) => one)
  .map((one) => one.outerHTML.slice(0, 80));
"""


def as_readers_set_it(screen: Screen, width: int) -> Iterator[str]:
    """What is at fault once readers have set their browser as they need it.

    1.4.12 wider spacing, and 1.4.4 text of twice the size: nothing goes sideways, is cut off or stands letter below
    letter, with every fold open too, and whatever word somebody wrote or called a file. 1.4.11: what a ground told
    apart is told by a line where the browser's own few colours stand. Nothing moves for who wants no motion.

    :param width: how wide the page is seen afterwards.
    """
    screen.width(PHONE)
    screen.run(UNFOLDED)
    for named, sheet in (("spaced", _SPACED), ("twice as large", _TWICE)):
        wide = screen.run(_OWN_SHEET, sheet)
        if wide > PHONE:
            yield f"{wide} px wide, {named}: {screen.run(_TOO_WIDE, PHONE)}"
        yield from (f"cut off, {named}: {one}" for one in screen.run(_CUT))
        yield from (f"a letter to a line, {named}: {one}" for one in screen.run(_SPLIT))
    for named, sheet in (("", ""), (", twice as large", _TWICE)):
        screen.run(_OWN_SHEET, sheet)
        if (wide := screen.run(_LONG_WORDS)) > PHONE:
            yield f"{wide} px wide, of long words{named}: {screen.run(_TOO_WIDE, PHONE)}"
        screen.run(_SAID_AGAIN)
    screen.run(_OWN_SHEET, "")
    screen.run(_FOLDED)
    screen.prefers(**{"forced-colors": "active", "prefers-reduced-motion": "reduce"})
    yield from (f"no line around it: {one}" for one in screen.run(_BORDERLESS))
    yield from (f"moves: {one}" for one in screen.run(_MOVING))
    screen.prefers()
    screen.width(width)
