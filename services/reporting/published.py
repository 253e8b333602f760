"""What everybody may read of single complaints: the summaries that were published, and nothing that was not.

The texts lie sealed with the dossiers' keys and are opened when they are asked for: an erasure reaches them by itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from services.reporting.filters import given_in, words_of
from services.reporting.publications import UNWRITTEN, WRITTEN
from services.reporting.queries import month_bounds
from services.reporting.titles import titles_of
from shared.application.pages import cursor_of, instant, position_of
from shared.application.reading_rights import readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import NotFound
from shared.domain.dossier.beside import NOT_PUBLIC, PUBLIC
from shared.domain.dossier.public_facts import public_facts
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant
from shared.platform.database.named import named_rows
from shared.wording.choices import one_of

MOST: Final = 200
PAGE: Final = 20

_FILTERS: Final = ("category", "kecamatan", "agency", "month", "status")
_FACTS: Final = ("ticket", "status", "category", "kecamatan", "desa", "agency", "filed_at", "answered_at")
_ORDER: Final = (WRITTEN, "given_back", UNWRITTEN, "withdrawn")
"""What waits for whoever publishes first, what nobody has written yet after it."""
_PUBLIC: Final = """
      FROM reporting.cases
     WHERE tenant = %(tenant)s AND publication = 'published' AND public_text IS NOT NULL AND privacy <> 'secret'
       AND status <> ALL(%(hidden)s)
       AND (%(ticket)s::text IS NULL OR ticket = %(ticket)s)
       AND (%(category)s::text IS NULL OR category = %(category)s)
       AND (%(kecamatan)s::text IS NULL OR kecamatan = %(kecamatan)s)
       AND (%(agency)s::text IS NULL OR agency = %(agency)s)
       AND (%(month)s::text IS NULL OR month = %(month)s)
       AND (%(status)s::text IS NULL OR status = %(status)s)
"""
_LIST: Final = f"""
    SELECT dossier, ticket, category, kecamatan, desa, agency, status, filed_at, answered_at, publication_at,
           public_text
    {_PUBLIC}
       AND (%(dossier)s::uuid IS NULL OR (publication_at, dossier) < (%(at)s::timestamptz, %(dossier)s::uuid))
     ORDER BY publication_at DESC, dossier DESC
     LIMIT %(limit)s
"""
_COUNTS: Final = """
    SELECT kecamatan, category, sum(published)::bigint AS filed FROM reporting.month_public
     WHERE tenant = %(tenant)s
       AND (%(category)s::text IS NULL OR category = %(category)s)
       AND (%(kecamatan)s::text IS NULL OR kecamatan = %(kecamatan)s)
       AND (%(agency)s::text IS NULL OR agency = %(agency)s)
       AND (%(month)s::text IS NULL OR month = %(month)s)
     GROUP BY kecamatan, category HAVING sum(published) > 0
"""
_WAITING: Final = """
    SELECT dossier, ticket, category, kecamatan, desa, agency, privacy, answered_at, publication, publication_at
      FROM reporting.cases
     WHERE tenant = %(tenant)s AND publication = %(state)s AND status <> ALL(%(hidden)s) AND privacy <> 'secret'
       AND (%(agency)s::text IS NULL OR agency = %(agency)s)
       AND (%(dossier)s::uuid IS NULL OR (publication_at, dossier) > (%(at)s::timestamptz, %(dossier)s::uuid))
     ORDER BY publication_at, dossier
     LIMIT %(limit)s
"""


def published(
    runtime: Runtime, tenant_id: str, wanted: Mapping[str, Any], after: str | None = None, limit: int = PAGE
) -> dict[str, Any]:
    """A page of what is public, the latest published first.

    :param wanted: any of ``category``, ``kecamatan``, ``agency`` and ``month`` (of the filing, as ``2026-10``); each
        by a word of the government's lists; and ``status``.
    :param after: ``next`` of the page before.
    :returns: ``items``, ``next``, and how many there are ``by_kecamatan`` and ``by_category``; of one state only they
        are not counted, and these two are empty.
    :raises NotFound: no such tenant.
    :raises Invalid: naming what is no filter, no word of its list or no month; or a cursor that is not one of ours.
    """
    tenant = runtime.tenants.get(tenant_id)
    asked = _asked(tenant, wanted)
    at, dossier = position_of(after, instant, UUID)
    limit = max(1, min(limit, MOST))
    with runtime.database.autocommit() as cursor:
        cursor.execute(_LIST, {**asked, "at": at, "dossier": dossier, "limit": limit + 1})
        found = named_rows(cursor)
        counted: list[dict[str, Any]] = []
        if asked["status"] is None:
            cursor.execute(_COUNTS, asked)
            counted = named_rows(cursor)
        page = found[:limit]
        keys = runtime.vault.keys(runtime.near(cursor), [row["dossier"] for row in page])
    items = [item for row in page if (item := _item(tenant, row, keys.get(row["dossier"]))) is not None]
    last = page[-1] if len(found) > limit else None
    return {
        "tenant": tenant.id,
        "government": tenant.name,
        "items": items,
        "next": cursor_of(last["publication_at"], last["dossier"]) if last else None,
        "by_kecamatan": _grouped(tenant, counted, "kecamatan"),
        "by_category": _grouped(tenant, counted, "category"),
    }


def published_one(runtime: Runtime, tenant_id: str, ticket: str) -> dict[str, Any]:
    """One of them.

    :raises NotFound: alike for what is secret, not public, or not there.
    """
    tenant = runtime.tenants.get(tenant_id)
    asked = {**_asked(tenant, {}), "ticket": ticket, "at": None, "dossier": None, "limit": 1}
    with runtime.database.autocommit() as cursor:
        cursor.execute(_LIST, asked)
        found = named_rows(cursor)
        keys = runtime.vault.keys(cursor, [row["dossier"] for row in found])
    items = [item for row in found if (item := _item(tenant, row, keys.get(row["dossier"]))) is not None]
    if not items:
        raise NotFound("not_public")
    return items[0]


def to_publish(
    runtime: Runtime, caller: Caller, tenant_id: str, limit: int = 50, after: str | None = None
) -> dict[str, Any]:
    """A page of what waits to be written or published: answered, not secret and not public; the longest waiting first.

    :param limit: at most this many, up to :data:`MOST`.
    :param after: ``next`` of the page before.
    :returns: ``items``, each with its ``publication`` (``written``, ``given_back``, ``unwritten`` or ``withdrawn``),
        and ``next``.
    :raises NotFound: no such tenant.
    :raises Forbidden: another tenant's, or a caller who is no officer.
    :raises Invalid: the cursor is not one of ours.
    """
    tenant = runtime.tenants.get(tenant_id)
    agency = readable_agency(caller, tenant)
    first, at, dossier = position_of(after, _state, instant, UUID)
    limit = max(1, min(limit, MOST))
    rows: list[dict[str, Any]] = []
    with runtime.database.autocommit() as cursor:
        for state in _ORDER[_ORDER.index(first) if first else 0 :]:
            if len(rows) > limit:
                break
            asked = {"tenant": tenant.id, "state": state, "hidden": sorted(NOT_PUBLIC), "agency": agency}
            place = {"at": at, "dossier": dossier} if state == first else {"at": None, "dossier": None}
            cursor.execute(_WAITING, {**asked, **place, "limit": limit + 1 - len(rows)})
            rows += named_rows(cursor)
    page = rows[:limit]
    last = page[-1] if len(rows) > limit else None
    titles = {} if caller.admin else titles_of(runtime, [row["dossier"] for row in page])
    return {
        "items": [_waiting(tenant, row, titles) for row in page],
        "next": cursor_of(last["publication"], last["publication_at"], last["dossier"]) if last else None,
    }


def _state(told: str) -> str:
    """One of those that wait.

    :raises ValueError: if it is none.
    """
    if told not in _ORDER:
        raise ValueError
    return told


def _asked(tenant: Tenant, wanted: Mapping[str, Any]) -> dict[str, Any]:
    given = given_in(wanted, _FILTERS)
    month, status = given.pop("month", None), given.pop("status", None)
    if month is not None:
        month_bounds(tenant, month)
    return {
        "tenant": tenant.id,
        "hidden": sorted(NOT_PUBLIC),
        "month": month,
        "status": one_of("status", str(status), PUBLIC) if status is not None else None,
        **words_of(tenant, given),
    }


def _item(tenant: Tenant, row: Mapping[str, Any], key: DataKey | None) -> dict[str, Any] | None:
    """As everybody reads it: days and not instants, names of lists only; none if its key was destroyed."""
    if key is None:
        return None
    text = key.open(row["public_text"], "Published")
    return {
        **public_facts(tenant, **{name: row[name] for name in _FACTS}),
        "summary": text.get("summary") or "",
        "public_answer": text.get("public_answer") or None,
        "published_on": row["publication_at"].astimezone(tenant.zone).date().isoformat(),
    }


def _waiting(tenant: Tenant, row: Mapping[str, Any], titles: Mapping[UUID, str]) -> dict[str, Any]:
    entries = tenant.entries
    return {
        "id": str(row["dossier"]),
        "ticket": row["ticket"],
        "title": titles.get(row["dossier"], ""),
        "category": entries.category(row["category"]),
        "kecamatan": entries.kecamatan(row["kecamatan"] or ""),
        "desa": entries.desa(row["desa"] or ""),
        "agency": row["agency"],
        "agency_name": tenant.agency_name(row["agency"]),
        "privacy": row["privacy"],
        "answered_at": tenant.local(row["answered_at"]),
        "publication": row["publication"],
        "publication_at": tenant.local(row["publication_at"]),
    }


def _grouped(tenant: Tenant, counted: Sequence[Mapping[str, Any]], by: str) -> list[dict[str, Any]]:
    """How many there are under each name of the lists, most first."""
    spell = tenant.entries.kecamatan if by == "kecamatan" else tenant.entries.category
    sums: dict[str | None, int] = {}
    for row in counted:
        name = spell(row[by] or "")
        sums[name] = sums.get(name, 0) + row["filed"]
    rows = [{"id": name, "name": name, "filed": count} for name, count in sums.items()]
    return sorted(rows, key=lambda row: (-int(str(row["filed"])), str(row["name"] or "")))
