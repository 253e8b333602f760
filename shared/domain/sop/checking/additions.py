"""What an SOP file adds to its source: listed, so that its owner can confirm it or switch it off."""

from collections.abc import Iterator

from shared.domain.sop.checking.finding import INFO, Finding, Place
from shared.domain.sop.model import Action, Help, Leave, NotifyRule, OnBehalf, Sop, Step


def additions(sop: Sop) -> Iterator[Finding]:
    """Every part of an SOP that its source does not state and its owner has not confirmed."""
    for place, name, part in _parts(sop):
        if part.source is not None and not part.confirmed:
            message = f"{name} is an addition ({part.source}), not confirmed"
            remedy = "let the owner of the SOP decide: set confirmed: true, or name it under `without`"
            yield Finding(INFO, "unconfirmed_addition", message, remedy, place)


def _parts(sop: Sop) -> Iterator[tuple[Place, str, Step | Action | NotifyRule | Leave | Help | OnBehalf]]:
    for index, step in enumerate(sop.steps):
        yield ("steps", index), f"the step {step.id!r}", step
        for number, action in enumerate(step.actions):
            yield ("steps", index, "actions", number), f"{action.name!r} in {step.id!r}", action
    for block, actions in (("anytime", sop.anytime), ("after_end", sop.after_end)):
        for index, action in enumerate(actions):
            yield (block, index), f"{action.name!r} ({block})", action
    for index, rule in enumerate(sop.notify):
        yield ("notify", index), f"telling {', '.join(rule.tell)} of {rule.on}", rule
    if sop.leave is not None:
        yield ("leave",), "the block 'leave'", sop.leave
    if sop.help is not None:
        yield ("help",), "the block 'help'", sop.help
    if sop.on_behalf is not None:
        yield ("on_behalf",), "the block 'on_behalf'", sop.on_behalf
