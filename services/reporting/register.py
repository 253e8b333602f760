"""The register that an SOP wants kept: every complaint of a month on one line, without a name or a text."""

from typing import Any

from services.reporting.queries import month_bounds, readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller

COLUMNS = (
    "ticket",
    "filed_at",
    "channel",
    "category",
    "kecamatan",
    "agency",
    "status",
    "answered_at",
    "delivered_at",
    "in_time",
)

_REGISTER = """
    SELECT ticket, filed_at, channel, category, kecamatan, agency, status, answered_at, delivered_at, case_met
      FROM reporting.cases
     WHERE tenant = %(tenant)s AND filed_at >= %(start)s AND filed_at < %(end)s
       AND (%(agency)s::text IS NULL OR agency = %(agency)s)
     ORDER BY filed_at, ticket
"""


def register(runtime: Runtime, caller: Caller, tenant_id: str, month: str) -> dict[str, Any]:
    """The complaints that were filed in a month, in the order of their filing.

    :param month: as ``2026-10``, by the government's own calendar.
    :returns: ``titles`` of the registers that the SOP names, and ``rows`` with :data:`COLUMNS`.
    :raises NotFound: no such tenant.
    :raises Forbidden: another tenant's, or a caller who is no officer.
    :raises Invalid: no month.
    """
    tenant = runtime.tenants.get(tenant_id)
    agency = readable_agency(caller, tenant)
    start, end = month_bounds(tenant, month)
    with runtime.database.autocommit() as cursor:
        cursor.execute(_REGISTER, {"tenant": tenant.id, "start": start, "end": end, "agency": agency})
        found = cursor.fetchall()
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in found]
    for row in rows:
        for name in ("filed_at", "answered_at", "delivered_at"):
            row[name] = tenant.local(row[name])
        row["agency_name"] = tenant.agency(row["agency"]).name if row["agency"] else None
    titles = [{"title": each.title, "form": each.form} for each in tenant.sop.registers]
    return {"tenant": tenant.id, "government": tenant.name, "month": month, "titles": titles, "rows": rows}
