"""Which files are taken, told by their content and never by their name."""

import unicodedata
from dataclasses import dataclass
from typing import Final

import puremagic

from shared.base.blank import says_nothing


@dataclass(frozen=True)
class MediaType:
    """A kind of content that is taken.

    :param name: as in ``Content-Type``.
    :param extension: of a file's name, with its dot.
    :param picture: the name under which the picture decoder knows it; none if it is no picture.
    """

    name: str
    extension: str
    picture: str | None = None


PDF: Final = MediaType("application/pdf", ".pdf")
TAKEN: Final = (
    MediaType("image/jpeg", ".jpg", "JPEG"),
    MediaType("image/png", ".png", "PNG"),
    MediaType("image/webp", ".webp", "WEBP"),
    PDF,
)
"""Pictures and documents. No office files, no HTML, no SVG, no archive: what they carry cannot be taken out of them."""

LONGEST_NAME: Final = 100
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
_FORBIDDEN: Final = frozenset('<>:"/\\|?*')


def type_of(content: bytes) -> MediaType | None:
    """What a content is; none if it is not taken. The decoder must still agree."""
    try:
        found = {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return None
    return next((taken for taken in TAKEN if taken.name in found), None)


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
