"""Telling who opened personal data: to an administrator each reading, to the reporter how often, by role."""

from typing import Any, Final
from uuid import UUID

from shared.application.pages import cursor_of, position_of, whole
from shared.application.reading_rights import check_administrator
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.sop.model import Sop
from shared.domain.tenants import Tenant
from shared.platform.database.named import named_rows

MOST: Final = 200

_PAGE: Final = """
    SELECT number, dossier, at, actor, agency, account, what, why, named FROM readings.readings
     WHERE tenant = %(tenant)s
       AND (%(dossier)s::uuid IS NULL OR dossier = %(dossier)s::uuid)
       AND (%(account)s::text IS NULL OR account = %(account)s)
       AND (%(before)s::bigint IS NULL OR number < %(before)s)
     ORDER BY number DESC LIMIT %(limit)s
"""
_COUNTED: Final = """
    SELECT actor, agency, count(*) AS times, count(*) FILTER (WHERE named) AS named
      FROM readings.readings WHERE dossier = %s GROUP BY actor, agency ORDER BY actor, agency
"""


def page_of(
    runtime: Runtime,
    caller: Caller,
    tenant_id: str,
    *,
    dossier: UUID | None,
    account: str | None,
    after: str | None,
    limit: int,
) -> dict[str, Any]:
    """A page of the readings of a government's dossiers, the latest first.

    :param dossier: of this one only.
    :param account: by this account only.
    :param after: ``next`` of the page before.
    :raises Forbidden: for who is no administrator.
    :raises Invalid: the cursor is not one of ours.
    """
    check_administrator(caller)
    tenant = runtime.tenants.get(tenant_id)
    limit = max(1, min(limit, MOST))
    (before,) = position_of(after, whole)
    asked = {"tenant": tenant.id, "dossier": str(dossier) if dossier else None, "account": account or None}
    with runtime.database.autocommit() as cursor:
        cursor.execute(_PAGE, {**asked, "before": before, "limit": limit + 1})
        found = named_rows(cursor)
    rows = found[:limit]
    more = cursor_of(rows[-1]["number"]) if len(found) > limit else None
    return {"items": [_item(row, tenant) for row in rows], "next": more}


def counted(runtime: Runtime, tenant: Tenant, sop: Sop, dossier: UUID) -> dict[str, Any]:
    """How often a dossier was opened, by role and office: for its reporter. No person and no hour is told.

    :param sop: under which the dossier runs.
    """
    with runtime.database.autocommit() as cursor:
        cursor.execute(_COUNTED, (str(dossier),))
        rows = named_rows(cursor)
    items = [
        {
            "actor": row["actor"],
            "title": sop.actor(row["actor"]).title if sop.has_actor(row["actor"]) else None,
            "agency": row["agency"] or None,
            "agency_name": tenant.agency_name(row["agency"]) if row["agency"] else None,
            "times": row["times"],
            "named": row["named"],
        }
        for row in rows
    ]
    return {"times": sum(row["times"] for row in rows), "named": sum(row["named"] for row in rows), "items": items}


def _item(row: dict[str, Any], tenant: Tenant) -> dict[str, Any]:
    return {
        "id": str(row["dossier"]),
        "at": tenant.local(row["at"]),
        "actor": row["actor"],
        "agency": row["agency"] or None,
        "user": row["account"],
        **{name: row[name] for name in ("what", "why", "named")},
    }
