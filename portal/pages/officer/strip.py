"""The steps of the procedure as a strip: which are done, where the dossier is, what comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.domain.sop.vocabulary import SYSTEM
from shared.domain.tenants import Tenant


@dataclass(frozen=True)
class StripMark:
    """One step."""

    state: Literal["done", "now", "later"]
    title: str


def strip(view: Mapping[str, Any], home: Tenant) -> tuple[StripMark, ...]:
    """The steps that people do, in the SOP's order, and those besides where the dossier has been."""
    sop = home.sop_of(view["sop_version"])
    been = {entry["to_step"] for entry in view["timeline"] if entry["to_step"]} | {sop.filed_in}
    steps = [
        step
        for step in sop.steps
        if step.actor != SYSTEM and (step.row is not None or step.id in been or step.id == view["step"])
    ]
    at = next((place for place, step in enumerate(steps) if step.id == view["step"]), None)
    return tuple(StripMark(_state(place, at, been=step.id in been), step.activity) for place, step in enumerate(steps))


def _state(place: int, at: int | None, *, been: bool) -> Literal["done", "now", "later"]:
    """What it came back from is yet to be done again."""
    if place == at:
        return "now"
    return "done" if been and (at is None or place < at) else "later"
