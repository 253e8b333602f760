"""Documents of Word and Excel: taken without what they carry besides what is read in them.

Source: ECMA-376, parts 1 and 2: a ZIP of parts, whose kinds stand in ``[Content_Types].xml`` and whose links in
``.rels`` files beside them.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from posixpath import dirname, join, normpath
from typing import Final
from xml.etree import ElementTree as ET

from shared.domain.files.office_formulas import NoXml, fetches

DOCX: Final = "DOCX"
XLSX: Final = "XLSX"

MOST_PARTS: Final = 2_000
MOST_RATIO: Final = 100
"""Bytes that it may unfold to, for each byte of the file."""

_KINDS: Final = "[Content_Types].xml"
_LINKS: Final = "_rels/.rels"
_MOST_KINDS: Final = 1 << 20
_OPEN_XML: Final = "application/vnd.openxmlformats-officedocument"
_MAIN: Final[Mapping[str, str]] = {
    f"{_OPEN_XML}.wordprocessingml.document.main+xml": DOCX,
    f"{_OPEN_XML}.spreadsheetml.sheet.main+xml": XLSX,
}
_ORDINARY: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_LISTED: Final = b"PK\x01\x02"
"""Before each part in an archive's list."""
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError)
"""What :mod:`zipfile` raises over an archive that is damaged, cut off, locked or packed in another way; it has no error
in common for them."""
_NAME: Final = re.compile(r"[\w.()\[\] %@&+,;=~'-]+(?:/[\w.()\[\] %@&+,;=~'-]+)*\Z")
_CARRIES: Final = re.compile(
    r"vba|macro|activex|customui|webextension|oleobject|afchunk|/embeddings/|externallink|connections|querytable",
    re.IGNORECASE,
)
"""In a part's name, its kind or a link's: programs, files in the file, and what is fetched from elsewhere."""
_SCRIPTED: Final = re.compile(r"<(?:\w+:)?script\b|\bon\w+\s*=|javascript:", re.IGNORECASE)
"""A drawing (SVG) that runs something."""
_TOLD: Final = re.compile(
    r"^(?:docProps|customXml|xl/revisions)/"
    r"|(?:^|/)(?:people|persons?\d*|printerSettings\d*|threadedComment\d*)\.\w+$"
)
"""Parts that tell of its author, the author's colleagues and printer: nothing of it is read in the document."""
_TELLING_LINK: Final = re.compile(r"/(?:core|extended|custom)-properties$|/thumbnail$")
"""The kind of a link to such a part, wherever it lies."""
_WEB: Final = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_HIDDEN_FONT: Final = re.compile(r"word/fonts/[^/]+\.odttf\Z")
"""As Word disguises them: their first bytes tell nothing."""
_FONTS: Final = (b"\x00\x01\x00\x00", b"OTTO", b"true")
"""How others begin, such as Google Docs leaves."""
_SPOKEN: Final = re.compile(r"<\s*(?:\w+:)?(?:script|iframe|object|embed|link|img|image|imagedata)\b", re.IGNORECASE)
"""In a drawing's remarks, which no parser reads: what runs, or is fetched."""
_NO_TARGET: Final = "removed"
_TAG: Final = re.compile(r"<[^<>]+>")
_BY_WHOM: Final = re.compile(
    r"""(\s(?:(?:\w+:)?(?:author|initials|lastModifiedBy)|userName|refreshedBy)\s*=\s*)(?:"[^"]*"|'[^']*')"""
)
_PARTICULARS: Final = (
    (re.compile(r"(<(?:\w+:)?author\b[^>]*>)[^<]*(</)"), r"\1\2"),
    (re.compile(r"""(<(?:\w+:)?absPath\b[^>]*?\burl=)(?:"[^"]*"|'[^']*')"""), r'\1""'),
    (re.compile(r"""(<(?:\w+:)?pageSetup\b[^>]*?)\s+\w+:id=(?:"[^"]*"|'[^']*')"""), r"\1"),
    (re.compile(r"<w:docVars>.*?</w:docVars>", re.DOTALL), ""),
    (re.compile(r"<w:mailMerge>.*?</w:mailMerge>", re.DOTALL), ""),
)
"""Who wrote a remark or a change or asked for figures, in which folder it was saved, the link to the printer's
settings, and from which list of people a letter of many is filled in."""
_IN_CONTENT_TYPES: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_IN_LINKS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_SAVED_AT: Final = (1980, 1, 1, 0, 0, 0)


class NotReadable(Exception):
    """No document that could be read."""


class Locked(Exception):
    """A password is needed."""


class Unfolds(Exception):
    """It is too large once unfolded."""


class CarriesMore(Exception):
    """It carries a program, another file, or what is fetched from elsewhere."""


def kind_of(content: bytes) -> str | None:
    """:data:`DOCX` or :data:`XLSX`; none of anything else, and of a document that is told to hold programs."""
    if _listed(content) > MOST_PARTS:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if packed.getinfo(_KINDS).compress_type not in _ORDINARY:
                return None
            with packed.open(_KINDS) as part:
                told = _tree(part.read(_MOST_KINDS))
    except (*_BROKEN, KeyError, NotReadable):
        return None
    kinds = {each.get("ContentType", "") for each in told}
    return next((kind for name, kind in _MAIN.items() if name in kinds), None)


def _listed(content: bytes) -> int:
    """How many parts an archive may list, counted before a list is made of them."""
    return content.count(_LISTED)


def bare_office(content: bytes, clean_photo: Callable[[bytes], bytes]) -> bytes:
    """A document without particulars of whoever wrote it, written anew.

    :param clean_photo: what is kept of a picture in it; it raises :class:`CarriesMore` for what is none.
    :raises NotReadable: if it is damaged, or no such document.
    :raises Locked: if it is encrypted.
    :raises Unfolds: if it has too many parts, or unfolds to too much.
    :raises CarriesMore: if it carries what cannot be taken out.
    """
    parts = _parts(content)
    dropped = {name for name in parts if _TOLD.search(name)} | _told_by_links(parts)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in sorted(parts.items(), key=lambda each: (each[0] != _KINDS, each[0])):
            if name not in dropped:
                packed.writestr(
                    zipfile.ZipInfo(name, _SAVED_AT), _bare(name, part, dropped, clean_photo), zipfile.ZIP_DEFLATED
                )
    return written.getvalue()


def _parts(content: bytes) -> dict[str, bytes]:
    if _listed(content) > MOST_PARTS:
        raise Unfolds
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = [each for each in packed.infolist() if not each.is_dir()]
            if any(each.flag_bits & _ENCRYPTED for each in entries):
                raise Locked
            if sum(each.file_size for each in entries) > MOST_RATIO * len(content):
                raise Unfolds
            if len({each.filename.lower() for each in entries}) != len(entries):
                raise NotReadable
            for each in entries:
                _check_name(each)
            return {each.filename: packed.read(each) for each in entries}
    except _BROKEN as error:
        raise NotReadable from error


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if not _NAME.match(name) or ".." in name.split("/") or entry.compress_type not in _ORDINARY:
        raise NotReadable
    if _CARRIES.search(f"/{name}"):
        raise CarriesMore


def _bare(name: str, part: bytes, dropped: set[str], clean_photo: Callable[[bytes], bytes]) -> bytes:
    if name == _KINDS:
        return _without_kinds(part, dropped)
    if name.endswith(".rels"):
        return _without_links(name, part, dropped)
    if not name.endswith((".xml", ".vml", ".svg")):
        is_kept = not part or _HIDDEN_FONT.match(name) or part.startswith(_FONTS)
        return part if is_kept else clean_photo(part)
    return _bare_text(name, _text(part)).encode()


def _bare_text(name: str, text: str) -> str:
    if name.endswith(".svg") and _SCRIPTED.search(text):
        raise CarriesMore
    if _BY_WHOM.search(text):  # in a tag only: people may write so of something else
        text = _TAG.sub(lambda tag: _BY_WHOM.sub(r'\1""', tag[0]), text)
    for found, kept in _PARTICULARS:
        text = found.sub(kept, text)
    try:
        if fetches(text):
            raise CarriesMore
    except NoXml as error:
        if not name.endswith(".vml"):  # the remarks in a table's drawing are HTML, in which a line's end stays open
            raise NotReadable from error
        if _SPOKEN.search(text):
            raise CarriesMore from error
    return text


def _without_kinds(part: bytes, dropped: set[str]) -> bytes:
    root = _tree(part)
    for each in list(root):
        if each.get("PartName") and _CARRIES.search(each.get("ContentType", "")):  # a kind without a part is nothing
            raise CarriesMore
        if each.get("PartName", "").lstrip("/") in dropped:
            root.remove(each)
    return _xml(root, _IN_CONTENT_TYPES)


def _told_by_links(parts: Mapping[str, bytes]) -> set[str]:
    """Parts of particulars, by the document's own links to them."""
    links = _tree(parts[_LINKS]).iter(f"{_IN_LINKS}Relationship") if _LINKS in parts else ()
    return {_place("", each.get("Target", "")) for each in links if _TELLING_LINK.search(each.get("Type", ""))}


def _place(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))


def _without_links(name: str, part: bytes, dropped: set[str]) -> bytes:
    """Links to what is left; of those to elsewhere only the ones that a reader follows on purpose."""
    root, folder = _tree(part), dirname(dirname(name))
    for link in list(root.iter(f"{_IN_LINKS}Relationship")):
        kind, target = link.get("Type", ""), link.get("Target", "")
        if _CARRIES.search(kind):
            raise CarriesMore
        if link.get("TargetMode") == "External":
            if not (kind.endswith("/hyperlink") and _WEB.match(target)):
                link.set("Target", _NO_TARGET)
        elif _place(folder, target) in dropped:
            root.remove(link)
    return _xml(root, _IN_LINKS)


def _text(part: bytes) -> str:
    try:
        text = part.decode("utf-8-sig")
    except UnicodeDecodeError as error:  # another encoding would hide what is looked for
        raise NotReadable from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise NotReadable
    return text


def _tree(part: bytes) -> ET.Element:
    try:
        return ET.fromstring(_text(part))  # noqa: S314 - nothing of a DTD is in it
    except (ET.ParseError, ValueError) as error:
        raise NotReadable from error


def _xml(root: ET.Element, namespace: str) -> bytes:
    ET.register_namespace("", namespace.strip("{}"))
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written
