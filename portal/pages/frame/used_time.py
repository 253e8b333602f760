"""How long something took, in the kind of time in which it was promised."""

from datetime import datetime
from typing import Final

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from shared.domain.calendar.duration import SECONDS, Duration
from shared.domain.tenants import Tenant

_DAYS: Final = ("wd", "d")
_MINUTE: Final = 60


def used(within: Duration | None, entered: datetime, left: datetime, home: Tenant) -> str:
    """``14 menit``, ``2 hari kerja``, ``kurang dari 1 menit``: by the calendar, without what it stood still for.

    In seconds where so short a time was promised.

    :param within: what was promised; working time where nothing was.
    :param entered: in the government's zone.
    :param left: likewise.
    """
    if within is not None and within.unit in _DAYS:
        days = _days(within, entered, left, home)
        if not days:
            return _("kurang dari 1 hari kerja") if within.unit == "wd" else _("kurang dari 1 hari")
        return saying.days(days, working=within.unit == "wd")
    wall = within is not None and within.time == "wall"
    seconds = int((left - entered).total_seconds()) if wall else home.calendar.between(entered, left)
    in_seconds = within is not None and within.amount * SECONDS[within.unit] < _MINUTE
    return saying.length(seconds) if seconds >= _MINUTE or in_seconds else _("kurang dari 1 menit")


def used_of(within: Duration, entered: datetime, left: datetime, home: Tenant) -> str:
    """``14 menit dari 15 menit kerja``; ``dalam 1 hari kerja`` of what was done before the only day was over.

    :param within: what was promised.
    :param entered: as of :func:`used`.
    :param left: likewise.
    """
    standard = saying.standard(within)
    if within.unit in _DAYS and within.amount == 1 and not _days(within, entered, left, home):
        return _("dalam %(standard)s", standard=standard)
    return _("%(length)s dari %(standard)s", length=used(within, entered, left, home), standard=standard)


def _days(within: Duration, entered: datetime, left: datetime, home: Tenant) -> int:
    """The days that have passed, of the kind in which it was promised."""
    if within.unit == "d":
        return (left - entered).days
    passed = range(entered.date().toordinal() + 1, left.date().toordinal() + 1)
    return sum(home.calendar.is_working_day(entered.date().fromordinal(day)) for day in passed)
