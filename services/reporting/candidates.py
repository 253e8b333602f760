"""Complaints that are worth comparing with one: by hashes and by village, each as far as its index leads at once.

Those that share most hashes come first, among them and among those of the same village the ones filed nearest. A search
by hashes that takes too long is given up for those filed nearest at all, see :mod:`services.reporting.meeting`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from services.reporting.meeting import NEAREST
from shared.domain.likeness.comparing import WINDOW
from shared.domain.likeness.matter import Matter
from shared.domain.sop.vocabulary import FINAL_STATUSES
from shared.platform.database.limited import searched_within
from shared.platform.database.named import named_rows

MOST_COMPARED: Final = 60
PATIENCE_SECONDS: Final = 0.1

_TOLD: Final = "c.dossier, c.ticket, c.status, c.agency, c.privacy, c.sop_version, c.filed_at"
_FITS: Final = """
       c.tenant = %(tenant)s AND c.ended_at IS NULL AND c.status <> ALL(%(ended)s::text[])
   AND c.dossier <> %(dossier)s::uuid AND (%(own)s::text IS NULL OR c.agency = %(own)s)
   AND c.filed_at BETWEEN %(since)s AND %(until)s
   AND NOT EXISTS (SELECT FROM reporting.told_apart a
                    WHERE a.one = least(c.dossier, %(dossier)s::uuid)
                      AND a.other = greatest(c.dossier, %(dossier)s::uuid))
"""
_SHARED: Final = "(SELECT count(*) FROM unnest(l.hashes) AS hash WHERE hash = ANY(%(hashes)s::bigint[]))"
_BY_HASHES: Final = f"""
    SELECT {_TOLD}, {_SHARED} AS shared
      FROM reporting.likeness l JOIN reporting.cases c USING (dossier)
     WHERE l.hashes && %(hashes)s::bigint[] AND {_FITS}
     ORDER BY shared DESC, abs(extract(epoch FROM c.filed_at - %(at)s)), c.dossier
     LIMIT %(most)s
"""  # noqa: S608 - ours
_NEAREST: Final = f"""
    SELECT {_TOLD}, {_SHARED} AS shared
      FROM ((SELECT * FROM reporting.cases c
              WHERE c.tenant = %(tenant)s AND c.filed_at <= %(at)s AND (%(own)s::text IS NULL OR c.agency = %(own)s)
              ORDER BY c.filed_at DESC, c.dossier DESC LIMIT %(nearest)s)
            UNION ALL
            (SELECT * FROM reporting.cases c
              WHERE c.tenant = %(tenant)s AND c.filed_at > %(at)s AND (%(own)s::text IS NULL OR c.agency = %(own)s)
              ORDER BY c.filed_at, c.dossier LIMIT %(nearest)s)) AS c
      JOIN reporting.likeness l USING (dossier)
     WHERE l.hashes && %(hashes)s::bigint[] AND {_FITS}
"""  # noqa: S608 - ours
_OF_VILLAGE: Final = f"""
    (SELECT {_TOLD}, 0 AS shared FROM reporting.cases c
      WHERE c.desa = %(desa)s AND c.kecamatan IS NOT DISTINCT FROM %(kecamatan)s AND c.filed_at <= %(at)s AND {_FITS}
      ORDER BY c.filed_at DESC, c.dossier LIMIT %(most)s)
    UNION ALL
    (SELECT {_TOLD}, 0 AS shared FROM reporting.cases c
      WHERE c.desa = %(desa)s AND c.kecamatan IS NOT DISTINCT FROM %(kecamatan)s AND c.filed_at > %(at)s AND {_FITS}
      ORDER BY c.filed_at, c.dossier LIMIT %(most)s)
"""  # noqa: S608 - ours


@dataclass(frozen=True)
class Sought:
    """What is looked for.

    :param tenant: whose complaints.
    :param dossier: the complaint itself.
    :param own: the only agency whose complaints may be seen; none for all.
    :param matter: what it is about.
    :param hashes: under which others like it are kept.
    """

    tenant: str
    dossier: UUID
    own: str | None
    matter: Matter
    hashes: Collection[int]


def candidates(
    cursor: Any, wanted: Sought, most: int = MOST_COMPARED, patience_seconds: float = PATIENCE_SECONDS
) -> Sequence[Mapping[str, Any]]:
    """Those that are worth comparing with one, the most promising first, from its case each.

    :param cursor: whose every statement is a transaction of its own.
    :param most: so many at most.
    :param patience_seconds: how long to search by hashes; 0 for not at all.
    """
    matter = wanted.matter
    asked = {
        "hashes": sorted(wanted.hashes),
        "tenant": wanted.tenant,
        "dossier": str(wanted.dossier),
        "own": wanted.own,
        "ended": sorted(FINAL_STATUSES),
        "since": matter.at - WINDOW,
        "until": matter.at + WINDOW,
        "at": matter.at,
        "desa": matter.desa,
        "kecamatan": matter.kecamatan,
        "most": most,
        "nearest": NEAREST,
    }
    found: dict[UUID, Mapping[str, Any]] = {}
    if matter.desa is not None:
        cursor.execute(_OF_VILLAGE, asked)
        found |= _by_dossier(cursor)
    if wanted.hashes:
        if not searched_within(cursor, _BY_HASHES, asked, patience_seconds):
            cursor.execute(_NEAREST, asked)
        found |= _by_dossier(cursor)
    in_order = sorted(
        found.values(), key=lambda row: (-row["shared"], abs(row["filed_at"] - matter.at), str(row["dossier"]))
    )
    return in_order[:most]


def _by_dossier(cursor: Any) -> dict[UUID, Mapping[str, Any]]:
    return {row["dossier"]: row for row in named_rows(cursor)}
