"""What was written in a dossier: the private parts of its events, opened with its key."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.domain.dossier.events import ComplaintFiled, DossierEvent, Supplemented
from shared.domain.sealing import DataKey


def opened(event: DossierEvent, key: DataKey | None) -> dict[str, Any]:
    """The private fields of one event; empty where there are none or the key was destroyed.

    :raises Unsealable: if the sealed part was tampered with or belongs to another event.
    """
    if event.sealed is None or key is None:
        return {}
    return key.open(event.sealed, event.type)


def complaint_of(events: Iterable[DossierEvent], key: DataKey | None) -> dict[str, Any]:
    """The complaint as it stands: what was filed, completed by what was supplemented.

    :returns: ``reporter``, ``title``, ``message``, ``location``, ``category``, ... as in the filing.
    """
    complaint: dict[str, Any] = {}
    for event in events:
        if isinstance(event, ComplaintFiled | Supplemented):
            place = {"kecamatan": event.kecamatan, "desa": event.desa}
            clear = {
                "location": {name: value for name, value in place.items() if value},
                "category": event.category,
                "classification": event.classification,
            }
            complaint = merged(merged(complaint, clear), opened(event, key))
    return complaint


def merged(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with the given fields of ``more`` laid over it, nested fields one by one."""
    result = dict(base)
    for name, value in more.items():
        if isinstance(value, Mapping):
            result[name] = merged(result.get(name) or {}, value)
        elif value not in (None, ""):
            result[name] = value
    return result


def text_of(events: Iterable[DossierEvent], key: DataKey | None, version: int | None) -> str | None:
    """The text or response written in the event of that version; none if it has none."""
    for event in events:
        if event.originator_version == version:
            private = opened(event, key)
            text = private.get("text") or private.get("response")
            return str(text) if text else None
    return None
