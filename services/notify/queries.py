"""What others may ask of notify."""

from typing import Any
from uuid import UUID

from services.notify.rules import SYSTEM
from shared.application.reading_rights import check_may_read
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.dossier.arranged import helpers
from shared.domain.tenants import Tenant
from shared.platform.database.named import named_rows

SERVICE = "notify"

_MESSAGES = """
    SELECT version, recipient, template, queued_at, outcome, way, reason, attempts, done_at,
           CASE WHEN outcome IS NULL THEN next_attempt_at END AS next_attempt_at
      FROM notify.messages WHERE dossier = %s AND recipient <> %s ORDER BY queued_at, version, recipient, template
"""


def messages(runtime: Runtime, caller: Caller, tenant_id: str, dossier_id: UUID) -> dict[str, Any]:
    """What was told about a dossier to whom, and what became of it; no address and no text.

    :raises NotFound: no such dossier in that tenant.
    :raises Forbidden: another tenant's, or, for an actor of an agency, that of an agency without a part in it.
    """
    tenant = runtime.tenants.get(tenant_id)
    dossier, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    check_may_read(caller, tenant, dossier.sop_version, dossier.agency, helpers(events))
    with runtime.database.autocommit() as cursor:
        cursor.execute(_MESSAGES, (str(dossier_id), SYSTEM))
        rows = named_rows(cursor)
    return {"items": [_item(row, tenant) for row in rows]}


def _item(row: dict[str, Any], tenant: Tenant) -> dict[str, Any]:
    return {
        "version": row["version"],
        "recipient": row["recipient"],
        "message": row["template"],
        "queued_at": tenant.local(row["queued_at"]),
        "state": row["outcome"] or ("retried" if row["reason"] else "queued"),
        "by": row["way"],
        "reason": row["reason"],
        "attempts": row["attempts"],
        "done_at": tenant.local(row["done_at"]),
        "next_attempt_at": tenant.local(row["next_attempt_at"]),
    }
