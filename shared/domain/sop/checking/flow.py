"""Checks of an SOP's flow: that every dossier can arrive, move on and end, and that nobody waits for ever."""

from collections.abc import Iterator
from typing import Final

from shared.domain.dossier.event_name import EventName
from shared.domain.sop.checking.finding import ERROR, INFO, WARNING, Finding, Place
from shared.domain.sop.graph import Edge, edges, ending, reachable
from shared.domain.sop.model import Action, Sop, Step
from shared.domain.sop.vocabulary import END, REPORTER, SYSTEM

_ENDING: Final[frozenset[EventName]] = frozenset({"Withdrawn", "Lapsed", "Closed", "Rejected", "Merged"})
_TEXTS = frozenset({"text", "response"})


def flow(sop: Sop) -> Iterator[Finding]:
    """Everything about the flow of an SOP."""
    yield from _unreachable(sop)
    yield from _without_exit(sop)
    for place, action in _actions(sop):
        yield from _action(sop, place, action)
    yield from _waits(sop)
    yield from _empty_answers(sop)
    yield from _undecided(sop)
    yield from _idle_actors(sop)


def _unreachable(sop: Sop) -> Iterator[Finding]:
    roots = [sop.start] + ([sop.filed_in] if sop.filed_in else [])
    found = reachable(sop, roots)
    for index, step in enumerate(sop.steps):
        if step.id not in found:
            message = f"no way leads to the step {step.id!r}"
            yield Finding(
                ERROR, "unreachable_step", message, "let an action lead there, or remove it", ("steps", index)
            )


def _without_exit(sop: Sop) -> Iterator[Finding]:
    leaving = {edge.start for edge in edges(sop)}
    good = ending(sop)
    for index, step in enumerate(sop.steps):
        if step.id == sop.filed_in and not step.actions:
            continue  # filing itself leaves it
        if step.id not in leaving:
            message = f"a dossier can never leave the step {step.id!r}"
            yield Finding(ERROR, "step_without_exit", message, "add an action that leads elsewhere", ("steps", index))
        elif step.id not in good:
            message = f"no way from the step {step.id!r} leads to an end"
            yield Finding(ERROR, "no_end", message, "add a way, or a time-out, that ends in `end`", ("steps", index))


def _action(sop: Sop, place: Place, action: Action) -> Iterator[Finding]:
    if action.event == "Returned" and "reason" not in action.needs:
        message = f"{action.name!r} returns a complaint without a reason"
        yield Finding(ERROR, "return_without_reason", message, "add reason to its needs", place)
    if action.to == END and action.event not in _ENDING:
        message = f"{action.name!r} ends the dossier with {action.event}, which is no end"
        remedy = "lead to a step in which the reporter may react, with a time-out that closes it"
        yield Finding(ERROR, "not_an_end", message, remedy, place)
    if action.event == "Closed" and action.to != END:
        message = f"{action.name!r} closes a dossier that goes on"
        yield Finding(ERROR, "closed_goes_on", message, "lead it to `end`", place)
    if action.event == "Transferred" and action.to != END and sop.has_step(action.to):
        yield from _transfer(sop, place, action)


def _transfer(sop: Sop, place: Place, action: Action) -> Iterator[Finding]:
    waiting = sop.step(action.to)
    if waiting.timeout is None:
        message = f"a transferred dossier may wait in {waiting.id!r} for ever"
        yield Finding(WARNING, "wait_without_timeout", message, "give that step a time-out", place)
    if not any(edge.start == waiting.id and edge.to != END for edge in edges(sop)):
        message = f"a transferred dossier cannot come back from {waiting.id!r}"
        yield Finding(WARNING, "no_way_back", message, "add an action by which it comes back", place)


def _waits(sop: Sop) -> Iterator[Finding]:
    for index, step in enumerate(sop.steps):
        place = ("steps", index)
        if step.actor == REPORTER and step.timeout is None and step.actions:
            message = f"nothing happens if the reporter stays silent in the step {step.id!r}"
            yield Finding(WARNING, "wait_without_timeout", message, "add a time-out", place)
        if step.timeout is not None and not step.timeout.confirmed:
            message = f"the time-out of {step.id!r}, {step.timeout.after}, is a reading of ours"
            remedy = "let the owner of the SOP decide, and set confirmed: true"
            yield Finding(INFO, "unconfirmed_timeout", message, remedy, (*place, "timeout"))
        if _timeless(step):
            message = f"the step {step.id!r} has no time standard: nobody can be late there"
            yield Finding(INFO, "no_time_standard", message, "give it a time, if its owner agrees", place)


def _timeless(step: Step) -> bool:
    return step.actor not in (REPORTER, SYSTEM) and step.within is None and step.shares is None and step.timeout is None


def _empty_answers(sop: Sop) -> Iterator[Finding]:
    """A final answer without a text of its own publishes what was drafted: there has to be a draft on every way."""

    def silent(edge: Edge) -> bool:
        return not _TEXTS & set(edge.action.needs) and edge.action.event != "Reopened"

    undrafted = reachable(sop, [sop.start], silent)
    for place, action in _actions(sop):
        step_id = sop.steps[int(place[1])].id if place[0] == "steps" else None
        if action.event == "Answered" and "text" not in action.needs and step_id in undrafted:
            message = f"{action.name!r} in {step_id!r} may publish an answer that nobody has written"
            yield Finding(ERROR, "answer_without_text", message, "add text to its needs, or to a step before it", place)


def _undecided(sop: Sop) -> Iterator[Finding]:
    for index, step in enumerate(sop.steps):
        if step.automatic in ("dispose", "deliver") and step.otherwise is None:
            message = f"nothing happens in {step.id!r} when the system cannot {step.automatic}"
            remedy = "name in `otherwise` the action that brings the dossier before a person"
            yield Finding(WARNING, "automatic_without_otherwise", message, remedy, ("steps", index))


def _idle_actors(sop: Sop) -> Iterator[Finding]:
    acting = {step.actor for step in sop.steps} | {action.actor for _, action in _actions(sop)}
    told = {actor for rule in sop.notify for actor in rule.tell} | {a for s in sop.steps for a in s.escalate_to}
    for index, actor in enumerate(sop.actors):
        if actor.id not in acting | {SYSTEM}:
            only = "is only told of events" if actor.id in told else "has nothing to do"
            severity = INFO if actor.id in told else WARNING
            yield Finding(severity, "idle_actor", f"the actor {actor.id!r} {only}", "", ("actors", index))


def _actions(sop: Sop) -> Iterator[tuple[Place, Action]]:
    for index, step in enumerate(sop.steps):
        for number, action in enumerate(step.actions):
            yield ("steps", index, "actions", number), action
    for number, action in enumerate(sop.anytime):
        yield ("anytime", number), action
