"""What happened to a complaint, as an officer's page tells it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from portal.pages.officer.clocks import clocks
from portal.pages.officer.history import Entry, history
from shared.domain.tenants import Tenant, load_tenant
from shared.platform.settings import PROJECT

_NOW = datetime(2026, 10, 7, 3, 15, tzinfo=UTC)


def _remarks(home: Tenant, language: str, own: dict[str, Any], *clocks: dict[str, Any]) -> tuple[str, ...]:
    [told] = _told(home, language, [own], *clocks)
    return told.remarks


def _told(home: Tenant, language: str, events: list[dict[str, Any]], *clocks: dict[str, Any]) -> tuple[Entry, ...]:
    usual = {"version": 1, "at": _NOW.isoformat(), "agency": None, "actor": "coordinator", "status": "returned"}
    timeline = [{**usual, **own} for own in events]
    with Flask("test").test_request_context(f"/?bahasa={language}"):
        view = {"sop_version": home.sop.version, "agency": None, "timeline": timeline, "clocks": clocks}
        return history(view, home, _NOW)


def test_until_when_and_to_which_unit_stands_where_somebody_decides_by_it() -> None:
    """Whoever grants leave reads until when it is asked for; whoever forwards to a unit has named it."""
    home = load_tenant(PROJECT / "tenants" / "bantul")
    office = next(each for each in home.agencies if each.people.units)
    until = {"event": "LeaveAsked", "kind": "pause", "why": "goods", "until_at": "2026-10-28T15:30:00+07:00"}
    unit = {"event": "Forwarded", "agency": office.id, "to_unit": office.people.units[0].id}

    assert "sampai Rabu, 28 Oktober, pukul 15.30 WIB" in _remarks(home, "id", until)
    assert office.people.units[0].name in _remarks(home, "id", unit)


@pytest.mark.parametrize(
    ("failed", "indonesian", "english"),
    [
        ({"by": "none"}, (), ()),
        ({"by": "email"}, ("lewat surel",), ("by e-mail",)),
        (
            {"by": "whatsapp", "after": "accepted"},
            ("lewat WhatsApp", "sempat diterima untuk disampaikan"),
            ("by WhatsApp", "had been taken for delivery"),
        ),
    ],
)
def test_what_could_not_be_brought_tells_the_way_and_how_far_it_came(
    failed: dict[str, str], indonesian: tuple[str, ...], english: tuple[str, ...]
) -> None:
    """Whoever has to reach the reporter all the same knows what was tried, and whether it was taken."""
    home = load_tenant(PROJECT / "tenants" / "cilacap")
    told = [_remarks(home, language, {"event": "DeliveryFailed", **failed}) for language in ("id", "en")]
    assert [indonesian, english] == told


_AT = "2026-10-06T09:14:00+07:00"
_CLOCK: dict[str, Any] = {
    "id": "step:1",
    "target": "step",
    "state": "satisfied",
    "actor": "coordinator",
    "agency": None,
    "within": "15 min",
    "started_at": "2026-10-06T09:00:00+07:00",
    "counted_from": "2026-10-06T09:00:00+07:00",
    "ended_at": _AT,
    "late_seconds": 0,
    "pauses": [],
    "extended": False,
}
_QUICK: dict[str, Any] = dict.fromkeys(("started_at", "counted_from"), "2026-10-06T09:13:50+07:00")
_LATE: dict[str, Any] = {"within": "10 min", "state": "breached", "late_seconds": 240}


@pytest.mark.parametrize(
    ("clock", "entry", "told"),
    [
        ({}, {}, ("14 menit dari 15 menit kerja", "tepat waktu")),
        (_LATE, {"late_seconds": 240}, ("terlambat 4 menit", "14 menit dari 10 menit kerja")),
        ({"within": "1 wd"}, {}, ("dalam 1 hari kerja", "tepat waktu")),
        ({"within": "2 wd"}, {}, ("kurang dari 1 hari kerja dari 2 hari kerja", "tepat waktu")),
        ({"within": "15 min", "state": "breached"}, {}, ("14 menit dari 15 menit kerja", "lewat waktu")),
        ({"within": "15 s wall", **_QUICK}, {}, ("10 detik dari 15 detik", "tepat waktu")),
        ({"actor": "system"}, {"actor": "system"}, ()),
        ({"pauses": [{"starts": _AT, "ends": None}]}, {}, ("tepat waktu",)),
        ({"counted_from": "2026-10-06T08:50:00+07:00"}, {}, ("tepat waktu",)),
        ({"actor": "operator", "agency": "dpupr"}, {}, ()),
        ({"state": "cancelled"}, {}, ()),
        ({"target": "case"}, {}, ()),
    ],
)
def test_a_step_that_was_done_tells_how_much_of_its_time_it_took_and_whether_it_was_in_time(
    clock: dict[str, Any], entry: dict[str, Any], told: tuple[str, ...]
) -> None:
    """Of whoever held it: that another desk took it away says nothing of them; what leave gave is told by the clock."""
    home = load_tenant(PROJECT / "tenants" / "cilacap")
    event = {"event": "Dispositioned", "version": 2, "at": _AT, "late_seconds": 0, **entry}
    assert told == _remarks(home, "id", event, {**_CLOCK, **clock})


def test_what_was_done_at_one_instant_is_told_of_each_step_at_the_event_that_left_it() -> None:
    """Not at a note that the same desk wrote then, nor at the help that it gave; of two steps, at each one's own."""
    home = load_tenant(PROJECT / "tenants" / "cilacap")
    events = [
        {"version": version, "event": event, "at": _AT, **more}
        for version, event, more in (
            (2, "NoteLeft", {}),
            (3, "HelpGiven", {"part": 1, "late_seconds": 0}),
            (4, "Forwarded", {"late_seconds": 0}),
            (5, "Dispositioned", {"late_seconds": 0}),
        )
    ]
    second = {**_CLOCK, "id": "step:4", "started_at": _AT, "counted_from": _AT}
    told = {entry.version: entry.remarks for entry in _told(home, "id", events, _CLOCK, second)}

    assert {
        2: (),
        3: (),
        4: ("14 menit dari 15 menit kerja", "tepat waktu"),
        5: ("kurang dari 1 menit dari 15 menit kerja", "tepat waktu"),
    } == told


@pytest.mark.parametrize(
    ("clock", "told"),
    [
        ({"state": "satisfied"}, "selesai Sel 6 Okt 09.14, tepat waktu"),
        ({"state": "breached", "late_seconds": 240}, "selesai Sel 6 Okt 09.14, terlambat 4 menit"),
        ({"state": "breached"}, "selesai Sel 6 Okt 09.14, lewat waktu"),
        ({"state": "cancelled"}, "dihentikan Sel 6 Okt 09.14"),
    ],
)
def test_a_clock_that_has_ended_tells_whether_it_was_in_time_by_what_became_of_it(
    clock: dict[str, Any], told: str
) -> None:
    """A standard in working time has no length for what came in the evening, and that was late all the same."""
    home = load_tenant(PROJECT / "tenants" / "cilacap")
    ended = {**_CLOCK, "step": None, "due_at": "2026-10-06T09:10:00+07:00", **clock}
    with Flask("test").test_request_context("/?bahasa=id"):
        [shown] = clocks({"clocks": [ended]}, home, _NOW)

    assert told == shown.outcome
