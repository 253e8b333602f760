"""A dossier as an officer sees it: the shape ``dossier`` of the HTTP API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.base.caller import Caller
from shared.domain.dossier.allowing import allowed_now
from shared.domain.dossier.arranged import Standing, arranged_now
from shared.domain.dossier.beside import beside_now
from shared.domain.dossier.clocks import BREACHED, PAUSED, DossierClock
from shared.domain.dossier.complaint_view import said_by_reporter
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.data_view import data_requests
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.elsewhere import elsewhere
from shared.domain.dossier.events import DossierEvent
from shared.domain.dossier.explaining import counting_view
from shared.domain.dossier.filed_files import files_of, files_view
from shared.domain.dossier.identity import knows_reporter
from shared.domain.dossier.promise import CASE
from shared.domain.dossier.promising import late_seconds
from shared.domain.dossier.publication import publication
from shared.domain.dossier.timeline_view import timeline_entry
from shared.domain.sealing import DataKey
from shared.domain.sop.model import Action
from shared.domain.tenants import Tenant


def dossier_view(
    dossier: Dossier,
    events: Sequence[DossierEvent],
    tenant: Tenant,
    key: DataKey | None,
    now: datetime,
    caller: Caller,
    members_said: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The whole of a dossier for an officer who may read it.

    :param key: opens the private parts; none when they were erased.
    :param now: as of when running clocks are judged.
    :param caller: decides whether the reporter's identity is shown: an anonymous or secret reporter is known to the
        tenant's own desks only, never to an agency.
    :param members_said: what reporters of duplicates added: ``at``, ``message`` and their ``ticket``.
    :raises Unsealable: if something sealed was tampered with.
    """
    complaint = complaint_of(events, key)
    if members_said:
        additions = [*complaint.get("additions", ()), *members_said]
        complaint["additions"] = sorted(additions, key=lambda each: str(each["at"]))
    known = knows_reporter(dossier.privacy, caller, tenant.sop_of(dossier.sop_version))
    place = Standing(tenant.sop_of(dossier.sop_version), dossier, events, caller)
    return {
        **heading(dossier, tenant),
        "version": dossier.version,
        "sop_version": dossier.sop_version,
        "channel": dossier.channel,
        "privacy": dossier.privacy,
        "elsewhere": elsewhere(dossier, events, tenant, key),
        "group": {
            "leader": str(dossier.leader) if dossier.leader else None,
            "members": [str(member) for member in dossier.members],
        },
        "unanswered_reply": dossier.reply,
        "classification": dossier.classification,
        "category": dossier.category if known else tenant.entries.category(dossier.category),
        "untold": [_untold(events[version - 1], tenant) for version in dossier.reaching.failed],
        "allowed": [
            *(allowed_view(action, dossier.actor) for action in allowed_now(dossier, events, tenant, caller, now)),
            *(allowed_view(action, None) for action in arranged_now(place)),
        ],
        "beside": [allowed_view(action, None) for action in beside_now(place)],
        "data_requests": data_requests(events, tenant, key, now) if known else [],
        "publication": publication(dossier, events, tenant, key),
        "complaint": said_by_reporter(complaint, tenant, known=known),
        "clocks": [
            {**clock_view(clock, tenant, now), **counting_view(clock, events, tenant)} for clock in dossier.clocks
        ],
        "files": files_view(files_of(events), tenant, key),
        "timeline": [timeline_entry(event, tenant, key, known=known) for event in events],
    }


def heading(dossier: Dossier, tenant: Tenant) -> dict[str, Any]:
    """What both the officer and the reporter see of where a dossier is."""
    sop = tenant.sop_of(dossier.sop_version)
    step = sop.step(dossier.step) if dossier.step else None
    return {
        "id": str(dossier.id),
        "ticket": dossier.ticket,
        "tenant": dossier.tenant,
        "status": dossier.status,
        "missing": list(dossier.missing),
        "step": dossier.step,
        "step_title": step.activity if step else None,
        "actor": dossier.actor,
        "agency": dossier.agency,
        "agency_name": tenant.agency_name(dossier.agency),
        "filed_at": tenant.local(dossier.filed_at),
        "since": tenant.local(dossier.since),
        "due_at": tenant.local(dossier.due_at),
        "warn_at": tenant.local(dossier.warn_at),
    }


def allowed_view(action: Action, actor: str | None) -> dict[str, Any]:
    """An action as the API offers it."""
    return {
        "action": action.name,
        "needs": list(action.needs),
        "needs_files": list(action.needs_files),
        "optional": list(action.optional),
        "actor": action.actor or actor,
        "event": action.event,
        "to": action.to,
        **{name: value for name, value in (("why", action.why), ("kind", action.kind)) if value},
    }


def clock_view(clock: DossierClock, tenant: Tenant, now: datetime) -> dict[str, Any]:
    """A clock in the API's shape; one that runs past its due time shows how late it is as of now."""
    late = clock.late_seconds
    state = clock.state_at(now)
    clock = clock.at(now)
    if state == BREACHED and late is None and clock.paused_at is None:
        late = late_seconds(tenant.calendar.as_known(now), clock, clock.ended_at or now)
    return {
        "id": clock.id,
        "target": clock.target,
        "step": None if clock.target == CASE else clock.step,
        "actor": None if clock.target == CASE else clock.actor,
        "agency": clock.agency,
        "within": clock.within,
        "started_at": tenant.local(clock.started_at),
        "promised_due_at": tenant.local(clock.promised_due_at),
        "due_at": tenant.local(clock.due_at),
        "warn_at": tenant.local(clock.warn_at),
        "warned_at": tenant.local(clock.warned_at),
        "state": state,
        "paused_until": tenant.local(clock.paused_until) if state == PAUSED else None,
        "ended_at": tenant.local(clock.ended_at),
        "late_seconds": late or 0,
        "escalated": clock.escalated,
        "told": clock.told,
    }


def _untold(event: DossierEvent, tenant: Tenant) -> dict[str, Any]:
    """Something that could not be brought to the reporter: who tells them says its version."""
    return {"version": event.originator_version, "event": event.type, "at": tenant.local(event.occurred_at)}
