"""What of a government's files a figure depends on: the month in which a complaint is filed, and working time.

Working time is told by the calendar as it was known when the time had passed. So it is a fact like any other: a rebuild
comes to the same figure, and a decree that is issued afterwards changes nothing in a month that is told already.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime

from shared.application.calendar_drafts import decreed_in
from shared.domain.all_tenants import Tenants
from shared.domain.calendar.records import nothing_else
from shared.domain.tenants import Tenant
from shared.platform.database.pool import Database
from shared.platform.settings import Settings


class Almanac:
    """The governments' zones and calendars.

    :param tenants: the governments, read when they are first asked for.
    """

    def __init__(self, tenants: Tenants | Callable[[], Tenants]) -> None:
        self._given = tenants
        self._known: dict[str, Tenant | None] = {}

    def month(self, tenant: str, instant: datetime) -> str:
        """The month of an instant by the government's own calendar, as ``2026-10``; in UTC where its folder is gone."""
        home = self._tenant(tenant)
        return instant.astimezone(home.zone if home is not None else UTC).strftime("%Y-%m")

    def working(self, tenant: str, start: datetime, end: datetime) -> int | None:
        """Working seconds from one instant to another; none where the government's folder is gone."""
        home = self._tenant(tenant)
        return home.calendar.as_known(end).between(start, end) if home is not None else None

    def _tenant(self, tenant: str) -> Tenant | None:
        if tenant not in self._known:
            if not isinstance(self._given, Tenants):
                self._given = self._given()
            self._known[tenant] = self._given.get(tenant) if self._given.has(tenant) else None
        return self._known[tenant]


def of_environment(database: Database | None = None) -> Almanac:
    """The almanac of the governments that this process is set to work for.

    :param database: where what they decreed in the browser lies; none for their files alone.
    """
    decreed = decreed_in(database) if database is not None else nothing_else
    return Almanac(lambda: Tenants(Settings.from_environment(os.environ).tenants_dir, decreed=decreed))
