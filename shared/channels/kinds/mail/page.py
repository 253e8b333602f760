"""The words of a page of HTML, as a stranger's mail brings it: as many as it has, in bounded time and room.

Nothing is laid out: a cell that is wide, a margin of a thousand letters, makes a page of any size out of a short mail.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from inscriptis import get_text
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement
from inscriptis.model.tag import CustomHtmlTagHandlerMapping

MOST_PAGE: Final = 500_000
"""Characters of a page that is read by its elements; a longer one loses its tags, and nothing else."""
_TAGS: Final = re.compile(r"<[^<>]{0,5000}>")
_WITHIN: Final = re.compile(r"data:[\w/+.-]{0,100};base64,[A-Za-z0-9+/=\s%]{200,}")
"""A picture whose bytes stand in the page itself."""
_HIDDEN: Final = re.compile(r"display\s*:\s*none")
_BEGINS, _ENDS = "\ue000", "\ue001"
"""Mark where a quotation begins and ends: letters of nobody's (private use), taken out of what strangers write."""
_BLOCK: Final = HtmlElement(display=Display.block)
_CELL: Final = HtmlElement(display=Display.inline, suffix=" ")
_LAYOUT: Final = {
    **STRICT_CSS_PROFILE,
    **dict.fromkeys(("ul", "ol", "table", "tr", "caption"), _BLOCK),
    **dict.fromkeys(("td", "th"), _CELL),
}
_TABLES: Final = ("table", "tr", "td", "th")


def words_of_page(page: str) -> str:
    """The words of a page; lines that it quotes bear a ``>``, as in a mail of plain text."""
    if not page.strip():
        return ""
    page = _WITHIN.sub("", page).replace(_BEGINS, "").replace(_ENDS, "")
    if len(page) > MOST_PAGE:
        return _TAGS.sub(" ", page)
    try:
        text: str = get_text(page, _reading())
    except Exception:  # noqa: BLE001 - strangers send it; the words are wanted all the same
        text = ""
    return _quoted(text) if text.strip() else _TAGS.sub(" ", page)


def _reading() -> ParserConfig:
    """How it is read: without layout, and with marks where it quotes."""
    config = ParserConfig(
        css=_LAYOUT,
        custom_html_tag_handler_mapping=CustomHtmlTagHandlerMapping(
            {**dict.fromkeys(_TABLES, _nothing), "blockquote": _marks(_BEGINS)},
            {**dict.fromkeys(_TABLES, _nothing), "blockquote": _marks(_ENDS)},
        ),
    )
    config.attribute_handler.attribute_mapping = {"style": _styled}
    return config


def _styled(style: str, element: HtmlElement) -> None:
    if _HIDDEN.search(style.lower()):
        element.display = Display.none


def _nothing(*_: Any) -> None:
    return


def _marks(mark: str) -> Callable[..., None]:
    def write(state: Any, *_: Any) -> None:
        state.tags[-1].write(mark)

    return write


def _quoted(text: str) -> str:
    depth = 0
    lines: list[str] = []
    for line in text.split("\n"):
        begun = depth
        for sign in line:
            depth = depth + (sign == _BEGINS) - (sign == _ENDS and depth > 0)
        bare = line.replace(_BEGINS, "").replace(_ENDS, "")
        if (begun or depth or _BEGINS in line) and bare.strip():
            bare = f"> {bare.lstrip()}"
        lines.append(bare)
    return "\n".join(lines)
