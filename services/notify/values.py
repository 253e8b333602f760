"""What a message's template may say.

To the reporter: what is theirs. To officers: nothing that lies sealed in the dossier. A mailbox is no vault; what a
complaint says is read after logging in.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import is_
from typing import Any, Final

from services.notify.rules import front_of
from services.notify.wording import field_text, instant_text, leave_text, letter_text, way_text
from shared.base.caller import REPORTER, SYSTEM
from shared.domain.dossier.allowing import allowed_to_reporter
from shared.domain.dossier.authorities import authority_of
from shared.domain.dossier.complaint_view import title_of
from shared.domain.dossier.contents import complaint_of, opened, tracking_code_of
from shared.domain.dossier.dossier import Dossier, fold
from shared.domain.dossier.events import (
    Answered,
    ClockEvent,
    ComplaintFiled,
    DataAsked,
    DeliveryFailed,
    Dispositioned,
    DossierEvent,
    HelpAsked,
    LeaveAsked,
    LeaveGranted,
    Returned,
    Transferred,
)
from shared.domain.dossier.promise import CASE
from shared.domain.dossier.promising import wait_promise
from shared.domain.dossier.told_reasons import reason_is_told
from shared.domain.sealing import DataKey
from shared.domain.sop import engine
from shared.domain.sop.model import Sop
from shared.domain.tenants import Tenant

_folded: Final[list[tuple[Sequence[DossierEvent], Dossier]]] = []
"""The last history and what came of it: the letters about one event follow one another."""


def values_for_reporter(
    tenant: Tenant,
    events: Sequence[DossierEvent],
    event: DossierEvent,
    key: DataKey,
    portal: str,
    *,
    by_mail: bool = False,
    complaint: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What the reporter's template may say.

    :param events: the dossier's history; only what lies up to the event is told.
    :param event: the one that the message tells of.
    :param portal: the address at which citizens reach the portal.
    :param by_mail: whether the message is a mail that can be answered.
    :param complaint: as it stands, where that is known already.
    """
    dossier = _as_of(events, event)
    if complaint is None:
        complaint = complaint_of(events, key)
    private = opened(event, key)
    case = next((clock for clock in reversed(dossier.clocks) if clock.target == CASE), None)
    sop = tenant.sop_of(dossier.sop_version)
    # An answer may pass through steps of the system's for some seconds; its letter tells what its reporter may do then.
    step = _beyond_the_system(sop, dossier.step) if isinstance(event, Answered) else dossier.step
    names = [each.name for each in allowed_to_reporter(dossier, sop, step)]
    return {
        **_common(tenant, dossier, event, portal),
        "name": str((complaint.get("reporter") or {}).get("name") or ""),
        "title": title_of(complaint),
        "code": tracking_code_of(events, key),
        "missing": [field_text(name) for name in dossier.missing],
        "reason": str(private.get("reason") or "") if _is_told(event) else "",
        "text": str(private.get("text") or ""),
        "promised_at": instant_text(case.due_at, tenant.zone) if case else None,
        "reply_until": instant_text(_reply_until(tenant, sop, event, step), tenant.zone),
        "link": f"{portal}/{tenant.id}/lacak/{dossier.ticket}",
        "why": getattr(event, "why", None),
        "answered": dossier.answered is not None,
        **_held(events, event, tenant, key),
        "may_reply": "reply" in names,
        "may_rate": "rate" in names,
        "by_mail": by_mail,
        "may_reopen": "reopen" in names,
        "leave_why": leave_text(event.why) if isinstance(event, LeaveAsked | LeaveGranted) else None,
        "leave_until": instant_text(getattr(event, "until_at", None), tenant.zone),
        "to": authority_of(event, tenant, key) if isinstance(event, Transferred) else None,
    }


def values_for_officer(
    tenant: Tenant, events: Sequence[DossierEvent], event: DossierEvent, recipient: str, portal: str
) -> dict[str, Any]:
    """What an officer's template may say.

    :param recipient: ``agency:<id>`` or ``actor:<id>``.
    """
    dossier = _as_of(events, event)
    sop = tenant.sop_of(dossier.sop_version)
    clock = event if isinstance(event, ClockEvent) else None
    # What somebody else must do, and by when, is nothing that a letter should press its reader with.
    concerns = dossier.actor not in (REPORTER, SYSTEM) if clock else _holds(tenant, sop, dossier, recipient)
    due_at = clock.due_at if clock else dossier.due_at if concerns else None
    if isinstance(event, DataAsked):
        due_at = event.data.due_at
    if isinstance(event, HelpAsked) and recipient.startswith(f"agency:{event.to_agency}"):
        due_at = event.help.due_at
    return {
        **_common(tenant, dossier, event, portal),
        **_addressee(tenant, sop, recipient),
        "activity": sop.step(dossier.step).activity if dossier.step and concerns else None,
        "due_at": instant_text(due_at, tenant.zone),
        "target": clock.target if clock else None,
        "holder": sop.actor(clock.holder).title if clock else None,
        "holder_office": tenant.agency_name(clock.holder_agency) if clock else None,
        "why": event.why if isinstance(event, Returned) else None,
        "missing": [field_text(each) for each in dossier.missing],
        "link": f"{portal}/{tenant.id}/berkas/{dossier.ticket}",
        "leave_until": instant_text(getattr(event, "until_at", None), tenant.zone),
        "failed_what": letter_text(event.about if isinstance(event, DeliveryFailed) else None),
        "failed_why": event.reason if isinstance(event, DeliveryFailed) else None,
        "failed_by": way_text(event.by) if isinstance(event, DeliveryFailed) else None,
        "failed_after": event.after if isinstance(event, DeliveryFailed) else None,
        "by": sop.actor(event.actor).title if sop.has_actor(event.actor) else event.actor,
        "from_office": tenant.agency_name(event.agency),
    }


def _is_told(event: DossierEvent) -> bool:
    return reason_is_told(event.type, getattr(event, "why", None), event.status)


def _common(tenant: Tenant, dossier: Dossier, event: DossierEvent, portal: str) -> dict[str, Any]:
    return {
        "government": tenant.name,
        "ticket": dossier.ticket,
        "filed_at": instant_text(dossier.filed_at, tenant.zone),
        "at": instant_text(event.occurred_at, tenant.zone),
        "status": dossier.status,
        "agency": tenant.agency_name(dossier.agency),
        # Earlier events hold a reporter's own words there: only an entry of the lists is told.
        "category": tenant.entries.category(dossier.category),
        "kecamatan": tenant.entries.kecamatan(dossier.kecamatan),
        "portal": portal,
    }


def _as_of(events: Sequence[DossierEvent], event: DossierEvent) -> Dossier:
    """The dossier as it stood after an event: a message says the same whenever it is sent."""
    history = events[: event.originator_version]
    for before, known in _folded:
        if len(before) == len(history) and all(map(is_, before, history)):
            return known
    dossier = fold(history)
    if dossier is None or not isinstance(events[0], ComplaintFiled):
        raise ValueError(f"{event.event_id} does not belong to a dossier that was filed")
    _folded[:] = [(history, dossier)]
    return dossier


def _beyond_the_system(sop: Sop, step_id: str | None) -> str | None:
    """The first step from here in which the system does not go on by itself."""
    passed: set[str] = set()
    while step_id is not None and step_id not in passed:
        passed.add(step_id)
        step = sop.step(step_id)
        action = engine.automatic_action(step)
        following = engine.next_step(sop, step_id, action) if action is not None else None
        if following is None or following.id == step_id:
            break
        step_id = following.id
    return step_id


def _reply_until(tenant: Tenant, sop: Sop, event: DossierEvent, step_id: str | None) -> datetime | None:
    """Until when the reporter may reply: as promised, or as the SOP will have it in the step that is to come."""
    if event.wait is not None:
        return event.wait.due_at
    if not isinstance(event, Answered) or event.kind == "interim" or step_id is None:
        return None
    step = sop.step(step_id)
    if step.actor != REPORTER:
        return None
    calendar = tenant.calendar.as_known(event.recorded_at)
    coming = wait_promise(sop, calendar, step, event.agency, event.occurred_at)
    return coming.due_at if coming is not None else None


def _held(events: Sequence[DossierEvent], event: DossierEvent, tenant: Tenant, key: DataKey) -> dict[str, str | None]:
    """Another authority that has the complaint without an answer since, and since when."""
    before = events[: event.originator_version]
    told = [each for each in before if isinstance(each, Answered | Transferred | Returned | Dispositioned)]
    last = told[-1] if told else None
    if not isinstance(last, Transferred):
        return {"held_by": None, "held_since": None}
    return {"held_by": authority_of(last, tenant, key), "held_since": instant_text(last.occurred_at, tenant.zone)}


def _holds(tenant: Tenant, sop: Sop, dossier: Dossier, recipient: str) -> bool:
    """Whether it is the addressee who must act now."""
    kind, name, role = (*recipient.split(":"), "", "")[:3]
    if kind == "group":
        group = next((each for each in tenant.groups if each.id == name), None)
        return group is not None and dossier.held_by_agency in group.agencies
    if kind == "actor":
        return dossier.actor == name and dossier.held_by_agency is None
    return dossier.held_by_agency == name and dossier.actor == (role or front_of(sop))


def _addressee(tenant: Tenant, sop: Sop, recipient: str) -> dict[str, str | None]:
    """One role of one office."""
    kind, name, role, unit = (*recipient.split(":"), "", "", "")[:4]
    if kind == "group":
        group = next((each for each in tenant.groups if each.id == name), None)
        return {"office": group.name if group else tenant.name, "desk": None}
    if kind == "actor":
        desk = tenant.desks.get(name)
        return {"office": (desk.office if desk else None) or tenant.name, "desk": sop.actor(name).title}
    actor = role or front_of(sop)
    part = tenant.agency(name).people.unit(unit) if tenant.has_agency(name) else None
    title = sop.actor(actor).title if actor and sop.has_actor(actor) else None
    return {"office": tenant.agency_name(name), "desk": f"Kepala {part.name}" if part else title}
