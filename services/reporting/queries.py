"""The recap of a month: what was filed in it, and what became of that by now."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from services.reporting.data_requests import data_requests_of_month
from services.reporting.figures import figures
from services.reporting.hands import hands
from services.reporting.medians import KeptMedians
from services.reporting.projection import CASES, HOLDINGS
from services.reporting.suggestions import of_month
from services.reporting.tallies import TALLIES
from services.reporting.titles import titled
from shared.application.reading_rights import readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Invalid
from shared.domain.tenants import Tenant

_MEDIANS = KeptMedians()
_TABLES = ", ".join(f"{each.schema}.{each.name}" for each in (CASES, HOLDINGS, *TALLIES))
_IN_HAND = f"""
    SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
    LOCK TABLE {_TABLES} IN ACCESS SHARE MODE
"""
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def recap(runtime: Runtime, caller: Caller, tenant_id: str, month: str) -> dict[str, Any]:
    """The recap of the complaints that were filed in a month, as of now.

    An agency's actor gets the agency's part: the complaints that are the agency's now, and the time in its own hands.

    :param month: as ``2026-10``, by the government's own calendar.
    :raises NotFound: no such tenant.
    :raises Forbidden: another tenant's, or a caller who is no officer.
    :raises Invalid: no month.
    """
    return counted(runtime, tenant_id, month, readable_agency(caller, runtime.tenants.get(tenant_id)))


def counted(runtime: Runtime, tenant_id: str, month: str, agency: str | None) -> dict[str, Any]:
    """The recap of a month, for whoever may have it.

    :param agency: the only agency whose part is told; none for all.
    :raises NotFound: no such tenant.
    :raises Invalid: no month.
    """
    tenant = runtime.tenants.get(tenant_id)
    bounds = month_bounds(tenant, month)
    now = runtime.clock.now()
    asked = {"tenant": tenant.id, "month": month, "agency": agency, "now": now}
    with _snapshot(runtime) as cursor:
        counted = figures(cursor, asked, tenant.entries, _MEDIANS)
        held = hands(cursor, asked, tenant.calendar.as_known(now))
        suggested = of_month(cursor, asked)
        about_data = data_requests_of_month(cursor, asked, bounds)
    return {
        "tenant": tenant.id,
        "government": tenant.name,
        "month": month,
        "counted_by": "filed",
        "timezone": str(tenant.zone),
        "as_of": tenant.local(now),
        "agency": agency,
        **titled(tenant, counted),
        **titled(tenant, held),
        "suggestions": suggested,
        "data_requests": about_data,
    }


def month_bounds(tenant: Tenant, month: str) -> tuple[datetime, datetime]:
    """The first instants of a month and of the next, in UTC, by a government's own calendar.

    :raises Invalid: if it is no month.
    """
    found = _MONTH.fullmatch(month)
    year, number = (int(found[1]), int(found[2])) if found else (0, 0)
    try:
        following = (year + 1, 1) if number == 12 else (year, number + 1)
        # A zone east of Greenwich begins the first of all months in a year that cannot be told.
        first, after = (datetime(*each, 1, tzinfo=tenant.zone).astimezone(UTC) for each in ((year, number), following))
    except (ValueError, OverflowError):
        raise Invalid("invalid_fields", fields={"month": ["not_a_month"]}) from None
    return first, after


@contextmanager
def _snapshot(runtime: Runtime) -> Iterator[Any]:
    """One view of the tables for all questions, so that the figures fit one another.

    It is taken with the tables in hand: one from before a rebuild's exchange would lack what the new ones begin with.
    """
    with runtime.database.transaction() as cursor:
        cursor.execute(_IN_HAND)
        yield cursor
