"""What was once written can be read for ever."""

import json
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args
from uuid import UUID

import pytest

from shared.application.dossiers import upcasting
from shared.application.dossiers.codec import decode, from_data, to_bytes, to_data
from shared.application.dossiers.owners import OWNERS
from shared.base.errors import UnknownEventType
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import EVENT_TYPES, DossierEvent
from shared.domain.dossier.promise import Promise

GOLDEN = Path(__file__).with_name("golden_events.jsonl")
NOW = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
DOSSIER = UUID("0f0e0d0c-0b0a-4908-8706-050403020100")
_PROMISE = Promise(
    target="step",
    step="check",
    actor="coordinator",
    agency=None,
    started_at=NOW,
    due_at=NOW,
    warn_at=None,
    within="15 min",
    sop_version=1,
    calendar_version="abc",
)
_VALUES: dict[str, Any] = {
    "originator_id": DOSSIER,
    "originator_version": 3,
    "recorded_at": NOW,
    "occurred_at": NOW,
    "due_at": NOW,
    "sop_version": 1,
    "promise": _PROMISE,
    "missing": ("reporter.address",),
    "reasons": ("decided:clear", "word:lampu jalan"),
    "answer": 2,
    "score": 4,
    "into": UUID(int=7),
    "member": UUID(int=8),
    "file": UUID(int=9),
    "members": 2,
    "until_at": NOW,
    "help": _PROMISE,
    "data": _PROMISE,
    "notice": 2,
    "asked": 2,
    "part": 2,
    "summary": 2,
    "size": 4096,
    "has_response": True,
}


def _sample(cls: type[DossierEvent]) -> DossierEvent:
    chosen = {
        field.name: _VALUES.get(field.name, f"a {field.name}")
        for field in fields(cls)
        if field.name in _VALUES or (field.default is MISSING and field.default_factory is MISSING)
    }
    return cls(**chosen)


@pytest.mark.parametrize("cls", EVENT_TYPES.values(), ids=lambda cls: cls.__name__)
def test_every_event_survives_the_store(cls: type[DossierEvent]) -> None:
    """An event read back is the event that was written."""
    event = _sample(cls)

    data = json.loads(to_bytes(event))

    assert event == from_data(event.type, DOSSIER, 3, data)


def test_every_event_type_has_owners() -> None:
    """No event can be appended by nobody, and none is owned that does not exist."""
    assert set(EVENT_TYPES) == set(OWNERS)


def test_every_event_type_has_its_name() -> None:
    """The names that the type checker knows are those of the events, and nothing else."""
    assert get_args(EventName) == tuple(EVENT_TYPES)


def test_golden_events_still_load() -> None:
    """Every event type and schema ever released loads today, and no field of it has been lost."""
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    loaded = {}
    for line in lines:
        stored = json.loads(line)
        event = decode(SimpleNamespace(dossier=DOSSIER, version=3, type=stored["type"], data=stored["data"]))
        loaded[stored["type"]] = event
        if stored["data"]["schema"] == event.SCHEMA:
            assert stored["data"] == {name: to_data(event)[name] for name in stored["data"]}

    assert set(EVENT_TYPES) == set(loaded)


def test_an_unknown_type_is_told_apart() -> None:
    """A consumer can tell an event of a newer version from broken data."""
    with pytest.raises(UnknownEventType):
        from_data("Teleported", DOSSIER, 1, {"schema": 1})


def test_data_of_a_newer_schema_is_refused() -> None:
    """Old code does not guess at what newer code wrote."""
    data = to_data(_sample(EVENT_TYPES["Answered"])) | {"schema": 99}

    with pytest.raises(ValueError, match="reads up to 1"):
        from_data("Answered", DOSSIER, 1, data)


def test_old_data_are_lifted_one_schema_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Upcasters run in order, each by one version, and a missing one is an error."""
    monkeypatch.setitem(upcasting.UPCASTERS, ("X", 1), lambda data: {**data, "a": 1})
    monkeypatch.setitem(upcasting.UPCASTERS, ("X", 2), lambda data: {**data, "b": data["a"] + 1})

    assert {"schema": 3, "a": 1, "b": 2} == upcasting.upcast("X", {"schema": 1}, 3)
    with pytest.raises(ValueError, match="no upcaster"):
        upcasting.upcast("X", {"schema": 1}, 4)


def test_stored_data_hold_no_python_and_no_private_name() -> None:
    """Any client can read the JSON: flat, ISO times, no class paths."""
    data = json.loads(to_bytes(_sample(EVENT_TYPES["ComplaintFiled"])))

    assert "2026-10-05T01:00:00+00:00" == data["recorded_at"]
    assert "shared." not in json.dumps(data)
