"""What the open dossiers name, and the governments' files have lost since: told at the start, and by ``sop check``."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from shared.application.runtime import Runtime
from shared.domain.sop.reading.versions import CURRENT, older_file
from shared.domain.tenants import Tenant

_OPEN = """
    SELECT tenant, sop_version, step, actor, agency, count(*) FROM reporting.cases
     WHERE ended_at IS NULL GROUP BY tenant, sop_version, step, actor, agency
"""
_RUNNING = """
    SELECT sop_version, count(*) FROM reporting.cases WHERE tenant = %s AND ended_at IS NULL GROUP BY sop_version
"""
_Lost = tuple[str, str, str, str]


def lost(runtime: Runtime) -> list[dict[str, Any]]:
    """The names that open dossiers need and no file holds.

    :returns: for each the ``tenant``, ``what`` it is (``government``, ``sop_version``, ``step``, ``actor`` or
        ``agency``), its ``id``, the ``file`` that has to hold it, and how many ``dossiers`` need it.
    """
    with runtime.database.autocommit() as cursor:
        cursor.execute(_OPEN)
        rows = cursor.fetchall()
    there = set(runtime.tenants.ids())
    needed: Counter[_Lost] = Counter()
    for tenant, version, step, actor, agency, count in rows:
        if tenant not in there:
            needed[tenant, "government", tenant, CURRENT] += count
            continue
        for each in _lost_of(runtime.tenants.get(tenant), version, step, actor, agency):
            needed[each] += count
    return [
        {"tenant": tenant, "what": what, "id": id_, "file": f"{tenant}/{file}", "dossiers": count}
        for (tenant, what, id_, file), count in sorted(needed.items())
    ]


def running(runtime: Runtime, tenant: str) -> dict[str, int]:
    """How many dossiers of a government have not ended, by the version of the procedure that they stay on."""
    with runtime.database.autocommit() as cursor:
        cursor.execute(_RUNNING, (tenant,))
        return {str(version): count for version, count in cursor.fetchall()}


def _lost_of(tenant: Tenant, version: int, step: str | None, actor: str | None, agency: str | None) -> Iterator[_Lost]:
    if agency is not None and not tenant.has_agency(agency):
        yield tenant.id, "agency", agency, "agencies.yaml"
    if version not in tenant.sops:
        yield tenant.id, "sop_version", str(version), older_file(version)
        return
    sop = tenant.sop_of(version)
    file = CURRENT if version == tenant.sop.version else older_file(version)
    if step is not None and not sop.has_step(step):
        yield tenant.id, "step", step, file
    if actor is not None and not sop.has_actor(actor):
        yield tenant.id, "actor", actor, file
