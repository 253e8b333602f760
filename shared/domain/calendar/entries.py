"""Lines of an explanation before and while they are put into words."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from shared.domain.calendar.duration import Duration
from shared.domain.calendar.explanation import ExplanationLine, LineKind
from shared.domain.calendar.records import CLOSURE_KINDS, Closure, PeriodRecord, WeekRecord
from shared.domain.calendar.timeline import instant_of
from shared.domain.calendar.wording import Wording

# Lines that begin at the same instant stand in this order.
_ORDER: Final[tuple[LineKind, ...]] = (
    "start", "receipt", "off", "holiday", "workday", "window", "wall", "pause", "added", "gap", "due",
)  # fmt: skip


@dataclass(frozen=True)
class UnwordedLine:
    """A line before it is worded; instants are whole seconds since 1970 UTC, the rest as in :class:`ExplanationLine`.

    :param ends: none for a pause that is still open, and for the due time that is therefore not known.
    """

    kind: LineKind
    starts: int
    ends: int | None
    counted: int = 0
    unit: Literal["s", "d", "wd"] = "s"
    covered: int = 0
    closure: Closure | None = None
    hours: WeekRecord | PeriodRecord | None = None
    reason: str = ""

    @property
    def until(self) -> int:
        """Where an entry ends that is not open."""
        return self.starts if self.ends is None else self.ends


class EntryWording:
    """Puts the entries of one explanation into words.

    :param opening: the sentence of the first line: ``start`` or ``start_closed``.
    :param calendar: the calendar's name and version.
    :param left: for a clock still paused, what is left of its standard, in seconds.
    """

    def __init__(self, wording: Wording, duration: Duration, opening: str, calendar: str, left: int | None) -> None:
        self._wording = wording
        self._duration = duration
        self._opening = opening
        self._calendar = calendar
        self._left = left

    def lines(self, entries: Iterable[UnwordedLine]) -> Iterator[ExplanationLine]:
        """The lines in order, with running totals."""
        totals: Counter[tuple[bool, str]] = Counter()
        for entry in sorted(entries, key=lambda entry: (entry.starts, _ORDER.index(entry.kind))):
            series = (entry.kind == "added", entry.unit)
            totals[series] += entry.counted
            yield ExplanationLine(
                kind=entry.kind,
                starts_at=instant_of(entry.starts),
                ends_at=None if entry.ends is None else instant_of(entry.ends),
                counted=entry.counted,
                unit=entry.unit,
                total=totals[series],
                covered=entry.covered,
                closure=entry.closure,
                hours=entry.hours,
                text=self._text(entry, totals[series]),
            )

    def _text(self, entry: UnwordedLine, total: int) -> str:
        match entry.kind:
            case "start":
                return self._start(entry)
            case "holiday":
                return self._holiday(entry)
            case "window" | "added":
                return self._stretch(entry, total)
            case "pause":
                return self._pause(entry)
            case _:
                return self._plain(entry, total)

    def _plain(self, entry: UnwordedLine, total: int) -> str:
        words = self._wording
        match entry.kind:
            case "off":
                return words.say("off", days=words.days(entry.starts, entry.until))
            case "workday":
                closes = words.clock(entry.until, entry.starts)
                return words.say("workday", day=words.day(entry.starts), total=str(total), closes=closes)
            case "wall":
                return words.say("wall", until=words.stamp(entry.until), counted=self._counted(entry))
            case "gap":
                return words.say("gap", year=words.year(entry.starts))
            case "due":
                return words.say("not_due" if entry.ends is None else "due", at=words.stamp(entry.starts))
            case _:
                return words.say(entry.kind, day=words.day(entry.starts))

    def _start(self, entry: UnwordedLine) -> str:
        words = self._wording
        standard, at = words.standard(self._duration), words.stamp(entry.starts)
        return words.say(self._opening, standard=standard, at=at, calendar=self._calendar)

    def _holiday(self, entry: UnwordedLine) -> str:
        words, closure = self._wording, entry.closure
        if closure is None:
            raise ValueError("a holiday without the record that closes the day")
        kind = CLOSURE_KINDS[closure.kind][words.language]
        decree = closure.decree.cited(words.language)
        return words.say("holiday", day=words.day(entry.starts), kind=kind, name=closure.name, decree=decree)

    def _stretch(self, entry: UnwordedLine, total: int) -> str:
        words = self._wording
        if entry.hours is None:
            return words.say("added_wall", counted=words.amount(entry.counted, "h"))
        in_period = isinstance(entry.hours, PeriodRecord)
        sentence = "added" if entry.kind == "added" else "window_in" if in_period else "window"
        return words.say(
            sentence,
            day=words.day(entry.starts),
            opens=words.clock(entry.starts),
            closes=words.clock(entry.until, entry.starts),
            hours=entry.hours.name if isinstance(entry.hours, PeriodRecord) else "",
            counted=words.amount(entry.counted, self._duration.unit),
            total=words.amount(total, self._duration.unit),
        )

    def _pause(self, entry: UnwordedLine) -> str:
        words = self._wording
        reason = f" ({entry.reason})" if entry.reason else ""
        since = words.stamp(entry.starts)
        if entry.ends is None:
            left = words.amount(self._left or 0, self._duration.unit)
            return words.say("pause_open", since=since, reason=reason, left=left)
        covered = words.amount(entry.covered, self._duration.unit)
        return words.say("pause", since=since, until=words.stamp(entry.until), reason=reason, covered=covered)

    def _counted(self, entry: UnwordedLine) -> str:
        if entry.unit == "d":
            return self._wording.standard(self._duration)
        return self._wording.amount(entry.counted, self._duration.unit)
