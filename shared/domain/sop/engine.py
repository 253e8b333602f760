"""The interpreter: what an SOP allows in a step, where an action leads, and what becomes of the status.

Pure functions over the model. They decide nothing by the name of a step, a tenant or an action: only by what the
SOP's file says of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from shared.base.blank import is_blank
from shared.domain.complaint.dotted import value_at
from shared.domain.dossier.event_name import EventName
from shared.domain.sop.model import Action, Sop, Step
from shared.domain.sop.vocabulary import END, FINAL_STATUSES, REPORTER, SAID, SAME, SYSTEM, VIA, Automatic, Status

_STATUS_OF_EVENT: Final[dict[EventName, Status]] = {
    "Supplemented": "in_progress",
    "Dispositioned": "in_progress",
    "Recalled": "in_progress",
    "Reinstated": "in_progress",
    "Reopened": "in_progress",
    "Rejected": "rejected",
    "Merged": "merged",
    "Withdrawn": "withdrawn",
    "Lapsed": "lapsed",
    "Closed": "closed",
    "Transferred": "transferred",
}
AWAITED: Final[frozenset[EventName]] = frozenset({"Supplemented", "Replied"})
"""The reporter's words for which a dossier waits that is theirs to go on with."""
_EVENT_OF_AUTOMATIC: Final[dict[Automatic, EventName]] = {
    "classify": "Classified",
    "dispose": "Dispositioned",
    "notify": "Forwarded",
    "deliver": "AnswerDelivered",
}


def first_step(sop: Sop) -> Step:
    """The step that a complaint enters on filing."""
    return sop.step(sop.start)


def candidates(sop: Sop, step_id: str) -> tuple[Action, ...]:
    """Everything that anybody may be allowed in a step: its own actions first, then those of any time.

    Last come those that an officer may record on the reporter's word. An action of the step hides one of any time that
    has its name and its holder.
    """
    offered = sop.offered.get(step_id)
    if offered is None:  # it follows from the procedure alone, and is asked for many times for each action
        offered = sop.offered[step_id] = tuple(_candidates(sop, step_id))
    return offered


def _candidates(sop: Sop, step_id: str) -> Iterable[Action]:
    found: dict[tuple[str, str], Action] = {}
    for action in (*sop.step(step_id).actions, *sop.anytime):
        found.setdefault((action.name, holder_of(sop, step_id, action)), action)
    for action in list(_on_behalf(sop, step_id, found.values())):
        found.setdefault((action.name, holder_of(sop, step_id, action)), action)
    return found.values()


def _on_behalf(sop: Sop, step_id: str, own: Iterable[Action]) -> Iterator[Action]:
    for action in own:
        if action.event in SAID and holder_of(sop, step_id, action) == REPORTER:
            yield from _recorded(sop, action)


def _recorded(sop: Sop, action: Action) -> Iterator[Action]:
    """What a reporter may say, as those officers may record it whom the reporter told."""
    if sop.on_behalf is None:
        return
    for officer in sop.on_behalf.by:
        yield replace(
            action,
            actor=officer,
            needs=(VIA, *action.needs),
            source=sop.on_behalf.source,
            confirmed=sop.on_behalf.confirmed,
        )


def find_action(sop: Sop, step_id: str | None, name: str, actor: str | None = None) -> Action:
    """The action of that name in a step, or among those allowed in every open step.

    :param actor: who asks: of several actions of that name, the one that is theirs is meant.
    :raises KeyError: if there is none.
    """
    named = [action for action in candidates(sop, step_id) if action.name == name] if step_id else []
    if actor == REPORTER:
        # What an officer may record on their word is nothing that they may do themselves.
        named = [action for action in named if VIA not in action.needs]
    if not named:
        raise KeyError(name)
    return next((action for action in named if holder_of(sop, step_id or "", action) == actor), named[0])


def holder_of(sop: Sop, step_id: str, action: Action) -> str:
    """The actor who may do an action in a step."""
    return action.actor or sop.step(step_id).actor


def allowed(sop: Sop, step_id: str, status: Status, actor: str) -> tuple[Action, ...]:
    """What an actor may do now; the step's own actions first.

    :param status: the dossier's status: some actions are open in certain statuses only.
    """
    return tuple(action for action in open_actions(sop, step_id, status) if holder_of(sop, step_id, action) == actor)


def open_actions(sop: Sop, step_id: str, status: Status) -> tuple[Action, ...]:
    """What anybody may do now, the system included."""
    return tuple(action for action in candidates(sop, step_id) if is_open(sop, step_id, action, status))


def is_open(sop: Sop, step_id: str, action: Action, status: Status) -> bool:
    """Whether an action may be done in a step and a status."""
    held = not action.held_by or sop.actor(sop.step(step_id).actor).scope in action.held_by
    return held and open_in(action, status)


def open_in(action: Action, status: Status) -> bool:
    """Whether an action may be done in a status."""
    if status in FINAL_STATUSES:
        return False
    return not action.statuses or status in action.statuses


def awaited_word(sop: Sop, step_id: str, status: Status) -> Action | None:
    """What a reporter who writes does in a step that waits for them: they complete, or write back; none if neither."""
    own = allowed(sop, step_id, status, REPORTER)
    return next((action for action in own if action.event in AWAITED and action.to not in (SAME, step_id)), None)


def after_end(sop: Sop, status: Status, *, answered: bool) -> tuple[Action, ...]:
    """What anybody may do with a dossier that has ended; last comes what officers may record on the reporter's word.

    :param answered: whether it has a final answer, its own or that of the one into which it was merged.
    """
    own = [action for action in sop.after_end if status in action.statuses and (answered or not action.answered)]
    said = [action for action in own if action.event in SAID and action.actor == REPORTER]
    return (*own, *(each for action in said for each in _recorded(sop, action)))


def system_action(sop: Sop, step_id: str, event_type: EventName) -> Action | None:
    """The action by which the services record an event of that type in a step; none if it moves nothing there."""
    for action in sop.step(step_id).actions:
        if action.event == event_type and holder_of(sop, step_id, action) == SYSTEM:
            return action
    return None


def delivering_action(sop: Sop, step_id: str) -> Action | None:
    """The action by which an answer's arrival is recorded in a step, whoever sees to it; none if it has none."""
    return next((action for action in sop.step(step_id).actions if action.event == "AnswerDelivered"), None)


def automatic_action(step: Step, *, decided: bool = True) -> Action | None:
    """The action that the services take by themselves on entering a step; none if a person acts there.

    :param decided: whether they found what the step is for (an agency for the category, a way to the reporter); if
        not, the step's ``otherwise`` is taken, or nothing if it has none.
    """
    if step.automatic is None:
        return None
    if not decided:
        return next((action for action in step.actions if action.name == step.otherwise), None)
    event = _EVENT_OF_AUTOMATIC[step.automatic]
    return next((a for a in step.actions if a.event == event and a.name != step.otherwise), None)


def timeout_action(step: Step) -> Action | None:
    """What happens by itself when a step's time-out runs out, as an action of the system's; none if it has none."""
    if step.timeout is None:
        return None
    return Action(name="timeout", event=step.timeout.event, to=step.timeout.to, actor=SYSTEM)


def next_step(sop: Sop, step_id: str | None, action: Action) -> Step | None:
    """The step that an action leads to: the present one for ``same``, none for ``end``."""
    if action.to == END:
        return None
    if action.to == SAME:
        return sop.step(step_id) if step_id else None
    return sop.step(action.to)


def status_after(sop: Sop, current_status: Status, action: Action, to_step: Step | None) -> Status:
    """The dossier's status after an action.

    A transfer to another authority, an interim answer and a word between desks end nothing. A final answer leaves the
    dossier open for its reporter; only withdrawing, lapsing and closing end it.

    :param to_step: where the action leads, see :func:`next_step`.
    """
    if to_step is None:
        ended = _STATUS_OF_EVENT.get(action.event)
        if ended in FINAL_STATUSES:
            return ended
        # What is said after the end leaves it as it ended.
        return current_status if current_status in FINAL_STATUSES else "closed"
    if to_step.status is not None and action.to != SAME:
        return to_step.status
    if action.event == "Answered":
        return "answered" if action.kind == "final" else current_status
    if action.event == "Returned":
        to_reporter = action.why == "incomplete" and sop.actor(to_step.actor).id == REPORTER
        return "returned" if to_reporter else "in_progress"
    if action.event == "Forwarded":
        return current_status if current_status == "answered" else "in_progress"
    return _STATUS_OF_EVENT.get(action.event, current_status)


def missing(sop: Sop, complaint: Mapping[str, object]) -> tuple[str, ...]:
    """The required fields that a complaint lacks or leaves blank, in the SOP's order.

    :param complaint: as in the filing; nested objects for dotted fields.
    """
    return tuple(name for name in sop.requires if is_blank(value_at(complaint, name)))
