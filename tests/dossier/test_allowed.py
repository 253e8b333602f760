"""What a dossier offers to its reader can be done, and what it does not offer cannot."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Never

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.receipts import Receipt
from services.routing.commands import act
from shared.application.reading_rights import check_may_read
from shared.base.caller import Caller
from shared.base.errors import AduanError, Conflict, Forbidden, Invalid
from shared.domain.dossier.arranged import ARRANGED, helpers, open_parts
from shared.domain.dossier.beside import BESIDE
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import DossierEvent
from shared.domain.dossier.leave_terms import open_request
from shared.domain.dossier.view import dossier_view
from shared.domain.sop.authority import action_names
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from tests.fixtures.office import CAUSE, Office, every_tenant
from tests.sla.lives import FIELDS

TENANTS = [*(tenant.id for tenant in every_tenant().all()), "kepulauan"]
GAPS = (0, 0, 1, 16, 700, 15_000, 50_000)
"""Minutes between two deeds."""
OF_THE_INPUT = {"authorised_text", "merged_into_itself", "leader_ended", "clock_paused"}
"""Refusals of what was said with an action, and not of the action."""
REPORTERS = {"reply": {"text": "Belum"}, "supplement": {"title": "Jalan"}, "reopen": {"reason": "Belum"}}


class TakenError(Exception):
    """An action was taken: it came as far as its event."""


@dataclass
class Rehearsal:
    """Stands for the dossiers of a service: everything is as it is, and nothing is appended."""

    dossiers: Any
    known: tuple[Dossier, list[DossierEvent]]

    def open(self, dossier_id: Any, tenant: str | None = None) -> tuple[Dossier, list[DossierEvent]]:
        """The dossier that was looked at, or another."""
        return self.known if dossier_id == self.known[0].id else self.dossiers.open(dossier_id, tenant)

    def append(self, events: Sequence[DossierEvent]) -> Never:
        """It would have been done."""
        raise TakenError(events[0].type)


@dataclass
class Offered:
    """A complaint, and what everybody may do with it."""

    office: Office
    receipt: Receipt

    def callers(self, dossier: Dossier) -> Iterator[Caller]:
        """A government's desks; those of the agency that has it, of one that may help, and of one without a part."""
        tenant = self.office.runtime.tenants.get(dossier.tenant)
        agencies = dict.fromkeys((dossier.agency or tenant.agencies[0].id, *(each.id for each in tenant.agencies[:2])))
        for actor in tenant.sop.actors:
            if actor.scope == "tenant":
                yield Caller(tenant.id, actor.id, None, "rini")
            elif actor.scope == "agency":
                yield from (Caller(tenant.id, actor.id, agency, "dewi") for agency in agencies)

    def listed(self, caller: Caller, dossier: Dossier, events: list[DossierEvent]) -> set[str]:
        """The names of what a caller is offered."""
        runtime = self.office.runtime
        tenant = runtime.tenants.get(dossier.tenant)
        try:
            check_may_read(caller, tenant, dossier.sop_version, dossier.agency, helpers(events))
        except Forbidden:
            return set()
        view = dossier_view(dossier, events, tenant, runtime.vault.key_of(dossier.id), runtime.clock.now(), caller)
        offered = (*view["allowed"], *view["beside"])
        return {each["action"] for each in offered if each["actor"] in (None, caller.actor)}

    def fields(self, name: str, dossier: Dossier, events: list[DossierEvent]) -> dict[str, Any]:
        """What is said with an action, where it needs it: as well-formed as can be known beforehand."""
        needs = dict(self._needs(dossier)).get(name, ())
        agencies = self.office.runtime.tenants.get(dossier.tenant).agencies
        request = open_request(events)
        more: dict[str, Any] = {
            "agency": agencies[1].id,
            "asked": request.originator_version if request else 1,
            "part": max(open_parts(events), default=1),
            "until": self.office.runtime.tenants.get(dossier.tenant).local(self.office.time.now())[:10],
            "into": str(dossier.id),
            "summary": "Jalan rusak",
            "summary_version": dossier.summary or 1,
            "outcome": "done",
            "kind": "pause",
        }
        said = {need: more.get(need, FIELDS.get(need, "x")) for need in needs}
        return said | ({"why": "goods"} if name == "ask_leave" else {})

    def outcome(self, caller: Caller, name: str, known: tuple[Dossier, list[DossierEvent]]) -> str:
        """What becomes of an action: ``taken``, ``input`` if only what was said with it is at fault, or the refusal."""
        dossier, events = known
        runtime = self.office.runtime
        real = runtime.dossiers("routing")
        runtime._dossiers["routing"] = Rehearsal(real, known)  # type: ignore[assignment]
        try:
            act(runtime, caller, dossier.tenant, dossier.id, name, self.fields(name, dossier, events), CAUSE)
        except TakenError:
            return "taken"
        except Invalid:
            return "input"
        except (Conflict, Forbidden) as refused:
            return "input" if refused.code in OF_THE_INPUT else refused.code
        finally:
            runtime._dossiers["routing"] = real
        raise AssertionError("an action neither appended nor refused")

    def check(self) -> list[tuple[Caller, str]]:
        """Hold that what is offered is taken, and nothing else is; all that is.

        :returns: who may do what now.
        """
        known = self.office.runtime.dossiers("routing").open(self.receipt.id)
        dossier, events = known
        names = [*dict.fromkeys((*action_names(self.office.sop_of(dossier)), *ARRANGED, *BESIDE))]
        found: list[tuple[Caller, str]] = []
        for caller in self.callers(dossier):
            listed = self.listed(caller, dossier, events)
            outcomes = {name: self.outcome(caller, name, known) for name in names}
            taken = {name for name, outcome in outcomes.items() if outcome in ("taken", "input")}

            assert (listed, {}) == (taken, {name: outcomes[name] for name in listed ^ taken}), (dossier.step, caller)
            found += [(caller, name) for name in sorted(listed)]
        return found

    def go_on(self, choice: int, may: list[tuple[Caller, str]]) -> None:
        """One of the things that somebody may do, the reporter's and the system's among them."""
        office, (dossier, events) = self.office, self.office.runtime.dossiers("routing").open(self.receipt.id)
        ways: list[Callable[[], object]] = [partial(office.run_system, self.receipt), office.tick]
        ways += [partial(office.say, self.receipt, name, **said) for name, said in REPORTERS.items()]
        ways += [
            partial(
                act, office.runtime, caller, dossier.tenant, dossier.id, name, self.fields(name, dossier, events), CAUSE
            )
            for caller, name in may
            if name not in ("reject", "withdraw") or choice % 5 == 0
        ]
        try:
            ways[choice % len(ways)]()
        except AduanError:
            return  # refused for what was said with it: the walk goes on from where it is

    def _needs(self, dossier: Dossier) -> Iterator[tuple[str, tuple[str, ...]]]:
        sop = self.office.sop_of(dossier)
        for name, (_, needs, _optional) in (*ARRANGED.items(), *BESIDE.items()):
            yield name, needs
        for action in (*(each for step in sop.steps for each in step.actions), *sop.anytime, *sop.after_end):
            if action.actor not in (REPORTER, SYSTEM):
                yield action.name, action.needs


@pytest.mark.parametrize("tenant", TENANTS)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds=st.lists(st.tuples(st.sampled_from(GAPS), st.integers(0, 10_000)), min_size=4, max_size=10))
def test_what_is_offered_can_be_done_and_nothing_else(
    office: Office, tenant: str, deeds: list[tuple[int, int]]
) -> None:
    """On any walk, for everybody: each action of ``allowed`` is taken or refused for its input, each other refused."""
    story = Offered(office, office.file(tenant))
    for gap, choice in deeds:
        office.later(minutes=gap)
        story.go_on(choice, story.check())
    story.check()
