"""Files of officers: added with every step, and fetched by whoever may read the dossier."""

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.routing.members_words import members_file
from services.routing.queries import read
from shared.application.files import drops, handing
from shared.application.files.keeping import Keeping, keep_upload
from shared.application.files.limits import largest
from shared.application.files.sweeping import sweep
from shared.application.reading_rights import check_may_read
from shared.application.readings.recording import FILE
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden, Unavailable
from shared.domain.dossier.arranged import helpers, open_parts
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import DossierEvent
from shared.domain.dossier.filed_files import file_view, files_of
from shared.domain.dossier.files import FILE_KINDS
from shared.wording.choices import one_of

SERVICE = "routing"
log = logging.getLogger(__name__)


def may_add(runtime: Runtime, caller: Caller, tenant_id: str, dossier_id: UUID) -> dict[str, Any]:
    """Refuse who could not add a file, before they have sent it.

    :raises NotFound: no such dossier.
    :raises Forbidden: another tenant's, agency's or actor's.
    :raises Conflict: it is over, for an agency.
    """
    dossier, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    _checking(runtime, caller)(dossier, events)
    return {"most_bytes": largest(runtime.settings)}


def add(
    runtime: Runtime,
    caller: Caller,
    tenant_id: str,
    dossier_id: UUID,
    *,
    kind: str,
    name: str,
    drop: drops.Drop,
    cause: Cause,
) -> dict[str, Any]:
    """Add what was left in the store.

    :raises Invalid: it is not taken, see :func:`shared.application.files.keeping.keep_upload`.
    """
    content = drops.read(runtime.files, drop, largest(runtime.settings))
    may_add(runtime, caller, tenant_id, dossier_id)
    kind = one_of("kind", kind, FILE_KINDS)
    kept = keep_upload(keeping(runtime, caller, tenant_id, dossier_id, cause), kind, name, content)
    key = runtime.vault.key_of(dossier_id)
    return {**file_view(kept.event, runtime.tenants.get(tenant_id), key), "position": kept.position}


def keeping(runtime: Runtime, caller: Caller, tenant_id: str, dossier_id: UUID, cause: Cause) -> Keeping:
    """An officer about to add a file."""
    return Keeping(
        runtime=runtime,
        service=SERVICE,
        tenant=tenant_id,
        dossier=dossier_id,
        caller=caller,
        cause=cause,
        check=_checking(runtime, caller),
    )


def hand(
    runtime: Runtime, caller: Caller, tenant_id: str, dossier_id: UUID, file: str, why: str | None = None
) -> dict[str, Any]:
    """A file of a dossier that an officer may read; that they fetch it is recorded first.

    :param why: as for :func:`services.routing.queries.dossier`.
    :raises Invalid: ``why`` is none of those that may be said.
    :raises NotFound: no such dossier or file.
    :raises Forbidden: as reading the dossier.
    """
    dossier, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    check_may_read(caller, runtime.tenants.get(tenant_id), dossier.sop_version, dossier.agency, helpers(events))
    key = runtime.vault.key_of(dossier_id)
    shown = [
        event for event in files_of(events) if event.kind != "receipt" or _of_the_government(runtime, caller, dossier)
    ]
    of_a_member = None if any(str(event.file) == file for event in shown) else members_file(runtime, dossier, file)
    if of_a_member is not None:
        member, event, members_key = of_a_member
        found = handing.handed(member, [event], members_key, file)
        read(runtime, caller, FILE, dossier, events, key, why, [member.id])
        return found
    found = handing.handed(dossier, shown, key, file)
    read(runtime, caller, FILE, dossier, events, key, why)
    return found


def _of_the_government(runtime: Runtime, caller: Caller, dossier: Dossier) -> bool:
    """A receipt holds a tracking code, which is the reporter's: only the desks that hand it out may print it again."""
    sop = runtime.tenants.get(dossier.tenant).sop_of(dossier.sop_version)
    return not caller.admin and sop.has_actor(caller.actor) and sop.actor(caller.actor).scope == "tenant"


def _checking(runtime: Runtime, caller: Caller) -> Any:
    def check(dossier: Dossier, events: Sequence[DossierEvent]) -> None:
        """The government's desks add to every dossier; an agency to what it leads or helps with, until it is over."""
        if caller.admin:
            raise Forbidden("admin_may_not_act")
        tenant = runtime.tenants.get(dossier.tenant)
        helping = {part.to_agency for part in open_parts(events).values()}
        check_may_read(caller, tenant, dossier.sop_version, dossier.agency, helping)
        if dossier.ended and caller.agency is not None:
            raise Conflict("ended", {"status": dossier.status})

    return check


def sweep_quietly(runtime: Runtime) -> None:
    """Sweep; a store that is away is told in the log, and swept the next time: nobody waits for it."""
    try:
        found = sweep(runtime, SERVICE)
    except (OSError, Unavailable):
        log.warning("the files could not be swept", exc_info=True)
        return
    if found:
        log.info("the files were swept", extra={"found": found})
