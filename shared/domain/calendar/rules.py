"""What is in force by the records known at some moment: for each local day its windows, and why."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from shared.domain.calendar.records import Closure, ClosureRecord, Decree, PeriodRecord, Records, WeekRecord
from shared.domain.calendar.settings import CalendarSettings
from shared.domain.calendar.week import Window

_VERSION_DIGITS: Final = 16
_NATIONAL: Final = "national_holiday"


class Rules:
    """The records in force, arranged for looking up a day.

    :param layers: the records of each file, the tenant's own last: it goes before the others.
    :param known: which decrees count.
    """

    def __init__(self, layers: Sequence[Records], known: Iterable[Decree]) -> None:
        decrees = tuple(known)
        in_force = _in_force(decrees)
        self._records = _closure_records(layers, decrees)
        self._closed: dict[int, Closure] = {}
        self._periods: dict[int, PeriodRecord] = {}
        self._weeks: list[WeekRecord] = []
        for layer in layers:
            self._add_closures(layer, in_force)
            for period in sorted((p for p in layer.periods if p.decree.id in in_force), key=lambda p: p.decree.issued):
                for ordinal in range(period.starts.toordinal(), period.ends.toordinal() + 1):
                    self._periods[ordinal] = period
            weeks = (week for week in layer.weeks if week.decree.id in in_force)
            self._weeks += sorted(weeks, key=lambda week: (week.starts or date.min, week.decree.issued))
        self._weeks.reverse()

    def windows(self, ordinal: int) -> tuple[Window, ...]:
        """The opening windows of a local day.

        :param ordinal: the day, as :meth:`datetime.date.toordinal` numbers it.
        """
        return () if ordinal in self._closed else self.usual_windows(ordinal)

    def usual_windows(self, ordinal: int) -> tuple[Window, ...]:
        """The windows that a day would have if no holiday fell on it."""
        hours = self.hours(ordinal)
        # Day 1 of the calendar was a Monday.
        return hours.week.days[(ordinal - 1) % 7] if hours else ()

    def hours(self, ordinal: int) -> WeekRecord | PeriodRecord | None:
        """The record that gives a day its hours."""
        period = self._periods.get(ordinal)
        if period is not None:
            return period
        return next((week for week in self._weeks if not week.starts or week.starts.toordinal() <= ordinal), None)

    def closure(self, ordinal: int) -> Closure | None:
        """What closes a day, if something does."""
        return self._closed.get(ordinal)

    def closures(self, first: date, last: date) -> list[Closure]:
        """The closed days from one day to another, both included, in order."""
        inside = range(first.toordinal(), last.toordinal() + 1)
        return [self._closed[ordinal] for ordinal in sorted(self._closed) if ordinal in inside]

    @property
    def holidays_until(self) -> int | None:
        """The last year of which a known decree names a national holiday; those of later years are still to be decreed
        or recorded, whatever days of theirs the government closes by itself. None where no holiday is known at all.
        """
        days = (closure.day for closure in self._closed.values() if closure.kind == _NATIONAL)
        return max((day.year for day in days), default=None)

    def version(self, settings: CalendarSettings) -> str:
        """A name for exactly these rules: equal when every due and warning time is equal, and for the same reasons.

        Names of holidays, notes and who approved them do not enter it, so that a spelling can be mended.
        """
        content = {
            "settings": settings.as_text(),
            "weeks": [[str(week.starts), week.decree.id, week.week.as_text()] for week in self._weeks],
            "periods": [
                [ordinal, period.decree.id, period.week.as_text()] for ordinal, period in sorted(self._periods.items())
            ],
            "closed": [[ordinal, closure.decree.id] for ordinal, closure in sorted(self._closed.items())],
        }
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
        return hashlib.sha256(canonical).hexdigest()[:_VERSION_DIGITS]

    def _add_closures(self, layer: Records, in_force: frozenset[str]) -> None:
        records = (record for record in layer.closures if record.decree.id in in_force)
        for record in sorted(records, key=lambda record: record.decree.issued):
            for day in record.revokes:
                self._closed.pop(day.toordinal(), None)
            for closure in record.closures:
                self._closed[closure.day.toordinal()] = self._origin(record, closure)

    def _origin(self, record: ClosureRecord, closure: Closure) -> Closure:
        """The closure by the decree that first closed the day, when later ones only repeat it."""
        for old in record.decree.supersedes:
            earlier = self._records.get(old)
            for same in earlier.closures if earlier else ():
                if earlier and (same.day, same.kind) == (closure.day, closure.kind):
                    return self._origin(earlier, same)
        return closure


def _closure_records(layers: Sequence[Records], known: Iterable[Decree]) -> dict[str, ClosureRecord]:
    ids = {decree.id for decree in known}
    records = (record for layer in layers for record in layer.closures)
    return {record.decree.id: record for record in records if record.decree.id in ids}


def _in_force(decrees: Sequence[Decree]) -> frozenset[str]:
    superseded = {old for decree in decrees for old in decree.supersedes}
    return frozenset(decree.id for decree in decrees) - superseded
