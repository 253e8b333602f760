"""Taking out of a file what it should not carry: where a photo was taken, who wrote a document, what would run.

Run in a process of its own (``python -m shared.domain.files.cleaning TYPE``, content in and content out): decoders are
native code that works on strangers' bytes, and a small file may unfold to gigabytes.
"""

import importlib
import io
import resource
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any, Final

from shared.domain.files import office
from shared.domain.files.looks import look_of
from shared.domain.files.recordings import KINDS, NoRecording, TellsMore, bare

MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 2560
"""Pixels: a sheet of paper photographed from near stays readable."""

BEGUN: Final = "begun\n"
"""Said on standard error once the decoders are there: what goes wrong before has nothing to do with the file."""
REFUSED: Final = 3
"""The exit status for a file that is not taken; why, is said after :data:`BEGUN`."""

_MOST_MEMORY: Final = 1024 * 1024 * 1024
_MOST_SECONDS: Final = 20
_QUALITY: Final = 85
_SCAN: Final = 0xDA
_TELLING: Final = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
"""JPEG segments for applications, but for JFIF's and Adobe's, and comments."""
_CARRIED: Final = (
    *("/AA", "/AcroForm", "/AF", "/Collection", "/EF", "/EmbeddedFiles", "/JavaScript", "/JS"),
    *("/Metadata", "/OpenAction", "/PieceInfo", "/RichMediaContent"),
)
"""What a document may carry besides its pages: scripts, what happens by itself, files in it, particulars."""
_ACTING: Final = frozenset(
    {"/GoToE", "/GoToR", "/ImportData", "/JavaScript", "/Launch", "/Movie", "/Rendition", "/Sound", "/SubmitForm"}
)

_PHOTOS: Final = ((b"\xff\xd8", "JPEG"), (b"\x89PNG", "PNG"), (b"GIF8", "GIF"))
_DRAWN: Final = (b"BM", b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00\x00\x03")
"""First bytes of pictures in documents that hold no particulars: BMP and Windows' metafiles (WMF)."""
_ENHANCED: Final = b" EMF"
"""At its place in an enhanced metafile (MS-EMF 2.3.4.2)."""


class NotClean(Exception):
    """A content that is not taken.

    :param code: a field message of the wording catalogue.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def clean_picture(content: bytes, format_name: str) -> bytes:
    """A picture decoded, turned upright, at most :data:`LONGEST_SIDE` pixels long, and written anew: only its pixels.

    :param format_name: as the decoder calls it, and as it must be.
    :raises NotClean: if it is none of that format, is damaged, or is too large.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - only where it is decoded

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=[format_name]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotClean("picture_too_large")
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            see_through = format_name != "JPEG" and upright.has_transparency_data
            pixels = upright.convert("RGBA" if see_through else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotClean("picture_too_large") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, IndexError, EOFError):
        raise NotClean("file_damaged") from None
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    written = io.BytesIO()
    options = {} if format_name in ("PNG", "GIF") else {"quality": _QUALITY}
    bare.save(written, format_name, **options)
    return written.getvalue()


def clean_pdf(content: bytes) -> bytes:
    """A document without scripts, actions, attachments, forms and particulars of its author, written anew.

    :raises NotClean: if it is damaged or encrypted.
    """
    import pikepdf  # noqa: PLC0415 - only where it is read

    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if document.is_encrypted:
                raise NotClean("file_encrypted")
            if not len(document.pages):
                raise NotClean("file_damaged")
            if "/Info" in document.trailer:
                del document.trailer["/Info"]
            for each in document.objects:
                _disarm(each)
            document.remove_unreferenced_resources()
            written = io.BytesIO()
            document.save(written, deterministic_id=True)
            return written.getvalue()
    except pikepdf.PasswordError:
        raise NotClean("file_encrypted") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError):
        raise NotClean("file_damaged") from None


def _disarm(thing: Any) -> None:
    """Take out of one object, and of what lies directly in it, whatever acts or tells of somebody."""
    import pikepdf  # noqa: PLC0415 - only where it is read

    if isinstance(thing, pikepdf.Array):
        inside = list(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for name in (name for name in _CARRIED if name in thing):
            del thing[name]
        if str(thing.get("/S", "")) in _ACTING:
            del thing["/S"]
        if isinstance(thing, pikepdf.Stream) and "/DCTDecode" in str(thing.get("/Filter", "")):
            _bare_photo(thing)
        inside = [value for _, value in thing.items()]
    else:
        return
    for each in inside:
        if not getattr(each, "is_indirect", False):
            _disarm(each)


def _bare_photo(stream: Any) -> None:
    """A photo in a document without what the camera wrote into it."""
    kept = stream.get("/Filter")
    if str(kept) != "/DCTDecode":
        return  # compressed once more: nobody's camera does that
    stream.write(bare_jpeg(stream.read_raw_bytes()), filter=kept, decode_parms=stream.get("/DecodeParms"))


def bare_jpeg(photo: bytes) -> bytes:
    """A JPEG without its application segments and comments, but for those that tell how to decode it."""
    if not photo.startswith(b"\xff\xd8"):
        return photo
    kept, at = bytearray(photo[:2]), 2
    while at + 4 <= len(photo) and photo[at] == 0xFF and photo[at + 1] != _SCAN:
        marker, size = photo[at + 1], int.from_bytes(photo[at + 2 : at + 4], "big") + 2
        if marker not in _TELLING:
            kept += photo[at : at + size]
        at += size
    return bytes(kept + photo[at:])


def clean_office(content: bytes) -> bytes:
    """A document of Word or Excel without particulars of its author, and its photos without what cameras write.

    :raises NotClean: if it is damaged, encrypted, too large unfolded, or carries programs or other files.
    """
    try:
        return office.bare_office(content, _bare_part)
    except office.NotReadable:
        raise NotClean("file_damaged") from None
    except office.Locked:
        raise NotClean("file_encrypted") from None
    except office.Unfolds:
        raise NotClean("document_too_large") from None
    except office.CarriesMore:
        raise NotClean("file_carries_more") from None


def _bare_part(part: bytes) -> bytes:
    """A picture in a document; drawings that tell nothing of a place are left as they are."""
    for begins, format_name in _PHOTOS:
        if part.startswith(begins):
            return clean_picture(part, format_name)
    if not part.startswith(_DRAWN) and part[40:44] != _ENHANCED:
        raise office.CarriesMore
    return part


def _cleaned(content: bytes, kind: str) -> bytes:
    if kind in _DOCUMENTS:
        return _DOCUMENTS[kind](content)
    if kind not in KINDS:
        return clean_picture(content, kind)
    try:
        return bare(content, kind)
    except NoRecording:
        raise NotClean("file_damaged") from None
    except TellsMore:
        raise NotClean("file_tells_more") from None


_DOCUMENTS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "PDF": clean_pdf,
    office.DOCX: clean_office,
    office.XLSX: clean_office,
}


def main(kind: str) -> int:
    """Clean standard input to standard output.

    Of a picture its look is told on standard error, in a line after :data:`BEGUN`.

    :param kind: of a document, a picture's format, or a recording's kind.
    :returns: 0, or :data:`REFUSED` with the reason's code on standard error.
    """
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    # A second more for the hard one: what takes too long ends by a signal of its own, not as if memory were out.
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS + 1))
    is_picture = kind not in KINDS and kind not in _DOCUMENTS
    if kind not in KINDS:
        importlib.import_module("pikepdf" if kind == "PDF" else "PIL.Image")
    sys.stderr.write(BEGUN)
    sys.stderr.flush()
    content = sys.stdin.buffer.read()
    try:
        cleaned = _cleaned(content, kind)
    except NotClean as refused:
        sys.stderr.write(refused.code)
        return REFUSED
    except MemoryError:
        sys.stderr.write("picture_too_large" if is_picture else "document_too_large")
        return REFUSED
    sys.stdout.buffer.write(cleaned)
    if is_picture and (look := look_of(cleaned)):
        sys.stderr.write(f"\n{look}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
