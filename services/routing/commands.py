"""What officers decide: one function, since which actions exist and where they lead is the SOP's to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from typing import Any
from uuid import UUID

from services.routing import telling
from services.routing.arranging import arrange
from services.routing.beside import do_beside
from services.routing.fields import check, check_authorised, check_filled, own_fields
from services.routing.grouping import answers_for_members, joined, leader_for, left, merged_fields
from services.routing.naming import choices_of, named
from shared.application.answer_words import every_template
from shared.application.reading_rights import check_may_read
from shared.application.requests import done_before
from shared.application.runtime import Runtime
from shared.base.blank import is_blank
from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden
from shared.base.names import chosen
from shared.domain.dossier.arranged import ARRANGED, helpers
from shared.domain.dossier.beside import BESIDE
from shared.domain.dossier.contents import opened
from shared.domain.dossier.deciding import as_seen, is_another, moved_by_people, tells_otherwise
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.dossier import Dossier, evolve, fold
from shared.domain.dossier.events import Answered, DossierEvent, Reinstated
from shared.domain.dossier.telling_desk import DELIVERIES
from shared.domain.dossier.waiting import check_in_time
from shared.domain.sealing import DataKey
from shared.domain.sop import engine
from shared.domain.sop.authority import NO_ACTION, action_names, authorise
from shared.domain.sop.model import Action, Sop

SERVICE = "routing"


@dataclass(frozen=True)
class CarriedOut:
    """A command that was carried out.

    :param dossier: as it stands afterwards.
    :param events: its whole history, with what was recorded last.
    :param position: the place of that in the log.
    :param said: what the caller is told besides, once.
    :param key: the dossier's, if it was needed.
    """

    dossier: Dossier
    events: list[DossierEvent]
    position: int
    said: Mapping[str, Any] = field(default_factory=dict)
    key: DataKey | None = None


def act(
    runtime: Runtime,
    caller: Caller,
    tenant_id: str,
    dossier_id: UUID,
    action_name: str,
    fields: Mapping[str, Any],
    cause: Cause,
    version: int | None = None,
) -> CarriedOut:
    """Do an action of the dossier's SOP; a request that was carried out before is answered as it was then.

    :param fields: what the action needs, e.g. ``{"agency": "dpupr"}``.
    :param version: the version on which the caller decided; refused if the dossier has moved on since, see
        :mod:`shared.domain.dossier.deciding`.
    :raises NotFound: no such dossier.
    :raises Forbidden: another tenant's, agency's or actor's.
    :raises Conflict: not allowed in this step, too late in a step with a time-out, a stale version, another text than
        the authorised one, or a group that cannot be.
    :raises Invalid: a field is missing or unknown, the complaint is incomplete, or the request's key was used for
        another.
    """
    dossier, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    if (done := done_before(events, cause.causation_id)) is not None:
        return _once_more(runtime, dossier, events[:done])
    tenant = runtime.tenants.get(dossier.tenant)
    sop = tenant.sop_of(dossier.sop_version)
    own_names = action_names(sop)
    action_name = chosen(action_name, (*ARRANGED, *own_names, *BESIDE)) or NO_ACTION
    if action_name in BESIDE and action_name not in own_names:
        _check_people(runtime, caller, dossier, events, version)
        return _append(
            runtime, dossier, events, do_beside(runtime, caller, dossier, events, action_name, fields, cause)
        )
    if action_name in ARRANGED:
        _check_people(runtime, caller, dossier, events, version)
        return _appended(
            runtime, dossier, events, arrange(runtime, caller, dossier, events, action_name, fields, cause)
        )
    answered = dossier.answered is not None
    action = authorise(sop, dossier.step, dossier.agency, dossier.status, caller, action_name, answered=answered)
    if sop.actor(caller.actor).scope not in ("tenant", "agency"):
        raise Forbidden("wrong_actor", {"action": action_name, "step": dossier.step, "actor": caller.actor})
    check_in_time(dossier, runtime.clock.now())
    choices = choices_of(tenant, sop, dossier, action, fields)
    fields = named(choices, fields)
    _check_decided_on(_Asked(dossier, events, action, fields, caller, cause), sop, version)
    key = runtime.dossier_key(dossier_id)
    if action.event in telling.EVENTS:
        event, said = telling.event_of(runtime, dossier, events, action, fields, caller, cause, key)
        return replace(_append(runtime, dossier, events, event), said=said, key=key)
    check_authorised(dossier, action, fields, events, key)
    check(choices, dossier, events, action, fields)
    check_filled(partial(every_template, runtime.database, tenant), action, fields)
    return replace(_done(runtime, _Asked(dossier, events, action, fields, caller, cause), key), key=key)


@dataclass(frozen=True)
class _Asked:
    """An action that may be done, and everything that it is done with."""

    dossier: Dossier
    events: list[DossierEvent]
    action: Action
    fields: Mapping[str, Any]
    caller: Caller
    cause: Cause


def _done(runtime: Runtime, asked: _Asked, key: DataKey) -> CarriedOut:
    """Do it, and with it in one transaction what follows from it in other dossiers of its group."""
    dossier, action, caller, cause = asked.dossier, asked.action, asked.caller, asked.cause
    desk = runtime.desk(dossier.tenant)
    if action.event == "Merged":
        leader = leader_for(runtime, dossier, asked.fields["into"])
        event = desk.act(dossier, action, caller, cause, merged_fields(leader, asked.fields["reason"], key))
        return _append(runtime, dossier, asked.events, event, joined(runtime, dossier, event, leader, caller, cause))
    own = own_fields(desk.tenant, runtime.clock.now(), dossier, action, asked.fields, asked.events, key)
    event = desk.act(dossier, action, caller, cause, own)
    more: list[DossierEvent] = []
    if isinstance(event, Answered) and dossier.members:
        text = opened(event, key).get("text")
        more = answers_for_members(runtime, dossier, event.kind, text, caller, cause)
    if isinstance(event, Reinstated):
        more = left(runtime, dossier, caller, cause)
    return _append(runtime, dossier, asked.events, event, more)


def _check_people(
    runtime: Runtime, caller: Caller, dossier: Dossier, events: Sequence[DossierEvent], version: int | None
) -> None:
    """Refuse what is done beside the steps, if a person did something since it was decided on.

    On which version the dossier is now, is told to whoever may read it.
    """
    if version is None or (as_seen(events, version) is not None and not moved_by_people(events, version)):
        return
    tenant = runtime.tenants.get(dossier.tenant)
    check_may_read(caller, tenant, dossier.sop_version, dossier.agency, helpers(events))
    raise Conflict("moved_on", {"version": dossier.version})


def _check_decided_on(asked: _Asked, sop: Sop, version: int | None) -> None:
    """Refuse an action of the SOP's that is not any more what was decided on."""
    if version is None:
        return
    dossier, events = asked.dossier, asked.events
    seen = as_seen(events, version)
    if seen is None or moved_by_people(events, version) or _is_another(asked, sop, seen):
        raise Conflict("moved_on", {"version": dossier.version})


def _is_another(asked: _Asked, sop: Sop, seen: Dossier) -> bool:
    if asked.action.event in DELIVERIES:
        return is_blank(asked.fields.get("of")) and tells_otherwise(seen, asked.dossier, asked.events)
    return is_another(sop, seen, asked.dossier, asked.caller, asked.action)


def dispose_by_category(runtime: Runtime, dossier_id: UUID, tenant_id: str, cause: Cause) -> CarriedOut | None:
    """Where the SOP gives the disposition to the system: send to the agency that handles the category.

    Where no agency does, the SOP's own way out is taken: usually to a person.

    :returns: what was done; none if the dossier does not stand in such a step (any more).
    """
    dossier, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    tenant = runtime.tenants.get(dossier.tenant)
    sop = tenant.sop_of(dossier.sop_version)
    step = sop.step(dossier.step) if dossier.step else None
    if step is None or step.automatic != "dispose":
        return None
    # An incomplete complaint is nobody's to send on but a person's, who says why.
    agency = None if dossier.missing else tenant.agency_for(dossier.category)
    action = engine.automatic_action(step, decided=agency is not None)
    if action is None:
        return None
    own = {"to_agency": agency.id} if agency is not None and action.event == "Dispositioned" else {}
    caller = Caller.system(dossier.tenant, SERVICE)
    return _append(runtime, dossier, events, runtime.desk(dossier.tenant).act(dossier, action, caller, cause, own))


def _once_more(runtime: Runtime, dossier: Dossier, events: list[DossierEvent]) -> CarriedOut:
    """What was done before, as it was told then.

    :param events: up to and with those that the request brought about.
    """
    position = runtime.dossiers(SERVICE).position(dossier.id, len(events))
    said = telling.said_of(events[-1], runtime.vault.key_of(dossier.id))
    return CarriedOut(fold(events) or dossier, events, position, said)


def _appended(
    runtime: Runtime, dossier: Dossier, events: list[DossierEvent], more: Sequence[DossierEvent]
) -> CarriedOut:
    """Append several events of one dossier."""
    positions = runtime.dossiers(SERVICE).append(more)
    return CarriedOut(reduce(evolve, more, dossier), [*events, *more], positions[-1])


def _append(
    runtime: Runtime,
    dossier: Dossier,
    events: list[DossierEvent],
    event: DossierEvent,
    more: Sequence[DossierEvent] = (),
) -> CarriedOut:
    """Append an event and, with it or not at all, those of other dossiers."""
    positions = runtime.dossiers(SERVICE).append([event, *more])
    return CarriedOut(evolve(dossier, event), [*events, event], positions[0])
