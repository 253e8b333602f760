"""What can be chosen for the fields of an action: from the procedure, the lists, and the dossier itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from portal.pages.officer.words import choice_words, event_words
from shared.domain.sop.model import Sop
from shared.domain.sop.vocabulary import CLASSES, VIAS
from shared.domain.tenants import Tenant

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FormPlace:
    """Where a form stands.

    :param allowed: the action, as the dossier offers it.
    :param view: the dossier, as its reader may see it.
    :param loads: what lies with each office, in words; none where that was not asked.
    """

    allowed: Mapping[str, Any]
    view: Mapping[str, Any]
    home: Tenant
    sop: Sop
    loads: Mapping[str, str] = field(default_factory=dict)


def choices(name: str, place: FormPlace) -> Choices | None:
    """The list to choose from; none for a field that is written."""
    by_event = _BY_EVENT.get((name, place.allowed["event"]))
    found = by_event or _BY_NAME.get(name)
    return None if found is None else tuple(found(place))


def usual(name: str, place: FormPlace) -> str:
    """What is likely meant: the office of the category, the class and category as they are."""
    if name == "agency":
        office = place.home.agency_for(place.view["category"])
        return office.id if office is not None else ""
    return str(place.view.get(name) or "") if name in ("classification", "category") else ""


def _words(names: Iterable[str]) -> Choices:
    return tuple((name, choice_words(name)) for name in names)


def _leave_kinds(place: FormPlace) -> Choices:
    leave = place.sop.leave
    if leave is None:
        return ()
    return _words(name for name, known in (("pause", leave.pause), ("extension", leave.extension)) if known)


def _leave_reasons(place: FormPlace) -> Choices:
    leave = place.sop.leave
    if leave is None:
        return ()
    kinds = (kind for kind in (leave.pause, leave.extension) if kind is not None)
    return _words(dict.fromkeys(why for kind in kinds for why in kind.why))


def _agencies(place: FormPlace) -> Iterator[tuple[str, str]]:
    """The offices, each with what lies there."""
    for each in place.home.agencies:
        load = place.loads.get(each.id)
        yield each.id, f"{each.name} ({load})" if load else each.name


def _units(place: FormPlace) -> Iterator[tuple[str, str]]:
    """The units of the office that has the dossier; before one has it, those of the office that is likely."""
    office = place.view["agency"] or usual("agency", place)
    if office and place.home.has_agency(office):
        for unit in place.home.agency(office).people.units:
            yield unit.id, unit.name


def _open_requests(place: FormPlace) -> Iterator[tuple[str, str]]:
    """The request for leave that nobody has decided yet."""
    timeline = place.view["timeline"]
    decided = {each.get("asked") for each in timeline if each["event"] in ("LeaveGranted", "LeaveRefused")}
    for each in [each for each in timeline if each["event"] == "LeaveAsked"][-1:]:
        if each["version"] not in decided:
            yield str(each["version"]), choice_words(each.get("kind") or "")


def _open_parts(place: FormPlace) -> Iterator[tuple[str, str]]:
    """The parts that other offices still owe."""
    timeline = place.view["timeline"]
    over = {each.get("part") for each in timeline if each["event"] in ("HelpGiven", "HelpCancelled")}
    for each in timeline:
        if each["event"] == "HelpAsked" and each["version"] not in over:
            yield str(each["version"]), place.home.agency_name(each.get("to_agency") or "")


def _vias(place: FormPlace) -> Choices:
    return _words(place.sop.on_behalf.via if place.sop.on_behalf else VIAS)


def _untold(place: FormPlace) -> Iterator[tuple[str, str]]:
    for each in place.view["untold"]:
        yield str(each["version"]), event_words(each, place.home)


_BY_EVENT: Final[dict[tuple[str, str], Callable[[FormPlace], Iterable[tuple[str, str]]]]] = {
    ("kind", "LeaveAsked"): _leave_kinds,
    ("why", "LeaveAsked"): _leave_reasons,
    ("why", "Rejected"): lambda place: _words(place.sop.rejections),
}
_BY_NAME: Final[dict[str, Callable[[FormPlace], Iterable[tuple[str, str]]]]] = {
    "agency": _agencies,
    "unit": _units,
    "classification": lambda _place: _words(CLASSES),
    "category": lambda place: ((each, each) for each in sorted(place.home.entries.categories.values())),
    "via": _vias,
    "way": lambda _place: _words(VIAS),
    "of": _untold,
    "asked": _open_requests,
    "part": _open_parts,
    "score": lambda _place: ((str(score), str(score)) for score in range(1, 6)),
}
LISTED: Final = frozenset((*_BY_NAME, *(name for name, _event in _BY_EVENT)))
"""The fields of actions that are chosen from a list."""
