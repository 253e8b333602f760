"""What somebody wants to be decreed: whether it can be, and which days it changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from shared.base.errors import Invalid
from shared.domain.calendar.errors import NoOpenTime
from shared.domain.calendar.records import ClosureRecord, PeriodRecord, Records, WeekRecord
from shared.domain.calendar.rules import Rules
from shared.domain.calendar.week import Window
from shared.domain.calendar.working import WorkingCalendar
from shared.wording.codes import field_message

_REACH: Final = timedelta(days=3_660)
"""How far from today a decree may reach: what is further is a slip of the pen."""
_BACK: Final = timedelta(days=366)
_AHEAD: Final = timedelta(days=3 * 366)


@dataclass(frozen=True)
class ChangedDay:
    """A day that a decree changes.

    :param before: its windows until then.
    :param name: what closes it by the decree, or gives it its hours; none of an ordinary day.
    """

    day: date
    before: tuple[Window, ...]
    after: tuple[Window, ...]
    name: str | None


def check(calendar: WorkingCalendar, wanted: Records, now: datetime) -> WorkingCalendar:
    """See that a decree fits into a calendar.

    :param calendar: with all that was decreed.
    :param wanted: one record, known from a second on that has passed.
    :param now: in the calendar's zone.
    :returns: the calendar with it, as it would be known now.
    :raises Invalid: ``invalid_fields``, by the names that a file of records has for them.
    """
    today = now.date()
    after = calendar.with_records((wanted,)).as_known(now)
    calendar = calendar.as_known(now)
    [decree] = wanted.decrees
    faults: dict[str, list[Any]] = {}
    if decree.issued > today:
        faults["issued"] = ["calendar_not_issued_yet"]
    elif today - decree.issued > _REACH:
        faults["issued"] = [field_message("calendar_far", day=decree.issued.isoformat())]
    known = {each.id: each for each in calendar.decrees}
    for old in decree.supersedes:
        if old not in known or known[old].issued > decree.issued:
            faults["supersedes"] = [field_message("calendar_supersedes", decree=old)]
    faults |= _closures(calendar, wanted, today) | _hours(wanted, today)
    if faults:
        raise Invalid("invalid_fields", fields=faults)
    starts = datetime.combine(max(_begins(wanted, today), today), now.timetz())
    try:
        for instant in (now, starts):
            after.next_open(instant)
    except NoOpenTime:
        raise Invalid("invalid_fields", fields={"windows": ["no_open_time"]}) from None
    return after


def changed_days(before: WorkingCalendar, after: WorkingCalendar, today: date) -> Iterator[ChangedDay]:
    """The days to which another calendar gives other windows, from a year ago until three years from now."""
    first, last = (today - _BACK).toordinal(), (today + _AHEAD).toordinal()
    for ordinal in range(first, last + 1):
        was, will = before.rules.windows(ordinal), after.rules.windows(ordinal)
        if was != will:
            yield ChangedDay(date.fromordinal(ordinal), was, will, _name(after.rules, ordinal))


def _closures(calendar: WorkingCalendar, wanted: Records, today: date) -> dict[str, list[Any]]:
    faults: dict[str, list[Any]] = {}
    for record in wanted.closures:
        seen: set[date] = set()
        for closure in record.closures:
            if closure.day in seen:
                faults[closure.kind] = [field_message("calendar_day_twice", day=closure.day.isoformat())]
            if abs(closure.day - today) > _REACH:
                faults[closure.kind] = [field_message("calendar_far", day=closure.day.isoformat())]
            seen.add(closure.day)
        for day in sorted(record.revokes):
            if not _closed_without(calendar, record, day):
                faults["revokes"] = [field_message("calendar_not_closed", day=day.isoformat())]
            if day in seen:
                faults["revokes"] = [field_message("calendar_day_twice", day=day.isoformat())]
        if not record.closures and not record.revokes and not record.decree.supersedes:
            faults["closure"] = ["calendar_empty"]
    return faults


def _closed_without(calendar: WorkingCalendar, record: ClosureRecord, day: date) -> bool:
    """Whether a day is closed by what the decree leaves in force, so that it can be opened again."""
    closure = calendar.rules.closure(day.toordinal())
    return closure is not None and closure.decree.id not in record.decree.supersedes


def _hours(wanted: Records, today: date) -> dict[str, list[Any]]:
    days = [("from", record.starts) for record in wanted.weeks]
    days += [(name, day) for record in wanted.periods for name, day in (("from", record.starts), ("to", record.ends))]
    return {
        name: [field_message("calendar_far", day=day.isoformat())]
        for name, day in days
        if day is not None and abs(day - today) > _REACH
    }


def _begins(wanted: Records, today: date) -> date:
    dated: list[WeekRecord | PeriodRecord] = [*wanted.weeks, *wanted.periods]
    return next((record.starts for record in dated if record.starts is not None), today)


def _name(rules: Rules, ordinal: int) -> str | None:
    closure = rules.closure(ordinal)
    if closure is not None:
        return closure.name
    hours = rules.hours(ordinal)
    return hours.name if isinstance(hours, PeriodRecord) else None
