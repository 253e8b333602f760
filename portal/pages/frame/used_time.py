"""How long something took, in the kind of time in which it was promised."""

from datetime import datetime

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from shared.domain.calendar.duration import Duration
from shared.domain.tenants import Tenant


def used(within: Duration | None, entered: datetime, left: datetime, home: Tenant) -> str:
    """``14 menit``, ``2 hari kerja``, ``kurang dari 1 menit``: by the calendar, without what it stood still for.

    :param within: what was promised; working time where nothing was.
    :param entered: in the government's zone.
    :param left: likewise.
    """
    if within is not None and within.unit == "wd":
        start = entered.date().toordinal()
        passed = range(start + 1, left.date().toordinal() + 1)
        count = sum(home.calendar.is_working_day(entered.date().fromordinal(day)) for day in passed)
        return saying.days(count, working=True) if count else _("kurang dari 1 hari kerja")
    if within is not None and within.unit == "d":
        days = (left - entered).days
        return saying.days(days, working=False) if days else _("kurang dari 1 hari")
    wall = within is not None and within.time == "wall"
    seconds = int((left - entered).total_seconds()) if wall else home.calendar.between(entered, left)
    return saying.length(seconds) if seconds >= 60 else _("kurang dari 1 menit")
