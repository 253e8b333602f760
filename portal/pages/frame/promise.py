"""What the SOP promises whoever complains: until when, and in which word."""

from dataclasses import dataclass
from datetime import datetime

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from shared.domain.calendar.errors import NoOpenTime
from shared.domain.sop.model import Sop
from shared.domain.tenants import Tenant

_EXPECTED = "diharapkan"


@dataclass(frozen=True)
class PromiseToday:
    """The due time of a complaint that would be sent now.

    :param sentence: without what comes before it, e.g. ``diharapkan selesai paling lambat Senin, ...``.
    :param length: the standard in words.
    :param working: whether nights and closed days do not count.
    """

    sent: str
    sentence: str
    length: str
    working: bool


def expected(sop: Sop) -> bool:
    """Whether the SOP says that it is hoped for, rather than promised."""
    return _EXPECTED in (sop.stated_total_quote or "").casefold()


def service_promise(sop: Sop) -> str | None:
    """The standard of a whole case in one sentence; none where the SOP gives none."""
    if sop.case is None:
        return None
    told = saying.standard(sop.case.within)
    if expected(sop):
        return _("Aduan diharapkan selesai dalam %(length)s.", length=told)
    return _("Aduan dijawab paling lama dalam %(length)s.", length=told)


def promise_now(government: Tenant, now: datetime) -> PromiseToday | None:
    """What is promised if a complaint is sent now; none where the SOP or the calendar gives no time.

    :param now: in the government's zone.
    """
    case = government.sop.case
    if case is None:
        return None
    try:
        due = government.calendar.as_known(now).due(now, case.within).astimezone(government.zone)
    except NoOpenTime:
        return None
    when = saying.moment(due, now)
    told = (
        _("diharapkan selesai paling lambat %(when)s.", when=when)
        if expected(government.sop)
        else _("dijanjikan dijawab paling lambat %(when)s.", when=when)
    )
    return PromiseToday(saying.moment(now, now), told, saying.standard(case.within), case.within.time == "working")
