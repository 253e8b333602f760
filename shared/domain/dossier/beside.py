"""What officers do beside a case, in every SOP and also after its end: notes, what the public may read, and what a
reporter asks about their own data.

None of it moves the dossier or starts a clock, so it stands apart from ``allowed``.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from shared.base.errors import Conflict, Forbidden
from shared.domain.dossier.arranged import Standing
from shared.domain.dossier.data_requests import open_requests
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.event import COORDINATOR
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.telling_desk import coordinator
from shared.domain.sop.authority import version_lost
from shared.domain.sop.model import Action
from shared.domain.sop.vocabulary import SAME, STATUSES, Status

BESIDE: Final[dict[str, tuple[EventName, tuple[str, ...], tuple[str, ...]]]] = {
    "leave_note": ("Noted", ("note",), ()),
    "write_summary": ("SummaryWritten", ("summary",), ("public_answer",)),
    "publish_summary": ("Published", ("summary_version",), ()),
    "give_back_summary": ("SummaryGivenBack", ("summary_version", "reason"), ()),
    "withdraw_summary": ("Unpublished", ("reason",), ()),
    "answer_about_data": ("DataAnswered", ("asked", "outcome", "text"), ("reporter",)),
}
"""The actions: the event of each, the fields it needs and those it may have besides."""

NOT_PUBLIC: Final[frozenset[Status]] = frozenset({"withdrawn", "rejected", "merged", "lapsed"})
"""Of these nothing is public: there is no answer of their own, or the reporter took it back."""
PUBLIC: Final[tuple[Status, ...]] = tuple(each for each in STATUSES if each not in NOT_PUBLIC)
"""In which states a complaint may stand of which something is public."""

_Refusal = Forbidden | Conflict | None


def is_public(dossier: Dossier) -> bool:
    """Whether what was published of it can be read by anybody: not while it stands where nothing is public."""
    return dossier.published is not None and dossier.status not in NOT_PUBLIC


def beside_now(place: Standing) -> Iterator[Action]:
    """What a caller may do beside the case now, with the fields that it takes."""
    for name, (event, needs, optional) in BESIDE.items():
        if _refusal(place, name) is None:
            yield Action(name=name, event=event, to=SAME, needs=needs, optional=optional, actor=place.caller.actor)


def authorise_beside(place: Standing, name: str) -> None:
    """Refuse one who may not do this, or not now. Whether they may read the dossier at all is asked before.

    :param name: of :data:`BESIDE`.
    :raises Forbidden: ``admin_may_not_act``, ``unknown_actor``, ``wrong_agency`` or ``wrong_actor``.
    :raises Conflict: ``erased``, ``never_public``, ``nothing_to_publish``, ``published_already``, ``not_published`` or
        ``needs_two_people``.
    """
    caller = place.caller
    if caller.admin:
        raise Forbidden("admin_may_not_act")
    if not place.sop.has_actor(caller.actor):
        raise Forbidden("unknown_actor", {"actor": caller.actor})
    refusal = _refusal(place, name)
    if refusal is not None:
        raise refusal


def _refusal(place: Standing, name: str) -> _Refusal:
    caller = place.caller
    if caller.admin or not place.sop.has_actor(caller.actor):
        return Forbidden("wrong_actor", _named(place, name))
    if place.sop.actor(caller.actor).scope not in ("tenant", "agency"):
        return Forbidden("wrong_actor", _named(place, name))
    if place.sop.lost:
        return version_lost(place.sop)
    return Conflict("erased") if place.dossier.erased else _RULES[name](place, name)


def _note(place: Standing, name: str) -> _Refusal:
    del place, name
    return None


def _write(place: Standing, name: str) -> _Refusal:
    if not place.acts_for_all and place.caller.agency != place.dossier.agency:
        return Forbidden("wrong_agency", {"agency": place.caller.agency or ""})
    if (refusal := _never(place)) is not None:
        return refusal
    del name
    return Conflict("published_already") if place.dossier.published is not None else None


def _publish(place: Standing, name: str) -> _Refusal:
    refusal = _give_back(place, name)
    if refusal is not None:
        return refusal
    written = place.events[(place.dossier.summary or 1) - 1]
    return Conflict("needs_two_people") if written.user == place.caller.user else _never(place)


def _give_back(place: Standing, name: str) -> _Refusal:
    if place.caller.actor != coordinator(place.sop):
        return Forbidden("wrong_actor", _named(place, name))
    return None if place.dossier.summary is not None else Conflict("nothing_to_publish")


def _unpublish(place: Standing, name: str) -> _Refusal:
    if place.caller.actor != coordinator(place.sop):
        return Forbidden("wrong_actor", _named(place, name))
    return None if place.dossier.published is not None else Conflict("not_published")


def _about_data(place: Standing, name: str) -> _Refusal:
    if place.caller.actor != (coordinator(place.sop) or COORDINATOR):
        return Forbidden("wrong_actor", _named(place, name))
    return None if open_requests(place.events) else Conflict("data_not_asked")


_RULES: Final[Mapping[str, Callable[[Standing, str], _Refusal]]] = {
    "leave_note": _note,
    "write_summary": _write,
    "publish_summary": _publish,
    "give_back_summary": _give_back,
    "withdraw_summary": _unpublish,
    "answer_about_data": _about_data,
}


def _never(place: Standing) -> Conflict | None:
    """Whether nothing of it may be public: nobody answered it, or its reporter wants it so."""
    dossier = place.dossier
    fit = dossier.answered is not None and dossier.status not in NOT_PUBLIC and dossier.privacy != "secret"
    return None if fit else Conflict("never_public")


def _named(place: Standing, name: str) -> dict[str, object]:
    return {"action": name, "step": place.dossier.step or "", "actor": place.caller.actor}
