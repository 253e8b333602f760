"""The working calendar: due and warning times, pauses, and what was known when."""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from shared.domain.calendar.due import due_second
from shared.domain.calendar.duration import Duration
from shared.domain.calendar.explaining import Explainer
from shared.domain.calendar.explanation import Explanation
from shared.domain.calendar.open_time import OpenTime
from shared.domain.calendar.pause import Pause, in_order
from shared.domain.calendar.records import Decree, Records
from shared.domain.calendar.rules import Rules
from shared.domain.calendar.settings import CalendarSettings
from shared.domain.calendar.timeline import instant_of, seconds_of
from shared.domain.calendar.warning import warning_second

_MOST_RECKONED: Final = 256
"""So many answers are kept: what is filed within one second is promised the same, and a dossier is opened again."""

_AHEAD: Final = timedelta(days=60)
"""So far a promise may lead: the longest procedure grants 39 working days."""

Answer = TypeVar("Answer")


class WorkingCalendar:
    """A tenant's calendar by the decrees known at some moment. Immutable.

    Instants given must carry a zone; instants returned are in UTC and whole seconds. A fraction of a second in an
    instant given is dropped. Windows are half-open: the closing second itself is closed.

    :param settings: the tenant's settings.
    :param layers: the records, the tenant's own last.
    :param known: how many of the moments at which a decree became known have passed; all of them if left out.
    """

    def __init__(self, settings: CalendarSettings, layers: Sequence[Records], known: int | None = None) -> None:
        self.settings = settings
        self._layers = tuple(layers)
        self._decrees = tuple(decree for layer in self._layers for decree in layer.decrees)
        self._moments = sorted({self._known_at(decree) for decree in self._decrees})
        self._known = len(self._moments) if known is None else known
        self._earlier: dict[int, WorkingCalendar] = {}
        self._reckoned: dict[Hashable, int] = {}
        self._explained: dict[Hashable, Explanation] = {}
        self.rules = Rules(self._layers, self.decrees)
        self._open_time = OpenTime(self.rules, settings)

    def __repr__(self) -> str:
        return f"<WorkingCalendar {self.settings.name} {self.version}>"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which windows and days are meant."""
        return self.settings.zone

    @cached_property
    def version(self) -> str:
        """A name for exactly these rules: the same after a restart, another as soon as a due time could differ."""
        return self.rules.version(self.settings)

    @property
    def decrees(self) -> tuple[Decree, ...]:
        """The decrees known, superseded ones included."""
        known = self._moments[: self._known]
        return tuple(decree for decree in self._decrees if self._known_at(decree) in known)

    def due(self, start: datetime, duration: Duration, pauses: Iterable[Pause] = ()) -> datetime:
        """When a standard that starts at an instant runs out.

        * Working seconds, minutes and hours run through the windows: the first instant by which so many have passed.
          A standard used up exactly at a closing is due at that closing.
        * ``n wd``: the close of the n-th working day after the day of receipt, or as the tenant's rule says.
        * ``n d``: the same local clock time n calendar days later, open or closed. A local time that a change to
          summer time skips falls as long after the gap; one that occurs twice is the first of the two.
        * Wall time: so many seconds later.
        * 0 of any working unit: the instant itself if it is open, else the next opening.

        :param pauses: each moves the due time by what it covered of the clock's own kind of time.
        :raises NoOpenTime: if the calendar has not that much open time within its horizon.
        :raises ValueError: if an instant has no zone, or a pause is still open.
        """
        began = seconds_of(start)
        due = instant_of(
            _once(
                self._reckoned, (began, duration), lambda: due_second(self._open_time, self.settings, began, duration)
            )
        )
        for pause in in_order(pauses):
            if pause.ends is None:
                raise ValueError("a clock that is still paused has no due time")
            due = self.resume(due, max(pause.starts, start), pause.ends, duration)
        return due

    def warn(
        self, start: datetime, due: datetime, duration: Duration, before: Fraction | float | Duration | None = None
    ) -> datetime:
        """When the holder is warned: counted back from the due time in the clock's own kind of time.

        Never before the start. If the tenant wants notices in office hours only, an instant outside them moves to the
        next opening if that is still before the due time, else back to the last open second.

        :param before: a share of the standard (0.25 = when a quarter is left) or a duration; the tenant's rule if
            left out.
        """
        chosen = self.settings.warn_before if before is None else before
        began, ends = seconds_of(start), seconds_of(due)
        return instant_of(
            _once(
                self._reckoned,
                (began, ends, duration, str(chosen)),
                lambda: warning_second(self._open_time, self.settings, began, ends, duration=duration, before=chosen),
            )
        )

    def between(self, start: datetime, end: datetime) -> int:
        """Working seconds in ``[start, end)``; 0 if the end is not after the start."""
        return self._open_time.between(seconds_of(start), seconds_of(end))

    def elapsed(self, start: datetime, end: datetime, duration: Duration) -> int:
        """Seconds from one instant to another in a standard's own kind of time; 0 if the end is not after the start."""
        if duration.time == "working":
            return self.between(start, end)
        return max(0, seconds_of(end) - seconds_of(start))

    def add(self, start: datetime, seconds: int) -> datetime:
        """The first instant by which that many working seconds have passed: the reverse of :meth:`between`.

        Unlike :meth:`due`, 0 seconds is the start itself, open or closed.

        :raises NoOpenTime: if the calendar has not that much open time within its horizon.
        """
        return instant_of(self._open_time.forward(seconds_of(start), seconds, f"{seconds} s"))

    def resume(self, due: datetime, paused_at: datetime, resumed_at: datetime, duration: Duration) -> datetime:
        """The due time after a pause: later by the time of the clock's own kind that the pause covered.

        A pause that began after the due time changes nothing: what has breached stays breached. A clock
        paused again before it was resumed is resumed from the first pause.
        """
        covered = self.elapsed(paused_at, resumed_at, duration)
        if paused_at > due or not covered:
            return due.astimezone(UTC)
        if duration.time == "working":
            return self.add(due, covered)
        return instant_of(seconds_of(due) + covered)

    def as_known(self, instant: datetime) -> "WorkingCalendar":
        """The calendar by the decrees known at an instant: issued (or, if later, recorded) on or before that day."""
        if instant.utcoffset() is None:
            seconds_of(instant)  # says what is wrong with it
        return self._at(min(bisect_right(self._moments, instant), self._known))  # whole seconds: no fraction matters

    def with_records(self, more: Iterable[Records]) -> "WorkingCalendar":
        """The same with further records, which go before all others; with all decrees known."""
        return WorkingCalendar(self.settings, (*self._layers, *more))

    def of_version(self, version: str) -> "WorkingCalendar | None":
        """The calendar that had this version when a promise was made; none if these records never gave it."""
        candidates = (self._at(known) for known in range(self._known, -1, -1))
        return next((calendar for calendar in candidates if calendar.version == version), None)

    def is_open(self, instant: datetime) -> bool:
        """Whether an instant lies in a window."""
        return self._open_time.is_open(seconds_of(instant))

    def year_without_holidays(self, instant: datetime) -> int | None:
        """The year of which no holiday is recorded although what begins at an instant may be due in it."""
        until = self.rules.holidays_until
        year = (instant + _AHEAD).astimezone(self.zone).year
        return year if until is not None and year > until else None

    def next_open(self, instant: datetime) -> datetime:
        """The instant itself if it is open, else the next opening.

        :raises NoOpenTime: if nothing opens within the horizon.
        """
        return instant_of(self._open_time.next_open(seconds_of(instant), "next opening"))

    def is_working_day(self, day: date) -> bool:
        """Whether the office opens at all on a local day."""
        return bool(self.rules.windows(day.toordinal()))

    def explain(
        self, start: datetime, duration: Duration, pauses: Iterable[Pause] = (), language: str = "id"
    ) -> Explanation:
        """How a due time comes about, line by line: window by window, holiday by holiday, pause by pause.

        :param language: ``id`` or ``en``.
        :raises NoOpenTime: as :meth:`due`.
        """
        explainer = Explainer(self.settings, self.rules, self._open_time, self.version)
        held = tuple(in_order(pauses))
        return _once(
            self._explained,
            (start, duration, held, language),
            lambda: explainer.explain(start, duration, held, language),
        )

    def _at(self, known: int) -> "WorkingCalendar":
        if known == self._known:
            return self
        if known not in self._earlier:
            self._earlier[known] = WorkingCalendar(self.settings, self._layers, known)
        return self._earlier[known]

    def _known_at(self, decree: Decree) -> datetime:
        if decree.known_at is not None:
            return decree.known_at
        return datetime.combine(decree.known_from, time(), self.settings.zone).astimezone(UTC)


def _once(given: dict[Hashable, Answer], asked: Hashable, reckon: Callable[[], Answer]) -> Answer:
    """An answer that was given a moment ago, or is given now.

    :param given: those that are kept.
    """
    known = given.get(asked)
    if known is None:
        if len(given) >= _MOST_RECKONED:
            given.clear()
        known = given[asked] = reckon()
    return known
