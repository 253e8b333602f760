"""Photos that come with a form. A photo that fails stops nothing: it is told, and can be sent again."""

from dataclasses import dataclass
from typing import Final

from flask import request
from werkzeug.datastructures import FileStorage

from portal.api.files import add_file
from portal.parts import parts
from shared.base.errors import AduanError

FIELD: Final = "photos"
MOST: Final = 3

_ROOM: Final = 256 * 1024
"""Bytes of a form beside its photos."""
_LARGEST: Final = 10 * 1024 * 1024


@dataclass(frozen=True)
class KeptPhotos:
    """How many photos were added, and how many were not, with what was said of the last of these."""

    added: int
    refused: int
    error: AduanError | None = None


def room(most_bytes: int) -> int:
    """The largest form that is read, in bytes.

    :param most_bytes: of one photo.
    """
    return MOST * largest(most_bytes) + _ROOM


def largest(most_bytes: int) -> int:
    """The largest photo that is taken here, in bytes.

    :param most_bytes: that the installation takes anywhere.
    """
    return min(most_bytes, _LARGEST)


def sent() -> list[FileStorage]:
    """The photos in this request."""
    return [each for each in request.files.getlist(FIELD) if each.filename]


def add(tenant: str, ticket: str, code: str, files: list[FileStorage]) -> KeptPhotos:
    """Add photos to a complaint, as whoever holds its code; the first few only."""
    if not files:
        return KeptPhotos(0, 0)
    parts().freshness.catch_up(tenant, "intake")
    added, error = 0, None
    for each in files[:MOST]:
        try:
            _add(tenant, ticket, code, each)
            added += 1
        except AduanError as refusal:
            error = refusal
    return KeptPhotos(added, len(files) - added, error)


def _add(tenant: str, ticket: str, code: str, photo: FileStorage) -> None:
    kind = "document" if photo.mimetype == "application/pdf" else "photo"
    add_file("intake", tenant, {"ticket": ticket, "code": code}, photo, kind)
