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
    entry = {"at": _NOW.isoformat(), "agency": None, "actor": "coordinator", "status": "returned", **own}
    with Flask("test").test_request_context(f"/?bahasa={language}"):
        [told] = history({"sop_version": home.sop.version, "timeline": [entry]}, home, _NOW)
    return told.remarks


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
