"""What a schema cannot see: that the parts of an SOP file fit together. Each misfit is told with its line."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.domain.sop.engine import automatic_action
from shared.domain.sop.model import Action, Actor, Sop, Step
from shared.domain.sop.vocabulary import (
    AUDIENCE,
    END,
    FILED,
    FINAL_STATUSES,
    MOVES,
    REPORTER,
    SAME,
    SIDE_NOTES,
    SYSTEM,
    TIMEOUT_EVENTS,
)

Path = tuple[str | int, ...]
_MOST_NAMED: Final = 60


@dataclass(frozen=True)
class Misfit:
    """One part of the file that does not fit the others.

    :param path: where in the file.
    :param message: what is wrong.
    :param remedy: what to do about it.
    """

    path: Path
    message: str
    remedy: str


def misfits(sop: Sop) -> Iterator[Misfit]:
    """Everything in an SOP that refers to something which is not there, or contradicts itself."""
    yield from _doubled("steps", [step.id for step in sop.steps], "step")
    yield from _doubled("actors", [actor.id for actor in sop.actors], "actor")
    yield from _doubled("channels", [channel.id for channel in sop.channels], "channel")
    yield from _zone(sop)
    yield from _key_actors(sop)
    for index, step in enumerate(sop.steps):
        yield from _step(sop, step, ("steps", index))
    for index, action in enumerate(sop.anytime):
        yield from _action(sop, action, ("anytime", index))
        if action.actor is None:
            yield Misfit(("anytime", index), f"{action.name!r} does not say whose action it is", "add `actor:`")
    yield from _after_end(sop)
    yield from _arrangements(sop)
    yield from _known(sop.has_step, [(("start",), sop.start)], "step", sop.steps)
    if sop.filed_in is not None:
        yield from _known(sop.has_step, [(("filed_in",), sop.filed_in)], "step", sop.steps)
    if sop.case is not None:
        yield from _known(sop.has_step, [(("case", "starts"), sop.case.starts)], "step", sop.steps)
    yield from _notify(sop)


def _after_end(sop: Sop) -> Iterator[Misfit]:
    for index, action in enumerate(sop.after_end):
        path: Path = ("after_end", index)
        yield from _action(sop, action, path)
        if action.actor is None:
            yield Misfit(path, f"{action.name!r} does not say whose action it is", "add `actor:`")
        if not action.statuses or not set(action.statuses) <= FINAL_STATUSES:
            remedy = f"add `while:` with some of: {', '.join(sorted(FINAL_STATUSES))}"
            yield Misfit(path, f"{action.name!r} does not say on which ended dossiers it is open", remedy)


def _arrangements(sop: Sop) -> Iterator[Misfit]:
    actors: list[tuple[Path, str]] = []
    if sop.leave is not None:
        actors += [(("leave", "asked_by", index), actor) for index, actor in enumerate(sop.leave.asked_by)]
        actors.append((("leave", "granted_by"), sop.leave.granted_by))
    if sop.help is not None:
        actors += [(("help", "asked_by", index), actor) for index, actor in enumerate(sop.help.asked_by)]
        actors.append((("help", "given_by"), sop.help.given_by))
    if sop.on_behalf is not None:
        actors += [(("on_behalf", "by", index), actor) for index, actor in enumerate(sop.on_behalf.by)]
    yield from _known(sop.has_actor, actors, "actor", sop.actors)


def _step(sop: Sop, step: Step, path: Path) -> Iterator[Misfit]:
    if step.id in (END, SAME):
        yield Misfit((*path, "id"), f"{step.id!r} has a meaning of its own", "choose another id")
    actors = [((*path, "actor"), step.actor)]
    actors += [((*path, "escalate_to", index), actor) for index, actor in enumerate(step.escalate_to)]
    yield from _known(sop.has_actor, actors, "actor", sop.actors)
    names = [action.name for action in step.actions]
    held = [
        action.name if action.actor in (None, step.actor) else (action.name, action.actor) for action in step.actions
    ]
    yield from _doubled((*path, "actions"), held, "action")
    for index, action in enumerate(step.actions):
        yield from _action(sop, action, (*path, "actions", index))
    if step.timeout is not None:
        yield from _target(sop, step.timeout.to, (*path, "timeout", "to"))
    if step.shares is not None:
        yield from _known(sop.has_step, [((*path, "shares"), step.shares)], "step", sop.steps)
        if step.within is not None:
            yield Misfit(
                (*path, "within"), "a step that shares another's standard has none of its own", "remove one of the two"
            )
    yield from _automatic(step, path, names)


def _automatic(step: Step, path: Path, names: Sequence[str]) -> Iterator[Misfit]:
    if (step.actor == SYSTEM) != (step.automatic is not None):
        remedy = "say `automatic: classify|dispose|notify|deliver` in the system's steps and nowhere else"
        yield Misfit(path, f"step {step.id!r}: the system acts by itself, and only the system does", remedy)
    elif step.automatic is not None and automatic_action(step) is None:
        remedy = "add the action by which the system goes on, with the event of what it does"
        yield Misfit(path, f"step {step.id!r} has no action for `automatic: {step.automatic}`", remedy)
    if step.otherwise is not None and step.otherwise not in names:
        yield Misfit((*path, "otherwise"), f"{step.otherwise!r} is no action of this step", "name one of its actions")


def _action(sop: Sop, action: Action, path: Path) -> Iterator[Misfit]:
    yield from _target(sop, action.to, (*path, "to"))
    if action.actor is not None:
        yield from _known(sop.has_actor, [((*path, "actor"), action.actor)], "actor", sop.actors)
    if (action.event == "Answered") != (action.kind is not None):
        remedy = "write `kind: interim`, `final` or `balasan` beside Answered, and beside nothing else"
        yield Misfit(path, f"{action.name!r}: an answer, and only an answer, has a kind", remedy)
    if (action.event == "Returned") != (action.why is not None):
        remedy = "write `why: incomplete|wrong_agency|out_of_authority|rework` beside Returned, and beside nothing else"
        yield Misfit(path, f"{action.name!r}: a return, and only a return, has a why", remedy)
    if action.event == "Dispositioned" and (action.actor or "") != SYSTEM and "agency" not in action.fields:
        yield from _agency_needed(sop, action, path)


def _agency_needed(sop: Sop, action: Action, path: Path) -> Iterator[Misfit]:
    by_system = len(path) > 1 and path[0] == "steps" and sop.steps[int(path[1])].actor == SYSTEM
    if not by_system:
        yield Misfit(path, f"{action.name!r} sends the dossier to an agency without naming it", "add `needs: [agency]`")


def _target(sop: Sop, to: str, path: Path) -> Iterator[Misfit]:
    if to not in (END, SAME):
        yield from _known(sop.has_step, [(path, to)], "step", sop.steps, (SAME, END))


def _notify(sop: Sop) -> Iterator[Misfit]:
    events = MOVES | TIMEOUT_EVENTS | SIDE_NOTES | {FILED}
    for index, rule in enumerate(sop.notify):
        path: Path = ("notify", index)
        yield from _known(events.__contains__, [((*path, "on"), rule.on)], "event", sorted(events))
        told = [((*path, "tell", place), actor) for place, actor in enumerate(rule.tell) if actor not in AUDIENCE]
        yield from _known(sop.has_actor, told, "actor", sop.actors, sorted(AUDIENCE))
        steps = [((*path, name), step) for name, step in (("step", rule.step), ("to_step", rule.to_step)) if step]
        yield from _known(sop.has_step, steps, "step", sop.steps)


def _known(
    is_known: Callable[[str], bool],
    names: Iterable[tuple[Path, str]],
    what: str,
    known: Sequence[Step | Actor | str],
    more: Sequence[str] = (),
) -> Iterator[Misfit]:
    """What is not known is told with what is: so many names as somebody reads, whatever somebody sends."""
    for path, name in names:
        if not is_known(name):
            ids = [each if isinstance(each, str) else each.id for each in known[:_MOST_NAMED]]
            left = ["..."] if len(known) > _MOST_NAMED else []
            remedy = f"declare it, or write one of: {', '.join([*ids, *left, *more])}"
            yield Misfit(path, f"there is no {what} {name!r}", remedy)


def _doubled(where: str | Path, names: Sequence[object], what: str) -> Iterator[Misfit]:
    path = (where,) if isinstance(where, str) else where
    seen: set[object] = set()
    for index, name in enumerate(names):
        if name in seen:
            shown = name[0] if isinstance(name, tuple) else name
            yield Misfit((*path, index), f"the {what} {shown!r} is given twice", "give each its own name")
        seen.add(name)


def _zone(sop: Sop) -> Iterator[Misfit]:
    try:
        ZoneInfo(sop.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        remedy = "write an IANA zone: Asia/Jakarta, Asia/Makassar or Asia/Jayapura"
        yield Misfit(("timezone",), f"there is no time zone {sop.timezone!r}", remedy)


def _key_actors(sop: Sop) -> Iterator[Misfit]:
    for actor, scope in ((REPORTER, "public"), (SYSTEM, "system")):
        if not sop.has_actor(actor) or sop.actor(actor).scope != scope:
            yield Misfit(
                ("actors",),
                f"the actor {actor!r} with scope {scope} is missing",
                f"add {{id: {actor}, title: ..., scope: {scope}}}",
            )
