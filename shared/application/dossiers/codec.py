"""Events as JSON and back. The JSON is what is stored, hashed and published: flat, readable by any AMQP client."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from shared.application.dossiers.upcasting import upcast
from shared.base.errors import UnknownEventType
from shared.base.frozen import maker
from shared.base.times import from_iso, to_iso
from shared.domain.dossier.events import EVENT_TYPES, DossierEvent
from shared.domain.dossier.promise import Promise
from shared.store.eventstore.reading import RecordedEvent

Convert = Callable[[Any], Any]


def _reader(name: str) -> Convert | None:
    """What makes a field's value of its JSON; none where that is the same, but for lists."""
    if name.endswith("_at"):
        return from_iso
    if name in ("promise", "wait", "case", "help", "data"):
        return Promise.from_dict
    return UUID if name in ("into", "member", "leader", "file") else None


# Looked up once: every service reads every event, and each has some thirty fields.
_IDENTITY = {"originator_id", "originator_version"}
_READERS: dict[type[DossierEvent], tuple[tuple[str, Convert | None], ...]] = {
    cls: tuple((field.name, _reader(field.name)) for field in fields(cls) if field.name not in _IDENTITY)
    for cls in EVENT_TYPES.values()
}
_CONVERTED: dict[type[DossierEvent], tuple[frozenset[str], tuple[str, ...], tuple[tuple[str, Convert], ...]]] = {
    cls: (
        frozenset(name for name, _ in readers),
        tuple(field.name for field in fields(cls) if "tuple" in str(field.type)),
        tuple((name, read) for name, read in readers if read is not None),
    )
    for cls, readers in _READERS.items()
}
_MAKERS: dict[type[DossierEvent], Callable[[Mapping[str, Any]], DossierEvent]] = {
    cls: maker(cls) for cls in EVENT_TYPES.values()
}
_WRITERS: dict[type, Convert] = {datetime: to_iso, Promise: Promise.to_dict, UUID: str, tuple: list}
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Recorded(Protocol):
    """What a stored event offers, wherever it comes from: the store or the broker."""

    @property
    def dossier(self) -> UUID:
        """Whose event it is."""

    @property
    def version(self) -> int:
        """Its place in the dossier."""

    @property
    def type(self) -> str:
        """Its stable name."""

    @property
    def data(self) -> Mapping[str, Any]:
        """Its JSON."""


def to_data(event: DossierEvent) -> dict[str, Any]:
    """The event's own data as JSON values; the dossier and its version are kept beside them."""
    data: dict[str, Any] = {"schema": event.SCHEMA}
    for name, _ in _READERS[type(event)]:
        value = getattr(event, name)
        write = _WRITERS.get(type(value))
        data[name] = value if write is None else write(value)
    return data


def to_bytes(event: DossierEvent) -> bytes:
    """The stored form: compact UTF-8 JSON."""
    return _ENCODER.encode(to_data(event)).encode()


def from_data(event_type: str, dossier: UUID, version: int, data: Mapping[str, Any]) -> DossierEvent:
    """The typed event for stored data, lifted to the present schema.

    :raises UnknownEventType: if no such type exists in this version.
    :raises ValueError: if the data do not fit the type.
    """
    cls = EVENT_TYPES.get(event_type)
    if cls is None:
        raise UnknownEventType(event_type)
    lifted = data if data["schema"] == cls.SCHEMA else upcast(event_type, dict(data), cls.SCHEMA)
    names, lists, converted = _CONVERTED[cls]
    try:
        values: dict[str, Any] = {name: value for name, value in lifted.items() if name in names}
        for name in lists:
            value = values.get(name)
            if type(value) is list:
                values[name] = tuple(value)
        for name, convert in converted:
            value = values.get(name)
            if value is not None:
                values[name] = convert(value)
        values["originator_id"] = dossier
        values["originator_version"] = version
        return _MAKERS[cls](values)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{event_type} {dossier}:{version} does not fit its schema") from error


def decode(recorded: Recorded) -> DossierEvent:
    """The typed event for what was read from the store or the broker; raises as :func:`from_data`."""
    return recorded.once(_decoded) if isinstance(recorded, RecordedEvent) else _decoded(recorded)


def _decoded(recorded: Recorded) -> DossierEvent:
    return from_data(recorded.type, recorded.dossier, recorded.version, recorded.data)
