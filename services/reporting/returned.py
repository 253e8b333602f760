"""Complaints that came back from an office and still wait, the oldest first; and those that went to and fro."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from services.reporting.titles import listed, titles_of
from shared.application.pages import cursor_of, instant, position_of
from shared.application.reading_rights import readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.sop.vocabulary import FINAL_STATUSES
from shared.domain.tenants import Tenant
from shared.wording.choices import one_of

RETURNED: Final = "returned"
BOUNCED: Final = "bounced"
KINDS: Final = (RETURNED, BOUNCED)
MOST: Final = 200
MANY: Final = 2
"""Returns between offices from which on a complaint counts as going to and fro."""

_RETURNS: Final = ("returned_wrong_agency", "returned_out_of_authority", "returned_rework")
_COLUMNS: Final = (
    "ticket",
    "status",
    "step",
    "actor",
    "agency",
    "category",
    "kecamatan",
    "desa",
    "filed_at",
    *_RETURNS,
)
_ANSWERED: Final = "answered"
_BETWEEN: Final = "returned_wrong_agency + returned_out_of_authority"
_WAITING: Final = f"""
      FROM reporting.cases
     WHERE tenant = %(tenant)s AND ended_at IS NULL AND {_BETWEEN} + returned_rework > 0
       AND status <> ALL(%(done)s::text[])
       AND (%(own)s::text IS NULL OR agency = %(own)s)
"""
_COUNTS: Final = f"SELECT count(*), count(*) FILTER (WHERE {_BETWEEN} >= {MANY}) {_WAITING}"
_LIST: Final = f"""
    SELECT dossier, {", ".join(_COLUMNS)} {_WAITING}
       AND (NOT %(bounced)s OR {_BETWEEN} >= {MANY})
       AND (%(dossier)s::uuid IS NULL OR (filed_at, dossier) > (%(filed_at)s::timestamptz, %(dossier)s::uuid))
     ORDER BY filed_at, dossier
     LIMIT %(limit)s
"""


def returned(
    runtime: Runtime, caller: Caller, tenant_id: str, kind: str, after: str | None = None, limit: int = 50
) -> dict[str, Any]:
    """A page of the complaints that came back and are not answered yet; an agency's officer sees that agency's.

    :param kind: one of :data:`KINDS`: all, or only those that offices sent back :data:`MANY` times or more.
    :param after: ``next`` of the page before.
    :param limit: at most this many, up to 200; 0 for the counts alone.
    :returns: ``items``, without titles for an administrator; ``next``; and ``counts`` by kind.
    :raises NotFound: no such tenant.
    :raises Forbidden: another tenant's, or a caller who is no officer.
    :raises Invalid: another kind, or no cursor of ours.
    """
    tenant = runtime.tenants.get(tenant_id)
    limit = max(0, min(limit, MOST))
    filed_at, dossier = position_of(after, instant, UUID)
    asked = {
        "tenant": tenant.id,
        "own": readable_agency(caller, tenant),
        "done": sorted({*FINAL_STATUSES, _ANSWERED}),
        "bounced": one_of("kind", kind, KINDS) == BOUNCED,
        "filed_at": filed_at,
        "dossier": dossier,
        "limit": limit + 1,
    }
    with runtime.database.autocommit() as cursor:
        cursor.execute(_COUNTS, asked)
        [counts] = cursor.fetchall()
        cursor.execute(_LIST, asked)
        found = cursor.fetchall() if limit else []
    page = found[:limit]
    titles = {} if caller.admin else titles_of(runtime, [row[0] for row in page])
    following = cursor_of(page[-1][1 + _COLUMNS.index("filed_at")], page[-1][0]) if len(found) > limit else None
    return {
        "items": [_item(tenant, row, titles) for row in page],
        "next": following,
        "counts": dict(zip(KINDS, map(int, counts), strict=True)),
    }


def _item(tenant: Tenant, row: Sequence[Any], titles: Mapping[UUID, str]) -> dict[str, Any]:
    item = {"id": str(row[0]), **dict(zip(_COLUMNS, row[1:], strict=True)), "title": titles.get(row[0], "")}
    back = {name.removeprefix("returned_"): item.pop(name) for name in _RETURNS}
    return listed(tenant, {**item, "filed_at": tenant.local(item["filed_at"]), "returns": back})
