"""Waits for the reporter: what they must know of before one runs, and what comes after one has run out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.base.errors import Conflict
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.event import DossierEvent
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import DeliveryFailed, FileAdded
from shared.domain.dossier.promise import REPLY, Promise
from shared.domain.dossier.reaching import knows_already, must_be_told, told_of
from shared.domain.sop import engine
from shared.domain.sop.model import Action, Sop
from shared.domain.sop.vocabulary import REPORTER


def check_in_time(dossier: Dossier, now: datetime) -> None:
    """Refuse to act on a dossier whose wait has run out: what follows from that is only still to be recorded.

    Whether or not a timer has said so yet. A wait of which the reporter was never told cannot run out.

    :raises Conflict: ``too_late``, with the instant at which it ran out.
    """
    ran_out_at = ran_out(dossier, now)
    if ran_out_at is not None:
        raise Conflict("too_late", {"due_at": ran_out_at.isoformat()})


def ran_out(dossier: Dossier, now: datetime) -> datetime | None:
    """When the wait of a dossier ran out, if what follows from that is only still to be recorded; none otherwise."""
    wait = dossier.open_clock(REPLY)
    if wait is None or wait.effect is None or wait.effect in engine.AWAITED:
        return None
    return wait.due_at if wait.told and now > wait.due_at else None


_AGAINST_THE_REPORTER: Final[frozenset[EventName]] = frozenset({"Lapsed", "Closed"})
"""What follows from a wait that runs out against the reporter; where a desk has to look into it, nothing does."""


WORDS_FOLLOW: Final = timedelta(hours=1)
"""For so long a reporter who has sent a file may still say more before what they sent goes to a desk."""
_WORDS_FOLLOW: Final = "1 h wall"


def awaited_word(sop: Sop, dossier: Dossier) -> Action | None:
    """The reporter's own action for which the dossier waits, where silence would count against them.

    Whatever else they send while it waits is that word too: who has written, or sent a photo, has not given up.
    """
    wait = dossier.open_clock(REPLY)
    if wait is None or dossier.step is None or wait.effect not in (*_AGAINST_THE_REPORTER, *engine.AWAITED):
        return None
    return engine.awaited_word(sop, dossier.step, dossier.status) if sop.has_step(dossier.step) else None


def wait_for_words(sop: Sop, dossier: Dossier, event: DossierEvent) -> Promise | None:
    """What becomes of the wait when its reporter sends a file: it is no longer for them to lose, and soon a desk's.

    Not at once: whoever sends a photo often writes beside it, and that ends the wait by itself.
    """
    wait = dossier.open_clock(REPLY)
    if wait is None or not isinstance(event, FileAdded) or event.actor != REPORTER:
        return None
    at, word = event.occurred_at, awaited_word(sop, dossier)
    over = wait.effect in _AGAINST_THE_REPORTER and wait.told and at > wait.due_at
    if word is None or over:
        return None
    return Promise(
        target=REPLY,
        step=wait.step,
        actor=wait.actor,
        agency=wait.agency,
        started_at=at,
        due_at=at + WORDS_FOLLOW,
        warn_at=None,
        within=_WORDS_FOLLOW,
        effect=word.event,
        sop_version=wait.sop_version,
        calendar_version=wait.calendar_version,
    )


def told_wait(wait: Promise | None, dossier: Dossier, event: DossierEvent) -> Promise | None:
    """A wait with what the reporter must know of for it to run against them, and whether they do.

    :param dossier: as it was before the event.
    :param event: what begins the wait.
    """
    if wait is None or wait.effect not in _AGAINST_THE_REPORTER:
        return wait
    version, told = _matter(dossier, event)
    return wait if version is None else replace(wait, about=version, told=told)


def _matter(dossier: Dossier, event: DossierEvent) -> tuple[int | None, bool]:
    """The version of what must be told, and whether it was: the event itself, or the answer that it passes on."""
    told = told_of(event)
    if told is not None:
        return told, True
    if isinstance(event, DeliveryFailed):
        return event.answer, False
    if must_be_told(event):
        return event.originator_version, knows_already(event)
    answer = max(dossier.answered or 0, dossier.interim or 0)
    if event.status != "answered" or not answer:
        return None, True
    return answer, answer in dossier.reaching.told
