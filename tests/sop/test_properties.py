"""Whatever actors do within their rights, a dossier stays in a legal step and can still end."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.sop import engine
from shared.domain.sop.graph import ending
from shared.domain.sop.model import Sop
from shared.domain.sop.vocabulary import FINAL_STATUSES, OPEN_STATUSES, SYSTEM, Status
from shared.domain.tenants import Tenant
from tests.sop.paths import legal_path
from tests.sop.walker import SIXTH, TENANTS, Moved, Walked, Walker

ALL = [*TENANTS.all(), *SIXTH.all()]
each = pytest.mark.parametrize("tenant", ALL, ids=[tenant.id for tenant in ALL])


def step_once(walker: Walker, choice: int) -> bool:
    """One of the things that may happen now; False if the dossier has ended."""
    if walker.step is None:
        return False
    step = walker.sop.step(walker.step)
    possible = [
        (actor.id, action)
        for actor in walker.sop.actors
        for action in engine.allowed(walker.sop, step.id, walker.status, actor.id)
    ]
    timeout = engine.timeout_action(step)
    if timeout is not None:
        possible.append((SYSTEM, timeout))
    actor, action = possible[choice % len(possible)]
    walker.take(action, actor)
    return True


def walk(tenant: Tenant, choices: Sequence[int]) -> Walker:
    """A random walk."""
    walker = Walker.file(tenant)
    for choice in choices:
        if not step_once(walker, choice):
            break
    return walker


@each
@settings(max_examples=20, deadline=None)
@given(choices=st.lists(st.integers(0, 50), max_size=40))
def test_every_walk_is_legal(tenant: Tenant, choices: list[int]) -> None:
    """Any sequence of allowed actions keeps the dossier in a step of the SOP with an open status, or ends it."""
    walker = walk(tenant, choices)

    assert () == legal_path(tenant.sop, walker.events)
    if walker.step is None:
        assert walker.status in FINAL_STATUSES
    else:
        assert tenant.sop.has_step(walker.step)
        assert walker.status in OPEN_STATUSES


@each
@settings(max_examples=20, deadline=None)
@given(choices=st.lists(st.integers(0, 50), max_size=30))
def test_nothing_is_stuck(tenant: Tenant, choices: list[int]) -> None:
    """Wherever a walk stops, somebody can act or a time-out runs, and there is a way to an end."""
    walker = walk(tenant, choices)
    if walker.step is None:
        return
    step = tenant.sop.step(walker.step)
    someone = any(engine.allowed(tenant.sop, step.id, walker.status, actor.id) for actor in tenant.sop.actors)

    assert someone or step.timeout is not None
    assert step.id in ending(tenant.sop)


@each
@settings(max_examples=20, deadline=None)
@given(choices=st.lists(st.integers(0, 50), min_size=3, max_size=30), seed=st.integers(0, 10**6))
def test_a_forged_event_is_found(tenant: Tenant, choices: list[int], seed: int) -> None:
    """An event put into the middle of a story that the SOP does not allow there is told."""
    walker = walk(tenant, choices)
    place = 1 + seed % len(walker.events)
    forged = Walked("Dispositioned", "nobody", walker.events[place - 1].step, "in_progress", Moved(tenant.sop.start))
    events = [*walker.events[:place], forged, *walker.events[place:]]

    assert legal_path(tenant.sop, events)


@each
def test_story_must_begin_with_its_filing(tenant: Tenant) -> None:
    """A story without its beginning is none."""
    walker = Walker.file(tenant)

    assert legal_path(tenant.sop, [Walked("Closed", SYSTEM, None, "closed", None)])
    assert legal_path(tenant.sop, walker.events[1:]) if len(walker.events) > 1 else True


def total_actions(sop: Sop) -> int:
    """How many ways an SOP knows."""
    return sum(len(step.actions) for step in sop.steps) + len(sop.anytime)


@each
def test_every_action_can_happen(tenant: Tenant) -> None:
    """No action of an SOP is dead: for each there is a walk that takes it."""
    taken: set[tuple[str, str]] = set()
    seen: set[tuple[str, str]] = set()
    queue: list[tuple[str, Status]] = [(tenant.sop.start, "in_progress")]
    while queue:
        here = queue.pop()
        if here in seen:
            continue
        seen.add(here)
        step_id, status = here
        step = tenant.sop.step(step_id)
        actions = [a for actor in tenant.sop.actors for a in engine.allowed(tenant.sop, step_id, status, actor.id)]
        timeout = engine.timeout_action(step)
        for action in [*actions, *([timeout] if timeout else [])]:
            taken.add(("anytime" if action in tenant.sop.anytime else step_id, action.name))
            target = engine.next_step(tenant.sop, step_id, action)
            after = engine.status_after(tenant.sop, status, action, target)
            if target is not None:
                queue.append((target.id, after))
    own = {(step.id, action.name) for step in tenant.sop.steps for action in step.actions}

    assert set() == own - taken
    assert {("anytime", action.name) for action in tenant.sop.anytime} <= taken
