"""Checks of wrong turns: that they lead back, that who replies is heard, and that nobody is lost on the way."""

from collections.abc import Iterator
from typing import Final

from shared.domain.dossier.event_name import EventName
from shared.domain.sop import engine
from shared.domain.sop.checking.finding import ERROR, WARNING, Finding, Place
from shared.domain.sop.model import Action, Sop, Step
from shared.domain.sop.vocabulary import END, REPORTER, SAME, SYSTEM, Status

_BACK = frozenset({"wrong_agency", "out_of_authority"})
_FREEING: Final[frozenset[EventName]] = frozenset({"Recalled", "Reinstated"})
_CLOSING: Final[frozenset[EventName]] = frozenset({"Closed", "Lapsed"})


def turns(sop: Sop) -> Iterator[Finding]:
    """Everything about wrong turns."""
    yield from _no_way_back(sop)
    yield from _unheard(sop)
    yield from _without_agency(sop)
    yield from _rejecting(sop)
    yield from _merging(sop)


def _no_way_back(sop: Sop) -> Iterator[Finding]:
    """An agency that got what is not its own must be able to let go of it."""
    for index, step in enumerate(sop.steps):
        if sop.actor(step.actor).scope != "agency":
            continue
        here = engine.open_actions(sop, step.id, "in_progress")
        if not any(action.event == "Recalled" or action.why in _BACK for action in here):
            message = f"what was sent to the wrong agency cannot come back from {step.id!r}"
            remedy = "add a return with `why: wrong_agency`, or a recall for whoever disposes"
            yield Finding(WARNING, "disposition_without_way_back", message, remedy, ("steps", index))


def _unheard(sop: Sop) -> Iterator[Finding]:
    """What a wait waits for must end it: or who has replied is closed as if they had not."""
    for index, step in enumerate(sop.steps):
        if step.timeout is None or step.timeout.event not in _CLOSING:
            continue
        status = step.status or _status_in(sop, step)
        for action in engine.open_actions(sop, step.id, status):
            theirs = engine.holder_of(sop, step.id, action) == REPORTER
            if theirs and action.event in engine.AWAITED and action.to in (SAME, step.id):
                message = (
                    f"{action.name!r} does not end the wait in {step.id!r}: it is {step.timeout.event} all the same"
                )
                remedy = "lead it to a desk that answers it"
                yield Finding(WARNING, "reply_ends_no_wait", message, remedy, ("steps", index))


def _status_in(sop: Sop, step: Step) -> Status:
    """The status that a dossier has in a step of the reporter's, as the actions that lead there say."""
    arriving = [action for each in sop.steps for action in each.actions if action.to == step.id]
    if any(action.event == "Returned" for action in arriving):
        return "returned"
    return "transferred" if any(action.event == "Transferred" for action in arriving) else "answered"


def _without_agency(sop: Sop) -> Iterator[Finding]:
    """A desk of an agency needs an agency: every way there must lead through a disposition."""
    seen: set[tuple[str, bool]] = set()
    waiting = [(sop.start, False), *((action.to, False) for action in sop.after_end)]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        step_id, has_agency = here
        timeout = engine.timeout_action(sop.step(step_id))
        for action in (*engine.candidates(sop, step_id), *((timeout,) if timeout else ())):
            held = not action.held_by or sop.actor(sop.step(step_id).actor).scope in action.held_by
            if action.to not in (SAME, END) and held:
                waiting.append((action.to, _agency_after(action, has_agency=has_agency)))
    for index, step in enumerate(sop.steps):
        if sop.actor(step.actor).scope == "agency" and (step.id, False) in seen:
            message = f"a complaint that no agency has may come before {step.id!r}, where nobody could act on it"
            remedy = "let that way lead to a desk that disposes"
            yield Finding(WARNING, "agency_without_disposition", message, remedy, ("steps", index))


def _agency_after(action: Action, *, has_agency: bool) -> bool:
    if action.event == "Dispositioned":
        return True
    return has_agency and action.event not in _FREEING and action.why not in _BACK


def _rejecting(sop: Sop) -> Iterator[Finding]:
    for place, action in _actions(sop):
        if action.event == "Rejected" and not sop.rejections:
            message = f"{action.name!r} rejects for one of the reasons under `rejections`, and there is none"
            yield Finding(ERROR, "no_rejections", message, "list them under `rejections`", place)
        ending = {"Rejected": "rejected", "Merged": "merged"}.get(action.event)
        if ending and not any(ending in each.statuses and each.actor != SYSTEM for each in sop.after_end):
            message = f"what {action.name!r} ends cannot be taken up again"
            remedy = f"add an action with the event Reinstated to after_end, with {ending} in its `while`"
            yield Finding(WARNING, "no_reinstating", message, remedy, place)


def _merging(sop: Sop) -> Iterator[Finding]:
    merging = [place for place, action in _actions(sop) if action.event == "Merged"]
    if merging and not any(each.actor == SYSTEM and "merged" in each.statuses for each in sop.after_end):
        message = "who is merged into a complaint that ends without an answer gets none either"
        remedy = "add to after_end: {name: release, event: Reinstated, to: a desk, actor: system, while: [merged]}"
        yield Finding(WARNING, "merged_for_ever", message, remedy, merging[0])


def _actions(sop: Sop) -> Iterator[tuple[Place, Action]]:
    for index, step in enumerate(sop.steps):
        for number, action in enumerate(step.actions):
            yield ("steps", index, "actions", number), action
    for block, actions in (("anytime", sop.anytime), ("after_end", sop.after_end)):
        for number, action in enumerate(actions):
            yield (block, number), action
