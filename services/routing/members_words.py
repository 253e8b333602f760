"""What reporters of duplicates added, for the desk that has the complaint into which those were merged.

Their words and photos lie in their own dossiers, under their own keys: they end with an erasure, or when a duplicate
goes its own way again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.application.runtime import Runtime
from shared.base.caller import REPORTER
from shared.base.times import to_iso
from shared.domain.dossier.contents import given_in, opened
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import Added, ComplaintFiled, DossierEvent, FileAdded, Merged
from shared.domain.sealing import DataKey

SERVICE = "routing"


@dataclass(frozen=True)
class MembersWords:
    """What they said, and what they sent.

    :param of: the duplicates of which something is shown.
    :param additions: ``at``, ``message`` and the ``ticket`` of whose it is, the earliest first; of a file the message
        is its name, and ``file`` holds its ``id``, ``media_type`` and ``size``.
    """

    of: tuple[UUID, ...] = ()
    additions: tuple[Mapping[str, Any], ...] = ()


def members_words(runtime: Runtime, dossier: Dossier, events: Sequence[DossierEvent]) -> MembersWords:
    """What reporters of a dossier's duplicates added since they were merged.

    :param events: of the leading dossier.
    """
    if not dossier.members:
        return MembersWords()
    pointed = {
        (event.member, event.said_in)
        for event in events
        if isinstance(event, Added) and event.member in dossier.members
    }
    members = sorted(dossier.members, key=str)
    histories = runtime.dossiers(SERVICE).open_all(members, [ComplaintFiled, Added, Merged, FileAdded])
    keys = runtime.vault.keys(None, members)
    found: list[dict[str, Any]] = []
    of: list[UUID] = []
    for member, history in histories.items():
        ticket = next((event.ticket for event in history if isinstance(event, ComplaintFiled)), "")
        given = [(event, given_in(event, keys[member])) for event in history if _key_of(event) in pointed]
        said = [
            {"at": to_iso(event.occurred_at), "message": words["message"], "ticket": ticket}
            for event, words in given
            if words
        ]
        said += [_file(event, keys[member], ticket) for event in _sent(history) if keys[member] is not None]
        if said:
            of.append(member)
            found += said
    return MembersWords(tuple(of), tuple(sorted(found, key=lambda each: each["at"])))


def members_file(runtime: Runtime, dossier: Dossier, file: str) -> tuple[Dossier, FileAdded, DataKey] | None:
    """A file that the reporter of a duplicate has sent since it was merged, with whose it is; none if it is no such.

    :param dossier: the leading one.
    :param file: its id.
    """
    histories = runtime.dossiers(SERVICE).open_all(sorted(dossier.members, key=str), [Merged, FileAdded])
    for member, history in histories.items():
        found = next((event for event in _sent(history) if str(event.file) == file), None)
        key = runtime.vault.key_of(member) if found is not None else None
        if found is not None and key is not None:
            duplicate, _ = runtime.dossiers(SERVICE).open(member, dossier.tenant)
            return duplicate, found, key
    return None


def _sent(history: Sequence[DossierEvent]) -> list[FileAdded]:
    """The reporter's own files since the duplicate was merged."""
    merged = max((event.originator_version for event in history if isinstance(event, Merged)), default=0)
    return [
        event
        for event in history
        if isinstance(event, FileAdded) and event.actor == REPORTER and event.originator_version > merged
    ]


def _file(event: FileAdded, key: DataKey | None, ticket: str) -> dict[str, Any]:
    name = str(opened(event, key).get("name") or event.file)
    file = {"id": str(event.file), "media_type": event.media_type, "size": event.size}
    return {"at": to_iso(event.occurred_at), "message": name, "ticket": ticket, "file": file}


def _key_of(event: DossierEvent) -> tuple[UUID, int]:
    return event.originator_id, event.originator_version
