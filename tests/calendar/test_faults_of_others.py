"""Faults that other helpdesks have had with time: none of them here.

The names in brackets are theirs: the issue of the project in which the fault was reported.
"""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.domain.calendar.duration import Duration
from shared.domain.calendar.errors import NoOpenTime
from shared.domain.calendar.pause import Pause
from tests.calendar.calendars import (
    DEFAULT_WEEK,
    EIGHT_TO_SIX,
    ROUND_THE_CLOCK,
    at,
    calendar,
    closed,
    national,
    wib,
)
from tests.fixtures.waiting import patience


def test_round_the_clock_windows_lose_no_minute_at_midnight() -> None:
    """Windows 00:00-24:00 are one unbroken time (zammad #3180)."""
    always = calendar(ROUND_THE_CLOCK)
    start = at("2023-05-08 23:30")

    assert start + timedelta(days=10) == always.due(start, Duration(240, "h"))
    assert 86_400 * 365 == always.between(start, start + timedelta(days=365))
    assert "Tue 2023-05-09 00:00:00" == wib(always.due(start, Duration(30, "min")))
    assert always.is_open(at("2023-05-08 23:59:59"))
    assert always.is_open(at("2023-05-09 00:00"))


def test_a_day_may_have_several_windows() -> None:
    """Lunch and Friday prayer stop the clock (frappe #2212, chatwoot #14009)."""
    three = calendar({**DEFAULT_WEEK, "mon": ("07:00-09:00", "10:00-11:00", "14:00-15:00")})

    assert "Mon 2023-05-08 14:30:00" == wib(three.due(at("2023-05-08 08:30"), Duration(2, "h")))
    assert "Fri 2023-05-12 13:30:00" == wib(three.due(at("2023-05-12 11:15"), Duration(45, "min")))


@pytest.mark.parametrize(
    ("created", "due"),
    [
        ("2023-05-09 06:00", "Tue 2023-05-09 08:00:00"),  # before hours
        ("2023-05-09 09:00", "Tue 2023-05-09 09:30:00"),  # inside
        ("2023-05-09 12:30", "Tue 2023-05-09 13:30:00"),  # in the lunch break
        ("2023-05-09 12:00", "Tue 2023-05-09 13:30:00"),  # exactly at the start of the lunch break
        ("2023-05-09 07:30", "Tue 2023-05-09 08:00:00"),  # exactly at the opening
        ("2023-05-09 16:00", "Wed 2023-05-10 08:00:00"),  # exactly at the end
        ("2023-05-09 20:00", "Wed 2023-05-10 08:00:00"),  # after hours
        ("2023-05-13 10:00", "Mon 2023-05-15 08:00:00"),  # Saturday
        ("2023-05-18 10:00", "Fri 2023-05-19 08:00:00"),  # a holiday
        ("2023-05-09 15:59:59", "Wed 2023-05-10 07:59:59"),  # the last working second
    ],
)
def test_the_moment_of_creation(created: str, due: str) -> None:
    """Half an hour is half an hour of work, whenever the complaint comes (glpi #687)."""
    assert due == wib(national().due(at(created), Duration(30, "min")))


@pytest.mark.parametrize("standard", ["1 s", "135 min", "3 wd", "0 min"])
def test_a_calendar_that_never_opens_is_an_error(standard: str) -> None:
    """No loop and no silent wall clock, but an error that says what to mend (frappe, chatwoot)."""
    never = calendar({})
    before = time.perf_counter()

    with pytest.raises(NoOpenTime) as caught:
        never.due(at("2023-05-12 15:30"), Duration.parse(standard))

    assert "add opening windows" in str(caught.value)
    assert ("uji", standard) == (
        caught.value.params["calendar"],
        caught.value.params["wanted"],
    )
    assert time.perf_counter() - before < patience(2)


def test_a_calendar_closed_beyond_the_horizon_is_an_error() -> None:
    """A closure without an end in sight is told, and wall time still runs."""
    start = at("2023-05-12 15:30")
    flooded = calendar(
        DEFAULT_WEEK,
        closed([f"{start.date() + timedelta(days=day)}" for day in range(40)], "banjir"),
        horizon_days=30,
    )

    with pytest.raises(NoOpenTime, match="within 30 days"):
        flooded.due(start, Duration(1, "min"))
    assert start + timedelta(seconds=15) == flooded.due(start, Duration.parse("15 s wall"))


def test_a_holiday_of_several_days_blocks_each_of_them() -> None:
    """Idul Fitri and its collective leave stop the clock on every day, not on the first only (zammad's iCal)."""
    assert "Fri 2026-03-27 07:31:00" == wib(national().due(at("2026-03-17 14:59"), Duration(15 * 60 + 2, "min")))
    assert [False] * 7 == [
        national().is_working_day((at("2026-03-18 00:00") + timedelta(days=day)).date()) for day in range(7)
    ]


@pytest.mark.parametrize(
    ("paused", "resumed", "covered"),
    [
        ("2023-05-09 09:00:10", "2023-05-09 09:00:40", 30),  # inside one minute
        ("2023-05-09 15:30", "2023-05-10 08:00", 3_600),  # over a night
        ("2023-05-12 16:00", "2023-05-15 08:00", 3_600),  # over a week-end
        ("2023-05-17 15:00", "2023-05-19 08:30", 7_200),  # over a holiday
        ("2023-05-09 20:00", "2023-05-10 08:00", 1_800),  # starting while closed
        ("2023-05-09 20:00", "2023-05-09 22:00", 0),  # wholly while closed
        ("2023-05-09 11:45", "2023-05-09 13:15", 1_800),  # over lunch
    ],
)
def test_a_pause_moves_the_due_time_by_the_working_time_it_covered(paused: str, resumed: str, covered: int) -> None:
    """Neither more nor less than what the office lost."""
    office, standard = national(), Duration(100, "h")
    due = office.due(at("2023-05-09 08:00"), standard)

    moved = office.resume(due, at(paused), at(resumed), standard)

    assert covered == office.between(due, moved)
    assert (moved == due) == (covered == 0)


def test_two_pauses_in_a_day_add_up() -> None:
    """Each pause counts once."""
    office, standard = national(), Duration(2, "h")
    due = office.due(at("2023-05-09 08:00"), standard)

    once = office.resume(due, at("2023-05-09 08:30"), at("2023-05-09 09:00"), standard)
    twice = office.resume(once, at("2023-05-09 09:30"), at("2023-05-09 09:40"), standard)

    assert ["10:00", "10:30", "10:40"] == [f"{moment.astimezone(office.zone):%H:%M}" for moment in (due, once, twice)]


def test_a_pause_still_open_gives_no_due_time_but_what_is_left() -> None:
    """Still open now: the sum says so instead of guessing."""
    office, start, standard = national(), at("2023-05-09 08:00"), Duration(2, "h")
    pause = Pause(at("2023-05-09 08:30"), None, "menunggu pelapor")

    explained = office.explain(start, standard, [pause])

    assert (None, 5_400) == (explained.due_at, explained.left)
    with pytest.raises(ValueError, match="still paused"):
        office.due(start, standard, [pause])


def test_pausing_what_is_paused_does_not_begin_the_pause_anew() -> None:
    """Paused, then paused again: the first pause counts from where it began."""
    office, start, standard = national(), at("2023-05-09 08:00"), Duration(2, "h")
    once = [Pause(at("2023-05-09 08:30"), at("2023-05-09 09:30"))]
    again = [*once, Pause(at("2023-05-09 09:00"), at("2023-05-09 09:30"))]

    nested = [*once, Pause(at("2023-05-09 08:40"), at("2023-05-09 08:50"))]

    assert office.due(start, standard, once) == office.due(start, standard, again)
    assert office.due(start, standard, once) == office.due(start, standard, nested)


def test_changing_the_standard_keeps_the_pauses() -> None:
    """Another standard for the same clock is due later by the same pause (glpi #6902)."""
    office, start = national(), at("2023-05-09 08:00")
    pauses = [Pause(at("2023-05-09 08:10"), at("2023-05-09 08:40"))]

    for standard in (Duration(30, "min"), Duration(1, "h"), Duration(300, "min"), Duration(1, "wd")):
        unpaused = office.due(start, standard)
        assert 1_800 == office.between(unpaused, office.due(start, standard, pauses))


def test_what_has_breached_stays_breached_when_paused() -> None:
    """A pause after the due time does not give the time back."""
    office, standard = national(), Duration(30, "min")
    due = office.due(at("2023-05-09 08:00"), standard)

    assert due == office.resume(due, at("2023-05-09 08:30:01"), at("2023-05-09 15:00"), standard)
    # At the due time itself nothing is breached yet: a pause that begins then protects the holder.
    assert "09:30" == f"{office.resume(due, due, at('2023-05-09 09:30'), standard).astimezone(office.zone):%H:%M}"


def test_a_completion_between_two_ticks_is_late_by_its_own_time() -> None:
    """One second late is late, by one second, whenever anybody looked (chatwoot)."""
    office, standard = national(), Duration(30, "min")
    due = office.due(at("2023-05-12 16:00"), standard)

    assert [0, 1, 1] == [
        office.elapsed(due, at(moment), standard)
        for moment in ("2023-05-12 16:30", "2023-05-15 07:30:01", "2023-05-15 07:30:01.999")
    ]


def test_the_warning_keeps_to_opening_hours() -> None:
    """4 h, warned 1 h before, opened Monday 17:00, hours 08-18: due Tuesday 11:00, warned 10:00 (glpi PR #22678)."""
    office, start, standard = calendar(EIGHT_TO_SIX), at("2023-05-08 17:00"), Duration(4, "h")
    due = office.due(start, standard)

    assert "Tue 2023-05-09 11:00:00" == wib(due)
    assert "Tue 2023-05-09 10:00:00" == wib(office.warn(start, due, standard, Duration(1, "h")))


@pytest.mark.parametrize(
    ("start", "standard", "warned"),
    [
        ("2023-05-09 00:00", "2 d", "Wed 2023-05-10 12:00:00"),  # noon is open here
        ("2023-05-08 12:00", "2 d", "Wed 2023-05-10 08:00:00"),  # midnight moves to the next opening
        ("2023-05-12 12:00", "2 d", "Fri 2023-05-12 17:59:59"),  # Sunday's, with no opening left, to the last second
    ],
)
def test_no_notice_at_midnight(start: str, standard: str, warned: str) -> None:
    """Delivered in office hours if the tenant says so, and before the due time in any case (zammad #4432)."""
    office = calendar(EIGHT_TO_SIX, notice_in_office_hours=True)
    duration = Duration.parse(standard)

    assert warned == wib(office.warn(at(start), office.due(at(start), duration), duration, 0.25))


@pytest.mark.parametrize("standard", ["0 s", "0 min", "0 h", "0 wd"])
def test_a_target_of_nothing_snaps_to_the_next_opening(standard: str) -> None:
    """Due at once when open, else when the office opens; a negative target is refused."""
    office = national()

    assert [
        "Fri 2023-05-12 15:30:00",
        "Mon 2023-05-15 07:30:00",
        "Mon 2023-05-15 07:30:00",
        "Fri 2023-05-12 13:00:00",
    ] == [
        wib(office.due(at(moment), Duration.parse(standard)))
        for moment in ("2023-05-12 15:30", "2023-05-12 16:30", "2023-05-12 23:10", "2023-05-12 11:30")
    ]
    with pytest.raises(ValueError, match="in the past"):
        Duration.parse(f"-{standard.replace('0', '1')}")


def test_adding_a_year_of_minutes_needs_no_loop_over_them() -> None:
    """Five years are answered as fast as five minutes."""
    office, start = national(), at("2022-01-03 07:30")
    office.between(start, start + timedelta(days=1826))

    assert _microseconds(lambda: office.between(start, start + timedelta(days=1826))) < 1_000
    assert _microseconds(lambda: office.due(start, Duration(39, "wd"))) < 1_000
    assert _microseconds(lambda: office.due(start, Duration(1060, "min"))) < 1_000


def _microseconds(question: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(50):
        before = time.perf_counter()
        question()
        best = min(best, time.perf_counter() - before)
    return best * 1e6
