"""Which complaints are worth comparing with others: found by hashes, in a time that has a limit.

A hash that thousands share (one text sent again and again, the middle of a town) makes a search by hashes as long as
there are complaints. Such a search is given up, and those that were filed nearest are looked at instead: where so many
share a hash, there are some among these.
"""

import time
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from shared.domain.likeness.comparing import WINDOW
from shared.domain.sop.vocabulary import FINAL_STATUSES
from shared.platform.database.limited import searched_within

MET: Final = 3
"""Candidates for each."""
PATIENCE_SECONDS: Final = 0.25
"""How long is searched by hashes for all that are asked for at once."""

_OF_ONE_SECONDS: Final = 0.05
NEAREST: Final = 300
"""Complaints filed before, and as many filed after, that are looked at where a search is given up."""
_FITS: Final = """
               theirs.dossier <> mine.dossier
           AND c.tenant = mine.tenant AND c.ended_at IS NULL AND c.status <> ALL(%(ended)s::text[])
           AND (%(own)s::text IS NULL OR c.agency = %(own)s)
           AND c.filed_at BETWEEN mine.filed_at - %(window)s AND mine.filed_at + %(window)s
           AND (NOT %(before)s OR (c.filed_at, c.ticket) < (mine.filed_at, mine.ticket))
           AND theirs.hashes && own.hashes
           AND NOT EXISTS (SELECT FROM reporting.told_apart a
                            WHERE a.one = least(c.dossier, mine.dossier)
                              AND a.other = greatest(c.dossier, mine.dossier))
         ORDER BY (SELECT count(*) FROM unnest(theirs.hashes) AS hash WHERE hash = ANY(own.hashes)) DESC,
                  c.filed_at DESC, c.dossier
         LIMIT %(most)s
"""
_MINE: Final = """
    SELECT met.dossier
      FROM reporting.cases mine JOIN reporting.likeness own USING (dossier)
     CROSS JOIN LATERAL ({met}) AS met
     WHERE mine.dossier = %(dossier)s::uuid
"""
_BY_HASHES: Final = _MINE.format(
    met=f"""
        SELECT theirs.dossier FROM reporting.likeness theirs JOIN reporting.cases c USING (dossier)
         WHERE {_FITS}
    """  # noqa: S608 - ours
)
_BY_TIME: Final = _MINE.format(
    met=f"""
        SELECT theirs.dossier
          FROM ((SELECT * FROM reporting.cases c
                  WHERE c.tenant = mine.tenant AND c.filed_at <= mine.filed_at
                    AND (%(own)s::text IS NULL OR c.agency = %(own)s)
                  ORDER BY c.filed_at DESC, c.dossier DESC LIMIT %(nearest)s)
                UNION ALL
                (SELECT * FROM reporting.cases c
                  WHERE NOT %(before)s AND c.tenant = mine.tenant AND c.filed_at > mine.filed_at
                    AND (%(own)s::text IS NULL OR c.agency = %(own)s)
                  ORDER BY c.filed_at, c.dossier LIMIT %(nearest)s)) AS c
          JOIN reporting.likeness theirs USING (dossier)
         WHERE {_FITS}
    """  # noqa: S608 - ours
)

Pair = tuple[UUID, UUID]


def met(
    cursor: Any,
    own: str | None,
    dossiers: Collection[UUID],
    *,
    before: bool = False,
    patience_seconds: float = PATIENCE_SECONDS,
) -> list[Pair]:
    """Each of some complaints with those that are worth comparing with it, at most :data:`MET` for each.

    :param cursor: whose every statement is a transaction of its own.
    :param own: the only agency whose complaints are looked at; none for all of the government's.
    :param before: whether only those that were filed before are looked at, so that each pair is found once.
    :param patience_seconds: how long to search by hashes, altogether; 0 for not at all.
    """
    asked = {
        "own": own,
        "ended": sorted(FINAL_STATUSES),
        "window": WINDOW,
        "before": before,
        "most": MET,
        "nearest": NEAREST,
    }
    until = time.monotonic() + patience_seconds
    found: list[Pair] = []
    for dossier in dossiers:
        mine = {**asked, "dossier": str(dossier)}
        if not searched_within(cursor, _BY_HASHES, mine, min(_OF_ONE_SECONDS, until - time.monotonic())):
            cursor.execute(_BY_TIME, mine)
        found += [(dossier, other) for (other,) in cursor.fetchall()]
    return found
