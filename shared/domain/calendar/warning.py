"""When to warn: counted back from a due time in the clock's own kind of time, moved into office hours if asked."""

from fractions import Fraction

from shared.domain.calendar.due import due_second
from shared.domain.calendar.duration import SECONDS, Duration
from shared.domain.calendar.open_time import OpenTime
from shared.domain.calendar.settings import CalendarSettings
from shared.domain.calendar.timeline import clock_of, local_seconds


def warning_second(
    open_time: OpenTime,
    settings: CalendarSettings,
    start: int,
    due: int,
    *,
    duration: Duration,
    before: Fraction | float | Duration,
) -> int:
    """The instant of the warning; the rules stand at :meth:`WorkingCalendar.warn`.

    :raises ValueError: if the share is not between 0 and 1.
    :raises NoOpenTime: if notices belong in office hours and the calendar has none.
    """
    if isinstance(before, Duration) and before.unit not in SECONDS:
        at = _days_back(open_time, settings, due, before)
    else:
        seconds = _seconds_before(open_time, settings, start, duration, before)
        at = due - seconds if duration.time == "wall" else open_time.backward(due, seconds, start)
    at = max(at, start)
    if settings.notice_in_office_hours and not open_time.is_open(at):
        return _in_office_hours(open_time, at, start, due)
    return at


def _days_back(open_time: OpenTime, settings: CalendarSettings, due: int, before: Duration) -> int:
    """The same clock time so many days earlier; for working days, the next opening from there.

    One working day before a closing is therefore the opening of that same day: a whole working day is left.
    """
    ordinal, second = clock_of(due, settings.zone)
    if before.unit == "d":
        return local_seconds(ordinal - before.amount, second, settings.zone)
    if before.amount == 0:
        return due
    earlier = open_time.workday_before(due, before.amount)
    if earlier is None:
        return 0
    return min(due, open_time.next_open(local_seconds(earlier, second, settings.zone), str(before)))


def _seconds_before(
    open_time: OpenTime, settings: CalendarSettings, start: int, duration: Duration, before: Fraction | float | Duration
) -> int:
    if isinstance(before, Duration):
        return before.seconds
    share = Fraction(str(before))  # 0.1 means a tenth, not the nearest binary number
    if not 0 <= share <= 1:
        raise ValueError(f"a share of the standard lies between 0 and 1: {before}")
    if duration.unit in SECONDS:
        return int(duration.seconds * share)
    # Of the standard as it was before any pause, so that a pause does not lengthen the time of warning.
    unpaused = due_second(open_time, settings, start, duration)
    standard = unpaused - start if duration.time == "wall" else open_time.between(start, unpaused)
    return int(standard * share)


def _in_office_hours(open_time: OpenTime, at: int, start: int, due: int) -> int:
    opening = open_time.next_open(at, "office hours for notices")
    if opening < due:
        return opening
    earlier = open_time.last_open(at, start)
    return at if earlier is None else earlier
