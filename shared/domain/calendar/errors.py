"""What can go wrong with a calendar that is read but cannot be used."""

from datetime import datetime
from typing import Self

from shared.base.errors import Unworkable


class NoOpenTime(Unworkable):
    """The calendar has no, or not enough, open time within its horizon.

    Never a loop, never a silent fall back to wall time: the administrator must mend the calendar.
    """

    @classmethod
    def within(cls, calendar: str, start: datetime, wanted: str, horizon_days: int) -> Self:
        """The error for a target that is not reached.

        :param calendar: the calendar's name, for the administrator.
        :param start: where the search began.
        :param wanted: what was looked for, e.g. ``135 min``.
        :param horizon_days: how far was searched.
        """
        return cls(
            "no_open_time",
            {"calendar": calendar, "start": start.isoformat(), "wanted": wanted, "horizon_days": horizon_days},
        )

    def __str__(self) -> str:
        return (
            f"the calendar {self.params.get('calendar')!r} has no {self.params.get('wanted')} of open time within "
            f"{self.params.get('horizon_days')} days of {self.params.get('start')}: add opening windows to its week, "
            "shorten its closures, or raise its horizon_days"
        )
