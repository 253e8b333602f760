"""Waits for the reporter: what they must know of before one runs, and what comes after one has run out."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.base.errors import Conflict
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import DeliveryFailed, DossierEvent
from shared.domain.dossier.promise import REPLY, Promise
from shared.domain.dossier.reaching import knows_already, must_be_told, told_of


def check_in_time(dossier: Dossier, now: datetime) -> None:
    """Refuse to act on a dossier whose wait has run out: what follows from that is only still to be recorded.

    Whether or not a timer has said so yet. A wait of which the reporter was never told cannot run out.

    :raises Conflict: ``too_late``, with the instant at which it ran out.
    """
    wait = dossier.open_clock(REPLY)
    if wait is not None and wait.effect is not None and wait.told and now > wait.due_at:
        raise Conflict("too_late", {"due_at": wait.due_at.isoformat()})


_AGAINST_THE_REPORTER: Final[frozenset[EventName]] = frozenset({"Lapsed", "Closed"})
"""What follows from a wait that runs out against the reporter; where a desk has to look into it, nothing does."""


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
