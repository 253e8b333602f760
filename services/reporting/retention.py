"""What has ended and was not erased, and what was erased: for whoever keeps nothing longer than is right."""

from datetime import datetime
from typing import Any, Final

from shared.application.reading_rights import check_administrator
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.times import to_iso

_ENDED: Final = """
    SELECT dossier::text, ticket, classification, category, ended_at FROM reporting.cases
     WHERE tenant = %s AND ended_at < %s
       AND NOT EXISTS (SELECT FROM eventstore.events e WHERE e.dossier = cases.dossier AND e.type = 'Erased')
     ORDER BY ended_at, ticket
"""
_ERASED: Final = """
    SELECT ticket, e.position, convert_from(e.state, 'UTF8')::json ->> 'reason',
           (convert_from(e.state, 'UTF8')::json ->> 'recorded_at')::timestamptz
      FROM eventstore.events e JOIN reporting.cases USING (dossier)
     WHERE e.type = 'Erased' AND tenant = %s ORDER BY e.position
"""


def ended_before(runtime: Runtime, caller: Caller, tenant: str, instant: datetime) -> list[dict[str, Any]]:
    """The complaints of a government that have ended before an instant and can still be read, the oldest first.

    :raises Forbidden: for anybody but an administrator of the installation.
    """
    check_administrator(caller)
    with runtime.database.autocommit() as cursor:
        cursor.execute(_ENDED, (tenant, instant))
        rows = cursor.fetchall()
    names = ("id", "ticket", "classification", "category", "ended_at")
    return [dict(zip(names, (*row[:4], to_iso(row[4])), strict=True)) for row in rows]


def erased(runtime: Runtime, caller: Caller, tenant: str) -> list[dict[str, Any]]:
    """Every complaint of a government that was erased: when, why, and where the log says so.

    :raises Forbidden: for anybody but an administrator of the installation.
    """
    check_administrator(caller)
    with runtime.database.autocommit() as cursor:
        cursor.execute(_ERASED, (tenant,))
        rows = cursor.fetchall()
    return [
        {"ticket": ticket, "position": position, "reason": reason, "erased_at": to_iso(at)}
        for ticket, position, reason, at in rows
    ]
