"""Single complaints as everybody may follow them by their number: what stands in lists, by days, and nobody's words.

A complaint is here once an office has taken it up: before, nobody has looked whether it is one. Nothing of it is where
its reporter wants it secret, took it back, or was erased. Its words are a summary that was published, or none.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from shared.application.runtime import Runtime
from shared.base.times import from_iso
from shared.domain.dossier.beside import NOT_PUBLIC
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant
from shared.platform.database.named import named_rows

MOST: Final = 1000
_MOST_OFFSET: Final = 1_000_000
_FOLLOWED: Final = """
    SELECT dossier, ticket, channel, category, kecamatan, desa, agency, status, filed_at, answered_at, ended_at,
           case_due_at, last_answered_at,
           CASE WHEN publication = 'published' THEN publication_at END AS published_at,
           CASE WHEN publication = 'published' THEN public_text END AS public_text
      FROM reporting.cases
     WHERE tenant = %(tenant)s AND privacy <> 'secret' AND status <> ALL(%(hidden)s)
       AND (dispositions > 0 OR answered_at IS NOT NULL)
       AND (%(tickets)s::text[] IS NULL OR ticket = ANY(%(tickets)s))
       AND (%(since)s::timestamptz IS NULL OR filed_at >= %(since)s)
       AND (%(until)s::timestamptz IS NULL OR filed_at <= %(until)s)
       AND (%(changed_since)s::timestamptz IS NULL
            OR greatest(filed_at, answered_at, last_answered_at, ended_at,
                        CASE WHEN publication = 'published' THEN publication_at END) >= %(changed_since)s)
       AND (%(ended)s::boolean IS NULL OR (ended_at IS NOT NULL) = %(ended)s)
       AND ((%(categories)s::text[] IS NULL AND %(others)s::text[] IS NULL)
            OR category = ANY(%(categories)s)
            OR (%(others)s::text[] IS NOT NULL AND (category IS NULL OR category <> ALL(%(others)s))))
     ORDER BY filed_at DESC, dossier DESC
     LIMIT %(limit)s OFFSET %(offset)s
"""
_STANDING: Final = {
    "in_progress": "Sedang ditangani.",
    "returned": "Menunggu kelengkapan dari pelapor.",
    "answered": "Sudah dijawab.",
    "closed": "Selesai.",
    "transferred": "Disampaikan kepada instansi lain.",
}


def followed(runtime: Runtime, tenant_id: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Complaints, the newest first.

    :param wanted: any of ``tickets``, ``since`` and ``until`` (of the filing), ``changed_since``, ``ended``,
        ``categories`` and ``others_than`` (those whose category is none of these), ``limit`` and ``offset``.
    :returns: ``items``, and in ``more`` whether there may be more after these.
    :raises NotFound: no such tenant.
    """
    tenant = runtime.tenants.get(tenant_id)
    asked = {
        "tenant": tenant.id,
        "hidden": sorted(NOT_PUBLIC),
        "tickets": wanted.get("tickets"),
        "since": from_iso(wanted["since"]) if wanted.get("since") else None,
        "until": from_iso(wanted["until"]) if wanted.get("until") else None,
        "changed_since": from_iso(wanted["changed_since"]) if wanted.get("changed_since") else None,
        "ended": wanted.get("ended"),
        "categories": wanted.get("categories"),
        "others": wanted.get("others_than"),
        "limit": max(1, min(int(wanted.get("limit", MOST)), MOST)),
        "offset": max(0, min(int(wanted.get("offset", 0)), _MOST_OFFSET)),
    }
    with runtime.database.autocommit() as cursor:
        cursor.execute(_FOLLOWED, asked)
        found = named_rows(cursor)
        keys = runtime.vault.keys(runtime.near(cursor), [row["dossier"] for row in found]) if found else {}
    items = [_item(tenant, row, key) for row in found if (key := keys.get(row["dossier"])) is not None]
    return {"items": items, "more": len(found) == asked["limit"]}


def _item(tenant: Tenant, row: Mapping[str, Any], key: DataKey) -> dict[str, Any]:
    entries = tenant.entries
    text = key.open(row["public_text"], "Published") if row["public_text"] else {}
    changes = [row[name] for name in ("filed_at", "answered_at", "last_answered_at", "ended_at", "published_at")]
    closing = row["ended_at"]
    standing = _STANDING.get(row["status"], "Sedang ditangani.")
    notes = [
        (row["filed_at"], "Diterima.", "received"),
        (row["answered_at"], "Dijawab.", "answered"),
        (row["last_answered_at"], "Dijawab.", "answered"),
        (row["published_at"], "Ringkasannya diterbitkan.", "published"),
        (closing, standing, "closed"),
    ]
    days = dict.fromkeys((_day(tenant, at), words, kind) for at, words, kind in notes if at is not None)
    return {
        "ticket": row["ticket"],
        "channel": row["channel"],
        "category": entries.category(row["category"]),
        "kecamatan": entries.kecamatan(row["kecamatan"]),
        "desa": entries.desa(row["desa"]),
        "agency_name": tenant.agency_name(row["agency"]),
        "status": row["status"],
        "standing": standing,
        "ended": closing is not None,
        "filed_on": _day(tenant, row["filed_at"]),
        "updated_on": _day(tenant, max(each for each in changes if each is not None)),
        "due_on": _day(tenant, row["case_due_at"]),
        "summary": text.get("summary") or None,
        "public_answer": text.get("public_answer") or None,
        "notes": sorted(days, key=lambda note: note[0] or ""),
    }


def _day(tenant: Tenant, at: datetime | None) -> str | None:
    day: date | None = at.astimezone(tenant.zone).date() if at is not None else None
    return day.isoformat() if day is not None else None
