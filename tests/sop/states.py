"""Every state that a complaint can come into under an SOP, and every move between them: by nothing but the engine."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from shared.base.caller import REPORTER, SYSTEM
from shared.domain.dossier.event_name import EventName
from shared.domain.sop import engine
from shared.domain.sop.model import Action, Sop
from shared.domain.sop.vocabulary import FINAL_STATUSES, Scope, Status

_FREEING: frozenset[EventName] = frozenset({"Recalled", "Reinstated"})


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where a complaint is.

    :param step: none once it has ended.
    :param agency: whether it was disposed to an agency.
    :param answered: whether it has a final answer.
    """

    step: str | None
    status: Status
    agency: bool = False
    answered: bool = False


@dataclass(frozen=True)
class Move:
    """One thing that may happen.

    :param doer: the actor who does it.
    """

    start: Placed
    doer: str
    action: Action
    end: Placed


def scope_of(sop: Sop, actor: str) -> Scope | str:
    """Whom an actor acts for."""
    return sop.actor(actor).scope


def holder(sop: Sop, at: Placed) -> str | None:
    """Who has it."""
    return sop.step(at.step).actor if at.step else None


def moves_from(sop: Sop, at: Placed) -> Iterator[Move]:
    """Everything that anybody may do there, and what happens when nobody does."""
    if at.step is None:
        for action in engine.after_end(sop, at.status, answered=at.answered):
            yield Move(at, str(action.actor), action, _after(sop, at, action))
        return
    for action in engine.open_actions(sop, at.step, at.status):
        yield Move(at, engine.holder_of(sop, at.step, action), action, _after(sop, at, action))
    timeout = engine.timeout_action(sop.step(at.step))
    if timeout is not None:
        yield Move(at, SYSTEM, timeout, _after(sop, at, timeout))


def explored(sop: Sop) -> list[Move]:
    """All moves of all states that can be reached from filing on, breadth first."""
    first = Placed(step=sop.start, status="in_progress")
    seen = {first}
    found: list[Move] = []
    queue = [first]
    for at in queue:
        for move in moves_from(sop, at):
            found.append(move)
            if move.end not in seen:
                seen.add(move.end)
                queue.append(move.end)
    return found


def states(moves: Iterable[Move]) -> set[Placed]:
    """The states of these moves."""
    return {place for move in moves for place in (move.start, move.end)}


def leading_to(moves: Iterable[Move], good: Callable[[Placed], bool], use: Callable[[Move], bool]) -> set[Placed]:
    """The states from which a good one can be reached by some of the moves.

    :param use: which of them.
    """
    moves = list(moves)
    found = {place for place in states(moves) if good(place)}
    back: dict[Placed, set[Placed]] = {}
    for move in moves:
        if use(move):
            back.setdefault(move.end, set()).add(move.start)
    queue = list(found)
    for at in queue:
        for start in back.get(at, set()) - found:
            found.add(start)
            queue.append(start)
    return found


def told_by_officer(sop: Sop, move: Move) -> bool:
    """Whether an officer, a time-out or the system does it; the reporter may stay silent for ever."""
    scope = scope_of(sop, move.doer)
    return move.doer != REPORTER and (scope != "agency" or move.start.agency)


def _after(sop: Sop, at: Placed, action: Action) -> Placed:
    target = engine.next_step(sop, at.step, action)
    status = engine.status_after(sop, at.status, action, target)
    agency = at.agency
    if action.event == "Dispositioned":
        agency = True
    if action.event in _FREEING or action.why in ("wrong_agency", "out_of_authority"):
        agency = False
    answered = at.answered or (action.event == "Answered" and action.kind == "final")
    if status in FINAL_STATUSES:
        return replace(at, step=None, status=status, agency=agency, answered=answered)
    return Placed(step=target.id if target else at.step, status=status, agency=agency, answered=answered)
