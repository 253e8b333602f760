"""Nobody does what is not theirs to do, and nobody reads what is not theirs to read.

Each government's procedure is walked to every desk. There each role of this and of another government, for the agency
responsible, for another one and for none, tries each action that there is; and so do an administrator and the services.
What is expected is read off the procedure as written, not asked of the code that decides.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notify.service import NotifyService
from services.reporting.service import ReportingService
from services.routing.service import RoutingService
from services.sla.service import SlaService
from shared.base.caller import SYSTEM, Caller
from shared.base.errors import Conflict, Forbidden, NotFound
from shared.domain.dossier.arranged import ARRANGED
from shared.domain.dossier.beside import BESIDE
from tests.fixtures.office import Office, every_tenant
from tests.fixtures.postgres import fresh_database
from tests.privacy.expecting import callers_of, every_desk, expected_of, may_read, tried
from tests.sla.lives import FIELDS

TENANTS = [tenant.id for tenant in every_tenant().all()]
MONTH = "2026-10"


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
        yield Walk(office, request.param, tuple(every_desk(office, request.param)))
        office.close()
        next(databases, None)


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
        for caller in callers_of(office, before):
            for name in tried(sop, before, caller):
                expected = expected_of(sop, before, caller, name)
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
        for caller in callers_of(office, dossier):
            for service, method in ((RoutingService, "dossier"), (NotifyService, "messages")):
                ask = getattr(_door(office, service), method)
                arguments = {"tenant": tenant, "dossier_id": str(dossier_id), "caller": caller.to_dict()}
                if may_read(office.sop_of(dossier), dossier, caller):
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
    for caller in callers_of(office, dossier):
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
    for dossier_id in every_desk(office, tenant):
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


def test_on_which_version_a_dossier_is_only_its_readers_learn(office: Office) -> None:
    """Whatever is asked for on another version: who may not read it is refused, and told no number."""
    receipt = office.file("cilacap")
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    door = _door(office, RoutingService)
    names = (*BESIDE, *ARRANGED, "forward")
    for caller in (
        Caller("cilacap", "operator", "dinkes", "budi"),
        Caller("cilacap", "operator", None, "budi"),
        Caller("bantul", "coordinator", None, "budi"),
    ):
        for name in names:
            with pytest.raises(Forbidden):
                door.act("cilacap", str(receipt.id), name, {}, 999, caller.to_dict())
    for name in names:
        with pytest.raises(Conflict, match="moved_on"):
            door.act("cilacap", str(receipt.id), name, {}, 999, Caller("cilacap", "operator", "dpupr", "d").to_dict())


def test_an_office_adds_no_file_to_what_is_over(office: Office) -> None:
    """The government's own desk may still keep one; the office that had it may not, nor any other."""
    receipt = office.file("cilacap")
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    operator = Caller("cilacap", "operator", "dpupr", "dewi").to_dict()
    door = _door(office, RoutingService)
    before = door.may_add_file("cilacap", str(receipt.id), operator)
    office.say(receipt, "withdraw", reason="Sudah beres")
    with pytest.raises(Conflict, match="ended"):
        door.may_add_file("cilacap", str(receipt.id), operator)
    with pytest.raises(Forbidden):
        door.may_add_file("cilacap", str(receipt.id), Caller("cilacap", "operator", "dinkes", "budi").to_dict())

    assert before == door.may_add_file(
        "cilacap", str(receipt.id), Caller("cilacap", "coordinator", None, "r").to_dict()
    )


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
