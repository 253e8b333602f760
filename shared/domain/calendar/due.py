"""When a standard runs out, in whole seconds since 1970 UTC."""

from shared.domain.calendar.duration import Duration
from shared.domain.calendar.open_time import OpenTime
from shared.domain.calendar.settings import CalendarSettings
from shared.domain.calendar.timeline import clock_of, local_seconds


def due_second(open_time: OpenTime, settings: CalendarSettings, start: int, duration: Duration) -> int:
    """The instant at which a standard runs out; the rules stand at :meth:`WorkingCalendar.due`.

    :raises NoOpenTime: if the calendar has not that much open time within its horizon.
    """
    if duration.unit == "d":
        ordinal, second = clock_of(start, settings.zone)
        return local_seconds(ordinal + duration.amount, second, settings.zone)
    if duration.time == "wall":
        return start + duration.seconds
    wanted = str(duration)
    if duration.amount == 0:
        return open_time.next_open(start, wanted)
    if duration.unit == "wd":
        following = duration.amount - counts_receipt(open_time, settings, start)
        return open_time.close_of_workday(start, following, wanted)
    return open_time.forward(start, duration.seconds, wanted)


def counts_receipt(open_time: OpenTime, settings: CalendarSettings, start: int) -> bool:
    """Whether the day of receipt is itself the first working day of a standard in working days."""
    if settings.working_day_rule == "after_receipt":
        return False
    close = open_time.close_of_same_day(start)
    return close is not None and start < close
