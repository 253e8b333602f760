"""When the holder is warned."""

from fractions import Fraction

import pytest

from shared.domain.calendar.duration import Duration
from tests.calendar.calendars import at, calendar, wib


@pytest.mark.parametrize(
    ("start", "standard", "before", "warned"),
    [
        ("2023-05-12 15:30", "135 min", "30 min", "Mon 2023-05-15 08:15:00"),
        ("2023-05-12 15:30", "135 min", "75 min", "Mon 2023-05-15 07:30:00"),  # an opening, not Friday's closing
        ("2023-05-12 15:30", "135 min", "90 min", "Fri 2023-05-12 16:15:00"),
        ("2023-05-12 15:30", "135 min", "3 h", "Fri 2023-05-12 15:30:00"),  # never before the start
        ("2023-05-08 08:00", "4 h", 0.25, "Mon 2023-05-08 11:00:00"),
        ("2023-05-08 08:00", "4 h", 0, "Mon 2023-05-08 12:00:00"),
        ("2023-05-08 08:00", "4 h", Fraction(1, 3), "Mon 2023-05-08 10:40:00"),
        ("2023-05-08 08:00", "15 min", 0.1, "Mon 2023-05-08 08:13:30"),
        ("2023-05-08 08:00", "10 min", 0.7, "Mon 2023-05-08 08:03:00"),  # seven tenths, not the nearest binary number
        ("2023-05-08 08:00", "3 wd", "1 wd", "Thu 2023-05-11 07:30:00"),
        ("2023-05-08 08:00", "3 wd", "2 wd", "Wed 2023-05-10 07:30:00"),
        ("2023-05-08 08:00", "3 wd", "1 h", "Thu 2023-05-11 15:00:00"),
        ("2023-05-08 08:00", "3 wd", "9 wd", "Mon 2023-05-08 08:00:00"),
        ("2023-05-08 08:00", "3 wd", "0 wd", "Thu 2023-05-11 16:00:00"),
        ("2023-05-08 08:00", "4 d", "1 d", "Thu 2023-05-11 08:00:00"),
        ("2023-05-08 08:00", "4 d", 0.25, "Thu 2023-05-11 08:00:00"),
        ("2023-05-08 08:00", "15 s wall", "5 s", "Mon 2023-05-08 08:00:10"),
    ],
)
def test_counted_back_in_the_clocks_own_kind_of_time(
    start: str, standard: str, before: str | float | Fraction, warned: str
) -> None:
    """Working time for working clocks, wall time for wall clocks, and never before the start."""
    office, duration = calendar(), Duration.parse(standard)
    lead = Duration.parse(before) if isinstance(before, str) else before

    assert warned == wib(office.warn(at(start), office.due(at(start), duration), duration, lead))


def test_the_share_is_that_of_the_standard_in_working_days() -> None:
    """A quarter of three working days and the rest of the first, counted from receipt to the close of the third."""
    office, start, standard = calendar(), at("2023-05-08 07:30"), Duration(3, "wd")

    assert "Thu 2023-05-11 07:30:00" == wib(office.warn(start, office.due(start, standard), standard, 0.25))


def test_a_pause_moves_the_warning_with_the_due_time() -> None:
    """As much is left at the warning as without the pause."""
    office, start = calendar(), at("2023-05-08 08:00")
    for standard in (Duration(4, "h"), Duration(2, "wd"), Duration(2, "d")):
        due = office.due(start, standard)
        moved = office.resume(due, at("2023-05-08 09:00"), at("2023-05-08 10:00"), standard)

        assert 3_600 == office.elapsed(due, moved, standard)
        assert office.elapsed(office.warn(start, due, standard), due, standard) == office.elapsed(
            office.warn(start, moved, standard), moved, standard
        )


def test_the_tenants_rule_is_used_when_nothing_is_said() -> None:
    """A lead time or a share, as its calendar says."""
    start, standard = at("2023-05-08 08:00"), Duration(4, "h")
    quarter, an_hour = calendar(), calendar(warn_before=Duration(90, "min"))

    assert ["11:00", "10:30"] == [
        f"{office.warn(start, office.due(start, standard), standard).astimezone(office.zone):%H:%M}"
        for office in (quarter, an_hour)
    ]


def test_a_notice_moved_to_the_due_time_itself_would_come_too_late() -> None:
    """When the next opening is the due time, the last open second before is the moment to warn."""
    office, standard = calendar(notice_in_office_hours=True), Duration(1, "d")
    start = at("2023-05-08 07:30")

    assert "Mon 2023-05-08 15:59:59" == wib(office.warn(start, office.due(start, standard), standard, 0.25))


def test_a_share_of_more_than_the_whole_is_refused() -> None:
    """25 is not 25 %."""
    office, start, standard = calendar(), at("2023-05-08 08:00"), Duration(4, "h")

    with pytest.raises(ValueError, match="between 0 and 1"):
        office.warn(start, office.due(start, standard), standard, 25)
