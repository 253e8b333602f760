"""Entries about telling the reporter: by whatever way, and whoever says so, they are made here."""

from collections.abc import Sequence
from typing import Final

from shared.base.caller import Caller
from shared.domain.dossier.desk import Cause, Desk
from shared.domain.dossier.dossier import Dossier, evolve
from shared.domain.dossier.event import COORDINATOR
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import Added, Answered, DossierEvent
from shared.domain.dossier.promise import REPLY
from shared.domain.dossier.reaching import knows_already, must_be_told
from shared.domain.sop import engine
from shared.domain.sop.model import Sop
from shared.domain.sop.vocabulary import CameTo, Way

NO_WAY = "no_way"
"""Why somebody was not told: there is nothing by which they could be reached."""

DELIVERIES: Final[frozenset[EventName]] = frozenset({"AnswerDelivered", "NoticeDelivered"})
"""Types of events that say that the reporter was told; which of them it is, follows from what they were told of."""


def told(
    desk: Desk, dossier: Dossier, event: DossierEvent, way: Way, caller: Caller, cause: Cause, sealed: str | None = None
) -> DossierEvent:
    """The entry that the reporter was told of an event. An answer's delivery leads on where the SOP says so.

    :param way: by which they were told: ``email``, ``portal``, ``telephone``, ...
    :param sealed: the note of whoever told them.
    """
    if not isinstance(event, Answered):
        own = {"notice": event.originator_version, "about": event.type, "by": way, "sealed": sealed}
        return desk.note(dossier, "NoticeDelivered", caller, cause, own)
    own = {"answer": event.originator_version, "by": way, "kind": event.kind, "sealed": sealed}
    sop = desk.sop_of(dossier)
    step = _step(sop, dossier)
    action = engine.delivering_action(sop, step) if step else None
    if action is None or not _is_latest(dossier, event):
        return desk.note(dossier, "AnswerDelivered", caller, cause, own)
    return desk.act(dossier, action, caller, cause, own)


def not_told(
    desk: Desk,
    dossier: Dossier,
    event: DossierEvent,
    way: Way,
    reason: str,
    caller: Caller,
    cause: Cause,
    *,
    after: CameTo | None = None,
) -> DossierEvent:
    """The entry that the reporter could not be told of an event; where the SOP says so, it comes before a person.

    :param way: that was tried.
    :param reason: a code, never an address.
    :param after: how far the letter had come by that way.
    """
    sop = desk.sop_of(dossier)
    person = coordinator(sop)
    own = {"answer": event.originator_version, "by": way, "reason": reason, "about": event.type, "after": after}
    own |= {"task_for": person} if person else {}
    step = _step(sop, dossier)
    action = engine.system_action(sop, step, "DeliveryFailed") if step else None
    if action is None or not isinstance(event, Answered) or not _is_latest(dossier, event):
        return desk.note(dossier, "DeliveryFailed", caller, cause, own)
    return desk.act(dossier, action, caller, cause, own)


def opened_by_code(
    desk: Desk, dossier: Dossier, events: Sequence[DossierEvent], way: Way, caller: Caller, cause: Cause
) -> list[DossierEvent]:
    """The entries that follow from the reporter's opening their dossier: whatever stands there they know from now on.

    Only where something depends on it: an answer not told yet, what could not be brought, what a wait is held for.
    Where the file of its procedure is lost nothing is recorded: reading goes on all the same.
    """
    if desk.sop_of(dossier).lost:
        return []
    made: list[DossierEvent] = []
    for event in untold(dossier, events):
        entry = told(desk, dossier, event, way, caller, cause)
        made.append(entry)
        dossier = evolve(dossier, entry)
    return made


def untold(dossier: Dossier, events: Sequence[DossierEvent]) -> list[DossierEvent]:
    """What the reporter is still to be told of: answers, what could not be brought, what a wait is held for."""
    held = {clock.about for clock in dossier.clocks if clock.target == REPLY and clock.open and not clock.told}
    awaited = held | set(dossier.reaching.failed)
    return [
        event
        for event in events
        if event.originator_version not in dossier.reaching.told
        and (isinstance(event, Answered) or (must_be_told(event) and event.originator_version in awaited))
    ]


def to_tell(dossier: Dossier, events: Sequence[DossierEvent]) -> list[DossierEvent]:
    """What an officer may record to have told the reporter; last the one that is meant where nobody says which.

    What the reporter is still to be told, and before it whatever else they do not know on anybody's word.
    """
    awaited = untold(dossier, events)
    known = dossier.reaching.told | {event.originator_version for event in awaited}
    besides = [event for event in events if event.originator_version not in known and _is_news(event)]
    return [*besides, *awaited]


def can_be_told(event: DossierEvent) -> bool:
    """Whether telling is recorded: of what the reporter must know, and of what they asked for."""
    return must_be_told(event) or (isinstance(event, Added) and event.task_for is not None)


def _is_news(event: DossierEvent) -> bool:
    return can_be_told(event) and not knows_already(event)


def coordinator(sop: Sop) -> str | None:
    """Who sees to it that a reporter is reached: the coordinator, or the first desk of the government's own."""
    if sop.has_actor(COORDINATOR):
        return COORDINATOR
    return next((actor.id for actor in sop.actors if actor.scope == "tenant"), None)


def _step(sop: Sop, dossier: Dossier) -> str | None:
    """Where it stands; none if it has ended, or the procedure has lost that step."""
    return dossier.step if dossier.step is not None and sop.has_step(dossier.step) else None


def _is_latest(dossier: Dossier, answer: DossierEvent) -> bool:
    return answer.originator_version == max(dossier.answered or 0, dossier.interim or 0)
