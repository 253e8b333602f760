"""The files of a dossier, as its readers see them."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from shared.base.caller import REPORTER
from shared.domain.dossier.answer_letters import given_letters
from shared.domain.dossier.contents import opened
from shared.domain.dossier.dossier import undoes_disposition
from shared.domain.dossier.events import DossierEvent, FileAdded, Reopened
from shared.domain.files.types import MediaType
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant

REPORTERS_KINDS: Final = ("photo", "document")
"""What a reporter may call what they add; of a recording it is known by itself."""
RECORDING: Final = "recording"
_DOCUMENTATION: Final = "documentation"
"""What an office shows of its work may be a film."""


def kind_of(kind: str, media_type: MediaType) -> str:
    """What a file is to the procedure, by what was said of it and what it is."""
    if media_type.is_recording:
        return kind if kind == _DOCUMENTATION else RECORDING
    if kind == RECORDING:
        return "document" if media_type.sort == "document" else "photo"
    return kind


def files_of(events: Iterable[DossierEvent]) -> list[FileAdded]:
    """All files, in the order in which they were added."""
    return [event for event in events if isinstance(event, FileAdded)]


def files_that_count(events: Iterable[DossierEvent]) -> list[FileAdded]:
    """Those that count as results of the steps.

    What was there before it was reopened belongs to the former answer; and what officers added before a disposition was
    undone is no result of those who have it next.
    """
    found: list[FileAdded] = []
    for event in events:
        if isinstance(event, Reopened):
            found = []
        elif undoes_disposition(event):
            found = [each for each in found if each.actor == REPORTER]
        elif isinstance(event, FileAdded):
            found.append(event)
    return found


def files_for_reporter(events: Sequence[DossierEvent], key: DataKey | None) -> list[FileAdded]:
    """What the holder of the tracking code may have: their own, and the letter of an answer once that is given.

    :param events: the dossier's whole history.
    """
    letters = list(given_letters(events, key))
    return [event for event in files_of(events) if event.actor == REPORTER or event in letters]


def file_view(event: FileAdded, tenant: Tenant, key: DataKey | None) -> dict[str, Any]:
    """One of them, in the API's shape."""
    return {
        "id": str(event.file),
        "version": event.originator_version,
        "kind": event.kind,
        "name": opened(event, key).get("name"),
        "media_type": event.media_type,
        "size": event.size,
        "sha256": event.sha256,
        "number": event.number,
        "at": tenant.local(event.occurred_at),
        "step": event.step,
        "actor": event.actor,
        "agency": event.agency,
    }


def files_view(files: Sequence[FileAdded], tenant: Tenant, key: DataKey | None) -> list[dict[str, Any]]:
    """All of them."""
    return [file_view(event, tenant, key) for event in files]
