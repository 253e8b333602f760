"""Complaints that may be about the same matter as one: found by hashes, compared in memory, judged by a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from services.reporting.candidates import Sought, candidates
from services.reporting.likeness_index import INDEX, PAGE_BATCHES
from services.reporting.people import NAME, PHONE, look_up
from services.reporting.readings import Readings
from shared.application.reading_rights import readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.dossier.complaint_view import title_of
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.identity import knows_reporter
from shared.domain.likeness.comparing import SAME_TEXT, TWICE_WITHIN, Likeness, likeness
from shared.domain.likeness.matter import Matter
from shared.domain.likeness.sketch import Sketcher
from shared.domain.tenants import Tenant

MOST: Final = 5
"""So many are shown."""


def alike(runtime: Runtime, caller: Caller, tenant: Tenant, dossier: Dossier) -> list[dict[str, Any]]:
    """The complaints that look most like one, of those that the caller may read and that have not ended.

    :param dossier: one that the caller may read.
    :returns: the likeliest first, each with what the two have in common.
    """
    INDEX.catch_up(runtime, PAGE_BATCHES)
    with runtime.database.autocommit() as cursor:
        readings = Readings.of(runtime, cursor, [dossier.id])
        own = readings.matter(dossier.id)
        if own is None:
            return []
        hashes = Sketcher(INDEX.key(runtime)).wanted(tenant.id, own)
        found = candidates(cursor, Sought(tenant.id, dossier.id, readable_agency(caller, tenant), own, hashes))
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
    :param contacts: how letters reach them by the channels by which they write: none of these is anybody else's.
    """

    phone: bytes | None = None
    name: bytes | None = None
    contacts: frozenset[str] = frozenset()

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
        phone, name = (look_up(runtime, kind, str(reporter.get(kind) or "")) for kind in (PHONE, NAME))
        return cls(phone, name, frozenset(map(str, reporter.get("contacts") or ())))

    def is_same(self, other: "_Writer") -> bool:
        """Whether both wrote by the same way, or left the same number; where neither left one, the same name."""
        if self.contacts & other.contacts:
            return True
        if self.phone is not None or other.phone is not None:
            return self.phone == other.phone
        return self.name is not None and self.name == other.name


def _sent_twice(common: Likeness, own: Matter, row: Mapping[str, Any], *, same_person: bool) -> bool:
    return same_person and common.text >= SAME_TEXT and abs(own.at - row["filed_at"]) <= TWICE_WITHIN
