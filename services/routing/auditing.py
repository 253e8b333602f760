"""One dossier's chain, for administrators: what happened when, and that nobody has changed it; no private text."""

import json
from typing import Any
from uuid import UUID

from shared.application.reading_rights import check_administrator
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.store.eventstore.audit_dossier import chain_of_dossier

SERVICE = "routing"
_TOLD = ("actor", "agency", "user", "status", "step", "recorded_at", "occurred_at", "schema")


def audit(runtime: Runtime, caller: Caller, tenant_id: str, dossier_id: UUID) -> dict[str, Any]:
    """Every event with its place, times and hash, each held against the one before it.

    :returns: ``intact``, and ``events``, each with ``faults`` (empty where all is well).
    :raises Forbidden: for anybody but an administrator of the installation.
    :raises NotFound: no such dossier in that tenant.
    """
    check_administrator(caller)
    runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    with runtime.database.autocommit() as cursor:
        links = chain_of_dossier(cursor, dossier_id)
    events = []
    for link in links:
        try:
            data: dict[str, Any] = json.loads(link.state)
        except ValueError:
            data = {}
        events.append(
            {
                "version": link.version,
                "position": link.position,
                "event": link.type,
                "hash": link.hash,
                "sealed": data.get("sealed") is not None,
                "faults": list(link.faults),
                **{name: data.get(name) for name in _TOLD},
            }
        )
    return {"intact": not any(link.faults for link in links), "events": events}
