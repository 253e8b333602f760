"""The promise: the due time as computed when a clock started, kept for ever in the event that started it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from shared.base.frozen import maker
from shared.base.times import from_iso, to_iso
from shared.domain.dossier.event_name import EventName

Target = Literal["step", "case", "reply", "help", "data"]
"""What a clock is about."""
STEP: Final = "step"
CASE: Final = "case"
REPLY: Final = "reply"
HELP: Final = "help"
DATA: Final = "data"


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What was promised when a clock started.

    :param target: ``step``, ``case``, ``reply`` (the reporter's duty, or chance, to answer), ``help`` (a helping
        agency's part) or ``data`` (what the reporter asked about their own data).
    :param step: the step entered; for the case, the step in which its clock started.
    :param actor: who holds the dossier.
    :param agency: the agency that holds it, when the actor belongs to one.
    :param started_at: when the clock started.
    :param due_at: when it runs out; none where the SOP gives the step no time.
    :param warn_at: when the holder is warned.
    :param within: the standard in the SOP's unit, e.g. ``15 min``.
    :param ends: for the case, the type of the event that fulfils it.
    :param effect: for a reply, the type of the event that follows when it runs out.
    :param sop_version: the SOP version that gave the standard.
    :param calendar_version: the calendar by which the due time was computed.
    :param runs_from: since when the standard runs, where that was before this holder came: time shared by two.
    :param about: for a reply, the version of the event that the reporter must know of for the time to run against them.
        None if there is nothing to be told; so in what was recorded when tellings were not: it counts as told.
    :param told: whether they had been told of that when the clock started.
    """

    target: Target
    step: str
    actor: str
    agency: str | None
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    within: str | None
    sop_version: int
    calendar_version: str
    ends: EventName | None = None
    effect: EventName | None = None
    runs_from: datetime | None = None
    about: int | None = None
    told: bool = True

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        shared = {"runs_from": to_iso(self.runs_from)} if self.runs_from else {}
        telling = {"about": self.about, "told": self.told} if self.about is not None else {}
        return {
            "target": self.target,
            "step": self.step,
            "actor": self.actor,
            "agency": self.agency,
            "started_at": to_iso(self.started_at),
            "due_at": to_iso(self.due_at) if self.due_at else None,
            "warn_at": to_iso(self.warn_at) if self.warn_at else None,
            "within": self.within,
            "ends": self.ends,
            "effect": self.effect,
            "sop_version": self.sop_version,
            "calendar_version": self.calendar_version,
            **shared,
            **telling,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Promise":
        """The reverse of :meth:`to_dict`."""
        held = {name: data[name] for name in _ALWAYS}
        held["started_at"] = from_iso(data["started_at"])
        held["due_at"] = from_iso(data["due_at"]) if data["due_at"] else None
        held["warn_at"] = from_iso(data["warn_at"]) if data["warn_at"] else None
        held["ends"] = data.get("ends")
        held["effect"] = data.get("effect")
        held["runs_from"] = from_iso(data["runs_from"]) if data.get("runs_from") else None
        held["about"] = data.get("about")
        held["told"] = data.get("told", True)
        return _made(held)


_ALWAYS: Final = ("target", "step", "actor", "agency", "within", "sop_version", "calendar_version")
_made: Final = maker(Promise)
