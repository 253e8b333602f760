"""Actors who are named for what they cannot do: a reporter who grants leave, a system that is written to."""

from collections.abc import Iterable, Iterator

from shared.domain.complaint.schema import REPORTER_ACTIONS
from shared.domain.sop.checking.finding import ERROR, Finding, Place
from shared.domain.sop.model import Action, Sop
from shared.domain.sop.vocabulary import AUDIENCE, REPORTER, SAID, SYSTEM

_OFFICERS = ("tenant", "agency")


def roles(sop: Sop) -> Iterator[Finding]:
    """Every place where an actor is named that could never act, or be told, there."""
    yield from _officers(sop, _named(sop), "acts there only as an officer", _OFFICERS)
    if sop.help is not None:
        given_by: list[tuple[Place, str]] = [(("help", "given_by"), sop.help.given_by)]
        yield from _officers(sop, given_by, "would act for the helping agency", ("agency",))
    if sop.leave is not None:
        timed = {step.actor for step in sop.steps if step.within is not None or step.shares is not None}
        timed &= {actor.id for actor in sop.actors if actor.scope in _OFFICERS}
        for index, actor in enumerate(sop.leave.asked_by):
            if sop.actor(actor).scope in _OFFICERS and actor not in timed:
                message = f"{actor!r} asks for leave, and has no time standard that could be put off"
                remedy = f"name one of: {', '.join(sorted(timed))}"
                yield Finding(ERROR, "wrong_actor", message, remedy, ("leave", "asked_by", index))
    for index, rule in enumerate(sop.notify):
        for place, actor in enumerate(rule.tell):
            if actor not in AUDIENCE and actor != REPORTER and sop.actor(actor).scope not in _OFFICERS:
                message = f"nobody can be written to as {actor!r}"
                yield Finding(ERROR, "wrong_actor", message, _remedy(sop, _OFFICERS), ("notify", index, "tell", place))
    for where, action, actor in _actions(sop):
        yield from _action(sop, action, actor, where)


def _named(sop: Sop) -> Iterator[tuple[Place, str]]:
    for index, step in enumerate(sop.steps):
        for place, actor in enumerate(step.escalate_to):
            yield ("steps", index, "escalate_to", place), actor
    lists: list[tuple[str, str, Iterable[str]]] = []
    if sop.leave is not None:
        lists += [("leave", "asked_by", sop.leave.asked_by)]
        yield ("leave", "granted_by"), sop.leave.granted_by
    if sop.help is not None:
        lists += [("help", "asked_by", sop.help.asked_by)]
    if sop.on_behalf is not None:
        lists += [("on_behalf", "by", sop.on_behalf.by)]
    for block, name, actors in lists:
        for place, actor in enumerate(actors):
            yield (block, name, place), actor


def _officers(sop: Sop, named: Iterable[tuple[Place, str]], what: str, scopes: tuple[str, ...]) -> Iterator[Finding]:
    for place, actor in named:
        if sop.actor(actor).scope not in scopes:
            message = f"{actor!r} cannot do this: whoever is named here {what}"
            yield Finding(ERROR, "wrong_actor", message, _remedy(sop, scopes), place)


def _remedy(sop: Sop, scopes: tuple[str, ...]) -> str:
    return f"name one of: {', '.join(actor.id for actor in sop.actors if actor.scope in scopes)}"


def _actions(sop: Sop) -> Iterator[tuple[Place, Action, str]]:
    for index, step in enumerate(sop.steps):
        for number, action in enumerate(step.actions):
            yield ("steps", index, "actions", number), action, action.actor or step.actor
    for block, actions in (("anytime", sop.anytime), ("after_end", sop.after_end)):
        for index, action in enumerate(actions):
            if action.actor is not None:
                yield (block, index), action, action.actor


def _action(sop: Sop, action: Action, actor: str, place: Place) -> Iterator[Finding]:
    """What a reporter may do comes through a door of its own; the system does what it does by itself."""
    scope = sop.actor(actor).scope
    if scope == "public" and (action.event not in SAID or action.name not in REPORTER_ACTIONS or actor != REPORTER):
        message = f"{action.name!r} ({action.event}) is nothing that {actor!r} could do"
        remedy = f"give it to an officer; a reporter may: {', '.join(REPORTER_ACTIONS)}"
        yield Finding(ERROR, "wrong_actor", message, remedy, place)
    elif scope != "public" and action.event == "Closed":
        message = f"{action.name!r} (Closed) is the reporter's to say: an answer is no end by itself"
        yield Finding(ERROR, "wrong_actor", message, "give it to the reporter, or let a time-out close", place)
    elif scope == "system" and action.event in SAID and actor == SYSTEM:
        message = f"{action.name!r} ({action.event}) is a person's to say"
        yield Finding(ERROR, "wrong_actor", message, "give it to the reporter, or to an officer with `via`", place)
