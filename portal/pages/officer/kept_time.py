"""Whether each step was done in its time, told with the event that ended it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at
from portal.pages.frame.used_time import used
from shared.domain.calendar.duration import Duration
from shared.domain.dossier.promise import STEP
from shared.domain.dossier.states import CANCELLED
from shared.domain.tenants import Tenant

Told = Mapping[int, tuple[str, ...]]

_NOTHING: Final = ()


def kept_times(view: Mapping[str, Any], home: Tenant) -> Told:
    """How much of a step's time was used, and that it was in time if it was; lateness an event tells itself.

    Only where whoever held the step ended it: that somebody else took it away says nothing of how they worked.

    :returns: by the version of the event.
    """
    told = {}
    for clock in view["clocks"]:
        if clock["target"] != STEP or clock["ended_at"] is None or clock["state"] == CANCELLED:
            continue
        version = next(_ended_by(clock, view), None)
        if version is not None:
            told[version] = (*_used(clock, home), *(_NOTHING if clock["late_seconds"] else (_("tepat waktu"),)))
    return told


def _ended_by(clock: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[int]:
    """The versions of events by which whoever held the step can have ended its clock, the first first."""
    began = int(clock["id"].rpartition(":")[2])
    for entry in view["timeline"]:
        own = (entry["actor"], entry["agency"]) == (clock["actor"], clock["agency"])
        if own and entry["version"] > began and entry["at"] == clock["ended_at"] and not entry.get("clock"):
            yield entry["version"]


def _used(clock: Mapping[str, Any], home: Tenant) -> tuple[str, ...]:
    """How long it took of what was promised; nothing where leave was given or another desk had used a part, since the
    clock's own sum tells that.
    """
    if clock["pauses"] or clock["extended"] or clock["counted_from"] != clock["started_at"]:
        return _NOTHING
    within = Duration.parse(clock["within"])
    length = used(within, instant_at(clock["started_at"], home), instant_at(clock["ended_at"], home), home)
    return (_("%(length)s dari %(standard)s", length=length, standard=saying.standard(within)),)
