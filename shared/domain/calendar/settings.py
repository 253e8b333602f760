"""What a tenant decides about its calendar beside the opening hours."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal
from zoneinfo import ZoneInfo

from shared.domain.calendar.duration import Duration

WorkingDayRule = Literal["after_receipt", "counting_receipt"]
DEFAULT_HORIZON_DAYS: Final = 3_660


@dataclass(frozen=True)
class CalendarSettings:
    """A tenant's settings.

    :param name: the calendar's name in messages, e.g. the tenant's.
    :param zone: the IANA zone in which windows and days are meant.
    :param working_day_rule: how ``n wd`` counts. ``after_receipt``: until the close of the n-th working day after the
        day of receipt. ``counting_receipt``: the day of receipt is the first, if received before its last closing.
    :param warn_before: how long before the due time the holder is warned: a share of the standard, or a duration in
        the clock's own kind of time.
    :param notice_in_office_hours: whether a warning that falls outside opening hours is moved into them.
    :param horizon_days: how many days ahead open time is looked for before giving up.
    """

    name: str
    zone: ZoneInfo
    working_day_rule: WorkingDayRule = "after_receipt"
    warn_before: Fraction | Duration = Fraction(1, 4)
    notice_in_office_hours: bool = False
    horizon_days: int = DEFAULT_HORIZON_DAYS

    def as_text(self) -> dict[str, str | bool]:
        """What decides due and warning times, for the calendar's version."""
        return {
            "zone": self.zone.key,
            "working_day_rule": self.working_day_rule,
            "warn_before": str(self.warn_before),
            "notice_in_office_hours": self.notice_in_office_hours,
        }
