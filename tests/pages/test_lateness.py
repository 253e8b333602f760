"""By how much something is late, as people read it: never more than it is."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from portal.pages.frame.time_left import late
from shared.domain.all_tenants import Tenants
from shared.domain.calendar.duration import Duration
from shared.platform.settings import PROJECT

_ZONE = ZoneInfo("Asia/Jakarta")
_WORKING_DAYS = Duration(3, "wd", "working")
_DAYS = Duration(3, "d", "wall")


@pytest.mark.parametrize(
    ("within", "due", "now", "told"),
    [
        # Monday at two: on Tuesday at eight few working hours have passed, although it is another day.
        (_WORKING_DAYS, "2026-10-05T14:00", "2026-10-06T08:00", "Terlambat 2 jam"),
        (_WORKING_DAYS, "2026-10-05T10:00", "2026-10-06T10:00", "Terlambat 1 hari kerja"),
        (_WORKING_DAYS, "2026-10-05T10:00", "2026-10-06T11:00", "Terlambat lebih dari 1 hari kerja"),
        # From Friday, over a weekend.
        (_WORKING_DAYS, "2026-10-09T10:00", "2026-10-12T09:00", "jam"),
        (_DAYS, "2026-10-05T10:00", "2026-10-05T11:00", "Terlambat 1 jam"),
        (_DAYS, "2026-10-05T10:00", "2026-10-06T10:00", "Terlambat 1 hari"),
        (_DAYS, "2026-10-05T10:00", "2026-10-06T11:00", "Terlambat lebih dari 1 hari"),
    ],
)
def test_lateness_is_told_in_whole_days_once_they_have_passed(within: Duration, due: str, now: str, told: str) -> None:
    """Less than a day in hours, and more than whole days as more."""
    calendar = Tenants(PROJECT / "tenants").get("cilacap").calendar
    then, later = (datetime.fromisoformat(each).replace(tzinfo=_ZONE) for each in (due, now))
    with Flask("test").test_request_context("/?bahasa=id"):
        assert told in late(then, later, within, calendar)
