"""How a due time comes about, line by line, so that it can be checked with a wall calendar and a pencil."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.domain.calendar.duration import Duration
from shared.domain.calendar.records import Closure, PeriodRecord, WeekRecord

LineKind = Literal[
    "start",  # the standard and when it starts
    "receipt",  # the day of receipt, which a standard in working days does not count
    "workday",  # a working day counted
    "window",  # a stretch of an opening window counted
    "wall",  # a stretch counted whether open or closed
    "off",  # days on which the week has no window
    "holiday",  # a day that a decree closes
    "pause",  # a stretch during which the clock stood still
    "added",  # what is counted after the standard's end in place of a pause
    "gap",  # a year for which no closed day is recorded yet
    "due",  # the due time, or that there is none yet
]


@dataclass(frozen=True, kw_only=True)
class ExplanationLine:
    """One line of the sum.

    :param starts_at: where the line begins; in UTC.
    :param ends_at: where it ends; none for a pause that is still open.
    :param counted: what it adds to the standard, in ``unit``; 0 for days and pauses that are not counted.
    :param unit: ``s`` (seconds), ``d`` or ``wd``.
    :param total: the running sum of the lines that add in this unit.
    :param covered: for a pause, the seconds of the clock's own kind of time that it covered.
    :param closure: for a holiday, what closes the day, with its decree.
    :param hours: for a window, the record that gives the hours.
    :param text: the line in words.
    """

    kind: LineKind
    starts_at: datetime
    ends_at: datetime | None
    counted: int
    unit: Literal["s", "d", "wd"]
    total: int
    covered: int
    closure: Closure | None
    hours: WeekRecord | PeriodRecord | None
    text: str


@dataclass(frozen=True)
class Explanation:
    """The lines, and what they come to. Iterating gives the lines.

    The counted lines other than ``added`` come to the standard; the ``added`` ones to what the pauses covered.

    :param due_at: the due time; none while the clock is paused.
    :param left: for a clock still paused, the seconds left of its standard, in its own kind of time.
    :param calendar_version: the calendar by which it was computed.
    """

    start: datetime
    duration: Duration
    due_at: datetime | None
    left: int | None
    calendar_version: str
    language: str
    lines: tuple[ExplanationLine, ...]

    def __iter__(self) -> Iterator[ExplanationLine]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def text(self) -> str:
        """The lines in words, one below the other."""
        return "\n".join(line.text for line in self.lines)
