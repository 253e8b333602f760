"""What people arrange beside the steps: leave to take longer, and another agency's help.

These actions are the same in every SOP that has the blocks ``leave`` and ``help``; who may do them is the SOP's to say.
They move no dossier: whoever holds it goes on holding it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden
from shared.domain.dossier.clocks import PAUSED
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import DossierEvent, HelpAsked, HelpCancelled, HelpGiven
from shared.domain.dossier.leave_terms import open_request
from shared.domain.dossier.promise import STEP
from shared.domain.sop.authority import version_lost
from shared.domain.sop.engine import allowed
from shared.domain.sop.model import Action, Sop
from shared.domain.sop.vocabulary import FINAL_STATUSES, SAME

_Made = Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]]

ARRANGED: Final[dict[str, tuple[EventName, tuple[str, ...], tuple[str, ...]]]] = {
    "ask_leave": ("LeaveAsked", ("kind", "why", "until", "reason"), ()),
    "grant_leave": ("LeaveGranted", ("asked",), ("until", "reason")),
    "refuse_leave": ("LeaveRefused", ("asked", "reason"), ()),
    "resume": ("Resumed", (), ("note",)),
    "ask_help": ("HelpAsked", ("agency", "note"), ()),
    "give_help": ("HelpGiven", ("part", "response"), ()),
    "cancel_help": ("HelpCancelled", ("part", "reason"), ()),
}
"""The actions: the event of each, the fields it needs and those it may have besides."""


@dataclass(frozen=True)
class Standing:
    """Where somebody stands who would do one of them.

    :param events: the dossier's history.
    """

    sop: Sop
    dossier: Dossier
    events: Sequence[DossierEvent]
    caller: Caller

    @property
    def holds(self) -> bool:
        """Whether they hold the dossier."""
        dossier = self.dossier
        return self.caller.actor == dossier.actor and (
            dossier.held_by_agency is None or self.caller.agency == dossier.held_by_agency
        )

    @property
    def acts_for_all(self) -> bool:
        """Whether they act for the whole government."""
        return self.sop.actor(self.caller.actor).scope == "tenant"


def open_parts(events: Sequence[DossierEvent]) -> dict[int, HelpAsked]:
    """The parts that other agencies still owe, by the version of the asking; none once the dossier has ended."""
    parts: dict[int, HelpAsked] = {}
    for event in events:
        if event.status in FINAL_STATUSES:
            parts.clear()
        elif isinstance(event, HelpAsked):
            parts[event.originator_version] = event
        elif isinstance(event, HelpGiven | HelpCancelled):
            parts.pop(event.part, None)
    return parts


def helpers(events: Sequence[DossierEvent]) -> frozenset[str]:
    """The agencies whose help is asked for or was."""
    return frozenset(event.to_agency for event in events if isinstance(event, HelpAsked))


def arranged_now(place: Standing) -> Iterator[Action]:
    """What a caller may arrange now, with the fields that it takes."""
    for name in ARRANGED:
        if _refusal(place, name) is None:
            event, needs, optional = ARRANGED[name]
            yield Action(name=name, event=event, to=SAME, needs=needs, optional=optional, actor=place.caller.actor)


def authorise_arranged(place: Standing, name: str) -> None:
    """Refuse one who may not arrange this, or not now.

    :param name: of :data:`ARRANGED`.
    :raises Forbidden: ``wrong_tenant``, ``admin_may_not_act``, ``unknown_actor``, ``wrong_agency`` or ``wrong_actor``.
    :raises Conflict: ``not_allowed_here``, or that there is nothing to decide or to end.
    """
    caller = place.caller
    if caller.admin:
        raise Forbidden("admin_may_not_act")
    if caller.tenant != place.dossier.tenant:
        raise Forbidden("wrong_tenant")
    if not place.sop.has_actor(caller.actor):
        raise Forbidden("unknown_actor", {"actor": caller.actor})
    refusal = _refusal(place, name)
    if refusal is not None:
        raise refusal


def _refusal(place: Standing, name: str) -> Forbidden | Conflict | None:
    if place.caller.admin or not place.sop.has_actor(place.caller.actor):
        return Forbidden("wrong_actor")
    if place.sop.lost:
        return version_lost(place.sop)
    if place.dossier.ended or place.dossier.erased:
        return _not_here(place, name)
    return _RULES[name](place, name)


def _ask_leave(place: Standing, name: str) -> Forbidden | Conflict | None:
    leave = place.sop.leave
    if leave is None:
        return _not_here(place, name)
    if place.caller.actor not in leave.asked_by or not place.holds:
        return _wrong(place, name)
    if place.dossier.open_clock(STEP) is None:
        return Conflict("no_clock")
    if open_request(place.events) is not None:
        return Conflict("leave_asked_already")
    return None


def _decide_leave(place: Standing, name: str) -> Forbidden | Conflict | None:
    leave = place.sop.leave
    if leave is None:
        return _not_here(place, name)
    if place.caller.actor != leave.granted_by or not (place.acts_for_all or _of_its_agency(place)):
        return _wrong(place, name)
    return None if open_request(place.events) is not None else Conflict("no_leave_asked")


def _resume(place: Standing, name: str) -> Forbidden | Conflict | None:
    leave = place.sop.leave
    if leave is None:
        return _not_here(place, name)
    if not place.holds and not (place.caller.actor == leave.granted_by and place.acts_for_all):
        return _wrong(place, name)
    clock = place.dossier.open_clock(STEP)
    return None if clock is not None and clock.state == PAUSED else Conflict("not_paused")


def _ask_help(place: Standing, name: str) -> Forbidden | Conflict | None:
    if place.sop.help is None or place.dossier.agency is None:
        return _not_here(place, name)
    if place.caller.actor not in place.sop.help.asked_by or not (place.acts_for_all or _of_its_agency(place)):
        return _wrong(place, name)
    return None


def _give_help(place: Standing, name: str) -> Forbidden | Conflict | None:
    parts = open_parts(place.events)
    if not parts:
        return _not_here(place, name)
    if any(_whose(place, part) for part in parts.values()):
        return None
    return _wrong(place, name)


def _cancel_help(place: Standing, name: str) -> Forbidden | Conflict | None:
    """Whoever may ask may call it off; and the helping agency may say that it is none of its business."""
    refusal = _give_help(place, name)
    return refusal if refusal is None or isinstance(refusal, Conflict) else _ask_help(place, name)


_RULES: Final[Mapping[str, Callable[[Standing, str], Forbidden | Conflict | None]]] = {
    "ask_leave": _ask_leave,
    "grant_leave": _decide_leave,
    "refuse_leave": _decide_leave,
    "resume": _resume,
    "ask_help": _ask_help,
    "give_help": _give_help,
    "cancel_help": _cancel_help,
}


def check_part(place: Standing, name: str, part: int) -> HelpAsked:
    """The part that somebody would give or call off.

    :raises Conflict: ``no_such_part`` if it is not asked for (any more).
    :raises Forbidden: if it is another agency's.
    """
    asked = open_parts(place.events).get(part)
    if asked is None:
        raise Conflict("no_such_part", {"part": part})
    if not _whose(place, asked) and (name == "give_help" or _ask_help(place, name) is not None):
        raise _wrong(place, name)
    return asked


def _whose(place: Standing, part: HelpAsked) -> bool:
    return (part.help.actor, part.to_agency) == (place.caller.actor, place.caller.agency)


def _of_its_agency(place: Standing) -> bool:
    agency = place.dossier.agency
    return agency is not None and place.caller.agency == agency


def _wrong(place: Standing, name: str) -> Forbidden:
    """Another agency's officer, or one of another role."""
    caller, dossier = place.caller, place.dossier
    other = place.sop.actor(caller.actor).scope == "agency" and caller.agency not in (
        dossier.agency,
        *(part.to_agency for part in open_parts(place.events).values()),
    )
    if other:
        return Forbidden("wrong_agency", {"agency": caller.agency or ""})
    return Forbidden("wrong_actor", {"action": name, "step": dossier.step or "", "actor": caller.actor})


def _not_here(place: Standing, name: str) -> Conflict:
    dossier, actor = place.dossier, place.caller.actor
    own = place.sop.actor(actor).scope != "agency" or _of_its_agency(place)
    here = allowed(place.sop, dossier.step, dossier.status, actor) if dossier.step and own else ()
    names = [action.name for action in here]
    said = {"action": name, "step": dossier.step or "", "status": dossier.status}
    return Conflict("not_allowed_here", {**said, "allowed": ", ".join(names) or "-", "allowed_actions": names})
