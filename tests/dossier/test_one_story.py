"""One dossier, one story: whoever acts on it at the same time, its events are a legal path of its SOP, and not many."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from eventlet import GreenPool
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.receipts import Receipt
from shared.base.errors import AduanError
from shared.domain.complaint.schema import REPORTER_ACTIONS
from shared.domain.dossier.dossier import Dossier, evolve, fold
from shared.domain.dossier.events import ClockEvent, DossierEvent
from shared.domain.sop import engine
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from tests.fixtures.office import Office, every_tenant
from tests.sla.lives import FIELDS, possible
from tests.sop.paths import legal_path

TENANTS = [*(tenant.id for tenant in every_tenant().all()), "kepulauan"]
GAPS = (0, 0, 0, 1, 14, 16, 61, 700, 4_000, 15_000, 50_000)
"""Minutes between two rounds."""
ANYTHING = 10_000
BY_ITSELF = -1
ENDING = {"withdraw", "reject", "merge"}
"""Or hardly a story would be long."""


@dataclass
class WatchedStory:
    """A dossier, everybody who may try something with it, and what was seen of it event by event."""

    office: Office
    receipt: Receipt
    seen: list[DossierEvent] = field(default_factory=list)
    states: list[Dossier | None] = field(default_factory=lambda: [None])

    def attempt(self, choice: int) -> None:
        """Somebody tries something: the scheduler, the system, whoever may, or whoever may not."""
        kind, rest = choice % 8, choice // 8
        if choice == BY_ITSELF:
            self._try(lambda: self.office.system_acts(self.receipt))
        elif kind < 2:
            self.office.tick()
        elif kind == 2:
            actions = [name for name in REPORTER_ACTIONS if name != "withdraw"]
            self.act(REPORTER, actions[rest % len(actions)])
        elif kind == 3:
            sop = self.office.sop_of(self.office.load(self.receipt.id))
            officers = [actor.id for actor in sop.actors if actor.id not in (REPORTER, SYSTEM)]
            names = sorted({action.name for step in sop.steps for action in step.actions})
            self.act(officers[rest % len(officers)], names[rest % len(names)])
        elif found := possible(self.office, self.receipt):
            actor, action = found[rest % len(found)]
            if action.name not in ENDING or rest % 5 == 0:
                self.act(actor, action.name)

    def act(self, actor: str, name: str) -> None:
        """Somebody tries an action, with all that it needs."""
        dossier = self.office.load(self.receipt.id)
        try:
            action = engine.find_action(self.office.sop_of(dossier), dossier.step, name, actor)
        except KeyError:
            needs: tuple[str, ...] = ()
        else:
            needs = action.needs if action.event != "Classified" else ("category",)
        agency = self.office.runtime.tenants.get(dossier.tenant).agencies[0].id
        fields = {need: FIELDS.get(need, agency) for need in needs}
        if name == "supplement":
            fields |= {"title": "Jalan rusak"}
        if actor == REPORTER:
            self._try(lambda: self.office.say(self.receipt, name, **fields))
        else:
            self._try(lambda: self.office.act(self.receipt, actor, name, **fields))

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except AduanError:
            return  # refused, as it may be: what was accepted is what the test looks at

    def look(self) -> None:
        """Read what is new, and fold it onto what was known."""
        for event in self.office.history(self.receipt.id)[len(self.seen) :]:
            self.seen.append(event)
            self.states.append(evolve(self.states[-1], event))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    tenant=st.sampled_from(TENANTS),
    rounds=st.lists(
        st.tuples(st.sampled_from(GAPS), st.lists(st.integers(0, ANYTHING), min_size=1, max_size=4)),
        min_size=5,
        max_size=14,
    ),
)
def test_one_dossier_one_story(office: Office, tenant: str, rounds: list[tuple[int, list[int]]]) -> None:
    """Under any interleaving of commands it is a legal path of its SOP, and any prefix folds to the state of then."""
    story = WatchedStory(office, office.file(tenant))
    for gap, choices in rounds:
        office.later(minutes=gap)
        at_once = [BY_ITSELF, *choices]
        list(GreenPool(len(at_once)).imap(story.attempt, at_once))
        story.look()
        assert story.states[-1] == office.load(story.receipt.id)
    story.look()

    dossier = office.load(story.receipt.id)
    assert () == legal_path(office.sop_of(dossier), story.seen)
    assert list(range(1, len(story.seen) + 1)) == [event.originator_version for event in story.seen]
    for version, state in enumerate(story.states):
        assert state == fold(story.seen[:version])
    assert _at_most(office, dossier, story) >= len(story.seen)


def _at_most(office: Office, dossier: Dossier, story: WatchedStory) -> int:
    """What explains every event: those that people and the system did, and what each clock may have to say at most."""
    sop = office.sop_of(dossier)
    acts = sum(not isinstance(event, ClockEvent) for event in story.seen)
    return acts + sum(2 + len(sop.step(clock.step).escalate_to) for clock in dossier.clocks)


@pytest.mark.parametrize("tenant", TENANTS)
def test_streams_stay_short(office: Office, tenant: str) -> None:
    """As many acts as the SOP has, each desk late up to the top of its chain: even then no dossier needs a snapshot."""
    story = WatchedStory(office, office.file(tenant))
    office.run_system(story.receipt)
    sop = office.sop_of(office.load(story.receipt.id))
    taken = Counter[tuple[str | None, str, str]]()
    for _ in range(sum(len(step.actions) for step in sop.steps if step.actor != SYSTEM)):
        dossier = office.load(story.receipt.id)
        # Least done first, and what leads back before what leads on: so that as much as can happens to one dossier.
        actor, action = min(
            (each for each in possible(office, story.receipt) if each[1].name not in ENDING),
            key=lambda each: (
                taken[dossier.step, each[1].name, each[0]],
                each[1].to != "same",
                each[1].event != "Returned",
            ),
        )
        taken[dossier.step, action.name, actor] += 1
        office.later(hours=1) if dossier.open_clock("reply") else office.later(days=100)
        office.tick()
        story.act(actor, action.name)
        office.run_system(story.receipt)
    office.later(days=200)
    office.tick()
    story.look()

    assert () == legal_path(sop, story.seen)
    assert 101 > len(story.seen)
