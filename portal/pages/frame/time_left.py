"""How much time is left, as a chip and a word beside it. Left is rounded down, late is rounded up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from shared.domain.calendar.duration import Duration
from shared.domain.calendar.working import WorkingCalendar

State = Literal["late", "soon", "calm", "still", "none"]
Tick = Literal["down", "wall", "work"]
"""Down to the due time, or up from it: by the clock on the wall, or while people work."""

_DAY = 86_400
_SOON_DAYS = 6


@dataclass(frozen=True)
class TimeLeft:
    """What is told of a due time.

    :param state: late, soon, still time, clock stopped, or no standard at all.
    :param chip: the short word.
    :param beside: the day and clock, or what is left where the chip tells these.
    :param due: the due time itself, ISO 8601; none where nothing runs.
    :param tick: how a browser counts on from ``seconds``; none where the chip tells days.
    """

    state: State
    chip: str
    beside: str
    due: str | None = None
    tick: Tick | None = None
    seconds: int = 0


@dataclass(frozen=True, kw_only=True)
class Running:
    """A clock as it stands.

    :param due: in the government's zone; none without a standard.
    :param warn: from when it is nearly late.
    :param within: the standard, where it is known: it tells in which kind of time to count.
    :param until: for a clock that stands still, until when.
    :param why: for such a one, what it waits for.
    """

    due: datetime | None
    warn: datetime | None = None
    within: Duration | None = None
    stands: bool = False
    until: datetime | None = None
    why: str = ""


def time_left(running: Running, now: datetime, calendar: WorkingCalendar) -> TimeLeft:
    """What is told of a clock at an instant, in the government's zone."""
    if running.stands:
        until = _("sampai %(when)s", when=saying.brief(running.until, now)) if running.until else ""
        return TimeLeft("still", _("Waktunya berhenti"), ", ".join(filter(None, (running.why, until))))
    if running.due is None:
        return TimeLeft("none", _("Tanpa batas waktu"), "")
    due = running.due
    if now > due:
        over = _minutes_late(due, now, running.within, calendar)
        tick: Tick | None = None if over is None else "work" if _working(running.within) else "wall"
        told = late(due, now, running.within, calendar)
        return TimeLeft("late", told, _deadline(due, now), due.isoformat(), tick, over or 0)
    soon = running.warn is not None and now >= running.warn
    state: State = "soon" if soon else "calm"
    if due.date() == now.date():
        remaining = int((due - now).total_seconds())
        chip = _("%(length)s lagi", length=_whole_minutes(remaining))
        return TimeLeft(state, chip, _deadline(due, now), due.isoformat(), "down", remaining)
    near = (due.date() - now.date()).days <= _SOON_DAYS
    chip = saying.brief(due, now) if near else saying.short_day(due.date())
    return TimeLeft(state, chip, _left(due, now, running.within, calendar), due.isoformat())


def late(due: datetime, now: datetime, within: Duration | None, calendar: WorkingCalendar) -> str:
    """``Terlambat 12 menit``; from a day on ``Terlambat 2 hari kerja``."""
    seconds = _minutes_late(due, now, within, calendar)
    if seconds is None:
        working = _working(within)
        count = len(_worked_days(due, now, calendar)) if working else -(-int((now - due).total_seconds()) // _DAY)
        return _("Terlambat %(length)s", length=saying.days(count, working=working))
    if seconds < 60:
        return _("Terlambat kurang dari 1 menit")
    return _("Terlambat %(length)s", length=saying.lateness(seconds))


def _minutes_late(due: datetime, now: datetime, within: Duration | None, calendar: WorkingCalendar) -> int | None:
    """Seconds of lateness, where it is told in hours and minutes; none where in days."""
    if not _working(within):
        seconds = int((now - due).total_seconds())
        return seconds if seconds < _DAY else None
    passed = _worked_days(due, now, calendar)
    if len(passed) > 1 or (within is not None and within.unit == "wd" and passed):
        return None
    return calendar.between(due, now)


def _worked_days(due: datetime, now: datetime, calendar: WorkingCalendar) -> list[int]:
    return [day for day in range(1, (now.date() - due.date()).days + 1) if _worked(due, day, calendar)]


def _left(due: datetime, now: datetime, within: Duration | None, calendar: WorkingCalendar) -> str:
    if not _working(within):
        return _("sisa %(length)s", length=saying.days(int((due - now).total_seconds()) // _DAY, working=False))
    if within is None or within.unit == "wd":
        count = sum(_worked(now, day, calendar) for day in range(1, (due.date() - now.date()).days + 1))
        return _("sisa %(length)s", length=saying.days(count, working=True))
    return _("sisa %(length)s kerja", length=_whole_minutes(calendar.between(now, due)))


def _worked(start: datetime, after: int, calendar: WorkingCalendar) -> bool:
    return calendar.is_working_day(start.date().fromordinal(start.date().toordinal() + after))


def _working(within: Duration | None) -> bool:
    return within is None or within.time == "working"


def _whole_minutes(seconds: int) -> str:
    return saying.length(seconds // 60 * 60 if seconds >= 60 else seconds)


def _deadline(due: datetime, now: datetime) -> str:
    return _("tenggat %(when)s", when=saying.brief(due, now))
