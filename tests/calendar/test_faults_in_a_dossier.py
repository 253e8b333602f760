"""Faults that other helpdesks have had with the clocks of a ticket: none of them in a dossier of ours.

The names in brackets are theirs: the issue of the project in which the fault was reported.
"""

from dataclasses import replace
from uuid import UUID

from shared.domain.dossier.clocks import clocks_of, next_firing
from tests.dossier.story import Story


def _states(world: Story) -> list[tuple[str, str, bool]]:
    assert world.dossier is not None
    return [(clock.target, clock.state, clock.open) for clock in world.dossier.clocks]


def test_a_late_step_is_late_though_no_tick_saw_it() -> None:
    """Done between two ticks of a scheduler, a second after its due time: breached (chatwoot)."""
    world = Story()
    world.file()
    world.later(minutes=15, seconds=1)

    world.act("dispose")

    assert ("step", "breached", False) == _states(world)[0]


def test_no_target_of_the_former_holder_lingers_after_a_transfer() -> None:
    """When a dossier changes hands, exactly one step clock runs: the new holder's (zammad #5624)."""
    world = Story()
    world.file()
    for action in ("dispose", "return"):
        world.later(minutes=1)
        world.act(action)

        assert 1 == sum(target == "step" and is_open for target, _, is_open in _states(world))


def test_a_later_target_that_is_met_does_not_hide_an_earlier_one_that_was_not() -> None:
    """The first desk stays late however fast the second is (zammad #5177)."""
    world = Story()
    world.file()
    world.later(minutes=20)
    world.act("dispose")
    world.later(minutes=1)
    world.act("forward")

    assert ["breached", "satisfied"] == [state for target, state, _ in _states(world) if target == "step"][:2]


def test_a_merged_duplicate_warns_and_escalates_nobody() -> None:
    """All its clocks end with the merging (zammad #904)."""
    world = Story()
    world.file()
    dossier = world.note("Merged", into=UUID(int=2))

    assert [] == [clock for clock in dossier.clocks if clock.open]
    assert {None} == {next_firing(clock) for clock in dossier.clocks}


def test_renaming_a_step_leaves_old_histories_as_they_were() -> None:
    """Clocks follow from what the events recorded, not from what the SOP calls its steps today."""
    world = Story()
    world.file()
    world.later(minutes=16)
    world.act("dispose")
    renamed = [
        replace(event, promise=replace(event.promise, step=f"dulu_{event.promise.step}")) if event.promise else event
        for event in world.events
    ]

    assert [(clock.state, clock.late_seconds) for clock in clocks_of(world.events)] == [
        (clock.state, clock.late_seconds) for clock in clocks_of(renamed)
    ]
