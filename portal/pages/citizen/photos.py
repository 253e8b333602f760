"""Photos and recordings that come with a form. One that fails stops nothing: it is told, and can be sent again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from werkzeug.datastructures import FileStorage

from portal.api.files import add_file
from portal.pages.frame.forms import FILES
from portal.pages.frame.taken_files import taken_files
from portal.parts import parts
from shared.application.files.limits import limits
from shared.base.errors import AduanError
from shared.platform.settings import Settings

MOST: Final = 3

_ROOM: Final = 256 * 1024
"""Bytes of a form beside its photos."""
_LARGEST: Final = 10 * 1024 * 1024
"""Bytes of a photo or a document."""


@dataclass(frozen=True)
class KeptPhotos:
    """Which photos were not added.

    :param missing: how these are called on their sender's telephone.
    :param error: what was said of the last of them; none if there were merely too many.
    """

    missing: tuple[str, ...] = ()
    error: AduanError | None = None


def room(settings: Settings) -> int:
    """The largest form that is read, in bytes."""
    return most_together(settings) + _ROOM


def most_together(settings: Settings) -> int:
    """Bytes that all the files of a form may have: so many of the largest photos, or one recording of the largest."""
    most = largest(settings)
    return max(MOST * most["picture"], *most.values())


def largest(settings: Settings) -> Mapping[str, int]:
    """Bytes that a file may have here by its sort, as :func:`shared.application.files.limits.limits` has them; photos
    and documents less than elsewhere.
    """
    most = limits(settings)
    return {**most, **{sort: min(most[sort], _LARGEST) for sort in ("picture", "document")}}


def told(settings: Settings) -> dict[str, Any]:
    """What the field of a form says of the files that it takes."""
    return {
        "most_photos": MOST,
        "taken": taken_files(largest(settings)),
        "most_megabytes": most_together(settings) // 1024 // 1024,
    }


def sent() -> list[FileStorage]:
    """The photos in this request."""
    return [each for each in request.files.getlist(FILES) if each.filename]


def add(tenant: str, ticket: str, code: str, files: list[FileStorage]) -> KeptPhotos:
    """Add photos to a complaint, as whoever holds its code; the first few only."""
    if not files:
        return KeptPhotos()
    parts().freshness.catch_up(tenant, "intake")
    refused, error = [], None
    for each in files[:MOST]:
        try:
            _add(tenant, ticket, code, each)
        except AduanError as refusal:
            refused.append(each)
            error = refusal
    return KeptPhotos(tuple(each.filename or "" for each in (*refused, *files[MOST:])), error)


def _add(tenant: str, ticket: str, code: str, photo: FileStorage) -> None:
    kind = "document" if photo.mimetype == "application/pdf" else "photo"
    add_file("intake", tenant, {"ticket": ticket, "code": code}, photo, kind)
