"""Which open clocks a draft for the calendar would move, as known then; what was promised stays in any case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.sla.queries import clock_of, listing
from shared.application.calendar_drafts import as_records
from shared.application.reading_rights import check_administrator
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.calendar.duration import Duration
from shared.domain.calendar.errors import NoOpenTime
from shared.domain.calendar.working import WorkingCalendar
from shared.domain.dossier.clocks import DossierClock
from shared.domain.dossier.explaining import explain_clock
from shared.domain.tenants import Tenant

SERVICE: Final = "sla"
MOST: Final = 2000
_SHOWN: Final = 50
_DRAFT: Final = "kelola-0"
_Found = tuple[UUID, str, DossierClock]


def moved(runtime: Runtime, caller: Caller, tenant_id: str, section: str, record: dict[str, Any]) -> dict[str, Any]:
    """The clocks that run, the soonest due first, under the calendar as known now and with a draft in it.

    :param section: of the draft, see :mod:`shared.application.calendar_drafts`.
    :returns: ``looked_at``, whether there are ``more``, how many fall ``later`` and ``earlier``, the first ``items``.
    :raises Forbidden: for who is no administrator.
    """
    check_administrator(caller)
    tenant, now = runtime.tenants.get(tenant_id), runtime.clock.now()
    draft = as_records(section, record, _DRAFT, now.replace(microsecond=0))
    before, after = tenant.calendar.as_known(now), tenant.calendar.with_records((draft,)).as_known(now)
    found = _running(runtime, tenant_id, now)
    looked_at = found[:MOST]
    touched = [each for each in looked_at if _may_move(each[2], before, after)]
    histories = runtime.dossiers(SERVICE).open_all([dossier for dossier, _ticket, _clock in touched])
    items = [
        item
        for dossier, ticket, clock in touched
        if dossier in histories
        and (item := _item(ticket, clock, histories[dossier], (before, after), tenant)) is not None
    ]
    return {
        "looked_at": len(looked_at),
        "more": len(found) > MOST,
        "later": sum(item["after"] > item["before"] for item in items),
        "earlier": sum(item["after"] < item["before"] for item in items),
        "items": [
            {**item, **{name: tenant.local(item[name]) for name in ("promised", "before", "after")}}
            for item in items[:_SHOWN]
        ],
    }


def _running(runtime: Runtime, tenant: str, now: datetime) -> list[_Found]:
    parameters = {"tenant": tenant, "now": now, "limit": MOST + 1}
    with runtime.database.autocommit() as cursor:
        cursor.execute(listing({"running", "warned"}, of_agency=False, further=False), parameters)
        rows = cursor.fetchall()
    return [(dossier, ticket, clock_of(values)) for dossier, ticket, *values in rows]


def _may_move(clock: DossierClock, before: WorkingCalendar, after: WorkingCalendar) -> bool:
    """Whether its standard comes to another instant, pauses aside."""
    if clock.within is None:
        return False
    start, duration = clock.runs_from or clock.started_at, Duration.parse(clock.within)
    try:
        return before.due(start, duration) != after.due(start, duration) or clock.due_at != clock.promised_due_at
    except NoOpenTime:
        return True


def _item(
    ticket: str,
    clock: DossierClock,
    events: Sequence[Any],
    calendars: tuple[WorkingCalendar, WorkingCalendar],
    tenant: Tenant,
) -> Mapping[str, Any] | None:
    """What becomes of a clock; none where nothing does, or where it stands still."""
    try:
        was, will = (explain_clock(clock, events, calendar).known_now for calendar in calendars)
    except NoOpenTime:
        return None
    if was is None or will is None or was == will:
        return None
    sop = tenant.sop_of(clock.sop_version)
    step = None if clock.target == "case" or not sop.has_step(clock.step) else sop.step(clock.step).activity
    return {
        "ticket": ticket,
        "target": clock.target,
        "step": step,
        "agency": tenant.agency_name(clock.agency),
        "promised": clock.due_at,
        "before": was,
        "after": will,
    }
