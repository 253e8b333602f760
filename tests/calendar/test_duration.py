"""A time standard is read exactly, or refused with what to write instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.calendar.duration import Duration, DurationError


@pytest.mark.parametrize(
    ("text", "amount", "unit", "time"),
    [
        ("15 s", 15, "s", "working"),
        ("15 s wall", 15, "s", "wall"),
        ("15 min", 15, "min", "working"),
        ("3 h", 3, "h", "working"),
        ("2 d", 2, "d", "wall"),
        ("3 wd", 3, "wd", "working"),
        ("15 detik", 15, "s", "working"),
        ("135 menit", 135, "min", "working"),
        ("135 menit kerja", 135, "min", "working"),
        ("15 menit kalender", 15, "min", "wall"),
        ("3 jam", 3, "h", "working"),
        ("30 hari", 30, "d", "wall"),
        ("30 hari kalender", 30, "d", "wall"),
        ("3 hari kerja", 3, "wd", "working"),
        ("14 HK", 14, "wd", "working"),
        ("2 working days", 2, "wd", "working"),
        ("60min", 60, "min", "working"),
        ("  2 h 15 min ", 135, "min", "working"),
        ("3 jam 1 menit", 181, "min", "working"),
        ("1 jam 30 detik kalender", 3630, "s", "wall"),
        ("0 min", 0, "min", "working"),
    ],
)
def test_what_is_understood(text: str, amount: int, unit: str, time: str) -> None:
    """English and Indonesian words mean the same, and the kind of time is the usual one unless said."""
    duration = Duration.parse(text)

    assert (amount, unit, time) == (duration.amount, duration.unit, duration.time)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-15 min", "lies in the past"),
        ("1.5 h", "use a smaller unit"),
        ("1,5 jam", "use a smaller unit"),
        ("15", "is not understood"),
        ("menit", "is not understood"),
        ("", "is missing"),
        ("3 weeks", "is no unit"),
        ("3 x 24 jam", "is no unit"),
        ("2 d working", "working days"),
        ("3 wd wall", "calendar days"),
        ("1 wd 2 h", "state it in one unit"),
        ("99999999 d", "longer than a hundred years"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    """Anything else is an error that says what to write."""
    with pytest.raises(DurationError, match=message):
        Duration.parse(text)


def test_negative_and_broken_amounts_are_refused_in_code_too() -> None:
    """No door leads to a standard in the past, or to part of a second."""
    for amount in (-1, True, 1.5):
        with pytest.raises(DurationError):
            Duration(amount, "min")  # type: ignore[arg-type]


@given(st.integers(0, 10**5), st.sampled_from(["s", "min", "h", "d", "wd"]), st.sampled_from(["", " wall", " working"]))
def test_a_duration_written_down_is_read_back_the_same(amount: int, unit: str, time: str) -> None:
    """The text kept in a promise gives the same standard years later."""
    duration = Duration.parse(f"{min(amount, 36_000)} {unit}{time if unit in ('s', 'min', 'h') else ''}")

    assert duration == Duration.parse(str(duration))


def test_days_have_no_fixed_number_of_seconds() -> None:
    """What depends on the calendar is not silently taken as 24 hours."""
    assert 10_860 == Duration.parse("3 h 1 min").seconds
    with pytest.raises(DurationError, match="depends on the calendar"):
        _ = Duration.parse("2 d").seconds
