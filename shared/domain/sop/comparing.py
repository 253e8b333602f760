"""What a new version of a procedure changes: step by step, role by role, way by way."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import count
from typing import Any, Final, Literal

from shared.domain.calendar.duration import Duration
from shared.domain.classifying.model import Model
from shared.domain.sop.drawing.show import action_line, within
from shared.domain.sop.model import Action, Sop, Step

Part = Literal["steps", "standards", "actors", "ways", "back", "rest"]
PARTS: Final[tuple[Part, ...]] = ("steps", "standards", "actors", "ways", "back", "rest")
_APART: Final = frozenset({"tenant", "version", "steps", "actors", "anytime", "after_end", "lost"})
"""What is compared by itself, or is another of necessity."""
_WAYS: Final = frozenset({"actions", "timeout", "otherwise", "escalate_to"})
_BACK: Final = frozenset({"Returned", "Recalled", "Reopened", "Reinstated"})
_STANDARDS: Final = frozenset({"within", "shares"})


@dataclass(frozen=True)
class Change:
    """One thing that differs.

    :param part: in which table it belongs.
    :param where: a step's id, a role's, or the name of a part of the file.
    :param what: what of it differs, as the file calls it; nothing where the whole is new or gone.
    :param before: none where it is new.
    :param after: none where it is gone.
    """

    part: Part
    where: str
    what: str
    before: str | None
    after: str | None


def changes(before: Sop, after: Sop) -> tuple[Change, ...]:
    """Everything by which two versions differ; what they merely call themselves, their number, does not count."""
    found = [
        *_roles(before, after),
        *_steps(before, after),
        *_ways("", before.anytime, after.anytime, "anytime"),
        *_ways("", before.after_end, after.after_end, "after_end"),
        *_rest(before, after),
    ]
    return tuple(sorted(found, key=lambda change: PARTS.index(change.part)))


def _roles(before: Sop, after: Sop) -> Iterator[Change]:
    for id_, old, new in _paired(before.actors, after.actors, "id"):
        told = [f"{each.title} ({each.scope})" if each is not None else None for each in (old, new)]
        if told[0] != told[1]:
            yield Change("actors", id_, "", *told)


def _steps(before: Sop, after: Sop) -> Iterator[Change]:
    orders = [
        [step.id for step in sop.steps if other.has_step(step.id)] for sop, other in ((before, after), (after, before))
    ]
    if orders[0] != orders[1]:
        yield Change("steps", "steps", "order", *(", ".join(order) for order in orders))
    for id_, old, new in _paired(before.steps, after.steps, "id"):
        if old is None or new is None:
            yield Change("steps", id_, "", *(step and step.activity for step in (old, new)))
        else:
            yield from _in_step(old, new)
        told = [within(step) if step is not None else None for step in (old, new)]
        if told[0] != told[1]:
            yield Change("standards", id_, "within", *(each if each is None else each or "-" for each in told))
        yield from _ways(id_, old.actions if old else (), new.actions if new else (), "")
        times = [_timeout(step) for step in (old, new)]
        if times[0] != times[1]:
            yield Change("ways", id_, "timeout", *times)


def _in_step(old: Step, new: Step) -> Iterator[Change]:
    for field in fields(Step):
        name = field.name
        if name in _STANDARDS or name in ("actions", "timeout"):
            continue
        pair = (getattr(old, name), getattr(new, name))
        if pair[0] != pair[1]:
            yield Change("ways" if name in _WAYS else "steps", new.id, name, *map(_told, pair))


def _ways(step: str, before: Iterable[Action], after: Iterable[Action], where: str) -> Iterator[Change]:
    olds, news = _named(before), _named(after)
    orders = [[name for name in mine if name in theirs] for mine, theirs in ((olds, news), (news, olds))]
    if orders[0] != orders[1]:  # of several that are open, the system takes the first
        yield Change("ways", step or where, "order", *(", ".join(order) for order in orders))
    for name in dict.fromkeys([*olds, *news]):
        old, new = olds.get(name), news.get(name)
        if old == new:
            continue
        lines = [action_line(action) if action is not None else None for action in (old, new)]
        if lines[0] == lines[1] and old is not None and new is not None:  # it differs in what a line does not tell
            lines = [_beside(old, new), _beside(new, old)]
        back = any(action is not None and action.event in _BACK for action in (old, new))
        yield Change("back" if back else "ways", step or where, name, *lines)


def _named(actions: Iterable[Action]) -> dict[str, Action]:
    """By who does it and its name; of those that are called alike, such as in other statuses, by their places, too."""
    found: dict[str, Action] = {}
    for action in actions:
        name = f"{action.actor}: {action.name}" if action.actor else action.name
        places = (f"{name} ({place})" for place in count(2))
        found[name if name not in found else next(each for each in places if each not in found)] = action
    return found


def _beside(action: Action, other: Action) -> str:
    differing = [field.name for field in fields(Action) if getattr(action, field.name) != getattr(other, field.name)]
    return "; ".join(f"{name}: {_told(getattr(action, name)) or '-'}" for name in differing)


def _timeout(step: Step | None) -> str | None:
    if step is None or step.timeout is None:
        return None
    rule = step.timeout
    return f"{rule.after}: {rule.event} → {rule.to} [{rule.source}{'' if rule.confirmed else ', unconfirmed'}]"


def _rest(before: Sop, after: Sop) -> Iterator[Change]:
    for field in fields(Sop):
        if field.name not in _APART:
            yield from _of_part(field.name, "", getattr(before, field.name), getattr(after, field.name))


def _of_part(where: str, what: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after or isinstance(before, Model) or isinstance(after, Model):  # learnt beside the rules, from them
        return
    if type(before) is type(after) and is_dataclass(before) and not isinstance(before, Duration):
        for field in fields(before):
            yield from _of_part(where, field.name, getattr(before, field.name), getattr(after, field.name))
        return
    yield Change("rest", where, what, *_differing(before, after))


def _differing(before: Any, after: Any) -> tuple[str | None, str | None]:
    """Of two lists only what is not in both; of anything else the whole."""
    if isinstance(before, tuple) and isinstance(after, tuple):
        gone, new = [each for each in before if each not in after], [each for each in after if each not in before]
        if gone or new:
            return _told(tuple(gone)), _told(tuple(new))
    return _told(before), _told(after)


def _told(value: Any) -> str | None:
    """A part of a procedure in a few words; nothing for nothing."""
    if value is None or value in ("", (), {}):
        return None
    if isinstance(value, tuple):
        return "; ".join(filter(None, map(_told, value)))
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_told(each)}" for name, each in value.items())
    if is_dataclass(value) and not isinstance(value, Duration):
        own = {field.name: _told(getattr(value, field.name)) for field in fields(value) if field.repr}
        return ", ".join(f"{name}: {told}" for name, told in own.items() if told is not None and told != "False")
    return str(value)


def _paired(before: Iterable[Any], after: Iterable[Any], name: str) -> Iterator[tuple[str, Any, Any]]:
    olds, news = ({getattr(each, name): each for each in every} for every in (before, after))
    for key in dict.fromkeys([*olds, *news]):
        yield key, olds.get(key), news.get(key)
