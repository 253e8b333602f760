"""Due times in each unit, exactly as the calendar says they are meant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.domain.calendar.duration import Duration
from shared.domain.calendar.records import PeriodRecord
from shared.domain.calendar.week import DAYS
from tests.calendar.calendars import DEFAULT_WEEK, at, calendar, closed, decree, national, week, wib


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2023-05-08 08:00", 1, "Tue 2023-05-09 16:00:00"),
        ("2023-05-08 23:59", 1, "Tue 2023-05-09 16:00:00"),
        ("2023-05-12 23:10", 1, "Mon 2023-05-15 16:00:00"),
        ("2023-05-13 10:00", 1, "Mon 2023-05-15 16:00:00"),
        ("2023-05-11 09:00", 1, "Fri 2023-05-12 16:30:00"),
        ("2023-05-17 09:00", 1, "Fri 2023-05-19 16:30:00"),
        ("2023-05-08 08:00", 39, "Mon 2023-07-10 16:00:00"),
    ],
)
def test_working_days_end_at_the_close_of_the_nth_after_receipt(start: str, days: int, due: str) -> None:
    """The day of receipt does not count, whatever the hour."""
    assert due == wib(national().due(at(start), Duration(days, "wd")))


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2023-05-08 08:00", "Tue 2023-05-09 16:00:00"),
        ("2023-05-08 15:59:59", "Tue 2023-05-09 16:00:00"),
        ("2023-05-08 16:00", "Wed 2023-05-10 16:00:00"),
        ("2023-05-13 10:00", "Tue 2023-05-16 16:00:00"),
    ],
)
def test_a_tenant_may_count_the_day_of_receipt(start: str, due: str) -> None:
    """With the rule `counting_receipt`, a day still open at receipt is the first."""
    office = calendar(working_day_rule="counting_receipt")

    assert due == wib(office.due(at(start), Duration(2, "wd")))
    assert "Mon 2023-05-08 16:00:00" == wib(office.due(at("2023-05-08 12:30"), Duration(1, "wd")))


def test_calendar_days_end_at_the_same_clock_time() -> None:
    """Open or closed, holiday or not."""
    assert "Sat 2023-05-20 15:30:00" == wib(national().due(at("2023-05-18 15:30"), Duration(2, "d")))
    assert "Thu 2023-05-18 15:30:00" == wib(national().due(at("2023-05-18 15:30"), Duration(0, "d")))


def test_calendar_days_keep_the_clock_time_where_summer_time_changes() -> None:
    """The same local time; one that is skipped falls as long after the gap, one that occurs twice is the first."""
    berlin = ZoneInfo("Europe/Berlin")
    office = calendar(DEFAULT_WEEK, zone="Europe/Berlin")

    assert [
        datetime(2026, 3, 29, 10, 0, tzinfo=berlin),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    ] == [
        office.due(datetime(2026, month, day, hour, minute, tzinfo=berlin), Duration(1, "d"))
        for month, day, hour, minute in ((3, 28, 10, 0), (3, 28, 2, 30), (10, 24, 2, 30))
    ]


def test_round_the_clock_loses_and_gains_nothing_where_summer_time_changes() -> None:
    """A day of 23 hours has 23 working hours, one of 25 has 25."""
    berlin = ZoneInfo("Europe/Berlin")
    office = calendar(
        dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00-24:00",)), zone=berlin.key
    )

    assert [23, 25] == [
        office.between(datetime(2026, month, day, tzinfo=berlin), datetime(2026, month, day + 1, tzinfo=berlin)) // 3600
        for month, day in ((3, 29), (10, 25))
    ]


@pytest.mark.parametrize(
    ("zone", "label"), [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")]
)
def test_each_zone_of_the_country_has_its_own_hours(zone: str, label: str) -> None:
    """07:30 is local, and instants are in UTC inside."""
    local = ZoneInfo(zone)
    office = calendar(zone=zone)
    due = office.due(datetime(2023, 5, 8, 6, 0, tzinfo=local), Duration(30, "min"))

    assert (UTC, datetime(2023, 5, 8, 8, 0, tzinfo=local)) == (due.tzinfo, due)
    assert label in office.explain(due, Duration(1, "h")).text


def test_wall_time_never_stops() -> None:
    """Fifteen seconds of a system step are fifteen seconds at night too."""
    assert "Fri 2023-05-12 23:10:15" == wib(national().due(at("2023-05-12 23:10"), Duration.parse("15 s wall")))


def test_a_fraction_of_a_second_is_dropped() -> None:
    """Due times are whole seconds."""
    start = datetime(2023, 5, 8, 1, 0, 0, 999_999, tzinfo=UTC)

    assert datetime(2023, 5, 8, 1, 0, 15, tzinfo=UTC) == national().due(start, Duration(15, "s"))


def test_an_instant_without_a_zone_is_refused() -> None:
    """Nothing is guessed about where a clock hangs."""
    with pytest.raises(ValueError, match="time zone"):
        national().due(datetime(2023, 5, 8, 8, 0), Duration(1, "h"))  # noqa: DTZ001 - that is the case


def test_other_hours_hold_from_the_first_to_the_last_day_of_their_period() -> None:
    """Ramadan hours begin and end with their dates, and a later decree on the same days goes before."""
    fasting = PeriodRecord(
        decree("puasa", "2023-01-01"),
        "Ramadan",
        at("2023-03-23").date(),
        at("2023-04-21").date(),
        week({"thu": ("08:00-09:00",)}),
    )
    longer = PeriodRecord(
        decree("puasa-2", "2023-02-01"),
        "Ramadan",
        at("2023-04-06").date(),
        at("2023-04-06").date(),
        week({"thu": ("08:00-12:00",)}),
    )
    office = calendar(DEFAULT_WEEK, periods=[longer, fasting])

    assert [7.5, 1, 4, 1, 7.5] == [
        office.between(at(f"{day} 00:00"), at(f"{day} 23:59")) / 3600
        for day in ("2023-03-16", "2023-03-23", "2023-04-06", "2023-04-20", "2023-04-27")
    ]


def test_a_tenants_own_records_go_before_the_national_ones() -> None:
    """A holiday closes what a period opens; a Saturday can be made a working day by a period of one day."""
    saturday = PeriodRecord(
        decree("piket"), "piket", at("2023-05-13").date(), at("2023-05-13").date(), week({"sat": ("08:00-12:00",)})
    )
    office = calendar(DEFAULT_WEEK, closed(["2023-05-15"]), periods=[saturday])

    assert "Sat 2023-05-13 08:30:00" == wib(office.due(at("2023-05-12 16:30"), Duration(30, "min")))
    assert "Tue 2023-05-16 16:00:00" == wib(office.due(at("2023-05-13 08:00"), Duration(1, "wd")))


def test_next_opening_and_working_days_are_answered() -> None:
    """What pages and senders of notices ask."""
    assert "Mon 2023-05-15 07:30:00" == wib(national().next_open(at("2023-05-12 16:30")))
    assert "Fri 2023-05-12 16:29:59" == wib(national().next_open(at("2023-05-12 16:29:59")))
    assert [True, False] == [national().is_working_day(at(day).date()) for day in ("2023-05-12", "2023-05-18")]


def test_instants_beyond_any_calendar_are_refused() -> None:
    """The ends of time are told as such, not as a crash of the arithmetic."""
    for year in (1, 9999):
        with pytest.raises(ValueError, match="no calendar reaches"):
            national().due(datetime(year, 6, 1, tzinfo=UTC), Duration(1, "h"))


def test_days_are_laid_out_as_they_are_asked_for() -> None:
    """Day after day forwards, then backwards: no day is missed where the laid out years end."""
    office = calendar(dict.fromkeys(DAYS, ("00:00-24:00",)))
    start = at("2023-01-01 12:00")
    office.between(start, start + timedelta(seconds=1))

    assert [day * 86_400 for day in range(395, 410)] == [
        office.between(start, start + timedelta(days=day)) for day in range(395, 410)
    ]
    assert [day * 86_400 for day in range(395, 410)] == [
        office.between(start - timedelta(days=day), start) for day in range(395, 410)
    ]
