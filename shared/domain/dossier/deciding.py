"""Whether an action is still the one that somebody decided on, when something has happened since they looked.

One rule for every action that names the version on which it was decided. It has moved on if a person has done
something with the dossier since, since knowing it they may decide otherwise; or if what the system has done since
makes it another action: one that was not theirs to do then, that is recorded otherwise or leads elsewhere. Clocks,
letters and steps of the system's that do neither stand in nobody's way, nor does it that the reporter was told of
something, whoever told them: an action that tells says itself of what, see :func:`tells_otherwise`.
"""

from collections.abc import Sequence
from typing import Final

from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden
from shared.domain.dossier.dossier import Dossier, fold
from shared.domain.dossier.events import AnswerDelivered, DossierEvent, NoticeDelivered
from shared.domain.dossier.telling_desk import to_tell
from shared.domain.sop.authority import authorise
from shared.domain.sop.model import Action, Sop
from shared.domain.sop.vocabulary import END, SAME, SYSTEM

_TOLD: Final = (AnswerDelivered, NoticeDelivered)


def as_seen(events: Sequence[DossierEvent], version: int) -> Dossier | None:
    """The dossier as it stood at a version; none if it never stood at that one."""
    return fold(events[:version]) if 0 < version <= len(events) else None


def moved_by_people(events: Sequence[DossierEvent], version: int) -> bool:
    """Whether a person has done something with a dossier since a version, besides telling its reporter."""
    return any(event.actor != SYSTEM and not isinstance(event, _TOLD) for event in events[version:])


def is_another(sop: Sop, seen: Dossier, now: Dossier, caller: Caller, action: Action) -> bool:
    """Whether an action of the SOP's is another than it was.

    :param seen: the dossier as it stood when it was decided on.
    :param action: as authorised now.
    """
    try:
        before = authorise(
            sop, seen.step, seen.agency, seen.status, caller, action.name, answered=seen.answered is not None
        )
    except (Conflict, Forbidden):
        return True
    if _recorded(before) != _recorded(action):
        return True
    stays = _stays(before, seen), _stays(action, now)
    return stays != (True, True) and _leads_to(before, seen) != _leads_to(action, now)


def tells_otherwise(seen: Dossier, now: Dossier, events: Sequence[DossierEvent]) -> bool:
    """Whether who records having told the reporter, and not of what, would record another thing than they told."""
    return to_tell(seen, events[: seen.version])[-1:] != to_tell(now, events)[-1:]


def _recorded(action: Action) -> tuple[object, ...]:
    return action.event, action.kind, action.why, action.authorises


def _stays(action: Action, dossier: Dossier) -> bool:
    """Whether it leaves a dossier where it is; what has ended is led nowhere by what ends."""
    return action.to == SAME or (action.to == END and dossier.step is None)


def _leads_to(action: Action, dossier: Dossier) -> str | None:
    return dossier.step if _stays(action, dossier) else action.to
