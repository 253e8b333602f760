"""What was published, as a feed that programs read (Atom, RFC 4287): the public summaries, and nothing else."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Final
from xml.etree import ElementTree as ET

from flask import url_for

from portal.parts import parts
from portal.xml_text import xml_text
from shared.base.shortening import shortened
from shared.domain.tenants import Tenant

_ATOM: Final = "http://www.w3.org/2005/Atom"
_TITLE: Final = 120


def atom(home: Tenant, items: Iterable[Mapping[str, Any]], filters: Mapping[str, str], now: datetime) -> bytes:
    """The feed.

    :param items: the latest published first.
    :param filters: what it was narrowed by, as the address has it.
    :param now: in the government's zone; it stands for the last news where there is none.
    """
    entries, asked = list(items), dict[str, Any](filters)
    own = _absolute(url_for("umum.feed", **asked))
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "id"})
    _text(feed, "title", f"Aduan yang terbit, {home.name}")
    _text(feed, "id", own)
    ET.SubElement(feed, "link", {"rel": "self", "href": own})
    ET.SubElement(feed, "link", {"href": _absolute(url_for("umum.shown", **asked))})
    _text(feed, "updated", _at(entries[0], home) if entries else now.replace(microsecond=0).isoformat())
    _text(ET.SubElement(feed, "author"), "name", f"Layanan Aduan {home.name}")
    for item in entries:
        _entry(feed, item, home)
    found: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return found


def _entry(feed: ET.Element, item: Mapping[str, Any], home: Tenant) -> None:
    entry = ET.SubElement(feed, "entry")
    summary, answer = str(item["summary"]), str(item["public_answer"] or "")
    title = " ".join(summary.split())
    address = _absolute(url_for("umum.one", ticket=item["ticket"]))
    _text(entry, "title", shortened(title, _TITLE))
    _text(entry, "id", address)
    ET.SubElement(entry, "link", {"href": address})
    _text(entry, "updated", _at(item, home))
    if item["category"]:
        ET.SubElement(entry, "category", {"term": xml_text(str(item["category"]))})
    place = ", ".join(filter(None, (item["desa"], item["kecamatan"])))
    _text(entry, "content", "\n\n".join(filter(None, (summary, place, answer))))


def _at(item: Mapping[str, Any], home: Tenant) -> str:
    """The day on which it was published, since no more of it is told to everybody."""
    return datetime.combine(date.fromisoformat(item["published_on"]), time(), home.zone).isoformat()


def _absolute(path: str) -> str:
    return f"{parts().runtime.settings.public_address}{path}"


def _text(above: ET.Element, name: str, text: str) -> None:
    ET.SubElement(above, name).text = xml_text(text)
