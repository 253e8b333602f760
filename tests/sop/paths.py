"""Whether a dossier's events tell a story that its SOP allows: the check behind "one dossier, one story"."""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from shared.domain.dossier.event_name import EventName
from shared.domain.sop.engine import (
    after_end,
    candidates,
    first_step,
    holder_of,
    is_open,
    next_step,
    status_after,
    timeout_action,
)
from shared.domain.sop.model import Action, Sop
from shared.domain.sop.vocabulary import END, ERASED, FILED, FINAL_STATUSES, SIDE_NOTES, Status


class Target(Protocol):
    """What an event that moves a dossier says of where to."""

    @property
    def step(self) -> str:
        """The step entered."""


class PathEvent(Protocol):
    """What of an event matters for its place in the story; every dossier event has it."""

    @property
    def type(self) -> EventName:
        """The event's type."""

    @property
    def actor(self) -> str:
        """Who did it."""

    @property
    def step(self) -> str | None:
        """The step in which it was done."""

    @property
    def status(self) -> Status:
        """The dossier's status after it."""

    @property
    def promise(self) -> Target | None:
        """Where it led; none if it moved nothing."""


def legal_path(sop: Sop, events: Iterable[PathEvent]) -> tuple[str, ...]:
    """What is illegal in a dossier's events under an SOP; empty if every one of them was allowed when it came.

    :param events: all of them, in order.
    """
    return tuple(_problems(sop, events))


DELIVERED: Final[EventName] = "AnswerDelivered"
"""Whoever has the step: a carrier, an officer, and the reporter by opening it may each have brought the answer."""


def _problems(sop: Sop, events: Iterable[PathEvent]) -> Iterator[str]:
    step: str | None = None
    status: Status = "in_progress"
    for place, event in enumerate(events, start=1):
        if place == 1:
            if event.type != FILED or event.promise is None or event.promise.step != first_step(sop).id:
                yield f"1: a dossier begins with {FILED} before {first_step(sop).id!r}, not with {event.type}"
                return
            step, status = event.promise.step, event.status
            continue
        to = event.promise.step if event.promise else None
        if _moves_nothing(sop, step, status, event, to):
            continue
        if event.type == ERASED and to is None and step is not None and event.status in FINAL_STATUSES:
            step, status = None, event.status  # whatever the SOP says: nobody can read it any more
            continue
        if step is None:
            if not _taken_up_again(sop, status, event, to):
                yield f"{place}: {event.type} after the dossier had ended"
                return
            step, status = to, event.status
            continue
        if event.step != step:
            yield f"{place}: {event.type} was done in {event.step!r} while the dossier was in {step!r}"
        if not _allows(sop, step, status, event, to):
            yield f"{place}: {event.type} by {event.actor!r} from {step!r} ({status}) to {to!r} ({event.status})"
            return
        status = event.status
        step = None if status in FINAL_STATUSES else to or step


def _moves_nothing(sop: Sop, step: str | None, status: Status, event: PathEvent, to: str | None) -> bool:
    """A side note, or the answer of the dossier that goes on on a duplicate that was merged into it."""
    if step is None and _said_after_end(sop, status, event, to):
        return True
    if to is not None or event.status != status:
        return False
    return event.type in SIDE_NOTES or (event.type == "Answered" and status == "merged")


def _taken_up_again(sop: Sop, status: Status, event: PathEvent, to: str | None) -> bool:
    return event.step is None and any(
        action.event == event.type
        and action.actor == event.actor
        and action.to == to
        and status_after(sop, status, action, next_step(sop, None, action)) == event.status
        for action in after_end(sop, status, answered=True)
    )


def _said_after_end(sop: Sop, status: Status, event: PathEvent, to: str | None) -> bool:
    """What leaves a dossier as it ended."""
    ends_so = to is None and event.status == status
    return ends_so and any(
        (action.event, action.actor, action.to) == (event.type, event.actor, END)
        for action in after_end(sop, status, answered=True)
    )


def _allows(sop: Sop, step: str, status: Status, event: PathEvent, to: str | None) -> bool:
    return any(
        action.event == event.type
        and (holder_of(sop, step, action) == event.actor or event.type == DELIVERED)
        and _leads(sop, step, status, action, event, to)
        for action in _candidates(sop, step, status)
    )


def _candidates(sop: Sop, step: str, status: Status) -> Iterator[Action]:
    yield from (action for action in candidates(sop, step) if is_open(sop, step, action, status))
    timeout = timeout_action(sop.step(step))
    if timeout is not None:
        yield timeout


def _leads(sop: Sop, step: str, status: Status, action: Action, event: PathEvent, to: str | None) -> bool:
    target = next_step(sop, step, action)
    moved_to = target.id if target is not None and target.id != step else None
    return moved_to == to and status_after(sop, status, action, target) == event.status
