"""A year in twelve rows, from the sums that are kept for each month: for officers, and for everybody."""

import re
from typing import Any, Final

from services.reporting.public import FEWEST, known, suppressed
from services.reporting.tallies import CASES
from shared.application.reading_rights import readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Invalid
from shared.base.rounding import rounded_to
from shared.domain.tenants import Tenant

_YEAR: Final = re.compile(r"[1-9][0-9]{3}")
_RARE: Final = ("wrong_dispositions", "reopened", "ratings")
_COUNTS: Final = ("filed", "ever_answered", "met", "missed", "wrong_agency", "reopened", "ratings", "rating_sum")
_SUMS: Final = f"""
    SELECT month, {", ".join(f"sum({name})::bigint" for name in _COUNTS)} FROM {CASES}
     WHERE tenant = %(tenant)s AND month BETWEEN %(first)s AND %(last)s
       AND (%(agency)s::text IS NULL OR agency = %(agency)s)
     GROUP BY month
"""  # noqa: S608 - constants of ours


def year(runtime: Runtime, caller: Caller, tenant_id: str, name: str) -> dict[str, Any]:
    """The twelve months of a year, by when complaints were filed; an agency's actor gets the agency's part.

    :param name: as ``2026``, by the government's own calendar.
    :returns: ``months``, from January to December, each with ``filed``, ``answered``, ``within_standard``,
        ``beyond_standard``, ``wrong_dispositions``, ``reopened``, ``ratings`` and ``rating``, their mean.
    :raises NotFound: no such tenant.
    :raises Forbidden: another tenant's, or a caller who is no officer.
    :raises Invalid: no year.
    """
    tenant = runtime.tenants.get(tenant_id)
    return _told(runtime, tenant, name, readable_agency(caller, tenant))


def public_year(runtime: Runtime, tenant_id: str, name: str) -> dict[str, Any]:
    """The same for everybody: months with few complaints are not told, nor what they could be reckoned from.

    :raises NotFound: no such tenant.
    :raises Invalid: no year.
    """
    told = _told(runtime, runtime.tenants.get(tenant_id), name, None)
    return {**told, "months": [known_month(each) for each in suppressed(told["months"])]}


def known_month(month: dict[str, Any]) -> dict[str, Any]:
    """A month without the rare things in it; the mean of few ratings is that of whoever gave them."""
    if month["filed"] is None:
        return month
    rare = {name: known(month[name]) for name in _RARE}
    return {**month, **rare, "rating": month["rating"] if month["ratings"] >= FEWEST else None}


def _told(runtime: Runtime, tenant: Tenant, name: str, agency: str | None) -> dict[str, Any]:
    if not _YEAR.fullmatch(name):
        raise Invalid("invalid_fields", fields={"year": ["not_a_year"]})
    asked = {"tenant": tenant.id, "first": f"{name}-01", "last": f"{name}-12", "agency": agency}
    with runtime.database.autocommit() as cursor:
        cursor.execute(_SUMS, asked)
        sums = {month: dict(zip(_COUNTS, counts, strict=True)) for month, *counts in cursor.fetchall()}
    months = [f"{name}-{number:02}" for number in range(1, 13)]
    return {
        "tenant": tenant.id,
        "government": tenant.name,
        "year": name,
        "counted_by": "filed",
        "timezone": str(tenant.zone),
        "as_of": tenant.local(runtime.clock.now()),
        "agency": agency,
        "months": [_month(month, sums.get(month, dict.fromkeys(_COUNTS, 0))) for month in months],
    }


def _month(month: str, counts: dict[str, int]) -> dict[str, Any]:
    rated = counts["ratings"]
    return {
        "id": month,
        "filed": counts["filed"],
        "answered": counts["ever_answered"],
        "within_standard": counts["met"],
        "beyond_standard": counts["missed"],
        "wrong_dispositions": counts["wrong_agency"],
        "reopened": counts["reopened"],
        "ratings": rated,
        "rating": rounded_to(2, counts["rating_sum"], rated),
    }
