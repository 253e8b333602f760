"""What reporters do with their own complaint: follow it, complete it, reply, rate, withdraw, reopen."""

import hmac
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from services.intake.adding import added, leader_of
from services.intake.booking import SERVICE
from shared.application.readings.telling import counted
from shared.application.requests import done_before
from shared.application.runtime import Runtime
from shared.base.caller import REPORTER, Caller
from shared.base.errors import Conflict, Invalid, NotFound
from shared.base.randomness import new_uuid
from shared.domain.complaint.schema import (
    ADD,
    ASK_ABOUT_DATA,
    REPORTER_ACTIONS,
    AboutDataSchema,
)
from shared.domain.complaint.spelling import code_of, ticket_of
from shared.domain.dossier.contents import complaint_of, tracking_code_of
from shared.domain.dossier.data_requests import data_promise, given_to, open_requests
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.dossier import Dossier, fold
from shared.domain.dossier.event import UNSEEN
from shared.domain.dossier.events import DataAsked, DossierEvent
from shared.domain.dossier.public_view import public_view
from shared.domain.dossier.saying import said
from shared.domain.dossier.supplementing import supplemented
from shared.domain.dossier.telling_desk import opened_by_code
from shared.domain.dossier.waiting import check_in_time
from shared.domain.sealing import DataKey
from shared.domain.sop.authority import authorise
from shared.store.eventstore.audit_dossier import hash_of
from shared.wording.coded_schema import load_coded

PORTAL: Final = "portal"
"""The way in which a reporter is told who opens the dossier with the tracking code."""


def track(runtime: Runtime, tenant_id: str, ticket: str, code: str, *, shown: bool = True) -> dict[str, Any]:
    """The public view of a ticket. What it shows the reporter knows from now on: that is recorded, once.

    :param shown: whether it is shown to them; else nothing is recorded.
    :returns: with ``takes_more``: whether anybody would read what they add; and ``fingerprint``: the hash of the event
        by which it was filed, which proves later that it was, and when.
    :raises NotFound: alike for an unknown ticket, another tenant's, and a wrong code.
    :raises Conflict: ``stale_version``, if somebody acts on it right now.
    """
    dossier, events, key = by_code(runtime, tenant_id, ticket, code)
    opening = (
        _opening(runtime, dossier, events, Cause(correlation_id=str(new_uuid(runtime.randomness)))) if shown else []
    )
    if opening:
        runtime.dossiers(SERVICE).append(opening)
        dossier, events = fold([*events, *opening]) or dossier, [*events, *opening]
    view = public_view(dossier, events, runtime.tenants.get(tenant_id), key, runtime.clock.now())
    with runtime.database.autocommit() as cursor:
        fingerprint = hash_of(cursor, dossier.id, 1)
    takes_more = not dossier.ended or leader_of(runtime, dossier) is not None
    return {**view, "takes_more": takes_more, "fingerprint": fingerprint}


def act(
    runtime: Runtime,
    tenant_id: str,
    ticket: str,
    code: str,
    action_name: str,
    fields: Mapping[str, Any],
    cause: Cause,
    *,
    shown: bool = True,
    aside: bool = False,
) -> dict[str, Any]:
    """Do one of the reporter's actions; a request that was carried out before is answered as it was then.

    :param action_name: one of :data:`shared.domain.complaint.schema.REPORTER_ACTIONS`, or ``add``.
    :param shown: whether the reporter has the complaint before them; who only adds something by a channel has not.
    :param aside: whether what is added is no word of theirs, see :func:`.added`.
    :returns: the public view afterwards, with the log ``position``.
    :raises NotFound: unknown ticket, wrong code, or no such action.
    :raises Conflict: the SOP does not allow it now.
    :raises Invalid: a field is missing or of the wrong kind.
    """
    if action_name not in (*REPORTER_ACTIONS, ADD, ASK_ABOUT_DATA):
        raise NotFound("unknown_action")
    dossier, events, key = by_code(runtime, tenant_id, ticket, code)
    if (done := done_before(events, cause.causation_id)) is not None:
        then = events[:done]
        view = public_view(fold(then) or dossier, then, runtime.tenants.get(tenant_id), key, runtime.clock.now())
        return {**view, "position": runtime.dossiers(SERVICE).position(dossier.id, done)}
    opening = _opening(runtime, dossier, events, cause) if shown else []
    dossier, events = fold([*events, *opening]) or dossier, [*events, *opening]
    now = runtime.clock.now()
    tenant = runtime.tenants.get(tenant_id)
    if action_name == ADD:
        made = added(runtime, events, fields, key, cause, REPORTER if shown else UNSEEN, aside=aside)
    elif action_name == ASK_ABOUT_DATA:
        made = [_asked_about_data(runtime, dossier, events, fields, key, cause)]
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
        made = [runtime.desk(tenant_id).act(dossier, action, caller, cause, own)]
    position = runtime.dossiers(SERVICE).append([*opening, *made])[-1]
    # What stands in the complaint into which this one was merged is no part of this one's history.
    events = [*events, *(event for event in made if event.originator_id == dossier.id)]
    view = public_view(fold(events) or dossier, events, tenant, key, now)
    return {**view, "position": position}


def readers(runtime: Runtime, tenant_id: str, ticket: str, code: str) -> dict[str, Any]:
    """How often the personal data of a complaint were opened, by role and office: no person and no hour.

    :raises NotFound: as :func:`track`.
    """
    dossier, _, _ = by_code(runtime, tenant_id, ticket, code)
    tenant = runtime.tenants.get(tenant_id)
    return {"ticket": dossier.ticket, **counted(runtime, tenant, tenant.sop_of(dossier.sop_version), dossier.id)}


def _asked_about_data(
    runtime: Runtime,
    dossier: Dossier,
    events: list[DossierEvent],
    fields: Mapping[str, Any],
    key: DataKey,
    cause: Cause,
) -> DossierEvent:
    """What the reporter asks about their data: one of a kind at a time, whatever has become of the complaint.

    :raises Conflict: ``data_asked``, if the same still waits for its answer.
    :raises Invalid: a correction that does not say what is wrong.
    """
    given: Mapping[str, Any] = load_coded(AboutDataSchema(), fields)
    if given["kind"] == "correction" and not given.get("text"):
        raise Invalid("invalid_fields", fields={"text": ["required"]})
    if any(each.kind == given["kind"] for each in open_requests(events).values()):
        raise Conflict("data_asked")
    desk = runtime.desk(dossier.tenant)
    now = runtime.clock.now()
    own = {
        "kind": given["kind"],
        "data": data_promise(desk.sop_of(dossier), desk.tenant.calendar.version, now),
        "sealed": key.seal({"text": given.get("text") or ""}, DataAsked.__name__),
    }
    caller = Caller(tenant=dossier.tenant, actor=REPORTER, user=REPORTER)
    return desk.note(dossier, "DataAsked", caller, cause, own, now)


def own_data(runtime: Runtime, tenant_id: str, ticket: str, code: str) -> dict[str, Any]:
    """The copy of a reporter's data, once a desk has given it: all that they gave, what was done, who read it.

    :raises NotFound: as :func:`track`, and ``data_not_given``.
    """
    dossier, events, key = by_code(runtime, tenant_id, ticket, code)
    given = given_to(events)
    if given is None:
        raise NotFound("data_not_given")
    tenant = runtime.tenants.get(tenant_id)
    view = public_view(dossier, events, tenant, key, runtime.clock.now())
    complaint = complaint_of(events, key)
    return {
        "ticket": dossier.ticket,
        "government": tenant.name,
        "given_at": tenant.local(given.occurred_at),
        "complaint": {name: value for name, value in complaint.items() if name != "external_id"},
        "timeline": view["timeline"],
        "readers": counted(runtime, tenant, tenant.sop_of(dossier.sop_version), dossier.id),
    }


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
    key = runtime.vault.key_of(uuid)
    expected = tracking_code_of(events, key)
    if key is None or not expected or not hmac.compare_digest(expected.encode(), code_of(code).encode()):
        raise NotFound("unknown_ticket")
    return dossier, events, key
