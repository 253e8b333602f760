"""A government's first page: what one can do here, what is promised, and what else there is."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from portal.pages.citizen.start import closed_until
from shared.domain.all_tenants import Tenants
from shared.platform.settings import PROJECT
from tests.pages.visitor import Visitor

Visitors = Callable[..., Visitor]


def test_it_leads_to_filing_and_tracking_and_names_the_promise_and_other_ways(visitor: Visitors) -> None:
    """The promise is the procedure's; the channels are its own, and this page is none of the others."""
    page = visitor().get("/cilacap/")
    ways = [each.attributes["href"] for each in page.all("a") if "button" in each.attributes.get("class", "")]
    section = page.one("section", aria_labelledby="lain").text

    assert ["/cilacap/adukan", "/cilacap/lacak"] == ways
    assert "Aduan diharapkan selesai dalam" in page.text or "Aduan dijawab paling lama dalam" in page.text
    assert "WhatsApp: 085290082800" in section
    assert "laporbup" not in section


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-10-05T10:00:00+07:00", None),
        ("2026-10-05T22:00:00+07:00", "Selasa, 6 Oktober"),
        ("2026-10-10T10:00:00+07:00", "Senin, 12 Oktober"),
    ],
)
def test_at_night_and_on_closed_days_it_says_when_the_office_opens(now: str, opens: str | None) -> None:
    """And that complaints are taken all the same."""
    home = Tenants(PROJECT / "tenants").get("cilacap")
    with Flask("test").test_request_context("/?bahasa=id"):
        told = closed_until(home, datetime.fromisoformat(now).astimezone(home.zone))

    if opens is None:
        assert told is None
    else:
        assert told is not None
        assert f"buka lagi {opens}, pukul" in told
        assert told.endswith("aduan tetap diterima.")
