"""Telling a reporter by hand, in procedures written before that could be said.

A reporter who cannot be reached by letter waits for a person's word, in whatever version their dossier runs; and a
version in use is never edited. So a version that says nothing of it has it all the same: see :class:`Sop`.
"""

from dataclasses import replace
from typing import Final

from shared.domain.dossier.event_name import EventName
from shared.domain.sop.model import Action, Sop
from shared.domain.sop.vocabulary import SAME

DELIVER: Final = "deliver"
RENEW_CODE: Final = "renew_code"
_EVENTS: Final[dict[str, EventName]] = {DELIVER: "NoticeDelivered", RENEW_CODE: "CodeRenewed"}
_FIELDS: Final = {DELIVER: (("way",), ("note", "of")), RENEW_CODE: (("via",), ())}
COORDINATOR: Final = "coordinator"
PRACTICE: Final = "practice"


def with_tellings(sop: Sop) -> Sop:
    """The procedure with both actions for its coordinator, unless it has its own or has switched them off.

    A government without a coordinator has them for all of its own desks.
    """
    missing = [name for name, event in _EVENTS.items() if name not in sop.without and not _knows(sop, event)]
    holding = {step.actor for step in sop.steps}
    desks = [actor.id for actor in sop.actors if actor.scope == "tenant" and actor.id in holding]
    desks = [COORDINATOR] if COORDINATOR in desks else desks
    added = [_action(name, actor) for name in missing for actor in desks]
    return replace(sop, anytime=(*sop.anytime, *added)) if added else sop


def _knows(sop: Sop, event: EventName) -> bool:
    return any(action.event == event for action in sop.anytime)


def _action(name: str, actor: str) -> Action:
    needs, optional = _FIELDS[name]
    return Action(
        name=name,
        event=_EVENTS[name],
        to=SAME,
        needs=needs,
        optional=optional,
        actor=actor,
        source=PRACTICE,
        confirmed=True,
    )
