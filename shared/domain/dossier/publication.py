"""What the public reads of a dossier, and what waits to be published, as officers see it."""

from collections.abc import Sequence
from typing import Any

from shared.domain.dossier.contents import opened
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import Answered, DossierEvent
from shared.domain.dossier.public_facts import public_facts
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant


def publication(
    dossier: Dossier, events: Sequence[DossierEvent], tenant: Tenant, key: DataKey | None
) -> dict[str, Any]:
    """The state of a dossier's publication.

    :returns: ``written``, the summary that waits to be published, and ``published``, the one that is public, each with
        who wrote or published it; ``facts``, what would stand beside them. None of each where there is none.
    """
    return {
        "facts": _facts(dossier, events, tenant),
        "written": _text(dossier.summary, events, tenant, key),
        "published": _text(dossier.published, events, tenant, key),
    }


def _facts(dossier: Dossier, events: Sequence[DossierEvent], tenant: Tenant) -> dict[str, Any] | None:
    first = next((event for event in events if isinstance(event, Answered) and event.kind == "final"), None)
    if first is None:
        return None
    return public_facts(
        tenant,
        ticket=dossier.ticket,
        status=dossier.status,
        category=dossier.category,
        kecamatan=dossier.kecamatan,
        desa=dossier.desa,
        agency=dossier.agency,
        filed_at=dossier.filed_at,
        answered_at=first.occurred_at,
    )


def _text(
    version: int | None, events: Sequence[DossierEvent], tenant: Tenant, key: DataKey | None
) -> dict[str, Any] | None:
    if version is None:
        return None
    event = events[version - 1]
    private = opened(event, key)
    return {
        "version": version,
        "at": tenant.local(event.occurred_at),
        "user": event.user,
        "actor": event.actor,
        "agency": event.agency,
        "summary": private.get("summary") or "",
        "public_answer": private.get("public_answer"),
    }
