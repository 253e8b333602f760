"""Events as JSON and back. The JSON is what is stored, hashed and published: flat, readable by any AMQP client."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from shared.dossier.events import EVENT_TYPES, DossierEvent
from shared.dossier.promise import Promise
from shared.dossier.times import from_iso, to_iso
from shared.dossier.upcasting import upcast
from shared.projection.errors import UnknownEventType

_IDENTITY = {"originator_id", "originator_version"}
_FIELDS: dict[type[DossierEvent], tuple[str, ...]] = {
    cls: tuple(field.name for field in fields(cls) if field.name not in _IDENTITY) for cls in EVENT_TYPES.values()
}


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
    for name in _FIELDS[type(event)]:
        data[name] = _to_json(getattr(event, name))
    return data


def to_bytes(event: DossierEvent) -> bytes:
    """The stored form: compact UTF-8 JSON."""
    return json.dumps(to_data(event), ensure_ascii=False, separators=(",", ":")).encode()


def from_data(event_type: str, dossier: UUID, version: int, data: Mapping[str, Any]) -> DossierEvent:
    """The typed event for stored data, lifted to the present schema.

    :raises UnknownEventType: if no such type exists in this version.
    :raises ValueError: if the data do not fit the type.
    """
    cls = EVENT_TYPES.get(event_type)
    if cls is None:
        raise UnknownEventType(event_type)
    lifted = upcast(event_type, dict(data), cls.SCHEMA)
    try:
        values = {name: _from_json(name, lifted[name]) for name in _FIELDS[cls] if name in lifted}
        return cls(originator_id=dossier, originator_version=version, **values)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{event_type} {dossier}:{version} does not fit its schema") from error


def decode(recorded: Recorded) -> DossierEvent:
    """The typed event for what was read from the store or the broker; raises as :func:`from_data`."""
    return from_data(recorded.type, recorded.dossier, recorded.version, recorded.data)


def _to_json(value: object) -> object:
    if isinstance(value, datetime):
        return to_iso(value)
    if isinstance(value, Promise):
        return value.to_dict()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    return value


def _from_json(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_at"):
        return from_iso(value)
    if name in ("promise", "wait", "case"):
        return Promise.from_dict(value)
    if name == "into":
        return UUID(value)
    if isinstance(value, list):
        return tuple(value)
    return value
