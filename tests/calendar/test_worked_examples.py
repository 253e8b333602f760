"""The worked examples of the design, with the default week in Asia/Jakarta."""

import pytest

from shared.domain.calendar.duration import Duration
from tests.calendar.calendars import at, national, wib


@pytest.mark.parametrize(
    ("start", "standard", "due"),
    [
        ("2023-05-12 15:30", "135 min", "Mon 2023-05-15 08:45:00"),
        ("2023-05-12 23:10", "135 min", "Mon 2023-05-15 09:45:00"),
        ("2023-05-08 08:00", "1060 min", "Wed 2023-05-10 10:40:00"),
        ("2023-05-12 15:30", "60 min", "Fri 2023-05-12 16:30:00"),
    ],
)
def test_due_in_working_minutes(start: str, standard: str, due: str) -> None:
    """Working minutes run through the windows, over lunch, nights and week-ends, and end at a closing exactly."""
    assert due == wib(national().due(at(start), Duration.parse(standard)))


def test_a_pause_over_a_week_end_covers_only_working_seconds() -> None:
    """Friday 16:00 to Monday 08:00 covers half an hour on each side."""
    calendar = national()
    paused, resumed = at("2023-05-12 16:00"), at("2023-05-15 08:00")

    assert 3_600 == calendar.between(paused, resumed)
    assert "Mon 2023-05-15 09:45:00" == wib(
        calendar.resume(at("2023-05-15 08:45"), paused, resumed, Duration.parse("135 min"))
    )


def test_three_working_days_by_the_first_decree_and_by_its_revision() -> None:
    """What was promised before the revision of 29 March 2023 and what is right after it are both answerable."""
    calendar, start, standard = national(), at("2023-04-17 09:00"), Duration.parse("3 wd")

    assert "Thu 2023-04-20 15:00:00" == wib(calendar.as_known(at("2023-03-28 23:59")).due(start, standard))
    assert "Thu 2023-04-27 16:00:00" == wib(calendar.as_known(at("2023-03-29 00:00")).due(start, standard))
    assert "Thu 2023-04-27 16:00:00" == wib(calendar.due(start, standard))


def test_the_default_weeks_have_the_hours_of_the_regulation() -> None:
    """37 h 30 min in an ordinary week, 32 h 30 min in Ramadan."""
    calendar = national()

    assert 37.5 == calendar.between(at("2023-05-08 00:00"), at("2023-05-15 00:00")) / 3600
    assert 32.5 == calendar.between(at("2026-02-23 00:00"), at("2026-03-02 00:00")) / 3600
    assert calendar.is_open(at("2026-02-25 12:30"))
    assert not calendar.is_open(at("2026-02-25 15:00"))
