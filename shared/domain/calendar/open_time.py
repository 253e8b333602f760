"""Arithmetic in open seconds under one set of rules, over as many years as are asked for."""

from typing import Final

from shared.domain.calendar.errors import NoOpenTime
from shared.domain.calendar.rules import Rules
from shared.domain.calendar.settings import CalendarSettings
from shared.domain.calendar.timeline import FIRST_DAY, LAST_DAY, Timeline, day_of, instant_of
from shared.domain.calendar.week import DAY_SECONDS

# Days laid out before and after the ones asked for, so that neighbouring questions find them there.
_MARGIN_DAYS: Final = 400
# So far from either end an instant is within the days laid out, whatever the zone: its local day need not be told.
_SURELY: Final = 2 * DAY_SECONDS


class OpenTime:
    """Counts open seconds. Instants are whole seconds since 1970 UTC.

    Laying out a year costs a millisecond or two; it is done once, when a year is first asked for.

    :param rules: what is in force.
    :param settings: the zone, and how far ahead to look.
    """

    def __init__(self, rules: Rules, settings: CalendarSettings) -> None:
        self._rules = rules
        self._settings = settings
        self._laid_out: Timeline | None = None

    def between(self, start: int, end: int) -> int:
        """Open seconds in ``[start, end)``; 0 if the end is not after the start."""
        if end <= start:
            return 0
        line = self._covering(start, end)
        return line.position(end) - line.position(start)

    def forward(self, start: int, seconds: int, wanted: str) -> int:
        """The first instant by which that many open seconds have passed; the start itself for 0.

        :param wanted: what is looked for, in the words of the error.
        :raises NoOpenTime: if it is not reached within the horizon.
        """
        if seconds == 0:
            return start
        line = self._covering(start, start)
        while line.total < line.position(start) + seconds:
            self._lengthen(line, start, wanted)
        return self._within_horizon(start, line.earliest(line.position(start) + seconds), wanted)

    def backward(self, end: int, seconds: int, floor: int) -> int:
        """The last instant from which that many open seconds remain until the end, but never before ``floor``."""
        if floor >= end:
            return floor
        line = self._covering(floor, end)
        position = line.position(end) - seconds
        if position < line.position(floor):
            return floor
        latest = line.latest(position)
        return end if latest is None else min(max(latest, floor), end)

    def next_open(self, at: int, wanted: str) -> int:
        """The instant itself if it is open, else the next opening.

        :raises NoOpenTime: if nothing opens within the horizon.
        """
        line = self._covering(at, at)
        found = line.next_open(at)
        while found is None:
            self._lengthen(line, at, wanted)
            found = line.next_open(at)
        return self._within_horizon(at, found, wanted)

    def is_open(self, at: int) -> bool:
        """Whether an instant lies in a window."""
        return self._covering(at, at).next_open(at) == at

    def last_open(self, at: int, floor: int) -> int | None:
        """The last open second before a closed instant and not before ``floor``; none if there is none."""
        found = self._covering(floor, at).last_open(at)
        return found if found is not None and found >= floor else None

    def close_of_workday(self, at: int, following: int, wanted: str) -> int:
        """The last closing of the n-th working day after the local day of an instant.

        :raises NoOpenTime: if there are not so many working days within the horizon.
        """
        line = self._covering(at, at)
        ordinal = day_of(at, self._settings.zone)
        found = line.close_of_workday(ordinal, following)
        while found is None:
            self._lengthen(line, at, wanted)
            found = line.close_of_workday(ordinal, following)
        return self._within_horizon(at, found, wanted)

    def close_of_same_day(self, at: int) -> int | None:
        """The last closing of the local day of an instant; none if that day is not a working day."""
        return self._covering(at, at).close_of_workday(day_of(at, self._settings.zone), 0)

    def workday_before(self, at: int, count: int) -> int | None:
        """The n-th working day before the local day of an instant, as an ordinal; none if there are not so many."""
        reach = at - min(self._settings.horizon_days, (count + _MARGIN_DAYS) * 7) * DAY_SECONDS
        ordinal = day_of(at, self._settings.zone)
        return self._covering(min(reach, at), at).workday_before(ordinal, count)

    def _covering(self, start: int, end: int) -> Timeline:
        laid = self._laid_out
        if laid is not None and laid.begins + _SURELY <= start and end + _SURELY < laid.ends:
            return laid
        zone = self._settings.zone
        first, last = day_of(start, zone), day_of(end, zone)
        if first <= FIRST_DAY or last >= LAST_DAY:
            raise ValueError(f"no calendar reaches from {instant_of(start)} to {instant_of(end)}")
        line = self._laid_out
        if line is None or first < line.first:
            # Built anew rather than grown backwards: whoever holds the old one may go on with it.
            begin = max(first - _MARGIN_DAYS, FIRST_DAY)
            longest = max(last + _MARGIN_DAYS, line.last if line else 0)
            line = Timeline(self._rules.windows, zone, begin)
            line.grow(min(longest, LAST_DAY))
            self._laid_out = line
        elif last >= line.last:
            line.grow(min(last + _MARGIN_DAYS, LAST_DAY))
        return line

    def _lengthen(self, line: Timeline, start: int, wanted: str) -> None:
        if line.ends > self._limit(start) or line.last >= LAST_DAY:
            raise self._no_open_time(start, wanted)
        line.grow(min(line.last + _MARGIN_DAYS, LAST_DAY))

    def _within_horizon(self, start: int, found: int, wanted: str) -> int:
        if found > self._limit(start):
            raise self._no_open_time(start, wanted)
        return found

    def _limit(self, start: int) -> int:
        return start + self._settings.horizon_days * DAY_SECONDS

    def _no_open_time(self, start: int, wanted: str) -> NoOpenTime:
        settings = self._settings
        local = instant_of(start).astimezone(settings.zone)
        return NoOpenTime.within(settings.name, local, wanted, settings.horizon_days)
