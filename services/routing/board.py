"""The board: how many open steps lie where, how many of them late, and since when the oldest is due."""

from datetime import datetime
from typing import Any

from shared.application.reading_rights import readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller

_CELLS = """
    SELECT agency, actor, at, task, count(*),
           count(*) FILTER (WHERE overdue),
           count(*) FILTER (WHERE NOT overdue AND state = 'warned'),
           min(due_at) FILTER (WHERE NOT still),
           count(*) FILTER (WHERE task = 'step' AND (actor = 'reporter' OR status = 'returned'))
      FROM routing.inbox
     CROSS JOIN LATERAL (SELECT CASE WHEN task = 'step' THEN step END AS at) AS place
     CROSS JOIN LATERAL (SELECT state = 'paused' AND paused_until > %(now)s AS still) AS stands
     CROSS JOIN LATERAL (SELECT judged AND due_at < %(now)s AND NOT still AS overdue) AS late
     WHERE tenant = %(tenant)s AND (%(agency)s::text IS NULL OR agency = %(agency)s)
     GROUP BY agency, actor, at, task
     ORDER BY agency NULLS FIRST, actor, at, task
"""


def board(runtime: Runtime, caller: Caller, tenant_id: str) -> dict[str, Any]:
    """The open tasks of a government, counted by holder and step; an agency's officer sees that agency's.

    :returns: ``cells``, each with ``agency``, ``actor``, ``step``, ``task``, ``open``, ``late``, ``warned``,
        ``oldest_due_at`` and how many are ``waiting`` for their reporter; and ``as_of``. What lies behind the
        figures is :mod:`services.routing.watched`.
    :raises NotFound: no such tenant.
    :raises Forbidden: another tenant's, or a caller who is no officer.
    """
    tenant = runtime.tenants.get(tenant_id)
    now = runtime.clock.now()
    asked = {"tenant": tenant.id, "agency": readable_agency(caller, tenant), "now": now}
    with runtime.database.autocommit() as cursor:
        cursor.execute(_CELLS, asked)
        cells = [_cell(row, tenant.local) for row in cursor.fetchall()]
    return {"cells": cells, "as_of": tenant.local(now)}


def _cell(row: tuple[Any, ...], local: Any) -> dict[str, Any]:
    agency, actor, step, task, count, late, warned, oldest, waiting = row
    due: datetime | None = oldest
    return {
        "agency": agency,
        "actor": actor,
        "step": step,
        "task": task,
        "open": int(count),
        "late": int(late),
        "warned": int(warned),
        "oldest_due_at": local(due),
        "waiting": int(waiting),
    }
