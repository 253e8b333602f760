"""Whether each step was done in its time, told with the event that ended it."""

from collections.abc import Mapping
from typing import Any, Final

from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at
from portal.pages.frame.used_time import used_of
from shared.domain.calendar.duration import Duration
from shared.domain.dossier.promise import STEP
from shared.domain.dossier.states import CANCELLED, SATISFIED
from shared.domain.sop.vocabulary import SYSTEM
from shared.domain.tenants import Tenant

Told = Mapping[int, tuple[str, ...]]

_NOTHING: Final = ()


def kept_times(view: Mapping[str, Any], home: Tenant) -> Told:
    """How much of a step's time was used, and whether it was in time; by how much it was late an event tells itself.

    Only where whoever held the step ended it: that somebody else took it away says nothing of how they worked. Nor is
    anything said of the system's own steps, at which nobody works.

    :returns: by the version of the event.
    """
    told = {}
    left = [entry for entry in view["timeline"] if _left_a_step(entry)]
    for clock in view["clocks"]:
        entry = next((each for each in left if _left_by_holder(each, clock)), None)
        if entry is None:
            continue
        left.remove(entry)
        if clock["state"] != CANCELLED and clock["actor"] != SYSTEM:
            told[entry["version"]] = (*_used(clock, home), *_kept(clock))
    return told


def _left_a_step(entry: Mapping[str, Any]) -> bool:
    """Whether an event left the dossier's step: it says how late that was. One that gives help says it of its part."""
    return "late_seconds" in entry and "part" not in entry


def _left_by_holder(entry: Mapping[str, Any], clock: Mapping[str, Any]) -> bool:
    """Whether an event may be that by which whoever held a step ended its clock: of several at one instant, the first
    belongs to the clock that began first.
    """
    names = ("actor", "agency")
    same = clock["target"] == STEP and entry["at"] == clock["ended_at"]
    return same and all(entry[name] == clock[name] for name in names)


def _kept(clock: Mapping[str, Any]) -> tuple[str, ...]:
    """That it was in time; or that it was not, where that has no length since the office was closed."""
    if clock["state"] == SATISFIED:
        return (_("tepat waktu"),)
    return _NOTHING if clock["late_seconds"] else (_("lewat waktu"),)


def _used(clock: Mapping[str, Any], home: Tenant) -> tuple[str, ...]:
    """How long it took of what was promised; nothing where leave was given or another desk had used a part, since the
    clock's own sum tells that.
    """
    if clock["pauses"] or clock["extended"] or clock["counted_from"] != clock["started_at"]:
        return _NOTHING
    within = Duration.parse(clock["within"])
    return (used_of(within, instant_at(clock["started_at"], home), instant_at(clock["ended_at"], home), home),)
