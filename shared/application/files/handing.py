"""A file out of a dossier, for whoever may have it."""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.application.files.keeping import place_of
from shared.application.runtime import Runtime
from shared.base.errors import NotFound
from shared.domain.dossier.contents import opened
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import FileAdded
from shared.domain.sealed_stream import file_key, open_stream
from shared.domain.sealing import DataKey
from shared.store.files.store import FileStore


def handed(dossier: Dossier, files: Sequence[FileAdded], key: DataKey | None, file: str) -> dict[str, Any]:
    """What somebody needs who may read one of these files: its name and type, its place, and its own key.

    :param files: those that they may read.
    :raises NotFound: if it is none of them, or can no longer be read.
    """
    found = next((event for event in files if str(event.file) == file), None)
    if found is None or key is None:
        raise NotFound("unknown_file")
    return {
        "id": str(found.file),
        "name": str(opened(found, key).get("name") or found.file),
        "media_type": found.media_type,
        "size": found.size,
        "place": place_of(dossier.tenant, dossier.id, found.file),
        "secret": base64.b64encode(file_key(key, found.file)).decode(),
    }


def content(store: FileStore, handed: Mapping[str, Any]) -> Iterator[bytes]:
    """The bytes of a file that was handed out.

    :raises NotFound: if they are not there (any more).
    :raises Unsealable: if they are not what was sealed.
    """
    sealed: Iterable[bytes] = store.pieces(handed["place"])
    return open_stream(base64.b64decode(handed["secret"]), UUID(handed["id"]), sealed)


def remove_all(runtime: Runtime, tenant: str, dossier: UUID) -> None:
    """Delete all files of a dossier, when its key is destroyed.

    :raises OSError: if the store does not let us.
    """
    if runtime.has_files:
        runtime.files.delete(place_of(tenant, dossier))
