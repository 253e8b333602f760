"""Which files are taken, told by their content and never by their name."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import puremagic

from shared.base.blank import says_nothing
from shared.domain.files.office import DOCX, XLSX, kind_of
from shared.domain.files.recordings import ADTS, AMR, BOXES, EBML, MPEG, OGG

Sort = Literal["picture", "document", "audio", "video"]


@dataclass(frozen=True)
class MediaType:
    """A kind of content that is taken.

    :param name: as in ``Content-Type``.
    :param extension: of a file's name, with its dot.
    :param decoder: what looks at it: the picture decoder's name of a picture, ``PDF``, a kind of
        :mod:`shared.domain.files.office`, or one of :data:`shared.domain.files.recordings.KINDS`.
    :param sort: what it is to people.
    """

    name: str
    extension: str
    decoder: str
    sort: Sort

    @property
    def is_recording(self) -> bool:
        """Whether it is listened to or watched, and not read."""
        return self.sort in ("audio", "video")


PDF: Final = MediaType("application/pdf", ".pdf", "PDF", "document")
_OPEN_XML: Final = "application/vnd.openxmlformats-officedocument"
OFFICE: Final = (
    MediaType(f"{_OPEN_XML}.wordprocessingml.document", ".docx", DOCX, "document"),
    MediaType(f"{_OPEN_XML}.spreadsheetml.sheet", ".xlsx", XLSX, "document"),
)
TAKEN: Final = (
    MediaType("image/jpeg", ".jpg", "JPEG", "picture"),
    MediaType("image/png", ".png", "PNG", "picture"),
    MediaType("image/webp", ".webp", "WEBP", "picture"),
    PDF,
    *OFFICE,
    MediaType("audio/ogg", ".ogg", OGG, "audio"),
    MediaType("audio/mp4", ".m4a", BOXES, "audio"),
    MediaType("audio/mpeg", ".mp3", MPEG, "audio"),
    MediaType("audio/aac", ".aac", ADTS, "audio"),
    MediaType("audio/amr", ".amr", AMR, "audio"),
    MediaType("video/mp4", ".mp4", BOXES, "video"),
    MediaType("video/3gpp", ".3gp", BOXES, "video"),
    MediaType("video/quicktime", ".mov", BOXES, "video"),
    MediaType("video/webm", ".webm", EBML, "video"),
)
"""Pictures, documents, sound and film, as telephones and offices make them. No HTML, no SVG, no other archive: what
these carry cannot be taken out of them."""
_UNTOLD: Final[Mapping[bytes, str]] = {b"#!AMR": "audio/amr"}
"""First bytes that the library knows and has no name for."""

LONGEST_NAME: Final = 100
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
_OF_RECORDINGS: Final = tuple(taken.extension for taken in TAKEN if taken.is_recording)
_FORBIDDEN: Final = frozenset('<>:"/\\|?*')


def type_of(content: bytes) -> MediaType | None:
    """What a content is; none if it is not taken. The decoder must still agree."""
    if content.startswith(b"PK"):  # the library takes every archive for a document
        office = kind_of(content)
        return next((taken for taken in OFFICE if taken.decoder == office), None)
    try:
        found = {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return None
    found |= {name for begins, name in _UNTOLD.items() if content.startswith(begins)}
    return next((taken for taken in TAKEN if taken.name in found), None)


def is_recording(name: str) -> bool:
    """Whether a file that was kept is a recording, by the name that :func:`safe_name` gave it."""
    return name.endswith(_OF_RECORDINGS)


def safe_name(given: str, media_type: MediaType) -> str:
    """A name under which anybody can keep a file: no path, no control or reordering signs, its content's extension.

    :param given: as sent; may be blank.
    """
    base = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2])
    kept = "".join(sign for sign in base if sign not in _FORBIDDEN and unicodedata.category(sign)[0] != "C")
    stem = kept.rpartition(".")[0] or kept
    stem = " ".join(stem.split()).strip(". ")[: LONGEST_NAME - len(media_type.extension)].rstrip(". ")
    if says_nothing(stem):
        stem = ""
    if not stem or stem.lower() in _RESERVED:
        stem = f"berkas-{stem}" if stem else "berkas"
    return stem + media_type.extension
