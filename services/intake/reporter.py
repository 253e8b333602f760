"""What reporters do with their own complaint: follow it, complete it, reply, rate, withdraw, reopen."""

import hmac
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from services.intake.booking import SERVICE
from shared.application.readings.telling import counted
from shared.application.requests import done_before
from shared.application.runtime import Runtime
from shared.base.caller import REPORTER, Caller
from shared.base.errors import Conflict, NotFound
from shared.base.randomness import new_uuid
from shared.domain.complaint.schema import ADD, CALL, REPORTER_ACTIONS, AdditionSchema
from shared.domain.complaint.spelling import code_of, ticket_of
from shared.domain.dossier.contents import tracking_code_of
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.dossier import Dossier, evolve, fold
from shared.domain.dossier.events import Added, DossierEvent
from shared.domain.dossier.public_view import public_view
from shared.domain.dossier.saying import said
from shared.domain.dossier.supplementing import supplemented
from shared.domain.dossier.telling_desk import coordinator, opened_by_code
from shared.domain.dossier.waiting import check_in_time
from shared.domain.sealing import DataKey
from shared.domain.sop.authority import authorise
from shared.wording.coded_schema import load_coded

PORTAL: Final = "portal"
"""The way in which a reporter is told who opens the dossier with the tracking code."""


def track(runtime: Runtime, tenant_id: str, ticket: str, code: str) -> dict[str, Any]:
    """The public view of a ticket. What it shows the reporter knows from now on: that is recorded, once.

    :raises NotFound: alike for an unknown ticket, another tenant's, and a wrong code.
    :raises Conflict: ``stale_version``, if somebody acts on it right now.
    """
    dossier, events, key = by_code(runtime, tenant_id, ticket, code)
    opening = _opening(runtime, dossier, events, Cause(correlation_id=str(new_uuid(runtime.randomness))))
    if opening:
        runtime.dossiers(SERVICE).append(opening)
        dossier, events = fold([*events, *opening]) or dossier, [*events, *opening]
    return public_view(dossier, events, runtime.tenants.get(tenant_id), key, runtime.clock.now())


def act(
    runtime: Runtime, tenant_id: str, ticket: str, code: str, action_name: str, fields: Mapping[str, Any], cause: Cause
) -> dict[str, Any]:
    """Do one of the reporter's actions; a request that was carried out before is answered as it was then.

    :param action_name: one of :data:`shared.domain.complaint.schema.REPORTER_ACTIONS`, or ``add``.
    :returns: the public view afterwards, with the log ``position``.
    :raises NotFound: unknown ticket, wrong code, or no such action.
    :raises Conflict: the SOP does not allow it now.
    :raises Invalid: a field is missing or of the wrong kind.
    """
    if action_name not in REPORTER_ACTIONS and action_name != ADD:
        raise NotFound("unknown_action")
    dossier, events, key = by_code(runtime, tenant_id, ticket, code)
    if (done := done_before(events, cause.causation_id)) is not None:
        then = events[:done]
        view = public_view(fold(then) or dossier, then, runtime.tenants.get(tenant_id), key, runtime.clock.now())
        return {**view, "position": runtime.dossiers(SERVICE).position(dossier.id, done)}
    # Whoever acts has the page before them.
    opening = _opening(runtime, dossier, events, cause)
    dossier, events = fold([*events, *opening]) or dossier, [*events, *opening]
    now = runtime.clock.now()
    tenant = runtime.tenants.get(tenant_id)
    if action_name == ADD:
        event = _added(runtime, dossier, fields, key, cause)
    else:
        sop = tenant.sop_of(dossier.sop_version)
        caller = Caller(tenant=tenant_id, actor=REPORTER, user=REPORTER)
        answered = dossier.answered is not None
        action = authorise(sop, dossier.step, dossier.agency, dossier.status, caller, action_name, answered=answered)
        check_in_time(dossier, now)
        if action_name == "supplement":
            own = supplemented(tenant, now, dossier, events, key, fields)
        else:
            own = said(action, fields, key)
        event = runtime.desk(tenant_id).act(dossier, action, caller, cause, own)
    position = runtime.dossiers(SERVICE).append([*opening, event])[-1]
    view = public_view(evolve(dossier, event), [*events, event], tenant, key, now)
    return {**view, "position": position}


def readers(runtime: Runtime, tenant_id: str, ticket: str, code: str) -> dict[str, Any]:
    """How often the personal data of a complaint were opened, by role and office: no person and no hour.

    :raises NotFound: as :func:`track`.
    """
    dossier, _, _ = by_code(runtime, tenant_id, ticket, code)
    tenant = runtime.tenants.get(tenant_id)
    return {"ticket": dossier.ticket, **counted(runtime, tenant, tenant.sop_of(dossier.sop_version), dossier.id)}


def _added(runtime: Runtime, dossier: Dossier, fields: Mapping[str, Any], key: DataKey, cause: Cause) -> DossierEvent:
    """An addition, which the SOP need not offer: nobody is to lose what they have to say because no step asks for it.

    :raises Conflict: ``ended``, if nobody would read it any more.
    """
    given: Mapping[str, Any] = load_coded(AdditionSchema(), fields)
    if dossier.ended:
        raise Conflict("ended", {"status": dossier.status})
    desk = runtime.desk(dossier.tenant)
    person = coordinator(desk.sop_of(dossier)) if given.get("wants") == CALL else None
    own = {"sealed": key.seal({"message": given["text"]}, Added.__name__), "task_for": person}
    return desk.note(dossier, "Added", Caller(tenant=dossier.tenant, actor=REPORTER, user=REPORTER), cause, own)


def _opening(runtime: Runtime, dossier: Dossier, events: list[DossierEvent], cause: Cause) -> list[DossierEvent]:
    caller = Caller(tenant=dossier.tenant, actor=REPORTER, user=REPORTER)
    return opened_by_code(runtime.desk(dossier.tenant), dossier, events, PORTAL, caller, cause)


def resolve(runtime: Runtime, tenant_id: str, ticket: str) -> UUID:
    """The dossier behind a ticket, however it is spelled.

    :raises NotFound: no such ticket in that tenant.
    """
    tenant = runtime.tenants.get(tenant_id)
    meant = ticket_of(ticket, tenant.ticket_prefixes)
    with runtime.database.autocommit() as cursor:
        cursor.execute("SELECT dossier FROM intake.tickets WHERE tenant = %s AND ticket = %s", (tenant.id, meant))
        row = cursor.fetchone()
    if row is None:
        raise NotFound("unknown_ticket")
    return row[0] if isinstance(row[0], UUID) else UUID(row[0])


def by_code(runtime: Runtime, tenant_id: str, ticket: str, code: str) -> tuple[Dossier, list[DossierEvent], DataKey]:
    """The dossier of a ticket, for the holder of its tracking code.

    :raises NotFound: alike for an unknown ticket, another tenant's, a wrong code, and what was erased.
    """
    uuid = resolve(runtime, tenant_id, ticket)
    dossier, events = runtime.dossiers(SERVICE).open(uuid, tenant_id)
    key = runtime.vault.keys(None, [uuid])[uuid]
    expected = tracking_code_of(events, key)
    if key is None or not expected or not hmac.compare_digest(expected.encode(), code_of(code).encode()):
        raise NotFound("unknown_ticket")
    return dossier, events, key
