"""Leave and help: what is asked for and given beside the steps, as events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.routing.arranging_fields import SCHEMAS, until_of
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Conflict, Invalid
from shared.domain.calendar.working import WorkingCalendar
from shared.domain.dossier.arranged import Standing, authorise_arranged, check_part, open_parts
from shared.domain.dossier.clocks import PAUSED, DossierClock
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.dossier import Dossier, evolve
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import DossierEvent, LeaveAsked
from shared.domain.dossier.leave import EXTENSION, LEAVES, LeaveType
from shared.domain.dossier.leave_terms import latest, open_request, resumed_early, terms
from shared.domain.dossier.promise import HELP, STEP
from shared.domain.dossier.promising import help_promise, late_seconds
from shared.domain.sealing import DataKey
from shared.domain.sop.arrangements import LeaveKind
from shared.wording.choices import not_among, one_of
from shared.wording.coded_schema import load_coded
from shared.wording.codes import field_message

_PRIVATE = ("reason", "note", "response")


@dataclass(frozen=True)
class Arranging:
    """One such action about to be done.

    :param now: the present instant.
    """

    runtime: Runtime
    place: Standing
    cause: Cause
    now: datetime

    @property
    def dossier(self) -> Dossier:
        """As it stands."""
        return self.place.dossier

    @property
    def calendar(self) -> WorkingCalendar:
        """The tenant's, by what is known now."""
        return self.runtime.tenants.get(self.dossier.tenant).calendar.as_known(self.now)

    @property
    def clock(self) -> DossierClock:
        """That of the step in which the dossier is.

        :raises Conflict: ``no_clock`` where the SOP gives the step no time.
        """
        clock = self.dossier.open_clock(STEP)
        if clock is None:
            raise Conflict("no_clock")
        return clock.at(self.now)


def arrange(
    runtime: Runtime,
    caller: Caller,
    dossier: Dossier,
    events: list[DossierEvent],
    name: str,
    fields: Mapping[str, Any],
    cause: Cause,
) -> list[DossierEvent]:
    """The events of one of :data:`shared.domain.dossier.arranged.ARRANGED`, not yet appended.

    :raises Forbidden: who may not.
    :raises Conflict: what cannot be now.
    :raises Invalid: a field is missing, unknown or wrong.
    """
    sop = runtime.tenants.get(dossier.tenant).sop_of(dossier.sop_version)
    place = Standing(sop, dossier, events, caller)
    authorise_arranged(place, name)
    given = load_coded(SCHEMAS[name](), fields)
    key = runtime.dossier_key(dossier.id)
    arranging = Arranging(runtime, place, cause, runtime.clock.now())
    event_type, own = _DECISIONS[name](arranging, given)
    own["sealed"] = _sealed(key, event_type, given)
    return _with_what_is_over(arranging, event_type, own)


def _with_what_is_over(arranging: Arranging, event_type: EventName, own: dict[str, Any]) -> list[DossierEvent]:
    """The event, after the end of a pause that is over and that no timer has noted yet."""
    dossier, caller = arranging.dossier, arranging.place.caller
    desk = arranging.runtime.desk(dossier.tenant)
    found: list[DossierEvent] = []
    clock = dossier.open_clock(STEP)
    if clock is not None and clock.paused_until is not None and clock.at(arranging.now).state != PAUSED:
        over = {"clock": clock.id, "due_at": clock.due_at, "warn_at": clock.warn_at}
        system = Caller.system(dossier.tenant, "routing")
        cause = Cause(correlation_id=arranging.cause.correlation_id)
        found.append(desk.note(dossier, "Resumed", system, cause, over, clock.paused_until))
        dossier = evolve(dossier, found[-1])
    found.append(desk.note(dossier, event_type, caller, arranging.cause, own))
    return found


def _ask_leave(arranging: Arranging, given: Mapping[str, Any]) -> tuple[EventName, dict[str, Any]]:
    kind = given["kind"]
    rule = _rule(arranging, kind)
    why = one_of("why", given["why"], rule.why)
    until = _until(arranging, kind, given["until"], rule)
    leave = arranging.place.sop.leave
    granted_by = leave.granted_by if leave else ""
    return "LeaveAsked", {"kind": kind, "why": why, "until_at": until, "granted_by": granted_by}


def _grant_leave(arranging: Arranging, given: Mapping[str, Any]) -> tuple[EventName, dict[str, Any]]:
    asked = _asked(arranging, given["asked"])
    until = _until(arranging, asked.kind, given.get("until") or asked.until_at, _rule(arranging, asked.kind))
    clock = arranging.clock
    due_at, warn_at = terms(arranging.calendar, clock, asked.kind, arranging.now, until)
    own = {"asked": asked.originator_version, "kind": asked.kind, "why": asked.why, "until_at": until}
    return "LeaveGranted", {**own, "clock": clock.id, "due_at": due_at, "warn_at": warn_at}


def _refuse_leave(arranging: Arranging, given: Mapping[str, Any]) -> tuple[EventName, dict[str, Any]]:
    return "LeaveRefused", {"asked": _asked(arranging, given["asked"]).originator_version}


def _resume(arranging: Arranging, given: Mapping[str, Any]) -> tuple[EventName, dict[str, Any]]:  # noqa: ARG001 - as its siblings
    if arranging.clock.state != PAUSED:
        raise Conflict("not_paused")
    clock = resumed_early(arranging.calendar, arranging.clock, arranging.now)
    return "Resumed", {"clock": clock.id, "due_at": clock.due_at, "warn_at": clock.warn_at}


def _ask_help(arranging: Arranging, given: Mapping[str, Any]) -> tuple[EventName, dict[str, Any]]:
    dossier, place = arranging.dossier, arranging.place
    known = {agency.id: agency.name for agency in arranging.runtime.tenants.get(dossier.tenant).agencies}
    agency = one_of("agency", given["agency"], known, "unknown_agency")
    if agency == dossier.agency:
        raise Invalid("invalid_fields", fields={"agency": ["leads_already"]})
    if agency in (part.to_agency for part in open_parts(place.events).values()):
        raise Invalid("invalid_fields", fields={"agency": ["helps_already"]})
    rule, step = place.sop.help, dossier.step
    if rule is None or step is None:
        raise LookupError("help was authorised where the SOP knows none")
    part = help_promise(place.sop, arranging.calendar, place.sop.step(step), rule, agency, arranging.now)
    return "HelpAsked", {"to_agency": agency, "help": part}


def _give_help(arranging: Arranging, given: Mapping[str, Any]) -> tuple[EventName, dict[str, Any]]:
    return "HelpGiven", _part(arranging, "give_help", given["part"])


def _cancel_help(arranging: Arranging, given: Mapping[str, Any]) -> tuple[EventName, dict[str, Any]]:
    return "HelpCancelled", _part(arranging, "cancel_help", given["part"])


_DECISIONS = {
    "ask_leave": _ask_leave,
    "grant_leave": _grant_leave,
    "refuse_leave": _refuse_leave,
    "resume": _resume,
    "ask_help": _ask_help,
    "give_help": _give_help,
    "cancel_help": _cancel_help,
}


def _part(arranging: Arranging, name: str, part: int) -> dict[str, Any]:
    check_part(arranging.place, name, part)
    clock = next((each for each in arranging.dossier.clocks if each.id == f"{HELP}:{part}"), None)
    late = late_seconds(arranging.calendar, clock, arranging.now) if clock is not None else None
    return {"part": part, "late_seconds": late}


def _rule(arranging: Arranging, kind: LeaveType) -> LeaveKind:
    leave = arranging.place.sop.leave
    rule = getattr(leave, kind, None)
    if rule is None:
        known = [name for name in LEAVES if getattr(leave, name, None) is not None]
        raise Invalid("invalid_fields", fields={"kind": [not_among(known)]})
    return rule


def _asked(arranging: Arranging, version: int) -> LeaveAsked:
    asked = open_request(arranging.place.events)
    if asked is None or asked.originator_version != version:
        raise Conflict("no_leave_asked")
    return asked


def _until(arranging: Arranging, kind: LeaveType, wanted: str | datetime, rule: LeaveKind) -> datetime:
    """Until when, between now (or the due time that is to be put off) and what the SOP allows.

    :raises Invalid: if it lies elsewhere.
    :raises Conflict: ``clock_paused``: what stands still cannot be put off as well.
    """
    tenant = arranging.runtime.tenants.get(arranging.dossier.tenant)
    until = until_of(wanted, tenant.zone) if isinstance(wanted, str) else wanted
    clock, now = arranging.clock, arranging.now
    if kind == EXTENSION and clock.state == PAUSED:
        raise Conflict("clock_paused")
    after = max(clock.due_at, now) if kind == EXTENSION else now
    if until <= after:
        raise Invalid("invalid_fields", fields={"until": [field_message("not_after", instant=tenant.local(after))]})
    at_most = latest(arranging.calendar, clock, arranging.place.events, kind=kind, most=rule.most, at=now)
    if until > at_most:
        params = {"most": str(rule.most), "instant": tenant.local(at_most)}
        raise Invalid("invalid_fields", fields={"until": [field_message("longer_than_the_sop_allows", **params)]})
    return until


def _sealed(key: DataKey, event_type: EventName, given: Mapping[str, Any]) -> str | None:
    private = {name: given[name] for name in _PRIVATE if given.get(name)}
    return key.seal(private, event_type) if private else None
