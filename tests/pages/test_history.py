"""What happened to a complaint, as an officer's page tells it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from portal.pages.officer.history import history
from shared.domain.tenants import Tenant, load_tenant
from shared.platform.settings import PROJECT

_NOW = datetime(2026, 10, 7, 3, 15, tzinfo=UTC)


def _remarks(home: Tenant, language: str, own: dict[str, Any]) -> tuple[str, ...]:
    entry = {"version": 1, "at": _NOW.isoformat(), "agency": None, "actor": "coordinator", "status": "returned", **own}
    with Flask("test").test_request_context(f"/?bahasa={language}"):
        view = {"sop_version": home.sop.version, "agency": None, "timeline": [entry]}
        [told] = history(view, home, _NOW)
    return told.remarks


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
