"""Where complaints stand, for the channel by which their reporter asks: no text, no name; asking records nothing."""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.intake.adding import leader_of
from services.intake.booking import SERVICE
from shared.application.runtime import Runtime
from shared.domain.complaint.schema import ADD
from shared.domain.dossier.allowing import open_to_reporter
from shared.domain.dossier.contents import tracking_code_of
from shared.domain.dossier.dossier import fold
from shared.domain.dossier.promise import CASE

MOST = 20


def standing(
    runtime: Runtime, tenant_id: str, dossiers: Sequence[str], codes: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Where each of these dossiers stands.

    :param dossiers: those whose tracking codes the caller keeps for their reporter; at most :data:`MOST`.
    :param codes: the codes that are kept, by dossier: of a dossier that has another one now nothing is told but that,
        as ``code_renewed``. A channel by which somebody writes themselves names none.
    :returns: by id: ``status``, ``actions`` that its reporter may do, ``due_at`` of the whole case, ``ended``; without
        those that are not there, are another government's, or were erased.
    """
    tenant = runtime.tenants.get(tenant_id)
    histories = runtime.dossiers(SERVICE).open_all([UUID(each) for each in dossiers[:MOST]])
    keys = runtime.vault.keys(None, histories) if codes is not None else {}
    found: dict[str, Any] = {}
    for id_, history in histories.items():
        dossier = fold(history)
        if dossier is None or dossier.tenant != tenant_id or dossier.erased:
            continue
        if codes is not None and not _same(tracking_code_of(history, keys.get(id_)), codes.get(str(id_), "")):
            found[str(id_)] = {"code_renewed": True}
            continue
        sop = tenant.sop_of(dossier.sop_version)
        allowed = open_to_reporter(dossier, sop, runtime.clock.now())
        may_add = not sop.lost and (not dossier.ended or leader_of(runtime, dossier) is not None)
        case = dossier.open_clock(CASE)
        found[str(id_)] = {
            "status": dossier.status,
            "actions": [*(action.name for action in allowed), *((ADD,) if may_add else ())],
            "due_at": case.due_at.isoformat() if case else None,
            "ended": dossier.ended,
        }
    return found


def _same(code: str, kept: str) -> bool:
    return bool(code) and hmac.compare_digest(code.encode(), kept.encode())
