"""Whether the holidays are recorded of each year into which due times lead: without them, one is promised too early."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from cli.doctoring.line import Diagnosis, warned, well
from shared.domain.calendar.working import WorkingCalendar


def holiday_lines(calendars: Mapping[str, WorkingCalendar], now: datetime) -> Iterator[Diagnosis]:
    """A line for each government whose calendar knows a holiday.

    :param calendars: the governments', by their ids.
    :param now: the present instant.
    """
    for tenant, whole in calendars.items():
        check = f"tenants.{tenant}.holidays"
        calendar = whole.as_known(now)
        year = calendar.year_without_holidays(now)
        if year is not None:
            told = f"no holiday of {year} is recorded: what is due then is promised as if there were none"
            yield warned(check, told, f"record the decree, at /{tenant}/kelola/kalender or in calendar.yaml")
        elif calendar.rules.holidays_until is not None:
            yield well(check, f"recorded to the end of {calendar.rules.holidays_until}")
