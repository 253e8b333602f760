"""Where complaints stand, for the channel by which their reporter asks: no text, no name; asking records nothing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.intake.adding import leader_of
from services.intake.booking import SERVICE
from shared.application.runtime import Runtime
from shared.domain.complaint.schema import ADD
from shared.domain.dossier.dossier import fold
from shared.domain.dossier.promise import CASE
from shared.domain.dossier.view import allowed_to_reporter

MOST = 20


def standing(runtime: Runtime, tenant_id: str, dossiers: Sequence[str]) -> dict[str, Any]:
    """Where each of these dossiers stands.

    :param dossiers: those whose tracking codes the caller keeps for their reporter; at most :data:`MOST`.
    :returns: by id: ``status``, ``actions`` that its reporter may do, ``due_at`` of the whole case, ``ended``; without
        those that are not there, are another government's, or were erased.
    """
    tenant = runtime.tenants.get(tenant_id)
    histories = runtime.dossiers(SERVICE).open_all([UUID(each) for each in dossiers[:MOST]])
    found: dict[str, Any] = {}
    for id_, history in histories.items():
        dossier = fold(history)
        if dossier is None or dossier.tenant != tenant_id or dossier.erased:
            continue
        sop = tenant.sop_of(dossier.sop_version)
        allowed = allowed_to_reporter(dossier, sop, dossier.step)
        may_add = not sop.lost and (not dossier.ended or leader_of(runtime, dossier) is not None)
        case = dossier.open_clock(CASE)
        found[str(id_)] = {
            "status": dossier.status,
            "actions": [*(action.name for action in allowed), *((ADD,) if may_add else ())],
            "due_at": case.due_at.isoformat() if case else None,
            "ended": dossier.ended,
        }
    return found
