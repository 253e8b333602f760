"""A matter that another authority has: who, since when, and whether anything was heard."""

from collections.abc import Sequence
from typing import Any

from shared.domain.dossier.authorities import authority_of
from shared.domain.dossier.clocks import PAUSED
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import Answered, DossierEvent, Transferred
from shared.domain.dossier.promise import CASE
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant


def elsewhere(
    dossier: Dossier, events: Sequence[DossierEvent], tenant: Tenant, key: DataKey | None
) -> dict[str, Any] | None:
    """Which other authority has it, since when, and when something was last heard; none if no other has it."""
    handed = next((event for event in events if event.originator_version == dossier.transferred), None)
    if not isinstance(handed, Transferred):
        return None
    since = handed.originator_version
    heard = [event.occurred_at for event in events if isinstance(event, Answered) and event.originator_version > since]
    case = dossier.open_clock(CASE)
    return {
        "to": authority_of(handed, tenant, key),
        "since": tenant.local(handed.occurred_at),
        "heard_at": tenant.local(heard[-1]) if heard else None,
        "clock_rests": case is not None and case.state == PAUSED,
    }
