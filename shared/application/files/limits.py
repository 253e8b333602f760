"""How large a file may be, by what it is: an installation may also take no sound, or no film, at all."""

from collections.abc import Mapping

from shared.base.errors import Invalid
from shared.domain.files.types import type_of
from shared.platform.settings import Settings
from shared.wording.codes import field_message


def limits(settings: Settings) -> Mapping[str, int]:
    """Bytes that a file may have by its :data:`~shared.domain.files.types.Sort`; what stands not there is not taken."""
    most = {
        "picture": settings.file_most_bytes,
        "document": settings.file_most_bytes,
        "audio": settings.audio_most_bytes,
        "video": settings.video_most_bytes,
    }
    return {sort: bytes_ for sort, bytes_ in most.items() if bytes_}


def largest(settings: Settings) -> int:
    """Bytes that a file may have before it is known what it is."""
    return max(limits(settings).values())


def fault_of(settings: Settings, content: bytes) -> str | None:
    """Why a content is not taken, as a code; none if nothing is known against it yet: ``file_type_not_taken`` or
    ``file_too_large``.
    """
    most = _most_of(settings, content)
    if most is None:
        return "file_type_not_taken"
    return "file_too_large" if len(content) > most else None


def check(settings: Settings, content: bytes) -> None:
    """Refuse what is of no kind that is taken, or larger than such may be.

    :raises Invalid: naming the field ``file``.
    """
    most = _most_of(settings, content)
    if most is None:
        raise Invalid("invalid_fields", fields={"file": ["file_type_not_taken"]})
    if len(content) > most:
        raise Invalid("invalid_fields", fields={"file": [field_message("file_too_large", max=most)]})


def _most_of(settings: Settings, content: bytes) -> int | None:
    """Bytes that a content of its kind may have; none if its kind is not taken."""
    found = type_of(content)
    return None if found is None else limits(settings).get(found.sort)
