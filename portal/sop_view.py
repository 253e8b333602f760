"""A government's procedure as the API shows it."""

from typing import Any

from shared.domain.sop.model import Action, Step
from shared.domain.tenants import Tenant


def sop_view(tenant: Tenant) -> dict[str, Any]:
    """The shape ``sop``: the version under which complaints are filed now, with the agencies."""
    sop = tenant.sop
    return {
        "tenant": tenant.id,
        "name": tenant.name,
        "title": sop.title,
        "version": sop.version,
        "timezone": sop.timezone,
        "channels": [channel.id for channel in sop.channels],
        "requires": list(sop.requires),
        "actors": [{"id": actor.id, "title": actor.title, "scope": actor.scope} for actor in sop.actors],
        "agencies": [{"id": agency.id, "name": agency.name} for agency in tenant.agencies],
        "steps": [_step(step) for step in sop.steps],
        "anytime": [_action(action) for action in sop.anytime],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "printed": step.printed,
        "actor": step.actor,
        "activity": step.activity,
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
    }
