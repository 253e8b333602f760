"""The recap of a month, drawn up by itself on the first working day after it, and kept as it was then."""

import json
import logging
from datetime import datetime, timedelta
from typing import Any, Final

from services.reporting.queries import month_bounds, recap
from shared.application.reading_rights import check_administrator, readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Forbidden, NotFound, Unworkable
from shared.domain.monthly import draws_monthly, latest_due
from shared.domain.tenants import Tenant

log = logging.getLogger(__name__)

_MONTHS: Final = 240
_LOOK_AGAIN: Final = timedelta(minutes=1)
_KEEP = """
    INSERT INTO reporting.monthly (tenant, month, drawn_at, recap) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class Monthly:
    """Draws up what is due, once for each government and month, however many instances there are.

    It remembers what is done: to look costs nothing until the next month is due.
    """

    def __init__(self) -> None:
        self._done: dict[str, str] = {}
        self._looked: datetime | None = None

    def tick(self, runtime: Runtime) -> None:
        """Draw up the recaps that are due and not there yet.

        :raises Unavailable: if the database is away.
        """
        for tenant, month in self._due(runtime):
            _draw_up(runtime, tenant, month)
            self._done[tenant] = month

    def outstanding(self, runtime: Runtime, caller: Caller) -> bool:
        """Whether a recap is due that this process has not seen to.

        :param caller: an administrator of the installation: it is about all governments at once.
        :raises Forbidden: for anybody else.
        """
        check_administrator(caller)
        return bool(self._due(runtime))

    def _due(self, runtime: Runtime) -> list[tuple[str, str]]:
        """Governments, each with the month that is due."""
        now = runtime.clock.now()
        if self._looked is not None and timedelta(0) <= now - self._looked < _LOOK_AGAIN:
            return []
        latest = [(each.id, _latest(each, now)) for each in runtime.tenants.all() if draws_monthly(each)]
        due = [(tenant, month) for tenant, month in latest if month is not None and self._done.get(tenant) != month]
        if not due:
            self._looked = now
        return due


def _latest(tenant: Tenant, now: datetime) -> str | None:
    """The month that is due; none where the government's calendar does not say when an office opens after it."""
    try:
        return latest_due(tenant, now)[0]
    except Unworkable as error:
        log.warning("no recap is drawn up", extra={"tenant": tenant.id, "why": str(error)})
        return None


def drawn(runtime: Runtime, caller: Caller, tenant_id: str) -> dict[str, Any]:
    """The months that have been drawn up, the latest first.

    :raises NotFound: no such tenant.
    :raises Forbidden: for anybody but the government's own desks and an administrator.
    """
    _check(runtime, caller, tenant_id)
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            "SELECT month, drawn_at FROM reporting.monthly WHERE tenant = %s ORDER BY month DESC LIMIT %s",
            (tenant_id, _MONTHS),
        )
        found = cursor.fetchall()
    tenant = runtime.tenants.get(tenant_id)
    return {"items": [{"month": month, "drawn_at": tenant.local(drawn_at)} for month, drawn_at in found]}


def drawn_recap(runtime: Runtime, caller: Caller, tenant_id: str, month: str) -> dict[str, Any]:
    """A month's recap as it was drawn up, whatever became of its complaints since.

    :raises NotFound: no such tenant, or the month has not been drawn up.
    :raises Forbidden: for anybody but the government's own desks and an administrator.
    :raises Invalid: no month.
    """
    month_bounds(runtime.tenants.get(tenant_id), month)
    _check(runtime, caller, tenant_id)
    with runtime.database.autocommit() as cursor:
        cursor.execute("SELECT recap FROM reporting.monthly WHERE tenant = %s AND month = %s", (tenant_id, month))
        row = cursor.fetchone()
    if row is None:
        raise NotFound("month_not_drawn")
    kept: dict[str, Any] = row[0]
    return kept


def _draw_up(runtime: Runtime, tenant_id: str, month: str) -> None:
    with runtime.database.autocommit() as cursor:
        cursor.execute("SELECT 1 FROM reporting.monthly WHERE tenant = %s AND month = %s", (tenant_id, month))
        if cursor.fetchone() is not None:
            return
    told = recap(runtime, Caller(tenant="*", actor="admin", user="reporting", admin=True), tenant_id, month)
    with runtime.database.autocommit() as cursor:
        cursor.execute(_KEEP, (tenant_id, month, runtime.clock.now(), json.dumps(told, ensure_ascii=False)))


def _check(runtime: Runtime, caller: Caller, tenant_id: str) -> None:
    if readable_agency(caller, runtime.tenants.get(tenant_id)) is not None:
        raise Forbidden("wrong_actor")
