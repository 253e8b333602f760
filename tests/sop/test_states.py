"""In whatever state a complaint is: somebody can act, it can end, it can come back, and who is concerned is told."""

from typing import Final

import pytest

from services.notify.rules import Notice, addressed, front_of
from shared.base.caller import REPORTER, SYSTEM
from shared.domain.dossier.event_name import EventName
from shared.domain.sop.model import Sop
from shared.domain.sop.vocabulary import FINAL_STATUSES
from tests.sop.states import Move, Placed, explored, holder, leading_to, scope_of, states, told_by_officer
from tests.sop.walker import TENANTS

each = pytest.mark.parametrize("tenant", TENANTS.ids())

DISPOSING: Final = {
    "cilacap": "check",
    "bantul": "recategorise",
    "majalengka": "coordinate",
    "trenggalek": "verify",
    "cirebon": "assign",
}
"""Where each government chooses the agency."""
BEFORE: Final = frozenset({"register", "record", "classify", "route", "notify_group"})
"""Steps by which a complaint gets there in the first place."""
_BACK: Final[frozenset[EventName]] = frozenset({"Returned", "Recalled", "Supplemented"})
_RID_OF: Final[frozenset[EventName]] = frozenset({"Rejected", "Merged", "Withdrawn"})
_TOLD_TO_REPORTER: Final[frozenset[EventName]] = frozenset(
    {"Answered", "Transferred", "Rejected", "Merged", "Reinstated", "Withdrawn", "Lapsed", "Closed", "Reopened"}
)


@each
def test_whoever_holds_it_can_let_it_go(tenant: str) -> None:
    """No desk is without an action that leads on, no agency's desk without an agency, no wait without an end."""
    sop = TENANTS.get(tenant).sop
    moves = explored(sop)
    stuck = []
    for at in states(moves):
        if at.step is None:
            continue
        actor = holder(sop, at)
        own = [move for move in moves if move.start == at and move.doer == actor and move.end.step != at.step]
        own += [move for move in moves if move.start == at and move.action.name == "timeout"]
        if not own or (scope_of(sop, str(actor)) == "agency" and not at.agency):
            stuck.append(at)

    assert [] == stuck


@each
def test_the_officers_alone_bring_it_to_an_end(tenant: str) -> None:
    """Wherever it is, also when its reporter never says a word more; and without anybody's getting rid of it."""
    sop = TENANTS.get(tenant).sop
    moves = explored(sop)
    ending = leading_to(
        moves,
        lambda at: at.status in FINAL_STATUSES,
        lambda move: told_by_officer(sop, move) and move.action.event not in _RID_OF,
    )

    assert set() == states(moves) - ending


@each
def test_it_can_come_back_from_everywhere(tenant: str) -> None:
    """Whoever got it wrongly returns it, or it is taken back, before the desk that chooses anew."""
    sop = TENANTS.get(tenant).sop
    moves = explored(sop)

    def goes_back(move: Move) -> bool:
        taken = move.action.event in _BACK or move.action.name == "recall" or move.doer == SYSTEM
        return taken and told_by_officer(sop, move)

    back = leading_to(moves, lambda at: at.step == DISPOSING[tenant], goes_back)
    lost = {at for at in states(moves) if at.step is not None and at.status != "answered" and at.step not in BEFORE}

    assert set() == lost - back


@each
def test_what_was_ended_by_mistake_is_taken_up_again(tenant: str) -> None:
    """By a person: what was rejected, merged, withdrawn or lapsed; what was answered and closed stays so."""
    sop = TENANTS.get(tenant).sop
    moves = explored(sop)
    reinstated = {
        move.start.status
        for move in moves
        if move.action.event == "Reinstated" and scope_of(sop, move.doer) == "tenant"
    }
    ended = {at.status for at in states(moves) if at.step is None}

    assert {"closed"} == ended - reinstated


@each
def test_who_is_concerned_is_told(tenant: str) -> None:
    """Whoever gets it to act on, whoever has it no more through another's deed, and the reporter of what is theirs."""
    sop = TENANTS.get(tenant).sop
    untold = {
        (move.start.step, move.action.event, move.doer, who)
        for move in explored(sop)
        if not (sop.step(str(move.start.step)).actor == SYSTEM and move.doer != SYSTEM)  # in a moment it goes on
        for who in _concerned(sop, move) - _told(sop, move)
    }

    assert set() == untold


def _concerned(sop: Sop, move: Move) -> set[str]:
    """Whom a move concerns, as recipients."""
    event, before, after = move.action.event, holder(sop, move.start), holder(sop, move.end)
    moved = move.start.step != move.end.step
    found = set()
    if moved and after not in (None, REPORTER, SYSTEM, move.doer):
        found.add(_recipient(sop, str(after)))
    taken = moved and before not in (None, REPORTER, SYSTEM, move.doer, after)
    if taken and after != SYSTEM and event != "AnswerDelivered":  # to reach the reporter was the task; it is done
        found.add(_recipient(sop, str(before)))
    if event in _TOLD_TO_REPORTER or (event == "Returned" and move.end.status == "returned"):
        found.add(REPORTER)
    return found


def _told(sop: Sop, move: Move) -> set[str]:
    """Who is told of it."""
    before, after = holder(sop, move.start), holder(sop, move.end)
    moved = move.start.step != move.end.step and move.end.step is not None
    notice = Notice(
        event=move.action.event,
        kind=move.action.kind,
        why=move.action.why,
        step=move.start.step,
        to_step=move.end.step if moved else None,
        status=move.end.status,
        agency=_agency(move.end),
        holder=after,
        holder_agency=_of_agency(sop, move.end),
        former=before,
        former_agency=_of_agency(sop, move.start),
    )
    return {each.recipient for each in addressed(notice, sop)}


def _agency(at: Placed) -> str | None:
    return "a" if at.agency else None


def _of_agency(sop: Sop, at: Placed) -> str | None:
    return "a" if at.step and scope_of(sop, str(holder(sop, at))) == "agency" else None


def _recipient(sop: Sop, actor: str) -> str:
    if scope_of(sop, actor) == "tenant":
        return f"actor:{actor}"
    return "agency:a" if actor == front_of(sop) else f"agency:a:{actor}"
