"""Erasing: what a reporter wrote, and what was written to and about them, can never be read again."""

import logging
from typing import Any
from uuid import UUID

from services.intake.booking import SERVICE
from services.intake.reporter import resolve
from shared.application.files.handing import remove_all
from shared.application.reading_rights import check_administrator
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Conflict
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.events import ErasureReason

log = logging.getLogger(__name__)


def erase(
    runtime: Runtime, caller: Caller, tenant_id: str, ticket: str, reason: ErasureReason, cause: Cause
) -> dict[str, Any]:
    """Destroy a dossier's key, and record that, both or neither. The log stays whole: what was sealed stays sealed.

    A dossier that was still open ends with it.

    :param caller: an administrator of the installation. No desk of a government may: it is no step of any procedure.
    :param reason: a code, since nobody could read a text.
    :returns: the dossier's ``id``, its ``status``, and the log ``position``.
    :raises Forbidden: for anybody else.
    :raises NotFound: no such ticket in that tenant.
    :raises Conflict: it was erased before (``erased``; what was left of its files then is removed), or somebody is
        acting on it right now (``stale_version``).
    """
    check_administrator(caller)
    dossier_id = resolve(runtime, tenant_id, ticket)
    dossier, _ = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    if dossier.erased:
        _remove_files(runtime, tenant_id, dossier_id)  # whoever erased it may have been killed before that
        raise Conflict("erased")
    event = runtime.desk(tenant_id).erase(dossier, caller, cause, reason)

    def destroy(cursor: Any) -> None:
        runtime.vault.destroy(dossier_id, cursor)

    [position] = runtime.dossiers(SERVICE).append([event], destroy)
    _remove_files(runtime, tenant_id, dossier_id)
    return {"id": str(dossier_id), "status": event.status, "position": position}


def _remove_files(runtime: Runtime, tenant: str, dossier: UUID) -> None:
    try:
        remove_all(runtime, tenant, dossier)
    except OSError:
        # Without the key they cannot be read by anybody; what is left of them is only space.
        log.exception("the files of an erased dossier could not be deleted", extra={"dossier": str(dossier)})
