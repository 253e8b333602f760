"""When a month is due to be drawn up."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.monthly import latest_due
from tests.reporting.stories import TENANTS


@pytest.mark.parametrize(
    ("now", "month", "since"),
    [
        ("2026-11-02T07:29:59+07:00", "2026-09", "2026-10-01T07:30:00+07:00"),  # 1 November 2026 is a Sunday
        ("2026-11-02T07:30:00+07:00", "2026-10", "2026-11-02T07:30:00+07:00"),
        ("2026-11-30T23:59:59+07:00", "2026-10", "2026-11-02T07:30:00+07:00"),
        ("2027-01-02T12:00:00+07:00", "2026-11", "2026-12-01T07:30:00+07:00"),  # New Year, then a Saturday
        ("2027-01-04T07:30:00+07:00", "2026-12", "2027-01-04T07:30:00+07:00"),
    ],
)
def test_a_month_is_due_when_the_office_opens_after_it(now: str, month: str, since: str) -> None:
    """Not on a Sunday, not on a holiday, not before the door opens."""
    told, due = latest_due(TENANTS.get("cilacap"), datetime.fromisoformat(now))

    assert (month, datetime.fromisoformat(since)) == (told, due)


@given(minutes=st.integers(0, 3 * 365 * 24 * 60))
def test_a_due_month_lies_behind(minutes: int) -> None:
    """Whatever the instant, the month has ended, and it was due by then."""
    tenant = TENANTS.get("trenggalek")
    now = datetime.fromisoformat("2024-02-01T00:00:00+07:00") + timedelta(minutes=minutes)

    month, due = latest_due(tenant, now)

    assert due <= now
    assert month < f"{now:%Y-%m}"
