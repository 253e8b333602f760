"""What everybody may know of a complaint besides a summary: days and not instants, and names of the lists only."""

from datetime import datetime
from typing import Any

from shared.domain.tenants import Tenant


def public_facts(
    tenant: Tenant,
    *,
    ticket: str,
    status: str,
    category: str | None,
    kecamatan: str | None,
    desa: str | None,
    agency: str | None,
    filed_at: datetime,
    answered_at: datetime,
) -> dict[str, Any]:
    """The facts that stand beside a published summary.

    :param answered_at: when it was first answered for good.
    """
    filed, answered = (instant.astimezone(tenant.zone).date() for instant in (filed_at, answered_at))
    entries = tenant.entries
    return {
        "ticket": ticket,
        "category": entries.category(category),
        "kecamatan": entries.kecamatan(kecamatan),
        "desa": entries.desa(desa),
        "agency": agency,
        "agency_name": tenant.agency_name(agency),
        "status": status,
        "filed_on": filed.isoformat(),
        "answered_on": answered.isoformat(),
        "days": (answered - filed).days,
    }
