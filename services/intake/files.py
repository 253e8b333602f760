"""Files of reporters: added and fetched with the tracking code."""

from collections.abc import Sequence
from typing import Any

from services.intake.adding import leader_of
from services.intake.booking import SERVICE
from services.intake.reporter import by_code
from shared.application.files import drops, handing
from shared.application.files.keeping import Check, Keeping, keep_upload
from shared.application.files.limits import largest
from shared.application.runtime import Runtime
from shared.base.caller import REPORTER, Caller
from shared.base.errors import Conflict
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import DossierEvent
from shared.domain.dossier.filed_files import REPORTERS_KINDS, file_view, files_for_reporter
from shared.wording.choices import one_of


def may_add(runtime: Runtime, tenant_id: str, ticket: str, code: str) -> dict[str, Any]:
    """Refuse who could not add a file, before they have sent it.

    :raises NotFound: alike for an unknown ticket and a wrong code.
    :raises Conflict: the complaint is over.
    """
    dossier, events, _ = by_code(runtime, tenant_id, ticket, code)
    _checking(runtime)(dossier, events)
    return {"most_bytes": largest(runtime.settings)}


def add(
    runtime: Runtime, tenant_id: str, ticket: str, code: str, *, kind: str, name: str, drop: drops.Drop, cause: Cause
) -> dict[str, Any]:
    """Add what was left in the store.

    :raises NotFound: as :func:`may_add`.
    :raises Conflict: as there.
    :raises Invalid: it is not taken, see :func:`shared.application.files.keeping.keep_upload`.
    """
    content = drops.read(runtime.files, drop, largest(runtime.settings))
    dossier, events, key = by_code(runtime, tenant_id, ticket, code)
    check = _checking(runtime)
    check(dossier, events)
    kind = one_of("kind", kind, REPORTERS_KINDS)
    caller = Caller(tenant=tenant_id, actor=REPORTER, user=REPORTER)
    keeping = Keeping(
        runtime=runtime,
        service=SERVICE,
        tenant=tenant_id,
        dossier=dossier.id,
        caller=caller,
        cause=cause,
        check=check,
    )
    kept = keep_upload(keeping, kind, name, content)
    return {**file_view(kept.event, runtime.tenants.get(tenant_id), key), "position": kept.position}


def hand(runtime: Runtime, tenant_id: str, ticket: str, code: str, file: str) -> dict[str, Any]:
    """A file that the holder of the code may have.

    :raises NotFound: alike for an unknown ticket, a wrong code, and a file that is none of theirs.
    """
    dossier, events, key = by_code(runtime, tenant_id, ticket, code)
    return handing.handed(dossier, files_for_reporter(events, key), key, file)


def _checking(runtime: Runtime) -> Check:
    def check(dossier: Dossier, events: Sequence[DossierEvent]) -> None:  # noqa: ARG001 - as every check
        """Until it is over; of one that was merged until the leading one is, whose desk sees it."""
        if dossier.ended and leader_of(runtime, dossier) is None:
            raise Conflict("ended", {"status": dossier.status})

    return check
