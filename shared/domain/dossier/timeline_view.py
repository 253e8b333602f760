"""What happened to a dossier, event by event, as an officer reads it."""

from datetime import datetime
from typing import Any

from shared.domain.dossier.authorities import authority_of
from shared.domain.dossier.complaint_view import given_view
from shared.domain.dossier.contents import given_in, opened
from shared.domain.dossier.events import (
    ClockEvent,
    DataAnswered,
    DataAsked,
    Dispositioned,
    DossierEvent,
    Forwarded,
    Transferred,
)
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant

_FIELDS = (
    "why",
    "kind",
    "to_agency",
    "from_agency",
    "to_actor",
    "by",
    "after",
    "score",
    "classification",
    "category",
    "part",
    "asked",
    "clock",
    "reasons",
    "via",
    "to_unit",
    "into_ticket",
    "members",
    "late_seconds",
    "case_late_seconds",
)
_IDS = ("into", "member", "leader")
_INSTANTS = ("until_at", "due_at")
_TEXTS = ("reason", "note", "response", "text", "comment", "summary", "public_answer")


def timeline_entry(event: DossierEvent, tenant: Tenant, key: DataKey | None, *, known: bool) -> dict[str, Any]:
    """One event as a line of the timeline.

    :param key: opens what was written in it; none when that was erased.
    :param known: whether its reader may know who reported.
    """
    entry: dict[str, Any] = {
        "event": event.type,
        "version": event.originator_version,
        "at": tenant.local(event.occurred_at),
        "recorded_at": tenant.local(event.recorded_at),
        "step": event.step,
        "actor": event.actor,
        "agency": event.agency,
        "user": event.user,
        "status": event.status,
        "to_step": event.promise.step if event.promise else None,
    }
    for name in _FIELDS:
        value = getattr(event, name, None)
        if name == "category" and not known:
            value = tenant.entries.category(value)
        if value is not None:
            entry[name] = list(value) if isinstance(value, tuple) else value
    entry |= {name: str(value) for name in _IDS if (value := getattr(event, name, None)) is not None}
    if isinstance(event, Transferred):
        entry |= {"to": authority_of(event, tenant, key), "authority": event.authority}
    if isinstance(event, Dispositioned) and event.despite:
        entry["despite"] = list(event.despite)
    if isinstance(event, Forwarded) and event.authorised:
        entry["authorised"] = True
    for name in _INSTANTS:
        if isinstance(instant := getattr(event, name, None), datetime):
            entry[name] = tenant.local(instant)
    if isinstance(event, ClockEvent):
        entry |= {
            "target": event.target,
            "holder": event.holder,
            "holder_agency": event.holder_agency,
        }
    # What a reporter asks about their own data may tell who they are.
    private = opened(event, key) if known or not isinstance(event, DataAsked | DataAnswered) else {}
    entry |= {name: private[name] for name in _TEXTS if private.get(name)}
    given = given_in(event, key)
    shown = given_view({**given, "additions": None}, tenant, known=known) if given else {}
    return {**entry, "given": shown} if shown else entry
