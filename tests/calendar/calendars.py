"""Calendars and instants for the tests of working time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from shared.domain.calendar.loader import load_calendar
from shared.domain.calendar.records import Closure, ClosureRecord, Decree, PeriodRecord, Records, WeekRecord
from shared.domain.calendar.settings import CalendarSettings
from shared.domain.calendar.week import DAYS, Week, Window
from shared.domain.calendar.working import WorkingCalendar
from shared.platform.settings import PROJECT

JAKARTA = ZoneInfo("Asia/Jakarta")
TENANTS = PROJECT / "tenants"
DEFAULT_WEEK = {
    **dict.fromkeys(("mon", "tue", "wed", "thu"), ("07:30-12:00", "13:00-16:00")),
    "fri": ("07:30-11:30", "13:00-16:30"),
}
ROUND_THE_CLOCK = dict.fromkeys(DAYS, ("00:00-24:00",))
EIGHT_TO_SIX = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("08:00-18:00",))


@cache
def national() -> WorkingCalendar:
    """The national records with the default week, as a tenant has them, all decrees known."""
    return load_calendar(TENANTS / "cilacap" / "calendar.yaml")


def week(hours: Mapping[str, Sequence[str]]) -> Week:
    """A week from windows as text by day; days not named are off."""
    return Week(tuple(tuple(Window.parse(text) for text in hours.get(day, ())) for day in DAYS))


def decree(name: str = "sk", issued: str = "2000-01-01", **own: Any) -> Decree:
    """A decree."""
    day = date.fromisoformat(issued)
    defaults = {"instrument": "Keputusan Bupati", "number": None, "approved_by": ("Bupati",), "known_from": day}
    return Decree(**{"id": name, "issued": day, **defaults, **own})


def closed(days: Iterable[str], name: str = "libur", issued: str = "2000-01-01", **own: Any) -> ClosureRecord:
    """A decree that closes some days."""
    basis = decree(name, issued, **own)
    return ClosureRecord(basis, tuple(Closure(date.fromisoformat(day), name, "local_holiday", basis) for day in days))


def calendar(
    hours: Mapping[str, Sequence[str]] = DEFAULT_WEEK,
    *closures: ClosureRecord,
    periods: Sequence[PeriodRecord] = (),
    zone: str = "Asia/Jakarta",
    **settings: Any,
) -> WorkingCalendar:
    """A calendar with one ordinary week."""
    records = Records(tuple(closures), (WeekRecord(decree("week"), None, week(hours)),), tuple(periods))
    return WorkingCalendar(CalendarSettings(name="uji", zone=ZoneInfo(zone), **settings), [records])


def at(text: str, zone: ZoneInfo = JAKARTA) -> datetime:
    """A local time, e.g. ``2023-05-12 15:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def wib(instant: datetime) -> str:
    """An instant as Jakarta's clocks show it, e.g. ``Fri 2023-05-12 15:30:00``."""
    return f"{instant.astimezone(JAKARTA):%a %Y-%m-%d %H:%M:%S}"
