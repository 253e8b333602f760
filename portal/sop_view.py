"""A government's procedure as the API shows it."""

from typing import Any

from shared.domain.sop.model import Action, Step
from shared.domain.tenants import Tenant

_WORDS = ("legal_basis", "qualifications", "related", "equipment", "warnings", "records", "without")
"""What the document says beside its table, and which additions are switched off."""


def sop_view(tenant: Tenant) -> dict[str, Any]:
    """The shape ``sop``: the version under which complaints are filed now, with the agencies."""
    sop = tenant.sop
    return {
        "tenant": tenant.id,
        "name": tenant.name,
        "title": sop.title,
        "version": sop.version,
        "number": sop.number,
        "made": sop.made,
        "revised": sop.revised,
        "effective": sop.effective,
        "approved_by": sop.approved_by,
        "timezone": sop.timezone,
        "channels": [channel.id for channel in sop.channels],
        "requires": list(sop.requires),
        "actors": [{"id": actor.id, "title": actor.title, "scope": actor.scope} for actor in sop.actors],
        "agencies": [{"id": agency.id, "name": agency.name} for agency in tenant.agencies],
        "authorities": [{"id": each, "name": name} for each, name in tenant.authorities.items()],
        "steps": [_step(step) for step in sop.steps],
        "anytime": [_action(action) for action in sop.anytime],
        "after_end": [_action(action) for action in sop.after_end],
        "rejections": list(sop.rejections),
        **{name: list(getattr(sop, name)) for name in _WORDS},
        "known_gaps": [
            {"where": gap.where, "source": gap.source, "reading": gap.reading, "confirmed": gap.confirmed}
            for gap in sop.known_gaps
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "printed": step.printed,
        "actor": step.actor,
        "activity": step.activity,
        "row": step.row,
        "quote": step.quote,
        "requirements": step.requirements,
        "output": step.output,
        "notes": step.notes,
        "shares": step.shares,
        "source": step.source,
        "confirmed": step.confirmed,
        "within": str(step.within) if step.within is not None else None,
        "automatic": step.automatic,
        "actions": [_action(action) for action in step.actions],
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "name": action.name,
        "event": action.event,
        "to": action.to,
        "needs": list(action.needs),
        "optional": list(action.optional),
        "kind": action.kind,
        "why": action.why,
        "actor": action.actor,
        "while": list(action.statuses),
        "answered": action.answered,
        "needs_files": list(action.needs_files),
        "source": action.source,
        "confirmed": action.confirmed,
    }
