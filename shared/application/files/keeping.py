"""A file into a dossier: sealed and written first, recorded then; what was written in vain is taken away."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from shared.application.dossiers.retrying import on_fresh_state
from shared.application.files.cleaning import Clean, cleaned
from shared.application.files.limits import check
from shared.application.files.scanning import scan
from shared.application.runtime import Runtime
from shared.base.caller import REPORTER, Caller
from shared.base.errors import Conflict, Invalid
from shared.base.randomness import new_uuid
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import DossierEvent, FileAdded
from shared.domain.dossier.filed_files import files_that_count, kind_of
from shared.domain.files.types import PDF, safe_name
from shared.domain.sealed_stream import CHUNK_BYTES, file_key, seal_stream
from shared.platform.settings import Settings
from shared.wording.codes import field_message

PENDING: Final = "pending"

Check = Callable[[Dossier, Sequence[DossierEvent]], None]


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """Who adds files to which dossier.

    :param service: that records it.
    :param check: refuses, on the dossier as it then is, whoever may not.
    """

    runtime: Runtime
    service: str
    tenant: str
    dossier: UUID
    caller: Caller
    cause: Cause
    check: Check


@dataclass(frozen=True)
class Kept:
    """A file that is in the dossier.

    :param position: of the log; none where they had added the very same file before.
    """

    event: FileAdded
    position: int | None


def place_of(tenant: str, dossier: UUID, file: UUID | None = None) -> str:
    """Where a file lies in the store; without one, where all of the dossier's lie."""
    return f"{tenant}/{dossier}" + (f"/{file}" if file else "")


def keep_upload(keeping: Keeping, kind: str, name: str, content: bytes) -> Kept:
    """Keep what somebody sent.

    :param kind: of :data:`shared.domain.dossier.files.FILE_KINDS`; what it is says its content where that is no paper.
    :param name: as they call it.
    :raises Invalid: if it is not taken, or there are too many.
    :raises Unavailable: if the scanner or the store is away.
    """
    check(keeping.runtime.settings, content)
    scan(keeping.runtime.settings, content)
    clean = cleaned(content)
    return _keep(keeping, kind_of(kind, clean.media_type), safe_name(name, clean.media_type), clean, None)


def keep_document(keeping: Keeping, kind: str, name: str, content: bytes, number: str | None) -> Kept:
    """Keep a document that the system has made.

    :param number: of the document.
    """
    return _keep(keeping, kind, safe_name(name, PDF), Clean(PDF, content), number)


def _keep(keeping: Keeping, kind: str, name: str, clean: Clean, number: str | None) -> Kept:
    runtime = keeping.runtime
    store, file = runtime.files, new_uuid(runtime.randomness)
    place = place_of(keeping.tenant, keeping.dossier, file)
    own = {
        "file": file,
        "kind": kind,
        "media_type": clean.media_type.name,
        "size": len(clean.content),
        "sha256": hashlib.sha256(clean.content).hexdigest(),
        "number": number,
    }
    key = runtime.dossier_key(keeping.dossier)
    # The mark stands while the file is not recorded: a sweep finds by it what a crash has left.
    store.put(f"{PENDING}/{place}", [b"-"])
    recorded: Kept | None = None
    try:
        secret = file_key(key, file)
        store.put(place, seal_stream(secret, file, _pieces(clean.content), runtime.randomness))
        named = {"name": name, **({"look": clean.look} if clean.look else {})}
        recorded = on_fresh_state(lambda: _record(keeping, own, key.seal(named, FileAdded.__name__)))
        return recorded
    finally:
        if recorded is None or recorded.event.file != file:
            store.delete(place)
        store.delete(f"{PENDING}/{place}")


def _record(keeping: Keeping, own: dict[str, Any], sealed: str) -> Kept:
    runtime = keeping.runtime
    dossiers = runtime.dossiers(keeping.service)
    dossier, events = dossiers.open(keeping.dossier, keeping.tenant)
    if dossier.erased:
        raise Conflict("erased")
    keeping.check(dossier, events)
    files = [event for event in events if isinstance(event, FileAdded)]
    # Only what the same people added: another's file may not be theirs to see, and bears another's name.
    # And only what counts: what was there before it was reopened is no result of the steps that are taken again.
    sent = (keeping.caller.actor, keeping.caller.agency, own["kind"], own["sha256"])
    recent = files_that_count(events)
    known = next((each for each in recent if (each.actor, each.agency, each.kind, each.sha256) == sent), None)
    if known is not None:
        return Kept(known, None)
    _check_room(runtime.settings, keeping.caller, files, own["size"])
    event = runtime.desk(keeping.tenant).note(
        dossier, "FileAdded", keeping.caller, keeping.cause, {**own, "sealed": sealed}
    )
    [position] = dossiers.append([event])
    if not isinstance(event, FileAdded):
        raise TypeError("the desk recorded something else")
    return Kept(event, position)


def _check_room(settings: Settings, caller: Caller, files: Sequence[FileAdded], size: int) -> None:
    """Refuse one file too many, or too much of a reporter. What a reporter sends takes no room from the offices.

    :param files: of the dossier.
    :param size: of the one that the caller adds, in bytes.
    :raises Invalid: naming the field ``file``.
    """
    is_reporters = caller.actor == REPORTER
    own = [each for each in files if (each.actor == REPORTER) == is_reporters]
    if len(own) >= settings.files_per_dossier:
        raise Invalid("invalid_fields", fields={"file": [field_message("too_many", max=settings.files_per_dossier)]})
    most = settings.reporters_files_most_bytes
    if is_reporters and sum(each.size for each in own) + size > most:
        raise Invalid("invalid_fields", fields={"file": [field_message("files_too_large", max=most)]})


def _pieces(content: bytes) -> list[bytes]:
    return [content[start : start + CHUNK_BYTES] for start in range(0, len(content), CHUNK_BYTES)]
