"""Examples of messages: invented events, written by the code that writes the real ones."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

from shared.application.dossiers.codec import to_bytes
from shared.domain.dossier.events import EVENT_TYPES, DossierEvent
from shared.domain.dossier.promise import Promise
from shared.domain.sop.vocabulary import Status
from shared.messaging.wire.envelope import to_message
from shared.messaging.wire.outgoing import Outgoing
from shared.store.eventstore.reading import RecordedEvent

DOSSIER: Final = UUID("0f0e0d0c-0b0a-4908-8706-050403020100")
_OTHER: Final = UUID("1f1e1d1c-1b1a-4918-9716-151413121110")
_NOW: Final = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
_DUE: Final = _NOW + timedelta(minutes=15)

_PROMISE: Final = Promise(
    target="step",
    step="verify",
    actor="coordinator",
    agency=None,
    started_at=_NOW,
    due_at=_DUE,
    warn_at=None,
    within="15 min",
    sop_version=2,
    calendar_version="2026-1",
)
_KNOWN: Final[Mapping[str, Any]] = {
    "originator_id": DOSSIER,
    "originator_version": 3,
    "tenant": "cilacap",
    "actor": "coordinator",
    "agency": None,
    "user": "ratna",
    "recorded_at": _NOW,
    "occurred_at": _NOW,
    "correlation_id": "5b0f6a52-4f0c-4c7e-9d55-0f3a6f1f2a77",
    "causation_id": f"{DOSSIER}:2",
    "sop_version": 2,
    "step": "verify",
    "sealed": "AbCdEf0123456789",
    "ticket": "CLP-2026-000123",
    "channel": "whatsapp",
    "privacy": "open",
    "to_agency": "dpupr",
    "from_agency": "dpupr",
    "clock": f"{DOSSIER}:3:step",
    "due_at": _DUE,
    "until_at": _DUE,
    "help": _PROMISE,
    "data": _PROMISE,
    "reason": "mailbox_refused",
    "media_type": "image/jpeg",
    "size": 204_800,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
_BY_KIND: Final[Mapping[Any, Any]] = {str: "dpupr", int: 2, bool: True, UUID: _OTHER, datetime: _NOW}
# Of one event, where a field of this name means something of its own.
_OWN: Final[Mapping[str, Mapping[str, Any]]] = {
    "ComplaintFiled": {"actor": "reporter", "user": "whatsapp", "originator_version": 1, "causation_id": None},
    "Erased": {"reason": "asked"},
}
_STATUS: Final[Mapping[str, Status]] = {
    "Returned": "returned",
    "Answered": "answered",
    "Rated": "closed",
    "Closed": "closed",
    "Withdrawn": "withdrawn",
    "Lapsed": "lapsed",
    "Transferred": "transferred",
    "Rejected": "rejected",
    "Merged": "merged",
    "Erased": "closed",
}
# What leads into a step, and so carries the promise that was made there.
_LEADS_ON: Final = frozenset(("ComplaintFiled", "Dispositioned", "Returned", "Forwarded", "Supplemented", "Reopened"))


def example(cls: type[DossierEvent]) -> DossierEvent:
    """An event of a type: what it must say, what most of its kind say, and the step that it leads into."""
    hints = get_type_hints(cls)
    name = cls.__name__
    known = {**_KNOWN, "status": _STATUS.get(name, "in_progress"), **_OWN.get(name, {})}
    if name in _LEADS_ON:
        known["promise"] = _PROMISE
    chosen: dict[str, Any] = {}
    for field in fields(cls):
        if field.name in known:
            chosen[field.name] = known[field.name]
        elif field.default is MISSING and field.default_factory is MISSING:
            chosen[field.name] = _of(hints[field.name])
    return cls(**chosen)


def example_message(cls: type[DossierEvent], position: int) -> Outgoing:
    """The message that tells an example, as the relay publishes it.

    :param position: in the log.
    """
    event = example(cls)
    recorded = RecordedEvent(position, event.originator_id, event.originator_version, event.type, to_bytes(event))
    return to_message(recorded)


def every_example() -> dict[str, Outgoing]:
    """By event type."""
    return {name: example_message(cls, place) for place, (name, cls) in enumerate(EVENT_TYPES.items(), 1)}


def _of(hint: Any) -> Any:
    kind, inner = get_origin(hint), get_args(hint)
    if kind is Literal:
        return inner[0]
    if type(None) in inner:
        return _of(next(each for each in inner if each is not type(None)))
    return _BY_KIND[hint]


SUBMISSION: Final[Mapping[str, Any]] = {
    "tenant": "cilacap",
    "channel": "whatsapp",
    "external_id": "106540352242922:wamid.HBgNNjI4MTIzNDU2Nzg5",
    "occurred_at": "2026-10-05T07:58:00+07:00",
    "reporter": {"name": "Siti Rahayu", "address": "RT 02/RW 01 Hanum", "phone": "+6281234567890"},
    "title": "Jalan utama Desa Hanum",
    "message": "Jalan utama desa Hanum berlubang cukup dalam.",
    "location": {"kecamatan": "Dayeuhluhur", "desa": "Hanum", "lat": -7.2431, "lon": 108.4097},
    "privacy": "anonymous",
}
LEAST_SUBMISSION: Final[Mapping[str, Any]] = {"tenant": "cilacap", "message": "Lampu jalan di depan pasar mati."}
RECEIPT: Final[Mapping[str, Any]] = {
    "id": str(DOSSIER),
    "ticket": "CLP-2026-000123",
    "tracking_code": "7KQ2M9XRTB",
    "status": "in_progress",
    "step": "verify",
    "created": True,
    "position": 4711,
}
REFUSAL: Final[Mapping[str, Any]] = {
    "error": {"code": "invalid_fields", "params": {}, "fields": {"message": ["required"]}}
}
