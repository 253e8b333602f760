"""The months of a year to choose from: how each stands, and its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.access import caller
from portal.pages.figures import months
from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at
from portal.parts import parts
from shared.application.reading_rights import readable_agency
from shared.domain.monthly import draws_monthly
from shared.domain.tenants import Tenant


@dataclass(frozen=True)
class MonthOfYear:
    """A month that has begun.

    :param id: as ``2026-10``.
    :param filed: how many complaints came in it, in words.
    :param standing: whether its recap has been drawn up, will be, or its figures still change.
    """

    id: str
    name: str
    filed: str
    standing: str


def months_of_year(home: Tenant, told: Sequence[Mapping[str, Any]], now: datetime) -> tuple[MonthOfYear, ...]:
    """The months of a year that have begun, the latest first.

    :param told: as :meth:`portal.gateway.Gateway.year` tells them.
    """
    present, drawn = months.present(now), _drawn(home)
    begun = [each for each in reversed(told) if each["id"] <= present]
    return tuple(
        MonthOfYear(
            each["id"],
            saying.month(each["id"]),
            saying.number(each["filed"]),
            _standing(each["id"], present, drawn, home, now),
        )
        for each in begun
    )


def _drawn(home: Tenant) -> dict[str, str] | None:
    """When the recap of each month was drawn up; none for an office's reader, whose part is not drawn up."""
    if readable_agency(caller(), home) is not None:
        return None
    return {each["month"]: each["drawn_at"] for each in parts().gateway.drawn(home.id, None, caller())["items"]}


def _standing(month: str, present: str, drawn: Mapping[str, str] | None, home: Tenant, now: datetime) -> str:
    if month == present:
        return _("Masih berjalan; angkanya sementara.")
    if drawn is not None and month in drawn:
        return _("Disusun %(when)s.", when=saying.moment(instant_at(drawn[month], home), now))
    if drawn is not None and draws_monthly(home) and month == months.before(present):
        return _("Sedang disusun, paling lambat pada hari kerja pertama.")
    return _("Sudah lewat; dihitung dari catatan.")
