"""``aduan doctor`` says in time that the coming year's holidays are still to be recorded."""

from datetime import datetime

import pytest

from cli.doctoring.holidays import holiday_lines
from shared.domain.calendar.records import Records
from tests.calendar.calendars import calendar, closed, national

LAST = national().rules.holidays_until or 0
"""The last year that a decree of the files is about."""


def _noon(years: int, day: str) -> datetime:
    return datetime.fromisoformat(f"{LAST + years}-{day}T12:00:00+07:00")


@pytest.mark.parametrize(
    ("years", "day", "state"), [(0, "11-01", "ok"), (0, "11-02", "warn"), (0, "12-31", "warn"), (2, "07-01", "warn")]
)
def test_the_coming_year_is_asked_for_in_time(years: int, day: str, state: str) -> None:
    """From when on a promise may lead into it."""
    [line] = holiday_lines({"cirebon": national()}, _noon(years, day))

    assert ("tenants.cirebon.holidays", state) == (line.check, line.state)
    assert (state == "warn") is ("/cirebon/kelola/kalender" in line.remedy)


def test_a_government_s_own_closed_day_is_no_year_of_holidays() -> None:
    """Whoever has decreed their anniversary already has not said which days are holidays."""
    closing = national().with_records([Records((closed([f"{LAST + 1}-04-02"]),), (), ())])
    [line] = holiday_lines({"cirebon": closing}, _noon(0, "12-01"))

    assert ("warn", True) == (line.state, str(LAST + 1) in line.said)


def test_where_no_holiday_is_wanted_none_is_missed() -> None:
    """A calendar that closes on no holiday."""
    assert [] == [*holiday_lines({"cirebon": calendar()}, _noon(0, "12-01"))]
