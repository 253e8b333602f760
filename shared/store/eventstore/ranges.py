"""All dossiers in parts, so that several processes can go through the log at the same time."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from psycopg2 import extensions as pg

from shared.store.eventstore.reading import RecordedEvent, head

_SAMPLED = 1_000
_SAMPLE = """
    SELECT dossier FROM eventstore.events WHERE position IN (
        SELECT ((%(head)s - 1) * n / %(count)s + 1)::bigint FROM generate_series(0, %(count)s - 1) AS n)
"""
_RANGE = """
    SELECT position, dossier::text, version, type, state FROM eventstore.events
    WHERE {bounds} position <= %(upto)s ORDER BY dossier, version LIMIT %(limit)s
"""


@dataclass(frozen=True)
class DossierRange:
    """A part of the dossiers, by their ids: above the one, up to and with the other; none for no bound.

    :param upto: events up to this position only, where that matters.
    """

    above: UUID | None
    last: UUID | None
    upto: int

    @property
    def bounds(self) -> str:
        """The condition that a statement needs for it, with the parameters of :attr:`parameters`."""
        above = "dossier > %(above)s AND " if self.above else ""
        return above + ("dossier <= %(last)s AND " if self.last else "")

    @property
    def parameters(self) -> dict[str, Any]:
        """For a statement."""
        return {"above": self.above, "last": self.last, "upto": self.upto}

    def written(self) -> list[Any]:
        """As JSON values."""
        return [str(self.above) if self.above else None, str(self.last) if self.last else None, self.upto]

    @classmethod
    def read(cls, told: list[Any]) -> "DossierRange":
        """The reverse of :meth:`written`."""
        above, last, upto = told
        return cls(UUID(above) if above else None, UUID(last) if last else None, upto)


def ranges(cursor: pg.cursor, count: int) -> list[DossierRange]:
    """All dossiers there are, in parts that hold about as many events each.

    :param count: about so many parts; fewer where there are few dossiers.
    """
    last = head(cursor)
    if last == 0:
        return []
    cursor.execute(_SAMPLE, {"head": last, "count": _SAMPLED})
    sampled = sorted(dossier for (dossier,) in cursor.fetchall())
    places = {sampled[len(sampled) * number // count] for number in range(1, count)} if sampled else set()
    marks: list[UUID | None] = [None, *sorted(places), None]
    return [DossierRange(above, until, last) for above, until in pairwise(marks)]


def read_range(cursor: pg.cursor, part: DossierRange, limit: int) -> list[RecordedEvent]:
    """The events of a part's dossiers, by dossier and version.

    :param limit: at most so many, so that the last dossier may not be whole.
    """
    # Each dossier's id is read once.
    cursor.execute(_RANGE.format(bounds=part.bounds), {**part.parameters, "limit": limit})
    known: dict[str, UUID] = {}
    events = []
    for position, told, version, event_type, state in cursor.fetchall():
        dossier = known.get(told)
        if dossier is None:
            dossier = known[told] = UUID(told)
        events.append(RecordedEvent(position, dossier, version, event_type, bytes(state)))
    return events
