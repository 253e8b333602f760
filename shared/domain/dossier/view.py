"""A dossier as an officer sees it: the shape ``dossier`` of the HTTP API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.base.caller import REPORTER, Caller
from shared.base.times import from_iso
from shared.domain.complaint.sides import AS_WRITTEN
from shared.domain.dossier.arranged import Standing, arranged_now
from shared.domain.dossier.authorities import authority_of
from shared.domain.dossier.beside import beside_now
from shared.domain.dossier.clocks import BREACHED, PAUSED, DossierClock
from shared.domain.dossier.contents import complaint_of, given_in, opened
from shared.domain.dossier.data_view import data_requests
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.elsewhere import elsewhere
from shared.domain.dossier.events import (
    ClockEvent,
    DataAnswered,
    DataAsked,
    Dispositioned,
    DossierEvent,
    Forwarded,
    Transferred,
)
from shared.domain.dossier.explaining import counting_view
from shared.domain.dossier.filed_files import files_of, files_view
from shared.domain.dossier.identity import knows_reporter
from shared.domain.dossier.promise import CASE
from shared.domain.dossier.promising import late_seconds
from shared.domain.dossier.publication import publication
from shared.domain.dossier.telling_desk import DELIVERIES, to_tell
from shared.domain.dossier.waiting import ran_out
from shared.domain.sealing import DataKey
from shared.domain.sop import engine
from shared.domain.sop.model import Action, Sop
from shared.domain.tenants import Tenant

_TITLE_LENGTH = 80
_LONGEST_TITLE = 200
_TIMELINE_FIELDS = (
    "why",
    "kind",
    "to_agency",
    "from_agency",
    "to_actor",
    "by",
    "score",
    "classification",
    "category",
    "part",
    "asked",
    "clock",
    "reasons",
    "via",
    "to_unit",
    "into_ticket",
    "members",
    "late_seconds",
    "case_late_seconds",
)
_TIMELINE_IDS = ("into", "member", "leader")
_TIMELINE_INSTANTS = ("until_at", "due_at")
_SAID = (
    "title",
    "message",
    "additions",
    "location",
    "attachments",
    "category",
    "classification",
    "privacy",
    "channel",
    "occurred_at",
)
_OF_THE_REPORTER = ("reporter", AS_WRITTEN)
REPORTER_SHOWN = ("name", "address", "phone", "email", "identity")
"""What officers see of a reporter. By which conversation a channel writes to them is the channels' affair alone."""
_TEXTS = ("reason", "note", "response", "text", "comment", "summary", "public_answer")


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
        "complaint": _for_caller(complaint, tenant, known=known),
        "clocks": [
            {**clock_view(clock, tenant, now), **counting_view(clock, events, tenant)} for clock in dossier.clocks
        ],
        "files": files_view(files_of(events), tenant, key),
        "timeline": [_entry(event, tenant, key, known=known) for event in events],
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


def allowed_now(
    dossier: Dossier, events: Sequence[DossierEvent], tenant: Tenant, caller: Caller, now: datetime
) -> tuple[Action, ...]:
    """What the actor who holds the dossier may do with it now, and what the reader may do besides.

    Nothing where a wait has run out, until what follows from that is recorded; and nobody is offered to say that the
    reporter was told, where there is nothing that they are to be told.
    """
    if ran_out(dossier, now) is not None:
        return ()
    every = _allowed_by_sop(dossier, tenant, caller)
    return every if to_tell(dossier, events) else tuple(each for each in every if each.event not in DELIVERIES)


def _allowed_by_sop(dossier: Dossier, tenant: Tenant, caller: Caller) -> tuple[Action, ...]:
    sop = tenant.sop_of(dossier.sop_version)
    if _helps_only(dossier, sop, caller):
        return ()
    if dossier.step is None or dossier.actor is None:
        return () if caller.admin else allowed_after_end(dossier, sop, caller.actor)
    actors = dict.fromkeys((dossier.actor, dossier.actor if caller.admin else caller.actor))
    return tuple(action for actor in actors for action in engine.allowed(sop, dossier.step, dossier.status, actor))


def allowed_after_end(dossier: Dossier, sop: Sop, actor: str) -> tuple[Action, ...]:
    """What an actor may do with a dossier that has ended; nothing with one that was erased."""
    if dossier.erased:
        return ()
    open_to_all = engine.after_end(sop, dossier.status, answered=dossier.answered is not None)
    return tuple(action for action in open_to_all if action.actor == actor)


def allowed_to_reporter(dossier: Dossier, sop: Sop, step: str | None) -> tuple[Action, ...]:
    """What the reporter may do.

    :param step: where the dossier is, or will be in a moment; none if it has ended.
    """
    if step is None:
        return allowed_after_end(dossier, sop, REPORTER)
    return engine.allowed(sop, step, dossier.status, REPORTER)


def open_to_reporter(dossier: Dossier, sop: Sop, now: datetime) -> tuple[Action, ...]:
    """What the reporter may do now; nothing where a wait has run out, until what follows from that is recorded."""
    return () if ran_out(dossier, now) is not None else allowed_to_reporter(dossier, sop, dossier.step)


def _helps_only(dossier: Dossier, sop: Sop, caller: Caller) -> bool:
    """Whether a reader is of an agency that has no more than a part in it."""
    of_an_agency = not caller.admin and sop.has_actor(caller.actor) and sop.actor(caller.actor).scope == "agency"
    return of_an_agency and caller.agency != dossier.agency


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


def title_of(complaint: Mapping[str, Any]) -> str:
    """The complaint's title, or the beginning of its message."""
    title = " ".join(str(complaint.get("title") or "").split())
    if title:
        return _shortened(title, _LONGEST_TITLE)
    return _shortened(" ".join(str(complaint.get("message") or "").split()), _TITLE_LENGTH)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _for_caller(complaint: dict[str, Any], tenant: Tenant, *, known: bool) -> dict[str, Any]:
    shown = _shown(complaint, tenant, known=known)
    shown["title"] = title_of(complaint)
    if known:
        shown.setdefault("reporter", {})
    return shown


def said_by_reporter(complaint: Mapping[str, Any], tenant: Tenant) -> dict[str, Any]:
    """What a complaint says, for who may not know the reporter by it: no name, no address, no contact."""
    return {**_shown(complaint, tenant, known=False), "title": title_of(complaint)}


def _shown(said: Mapping[str, Any], tenant: Tenant, *, known: bool) -> dict[str, Any]:
    """What a reporter gave. Words in the place of a name may be somebody's name: only for who may know the reporter."""
    said = said if known else {**said, **_listed(said, tenant)}
    names = (*_SAID, *(_OF_THE_REPORTER if known else ()))
    shown = {name: said[name] for name in names if said.get(name)}
    if "reporter" in shown:
        shown["reporter"] = {name: shown["reporter"][name] for name in REPORTER_SHOWN if shown["reporter"].get(name)}
    if "occurred_at" in shown:
        shown["occurred_at"] = tenant.local(from_iso(shown["occurred_at"]))
    if "additions" in shown:
        shown["additions"] = [{**each, "at": tenant.local(from_iso(each["at"]))} for each in shown["additions"]]
    return shown


def _listed(said: Mapping[str, Any], tenant: Tenant) -> dict[str, Any]:
    """Names of places and categories, where the lists have them: earlier events hold any words in clear."""
    place = dict(said.get("location") or {})
    for name, entry in (("kecamatan", tenant.entries.kecamatan), ("desa", tenant.entries.desa)):
        if name in place and entry(place[name]) is None:
            del place[name]
    return {"location": place, "category": tenant.entries.category(said.get("category"))}


def _entry(event: DossierEvent, tenant: Tenant, key: DataKey | None, *, known: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "event": event.type,
        "version": event.originator_version,
        "at": tenant.local(event.occurred_at),
        "recorded_at": tenant.local(event.recorded_at),
        "step": event.step,
        "actor": event.actor,
        "agency": event.agency,
        "user": event.user,
        "status": event.status,
        "to_step": event.promise.step if event.promise else None,
    }
    for name in _TIMELINE_FIELDS:
        value = getattr(event, name, None)
        if name == "category" and not known:
            value = tenant.entries.category(value)
        if value is not None:
            entry[name] = list(value) if isinstance(value, tuple) else value
    entry |= {name: str(value) for name in _TIMELINE_IDS if (value := getattr(event, name, None)) is not None}
    if isinstance(event, Transferred):
        entry |= {"to": authority_of(event, tenant, key), "authority": event.authority}
    if isinstance(event, Dispositioned) and event.despite:
        entry["despite"] = list(event.despite)
    if isinstance(event, Forwarded) and event.authorised:
        entry["authorised"] = True
    for name in _TIMELINE_INSTANTS:
        if isinstance(instant := getattr(event, name, None), datetime):
            entry[name] = tenant.local(instant)
    if isinstance(event, ClockEvent):
        entry |= {
            "target": event.target,
            "holder": event.holder,
            "holder_agency": event.holder_agency,
        }
    # What a reporter asks about their own data may tell who they are.
    private = opened(event, key) if known or not isinstance(event, DataAsked | DataAnswered) else {}
    entry |= {name: private[name] for name in _TEXTS if private.get(name)}
    given = given_in(event, key)
    shown = _shown({**given, "additions": None}, tenant, known=known) if given else {}
    return {**entry, "given": shown} if shown else entry
