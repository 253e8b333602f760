"""Every place of a procedure where a dossier can stand, who may come there, and what each of them is to meet.

Read off the procedure as written, not asked of the code that decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from shared.base.caller import REPORTER, SYSTEM, Caller
from shared.base.errors import Conflict, Forbidden
from shared.domain.complaint.schema import REPORTER_ACTIONS
from shared.domain.dossier.dossier import Dossier
from shared.domain.sop.model import Action, Sop
from tests.fixtures.office import Office
from tests.sla.lives import FIELDS

_IN_TURN = 4
FAR = 60
"""No desk is further from the filing."""


@dataclass(frozen=True)
class Stand:
    """A place where a dossier can stand."""

    step: str
    status: str
    disposed: bool


def every_desk(office: Office, tenant: str) -> Iterator[Any]:
    """A dossier at each place of the procedure, by trying every way from the filing."""
    seen: set[Stand] = set()
    ways: list[tuple[tuple[str, str], ...]] = [()]
    while ways:
        way = ways.pop(0)
        receipt = office.file(tenant)
        office.run_system(receipt)
        for actor, name in way:
            _go(office, receipt, actor, name)
        dossier = office.load(receipt.id)
        if dossier.step is None:
            continue
        desk = Stand(dossier.step, dossier.status, dossier.agency is not None)
        if desk in seen:
            continue
        seen.add(desk)
        assert len(seen) < FAR
        yield receipt.id
        sop = office.sop_of(dossier)
        step = sop.step(dossier.step)
        # What several may do leads to the same place, whoever does it.
        for action in {(each.name, each.event, each.to): each for each in reversed(_here(sop, dossier))}.values():
            actor = action.actor or step.actor
            if action.event in ("Merged", "NoticeDelivered", "CodeRenewed"):  # takes a second dossier; moves nothing
                continue
            if actor != SYSTEM and (actor != REPORTER or action.name in REPORTER_ACTIONS):
                ways.append((*way, (actor, action.name)))


def _go(office: Office, receipt: Any, actor: str, name: str) -> None:
    fields = _fields(office, office.load(receipt.id), actor, name)
    if name == "supplement":
        fields |= {"title": "Jalan rusak"}
    if actor == REPORTER:
        office.say(receipt, name, **fields)
    else:
        office.act(receipt, actor, name, **fields)
    office.run_system(receipt)


def _fields(office: Office, dossier: Dossier, actor: str, name: str) -> dict[str, Any]:
    """All that an action needs where the dossier stands."""
    sop = office.sop_of(dossier)
    holder = sop.step(dossier.step or "").actor
    action = next(each for each in _here(sop, dossier) if each.name == name and (each.actor or holder) == actor)
    agency = office.runtime.tenants.get(dossier.tenant).agencies[0].id
    needs = action.needs or (("category",) if action.event == "Classified" else ())
    return {need: FIELDS.get(need, agency) for need in needs}


def _here(sop: Sop, dossier: Dossier) -> list[Action]:
    """What the procedure, as written, offers where a dossier stands."""
    assert dossier.step is not None
    return [action for action in _written(sop, dossier.step) if _open(sop, dossier, action)]


def _written(sop: Sop, step_id: str) -> list[Action]:
    """A step's own actions, those of any time, and what the reporter may do there as an officer may record it."""
    step = sop.step(step_id)
    found = {(each.name, each.actor or step.actor): each for each in (*sop.anytime, *step.actions)}
    for (name, actor), action in list(found.items()):
        if sop.on_behalf is not None and actor == REPORTER and action.event != "AnswerDelivered":
            for officer in sop.on_behalf.by:
                told = replace(action, actor=officer, needs=("via", *action.needs))
                found.setdefault((name, officer), told)
    return list(found.values())


def _open(sop: Sop, dossier: Dossier, action: Action) -> bool:
    held_by = sop.actor(sop.step(dossier.step or "").actor).scope
    in_time = not action.statuses or dossier.status in action.statuses
    return in_time and (not action.held_by or held_by in action.held_by)


def tried(sop: Sop, dossier: Dossier, caller: Caller) -> list[str]:
    """What a caller tries: who could do anything there, everything; all others, what somebody may do at that desk."""
    assert dossier.step is not None
    home = caller.tenant == dossier.tenant and sop.has_actor(caller.actor) and not caller.admin
    here = {"erase"} | {action.name for action in _written(sop, dossier.step)}
    if home and (sop.actor(caller.actor).scope != "agency" or caller.agency == dossier.agency):
        # What the desk does not know is refused in one place, whatever its name: at each desk others are tried in turn.
        others = sorted(set(_names(sop)) - here)
        return sorted(here | set(others[dossier.id.int % _IN_TURN :: _IN_TURN]))
    return sorted(here)


def _names(sop: Sop) -> list[str]:
    """Every action that the procedure knows, and some that it does not."""
    known = {action.name for step in sop.steps for action in step.actions} | {action.name for action in sop.anytime}
    return sorted(known | {"erase", "close", "lapse"})


def callers_of(office: Office, dossier: Dossier) -> list[Caller]:
    """Everybody: each role, for the agency responsible, for another one and for none; strangers; administrators."""
    tenants = office.runtime.tenants
    own, other = tenants.get(dossier.tenant), tenants.get("bantul" if dossier.tenant != "bantul" else "cilacap")
    elsewhere = next(agency.id for agency in own.agencies if agency.id != dossier.agency)
    callers = []
    for actor in own.sop.actors:
        agencies = {dossier.agency, elsewhere, None} if actor.scope == "agency" else {None}
        callers += [Caller(own.id, actor.id, agency, "somebody") for agency in sorted(agencies, key=str)]
    # Whoever is of another government is refused before their role is looked at: two of them are enough.
    strangers = {REPORTER, dossier.actor or REPORTER}
    callers += [Caller(other.id, actor, dossier.agency, "a stranger") for actor in sorted(strangers)]
    return [
        *callers,
        Caller("*", "admin", user="admin", admin=True),
        Caller("*", dossier.actor or REPORTER, dossier.agency, "admin", admin=True),
        Caller("*", dossier.actor or REPORTER, dossier.agency, "nobody"),
        Caller(own.id, "mayor", dossier.agency, "nobody"),
    ]


def expected_of(sop: Sop, dossier: Dossier, caller: Caller, name: str) -> type[Exception] | None:
    """What comes of an attempt; none if it is allowed."""
    if caller.admin or caller.tenant != dossier.tenant or not sop.has_actor(caller.actor):
        return Forbidden
    assert dossier.step is not None
    step = sop.step(dossier.step)
    of_agency = sop.actor(caller.actor).scope == "agency"
    agencys = dossier.agency is not None or sop.actor(step.actor).scope == "agency"
    if of_agency and agencys and caller.agency != dossier.agency:
        return Forbidden
    named = [each for each in _written(sop, dossier.step) if each.name == name]
    if caller.actor == REPORTER:  # what an officer may record on their word is not theirs
        named = [each for each in named if "via" not in each.needs]
    if not named:
        return Conflict
    own = [each for each in named if (each.actor or step.actor) == caller.actor]
    if not own:
        return Forbidden
    return None if _open(sop, dossier, own[0]) else Conflict


def may_read(sop: Sop, dossier: Dossier, caller: Caller) -> bool:
    """Whether a caller may read a dossier."""
    if caller.admin:
        return True
    if caller.tenant != dossier.tenant or not sop.has_actor(caller.actor):
        return False
    scope = sop.actor(caller.actor).scope
    return scope == "tenant" or (scope == "agency" and caller.agency is not None and caller.agency == dossier.agency)
