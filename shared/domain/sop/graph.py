"""An SOP as a graph: which step leads to which."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from shared.domain.dossier.event_name import EventName
from shared.domain.sop.engine import timeout_action
from shared.domain.sop.model import Action, Sop, Step
from shared.domain.sop.vocabulary import END, SAME


@dataclass(frozen=True)
class Edge:
    """One way from a step.

    :param start: the step's id.
    :param to: the next step's id, or ``end``.
    :param action: by which action; a time-out counts as one of the system's.
    """

    start: str
    to: str
    action: Action


def edges(sop: Sop, *, anytime: bool = False) -> Iterator[Edge]:
    """All ways between steps, those that stay left out.

    :param anytime: count the actions that are allowed in every open step, too.
    """
    for step in sop.steps:
        timeout = timeout_action(step)
        actions = (*step.actions, *((timeout,) if timeout else ()), *(sop.anytime if anytime else ()))
        for action in actions:
            if action.to not in (SAME, step.id):
                yield Edge(step.id, action.to, action)


def reachable(sop: Sop, roots: Iterable[str], use: Callable[[Edge], bool] = lambda _edge: True) -> frozenset[str]:
    """The steps that can be reached, the roots included, and ``end``.

    :param use: which ways may be taken.
    """
    return _spread(roots, [(edge.start, edge.to) for edge in edges(sop, anytime=True) if use(edge)])


def ending(sop: Sop) -> frozenset[str]:
    """The steps from which the end can be reached in the procedure's own ways: withdrawing at any time is none."""
    return _spread([END], [(edge.to, edge.start) for edge in edges(sop)])


def way_to(sop: Sop, event: EventName) -> tuple[Step, ...]:
    """The shortest way from filing to a step in which an event of that type may happen, that step included."""
    before: dict[str, str | None] = {sop.start: None}
    queue = deque([sop.start])
    while queue:
        here = queue.popleft()
        if any(action.event == event for action in sop.step(here).actions):
            return tuple(sop.step(step_id) for step_id in reversed(list(_back(before, here))))
        for edge in edges(sop):
            if edge.start == here and edge.to != END and edge.to not in before:
                before[edge.to] = here
                queue.append(edge.to)
    return ()


def _back(before: dict[str, str | None], step_id: str) -> Iterator[str]:
    here: str | None = step_id
    while here is not None:
        yield here
        here = before[here]


def _spread(roots: Iterable[str], pairs: list[tuple[str, str]]) -> frozenset[str]:
    found = set(roots)
    queue = deque(found)
    while queue:
        here = queue.popleft()
        for start, to in pairs:
            if start == here and to not in found:
                found.add(to)
                queue.append(to)
    return frozenset(found)
