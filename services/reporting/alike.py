"""Complaints that may be about the same matter as one: found by hashes, compared in memory, judged by a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self
from uuid import UUID

from services.reporting.likeness_index import INDEX
from services.reporting.people import NAME, PHONE, look_up
from services.reporting.readings import Readings
from shared.application.reading_rights import readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.identity import knows_reporter
from shared.domain.dossier.view import title_of
from shared.domain.likeness.comparing import SAME_TEXT, TWICE_WITHIN, WINDOW, Likeness, likeness
from shared.domain.likeness.matter import Matter
from shared.domain.likeness.sketch import Sketcher
from shared.domain.sop.vocabulary import FINAL_STATUSES
from shared.domain.tenants import Tenant

MOST: Final = 5
"""So many are shown."""

_MOST_COMPARED: Final = 60
_CANDIDATES: Final = """
    WITH met AS (
        SELECT dossier, (SELECT count(*) FROM unnest(hashes) AS hash WHERE hash = ANY(%(hashes)s::bigint[])) AS hashes
          FROM reporting.likeness WHERE hashes && %(hashes)s::bigint[]
    )
    SELECT c.dossier, c.ticket, c.status, c.agency, c.privacy, c.sop_version, c.filed_at
      FROM reporting.cases c LEFT JOIN met USING (dossier)
     WHERE c.tenant = %(tenant)s AND c.dossier <> %(dossier)s::uuid
       AND (%(own)s::text IS NULL OR c.agency = %(own)s)
       AND c.status <> ALL(%(ended)s::text[])
       AND c.filed_at BETWEEN %(since)s AND %(until)s
       AND (met.hashes IS NOT NULL OR (c.desa = %(desa)s AND c.kecamatan IS NOT DISTINCT FROM %(kecamatan)s))
     ORDER BY coalesce(met.hashes, 0) DESC, abs(extract(epoch FROM c.filed_at - %(at)s)), c.dossier
     LIMIT %(most)s
"""


def alike(runtime: Runtime, caller: Caller, tenant: Tenant, dossier: Dossier) -> list[dict[str, Any]]:
    """The complaints that look most like one, of those that the caller may read and that have not ended.

    :param dossier: one that the caller may read.
    :returns: the likeliest first, each with what the two have in common.
    """
    INDEX.catch_up(runtime)
    with runtime.database.autocommit() as cursor:
        readings = Readings.of(runtime, cursor, [dossier.id])
        own = readings.matter(dossier.id)
        if own is None:
            return []
        found = _found(runtime, cursor, readable_agency(caller, tenant), tenant, dossier.id, own)
        others = Readings.of(runtime, cursor, [row["dossier"] for row in found])
    compared = [(likeness(own, other), row) for row in found if (other := others.matter(row["dossier"])) is not None]
    best = sorted(
        (pair for pair in compared if pair[0].suggested), key=lambda pair: (-pair[0].score, pair[1]["ticket"])
    )
    mine = _Writer.of(runtime, caller, tenant, dossier.privacy, dossier.sop_version, readings.complaint(dossier.id))
    told = []
    for common, row in best[:MOST]:
        complaint = others.complaint(row["dossier"])
        theirs = _Writer.of(runtime, caller, tenant, row["privacy"], row["sop_version"], complaint)
        twice = _sent_twice(common, own, row, same_person=mine.is_same(theirs))
        told.append(_item(tenant, row, common, "" if caller.admin else title_of(complaint), sent_twice=twice))
    return told


def _found(
    runtime: Runtime, cursor: Any, own_agency: str | None, tenant: Tenant, dossier: UUID, matter: Matter
) -> Sequence[Mapping[str, Any]]:
    """Those that are worth comparing, the nearest first."""
    hashes = Sketcher(INDEX.key(runtime)).wanted(tenant.id, matter)
    cursor.execute(
        _CANDIDATES,
        {
            "hashes": sorted(hashes),
            "tenant": tenant.id,
            "dossier": str(dossier),
            "own": own_agency,
            "ended": sorted(FINAL_STATUSES),
            "since": matter.at - WINDOW,
            "until": matter.at + WINDOW,
            "at": matter.at,
            "desa": matter.desa,
            "kecamatan": matter.kecamatan,
            "most": _MOST_COMPARED,
        },
    )
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _item(tenant: Tenant, row: Mapping[str, Any], common: Likeness, title: str, *, sent_twice: bool) -> dict[str, Any]:
    return {
        "id": str(row["dossier"]),
        "ticket": row["ticket"],
        "title": title,
        "status": row["status"],
        "privacy": row["privacy"],
        "agency": row["agency"],
        "agency_name": tenant.agency_name(row["agency"]),
        "filed_at": tenant.local(row["filed_at"]),
        "score": common.score,
        "text": common.text,
        "place": common.place,
        "metres": common.metres,
        "days": common.days,
        "sent_twice": sent_twice,
    }


@dataclass(frozen=True)
class _Writer:
    """Who wrote a complaint, by keyed hashes; nobody where the caller may not know.

    :param phone: of the telephone number; none where none was given.
    :param name: of the name, likewise.
    """

    phone: bytes | None = None
    name: bytes | None = None

    @classmethod
    def of(
        cls,
        runtime: Runtime,
        caller: Caller,
        tenant: Tenant,
        privacy: str,
        sop_version: int,
        complaint: Mapping[str, Any],
    ) -> Self:
        if not knows_reporter(privacy, caller, tenant.sop_of(sop_version)):
            return cls()
        reporter = complaint.get("reporter") or {}
        return cls(*(look_up(runtime, kind, str(reporter.get(kind) or "")) for kind in (PHONE, NAME)))

    def is_same(self, other: "_Writer") -> bool:
        """Whether both left the same number; where neither left one, the same name."""
        if self.phone is not None or other.phone is not None:
            return self.phone == other.phone
        return self.name is not None and self.name == other.name


def _sent_twice(common: Likeness, own: Matter, row: Mapping[str, Any], *, same_person: bool) -> bool:
    return same_person and common.text >= SAME_TEXT and abs(own.at - row["filed_at"]) <= TWICE_WITHIN
