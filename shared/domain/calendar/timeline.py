"""Open seconds of a run of local days, laid end to end so that every question is a bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.domain.calendar.week import DAY_SECONDS, Window

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Years 2 to 9998: one day of the calendar stays free on either side for zone offsets.
FIRST_DAY: Final = 367
LAST_DAY: Final = datetime(9998, 12, 31, tzinfo=UTC).toordinal()


def seconds_of(instant: datetime) -> int:
    """Whole seconds since 1970 UTC; a fraction of a second is dropped.

    :raises ValueError: if the instant has no zone.
    """
    if instant.utcoffset() is None:
        raise ValueError(f"an instant needs a time zone, e.g. 2026-10-01T08:00:00+07:00: {instant.isoformat()}")
    since = instant - EPOCH
    return since.days * DAY_SECONDS + since.seconds


def instant_of(seconds: int) -> datetime:
    """The reverse of :func:`seconds_of`, in UTC."""
    return EPOCH + timedelta(seconds=seconds)


def day_of(seconds: int, zone: ZoneInfo) -> int:
    """The local day on which an instant falls, as an ordinal."""
    return instant_of(seconds).astimezone(zone).toordinal()


def clock_of(seconds: int, zone: ZoneInfo) -> tuple[int, int]:
    """The local day of an instant, as an ordinal, and what its clock shows, in seconds after midnight."""
    local = instant_of(seconds).astimezone(zone)
    return local.toordinal(), local.hour * 3600 + local.minute * 60 + local.second


def local_seconds(ordinal: int, second: int, zone: ZoneInfo) -> int:
    """The instant at which a local day's clock shows ``second`` seconds after midnight (86,400: the next midnight).

    A local time that a change to summer time skips counts from before the change, so it falls after the gap; one that
    occurs twice is the first of the two.
    """
    return seconds_of((datetime.fromordinal(ordinal) + timedelta(seconds=second)).replace(tzinfo=zone))


class Timeline:
    """Windows of consecutive local days as instants, with running totals. Grows at its end.

    :param windows: the windows of a day by its ordinal.
    :param zone: the zone in which they are meant.
    :param first: the ordinal of the first day.
    """

    def __init__(self, windows: Callable[[int], Sequence[Window]], zone: ZoneInfo, first: int) -> None:
        self._windows = windows
        self._zone = zone
        self.first = first
        self.last = first - 1
        self.begins = self._midnight = local_seconds(first, 0, zone)
        self._opens: list[int] = []
        self._closes: list[int] = []
        self._totals: list[int] = []  # open seconds up to and including each window
        self._workdays: list[int] = []
        self._day_closes: list[int] = []

    @property
    def ends(self) -> int:
        """The instant at which the last day ends."""
        return self._midnight

    @property
    def total(self) -> int:
        """Open seconds in all days."""
        return self._totals[-1] if self._totals else 0

    def grow(self, last: int) -> None:
        """Take in the days up to ``last``."""
        for ordinal in range(self.last + 1, last + 1):
            midnight, following = self._midnight, local_seconds(ordinal + 1, 0, self._zone)
            windows = self._windows(ordinal)
            plain = following - midnight == DAY_SECONDS
            for window in windows:
                opens = midnight + window.opens if plain else local_seconds(ordinal, window.opens, self._zone)
                closes = midnight + window.closes if plain else local_seconds(ordinal, window.closes, self._zone)
                # A window that a change of the clock swallows whole opens nothing.
                opens = max(opens, self._closes[-1]) if self._closes else opens
                if closes > opens:
                    self._totals.append(self.total + closes - opens)
                    self._opens.append(opens)
                    self._closes.append(closes)
            if windows and self._closes and self._closes[-1] > midnight:
                self._workdays.append(ordinal)
                self._day_closes.append(self._closes[-1])
            self._midnight, self.last = following, ordinal

    def position(self, at: int) -> int:
        """Open seconds from the first day up to an instant within the days."""
        index = bisect_right(self._closes, at)
        before = self._totals[index - 1] if index else 0
        return before + max(0, at - self._opens[index]) if index < len(self._opens) else before

    def earliest(self, position: int) -> int:
        """The first instant with that many open seconds before it: a closing rather than the next opening."""
        index = bisect_left(self._totals, position)
        return self._closes[index] - (self._totals[index] - position)

    def latest(self, position: int) -> int | None:
        """The last instant with that many open seconds before it: an opening rather than the last closing."""
        index = bisect_right(self._totals, position)
        return self._closes[index] - (self._totals[index] - position) if index < len(self._totals) else None

    def next_open(self, at: int) -> int | None:
        """The instant itself if it is open, else the next opening; none if there is none within the days."""
        index = bisect_right(self._closes, at)
        return max(at, self._opens[index]) if index < len(self._opens) else None

    def last_open(self, at: int) -> int | None:
        """The last open second before a closed instant; none if there is none within the days."""
        index = bisect_left(self._opens, at)
        return min(at, self._closes[index - 1] - 1) if index else None

    def close_of_workday(self, ordinal: int, following: int) -> int | None:
        """The last closing of the n-th working day after a day; n = 0 is the day itself, if it is a working day."""
        index = bisect_right(self._workdays, ordinal) + following - 1
        if following == 0 and (index < 0 or self._workdays[index] != ordinal):
            return None
        return self._day_closes[index] if index < len(self._day_closes) else None

    def workday_before(self, ordinal: int, count: int) -> int | None:
        """The n-th working day before a day; none if there are not so many within the days."""
        index = bisect_left(self._workdays, ordinal) - count
        return self._workdays[index] if index >= 0 else None
