"""Works out the lines of an explanation."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from shared.domain.calendar.due import counts_receipt, due_second
from shared.domain.calendar.duration import Duration
from shared.domain.calendar.entries import EntryWording, UnwordedLine
from shared.domain.calendar.explanation import Explanation
from shared.domain.calendar.open_time import OpenTime
from shared.domain.calendar.pause import Pause
from shared.domain.calendar.rules import Rules
from shared.domain.calendar.settings import CalendarSettings
from shared.domain.calendar.timeline import day_of, instant_of, local_seconds, seconds_of
from shared.domain.calendar.wording import Wording


class Explainer:
    """Explains due times under one set of rules.

    :param version: the calendar's version, named in the first line.
    """

    def __init__(self, settings: CalendarSettings, rules: Rules, open_time: OpenTime, version: str) -> None:
        self._settings = settings
        self._zone = settings.zone
        self._rules = rules
        self._open_time = open_time
        self._version = version

    def explain(self, start: datetime, duration: Duration, pauses: Sequence[Pause], language: str) -> Explanation:
        """See :meth:`WorkingCalendar.explain`.

        :param pauses: in order, and apart from each other.
        """
        begin = seconds_of(start)
        unpaused = due_second(self._open_time, self._settings, begin, duration)
        due = unpaused
        counting: list[UnwordedLine] = []
        for pause in pauses:
            since = max(seconds_of(pause.starts), begin)
            until = seconds_of(pause.ends) if pause.ends else None
            if since > due or (until is not None and until <= since):
                continue
            covered = self._elapsed(since, until, duration) if until is not None else 0
            counting.append(UnwordedLine("pause", since, until, covered=covered, reason=pause.reason))
            if until is None:
                break
            due = self._later(due, covered, duration)
        open_pause = next((entry for entry in counting if entry.ends is None), None)
        end = open_pause.starts if open_pause else due
        entries = [UnwordedLine("start", begin, begin), *counting, *self._sum(begin, unpaused, end, duration, counting)]
        entries += self._gap(end)
        entries.append(UnwordedLine("due", end, None if open_pause else end))
        left = self._elapsed(end, due, duration) if open_pause else None
        opening = "start" if duration.time == "wall" or self._open_time.is_open(begin) else "start_closed"
        calendar = f"{self._settings.name} {self._version}"
        wording = EntryWording(Wording(language, self._zone), duration, opening, calendar, left)
        return Explanation(
            start=instant_of(begin),
            duration=duration,
            due_at=None if open_pause else instant_of(due),
            left=left,
            calendar_version=self._version,
            language=language,
            lines=tuple(wording.lines(entries)),
        )

    def _gap(self, end: int) -> Iterator[UnwordedLine]:
        """A word of caution when the due time lies in a year whose holidays are not recorded."""
        until = self._rules.holidays_until
        if until is not None and instant_of(end).astimezone(self._zone).year > until:
            yield UnwordedLine("gap", end, end)

    def _sum(
        self, begin: int, unpaused: int, end: int, duration: Duration, pauses: list[UnwordedLine]
    ) -> Iterator[UnwordedLine]:
        if duration.time == "wall":
            yield from self._wall(begin, unpaused, end, duration, pauses)
        elif duration.unit == "wd":
            yield from self._workdays(begin, min(unpaused, end), duration)
            yield from self._closed_days(day_of(begin, self._zone), day_of(end, self._zone))
            yield from (replace(entry, kind="added") for entry in self._windows(unpaused, end))
        else:
            yield from self._closed_days(day_of(begin, self._zone), day_of(end, self._zone))
            for opens, closes in _gaps(begin, end, pauses):
                yield from self._windows(opens, closes)

    def _wall(
        self, begin: int, unpaused: int, end: int, duration: Duration, pauses: list[UnwordedLine]
    ) -> Iterator[UnwordedLine]:
        if duration.unit == "d":
            yield UnwordedLine("wall", begin, unpaused, duration.amount, "d")
            if end > unpaused:
                yield UnwordedLine("added", unpaused, end, end - unpaused)
        else:
            for opens, closes in _gaps(begin, end, pauses):
                yield UnwordedLine("wall", opens, closes, closes - opens)

    def _workdays(self, begin: int, end: int, duration: Duration) -> Iterator[UnwordedLine]:
        first = day_of(begin, self._zone)
        if duration.amount == 0:
            return
        if not counts_receipt(self._open_time, self._settings, begin):
            if self._rules.windows(first):
                yield UnwordedLine("receipt", begin, begin)
            first += 1
        for ordinal in range(first, day_of(end - 1, self._zone) + 1):
            windows = self._rules.windows(ordinal)
            if windows:
                opens = local_seconds(ordinal, windows[0].opens, self._zone)
                closes = local_seconds(ordinal, windows[-1].closes, self._zone)
                if closes <= end:
                    yield UnwordedLine("workday", max(opens, begin), closes, 1, "wd", hours=self._rules.hours(ordinal))

    def _closed_days(self, first: int, last: int) -> Iterator[UnwordedLine]:
        """Days without windows, runs of days off as one entry, from one local day to another."""
        off_since: int | None = None
        for ordinal in range(first, last + 2):
            usual = self._rules.usual_windows(ordinal) or ordinal > last
            if not usual and off_since is None:
                off_since = ordinal
            if usual and off_since is not None:
                yield UnwordedLine(
                    "off", local_seconds(off_since, 0, self._zone), local_seconds(ordinal, 0, self._zone)
                )
                off_since = None
            closure = self._rules.closure(ordinal)
            if usual and closure and ordinal <= last:
                midnight = local_seconds(ordinal, 0, self._zone)
                yield UnwordedLine("holiday", midnight, local_seconds(ordinal + 1, 0, self._zone), closure=closure)

    def _windows(self, begin: int, end: int) -> Iterator[UnwordedLine]:
        """The open stretches of ``[begin, end)``, one for each window of each day."""
        if end <= begin:
            return
        for ordinal in range(day_of(begin, self._zone), day_of(end - 1, self._zone) + 1):
            for window in self._rules.windows(ordinal):
                opens = max(begin, local_seconds(ordinal, window.opens, self._zone))
                closes = min(end, local_seconds(ordinal, window.closes, self._zone))
                if opens < closes:
                    yield UnwordedLine("window", opens, closes, closes - opens, hours=self._rules.hours(ordinal))

    def _elapsed(self, start: int, end: int, duration: Duration) -> int:
        return self._open_time.between(start, end) if duration.time == "working" else end - start

    def _later(self, due: int, covered: int, duration: Duration) -> int:
        return self._open_time.forward(due, covered, str(duration)) if duration.time == "working" else due + covered


def _gaps(begin: int, end: int, pauses: Iterable[UnwordedLine]) -> Iterator[tuple[int, int]]:
    """What is left of ``[begin, end)`` without the pauses."""
    for pause in pauses:
        if begin < min(pause.starts, end):
            yield begin, min(pause.starts, end)
        if pause.ends is None:
            return
        begin = max(begin, pause.ends)
    if begin < end:
        yield begin, end
