"""Which of an SOP's actions the officers of a demo have taken at least once."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from shared.domain.dossier.arranged import ARRANGED
from shared.domain.sop.engine import holder_of
from shared.domain.sop.model import Action, Sop
from shared.domain.sop.vocabulary import REPORTER, SAID, SYSTEM

Key = tuple[str, str, str]
"""Where an action stands (a step's id, or one of the places below), its name, and whose it is."""

ANYTIME = "any step"
AFTER_END = "after its end"
BESIDE = "beside the steps"
ON_BEHALF = "on the reporter's word"

_OF_LEAVE = ("ask_leave", "grant_leave", "refuse_leave", "resume")
_OF_HELP = ("ask_help", "give_help", "cancel_help")


class Coverage:
    """Of one SOP.

    :param sop: whose actions.
    """

    def __init__(self, sop: Sop) -> None:
        self._sop = sop
        self._wanted = set(_every(sop))
        self._taken: set[Key] = set()

    def note(self, step: str | None, name: str, actor: str) -> None:
        """An officer did it.

        :param step: where the dossier stood; none if it had ended.
        """
        self._taken.add(self._key(step, name, actor))

    def lacks(self, view: Mapping[str, Any], name: str, actor: str | None) -> bool:
        """Whether nobody did it so far."""
        return self._key(view["step"], name, str(actor)) not in self._taken

    def lacks_in(self, steps: Collection[str]) -> bool:
        """Whether something is left that was never done in some steps."""
        return any(place in steps for place, _, _ in self._wanted - self._taken)

    @property
    def taken(self) -> int:
        """How many of the SOP's actions were taken."""
        return len(self._wanted & self._taken)

    def missed(self) -> list[str]:
        """What nobody did, in words."""
        return [f"{name} ({place}{', ' if actor else ''}{actor})" for place, name, actor in self._in_order()]

    def _in_order(self) -> list[Key]:
        return sorted(self._wanted - self._taken)

    def _key(self, step: str | None, name: str, actor: str) -> Key:
        if name in ARRANGED:
            return BESIDE, name, ""
        if step is None:
            return AFTER_END, name, actor
        own = self._sop.step(step).actions
        if any(each.name == name and holder_of(self._sop, step, each) == actor for each in own):
            return step, name, actor
        if any(each.name == name and each.actor == actor for each in self._sop.anytime):
            return ANYTIME, name, actor
        return ON_BEHALF, name, ""


def _every(sop: Sop) -> Iterator[Key]:
    for step in sop.steps:
        for action in step.actions:
            yield from _officers(step.id, action, holder_of(sop, step.id, action))
    for action in sop.anytime:
        yield from _officers(ANYTIME, action, str(action.actor))
    for action in sop.after_end:
        yield from _officers(AFTER_END, action, str(action.actor))
    if sop.leave is not None:
        yield from ((BESIDE, name, "") for name in _OF_LEAVE)
    if sop.help is not None:
        yield from ((BESIDE, name, "") for name in _OF_HELP)
    if sop.on_behalf is not None:
        yield from ((ON_BEHALF, name, "") for name in sorted(_said(sop)))


def _said(sop: Sop) -> set[str]:
    """What a reporter may say once the complaint is with the government: at the door they fill in the form."""
    of_steps = (
        action
        for step in sop.steps
        for action in step.actions
        if holder_of(sop, step.id, action) == REPORTER and (step.id != sop.filed_in or _led_to(sop, step.id))
    )
    of_any = (action for action in sop.anytime if action.actor == REPORTER)
    return {action.name for action in (*of_steps, *of_any) if action.event in SAID}


def _led_to(sop: Sop, step_id: str) -> bool:
    return any(action.to == step_id for step in sop.steps for action in step.actions)


def _officers(place: str, action: Action, actor: str) -> Iterator[Key]:
    if actor not in (SYSTEM, REPORTER):
        yield place, action.name, actor
