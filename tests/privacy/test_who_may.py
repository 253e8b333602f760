"""Nobody does what is not theirs to do, and nobody reads what is not theirs to read.

Each government's procedure is walked to every desk. There each role of this and of another government, for the agency
responsible, for another one and for none, tries each action that there is; and so do an administrator and the services.
What is expected is read off the procedure as written, not asked of the code that decides.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notify.service import NotifyService
from services.reporting.service import ReportingService
from services.routing.service import RoutingService
from services.sla.service import SlaService
from shared.base.caller import REPORTER, SYSTEM, Caller
from shared.base.errors import Conflict, Forbidden, NotFound
from shared.domain.complaint.schema import REPORTER_ACTIONS
from shared.domain.dossier.dossier import Dossier
from shared.domain.sop.model import Action, Sop
from tests.fixtures.office import Office, every_tenant
from tests.fixtures.postgres import fresh_database
from tests.sla.lives import FIELDS

TENANTS = [tenant.id for tenant in every_tenant().all()]
MONTH = "2026-10"
FAR = 60
"""No desk is further from the filing."""


@dataclass(frozen=True)
class Desk:
    """A place where a dossier can stand."""

    step: str
    status: str
    disposed: bool


@dataclass(frozen=True)
class Walk:
    """A government's procedure, walked once for all who only look at what came of it.

    :param dossiers: one at each place of the procedure.
    """

    office: Office
    tenant: str
    dossiers: tuple[UUID, ...]


@pytest.fixture(scope="module", params=TENANTS)
def walk(request: pytest.FixtureRequest, postgres_url: str, migrated_template: str) -> Iterator[Walk]:
    """Every desk of one government."""
    with closing(fresh_database(postgres_url, migrated_template)) as databases:
        office = Office(next(databases))
        yield Walk(office, request.param, tuple(_every_desk(office, request.param)))
        office.close()
        next(databases, None)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An installation."""
    opened = Office(database_url)
    yield opened
    opened.close()


def _door(office: Office, service: type) -> Any:
    door = service()
    door.runtime = office.runtime
    return door


def test_each_action_at_each_desk_is_for_one_actor_of_one_agency(walk: Walk) -> None:
    """Whoever else tries is refused, with 403 or 409 as the procedure says, and leaves no trace in the dossier."""
    office, tenant = walk.office, walk.tenant
    door = _door(office, RoutingService)
    for dossier_id in walk.dossiers:
        before = office.load(dossier_id)
        sop = office.sop_of(before)
        for caller in _callers(office, before):
            for name in _tried(sop, before, caller):
                expected = _expected(sop, before, caller, name)
                if expected is None:
                    continue  # allowed: the walk itself goes this way
                with pytest.raises((Forbidden, Conflict, NotFound)) as refused:
                    door.act(tenant, str(dossier_id), name, dict(FIELDS), None, caller.to_dict())
                assert expected is type(refused.value), (before.step, caller, name, refused.value)
        assert before.version == office.load(dossier_id).version

    sop = office.runtime.tenants.get(tenant).sop
    assert len(walk.dossiers) >= len([step for step in sop.steps if step.actor != SYSTEM and step.id != sop.filed_in])


def test_each_dossier_is_read_by_its_own_government_and_agency(walk: Walk) -> None:
    """At each desk: the government's own actors, those of the agency responsible, and an administrator. Nobody else."""
    office, tenant = walk.office, walk.tenant
    for dossier_id in walk.dossiers:
        dossier = office.load(dossier_id)
        for caller in _callers(office, dossier):
            for service, method in ((RoutingService, "dossier"), (NotifyService, "messages")):
                ask = getattr(_door(office, service), method)
                arguments = {"tenant": tenant, "dossier_id": str(dossier_id), "caller": caller.to_dict()}
                if _may_read(office.sop_of(dossier), dossier, caller):
                    assert ask(**arguments)
                else:
                    with pytest.raises(Forbidden):
                        ask(**arguments)


@pytest.mark.parametrize("tenant", TENANTS)
def test_lists_hold_the_callers_own(office: Office, tenant: str) -> None:
    """Inbox, clocks and recap: another government's are refused, and an agency's officer finds that agency's only."""
    receipt = office.file(tenant)
    office.run_system(receipt)
    dossier = office.load(receipt.id)
    sop = office.sop_of(dossier)
    other = office.runtime.tenants.get(tenant).agencies[-1].id
    for caller in _callers(office, dossier):
        who = caller.to_dict()
        page = {"tenant": tenant, "after": None, "limit": 50, "min_position": None, "caller": who}
        asked = [
            lambda page=page: _door(office, RoutingService).inbox(**page, agency=None, actor=None),
            lambda page=page: _door(office, SlaService).clocks(**page, states=[]),
            lambda who=who: _door(office, ReportingService).recap(tenant, MONTH, None, who),
        ]
        scope = sop.actor(caller.actor).scope if sop.has_actor(caller.actor) else None
        home = caller.admin or (caller.tenant == tenant and scope in ("tenant", "agency"))
        for ask in asked:
            if home and (scope != "agency" or caller.agency):
                assert isinstance(ask(), dict)
            elif not home:
                with pytest.raises(Forbidden):
                    ask()
        if home and scope == "agency" and not caller.admin and caller.agency not in (None, other):
            with pytest.raises(Forbidden, match="wrong_agency"):
                _door(office, RoutingService).inbox(**page, agency=other, actor=None)


@pytest.mark.parametrize("tenant", TENANTS)
def test_who_helps_reads_what_they_help_with(office: Office, tenant: str) -> None:
    """An agency that was asked for its part reads the dossier and what was told of it, like the one that leads."""
    own = office.runtime.tenants.get(tenant)
    helping, other = (agency.id for agency in own.agencies[1:3])
    for dossier_id in _every_desk(office, tenant):
        dossier = office.load(dossier_id)
        asking = own.sop.help.asked_by if own.sop.help else ()
        if dossier.agency != own.agencies[0].id or "coordinator" not in asking:
            continue
        caller = Caller(tenant, "coordinator").to_dict()
        asked = {"agency": helping, "note": "bagian Anda"}
        _door(office, RoutingService).act(tenant, str(dossier_id), "ask_help", asked, None, caller)
        for service, method in ((RoutingService, "dossier"), (NotifyService, "messages")):
            ask = getattr(_door(office, service), method)
            for actor in (each.id for each in own.sop.actors if each.scope == "agency"):
                assert ask(tenant, str(dossier_id), Caller(tenant, actor, helping).to_dict())
                with pytest.raises(Forbidden, match="wrong_agency"):
                    ask(tenant, str(dossier_id), Caller(tenant, actor, other).to_dict())
        return
    assert own.sop.help is None


def test_another_governments_dossier_is_not_there(office: Office) -> None:
    """Its id answers like an id that nobody ever had, to officers and administrators alike."""
    receipt = office.file("cilacap")
    door = _door(office, RoutingService)
    for caller in (Caller("bantul", "coordinator"), Caller("*", "admin", admin=True)):
        for dossier_id in (str(receipt.id), str(uuid4()), "no-id-at-all"):
            with pytest.raises(NotFound) as refused:
                door.dossier("bantul", dossier_id, caller.to_dict())
            assert ("unknown_dossier", {}) == (refused.value.code, refused.value.params)


@pytest.mark.parametrize("privacy", ["open", "anonymous", "secret"])
def test_who_asked_not_to_be_named_is_not_named_to_an_agency(office: Office, privacy: str) -> None:
    """Only the government's own desks learn who reported; an agency and an administrator read the complaint alone."""
    receipt = office.file("cilacap", privacy=privacy, reporter={"name": "Siti", "email": "siti@warga.example"})
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    seen = {
        caller.actor: _door(office, RoutingService).dossier("cilacap", str(receipt.id), caller.to_dict())
        for caller in (
            Caller("cilacap", "coordinator"),
            Caller("cilacap", "operator", "dpupr"),
            Caller("cilacap", "head", "dpupr"),
            Caller("*", "admin", admin=True),
        )
    }
    named = {actor for actor, view in seen.items() if "Siti" in str(view) or "siti@" in str(view)}

    assert (set(seen) if privacy == "open" else {"coordinator"}) == named
    assert all("Jalan rusak" in str(view) for view in seen.values())
    assert privacy == seen["operator"]["privacy"]


def _every_desk(office: Office, tenant: str) -> Iterator[Any]:
    """A dossier at each place of the procedure, by trying every way from the filing."""
    seen: set[Desk] = set()
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
        desk = Desk(dossier.step, dossier.status, dossier.agency is not None)
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


def _tried(sop: Sop, dossier: Dossier, caller: Caller) -> list[str]:
    """What a caller tries: who could do anything there, everything; all others, what somebody may do at that desk."""
    assert dossier.step is not None
    home = caller.tenant == dossier.tenant and sop.has_actor(caller.actor) and not caller.admin
    if home and (sop.actor(caller.actor).scope != "agency" or caller.agency == dossier.agency):
        return _names(sop)
    return sorted({"erase"} | {action.name for action in _written(sop, dossier.step)})


def _names(sop: Sop) -> list[str]:
    """Every action that the procedure knows, and some that it does not."""
    known = {action.name for step in sop.steps for action in step.actions} | {action.name for action in sop.anytime}
    return sorted(known | {"erase", "close", "lapse"})


def _callers(office: Office, dossier: Dossier) -> list[Caller]:
    """Everybody."""
    tenants = office.runtime.tenants
    own, other = tenants.get(dossier.tenant), tenants.get("bantul" if dossier.tenant != "bantul" else "cilacap")
    elsewhere = next(agency.id for agency in own.agencies if agency.id != dossier.agency)
    callers = []
    for actor in own.sop.actors:
        agencies = {dossier.agency, elsewhere, None} if actor.scope == "agency" else {None}
        callers += [Caller(own.id, actor.id, agency, "somebody") for agency in sorted(agencies, key=str)]
    strangers = {actor.id for actor in other.sop.actors} | {dossier.actor or REPORTER}
    callers += [Caller(other.id, actor, dossier.agency, "a stranger") for actor in sorted(strangers)]
    return [
        *callers,
        Caller("*", "admin", user="admin", admin=True),
        Caller("*", dossier.actor or REPORTER, dossier.agency, "admin", admin=True),
        Caller("*", dossier.actor or REPORTER, dossier.agency, "nobody"),
        Caller(own.id, "mayor", dossier.agency, "nobody"),
    ]


def _expected(sop: Sop, dossier: Dossier, caller: Caller, name: str) -> type[Exception] | None:
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


def _may_read(sop: Sop, dossier: Dossier, caller: Caller) -> bool:
    if caller.admin:
        return True
    if caller.tenant != dossier.tenant or not sop.has_actor(caller.actor):
        return False
    scope = sop.actor(caller.actor).scope
    return scope == "tenant" or (scope == "agency" and caller.agency is not None and caller.agency == dossier.agency)
