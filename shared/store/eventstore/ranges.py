"""All dossiers in parts, so that several processes can go through the log at the same time."""

import struct
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from psycopg2 import extensions as pg

from shared.base.frozen import maker
from shared.platform.database.copy_out import copy_out
from shared.store.eventstore.reading import RecordedEvent, head

_SAMPLED = 1_000
# Of events at even places of the log, for which parts hold about as many each; and of dossiers at even places among all
# ids, since where governments have moved in or away most places of the log are nobody's. What is met twice counts once.
_SAMPLE = """
    SELECT dossier FROM eventstore.events WHERE position IN (
        SELECT first + (%(head)s - first) * n / %(count)s
          FROM (SELECT min(position) AS first FROM eventstore.events) AS log, generate_series(0, %(count)s - 1) AS n)
    UNION
    SELECT following.dossier FROM unnest(%(places)s::uuid[]) AS place,
           LATERAL (SELECT dossier FROM eventstore.events
                     WHERE dossier >= place ORDER BY dossier LIMIT 1) AS following
"""
_RANGE = """
    SELECT position, dossier, version, type, {state} AS state FROM eventstore.events
    WHERE {bounds} position <= %(upto)s ORDER BY dossier, version LIMIT %(limit)s
"""


_FIXED = struct.Struct(">hi q i 16s i i i")
"""Of a row: how many fields, then position, dossier and version, each after its length, and how long the type is."""
_made = maker(RecordedEvent)


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
    ids = [str(UUID(int=(number << 128) // _SAMPLED)) for number in range(_SAMPLED)]
    cursor.execute(_SAMPLE, {"head": last, "count": _SAMPLED, "places": ids})
    sampled = sorted(dossier for (dossier,) in cursor.fetchall())
    places = {sampled[len(sampled) * number // count] for number in range(1, count)} if sampled else set()
    marks: list[UUID | None] = [None, *sorted(places), None]
    return [DossierRange(above, until, last) for above, until in pairwise(marks)]


def read_range(
    cursor: pg.cursor, part: DossierRange, limit: int, types: Collection[str] | None = None
) -> list[RecordedEvent]:
    """The events of a part's dossiers, by dossier and version.

    :param limit: at most so many, so that the last dossier may not be whole.
    :param types: of the only types whose data are wanted; those of others are left empty. All by default.
    """
    state = "state" if types is None else "CASE WHEN type = ANY(%(types)s::text[]) THEN state END"
    wanted = {**part.parameters, "limit": limit, "types": list(types or ())}
    read = _Read()
    copy_out(cursor, _RANGE.format(bounds=part.bounds, state=state), wanted, read.row)
    return read.events


class _Read:
    """Makes events of rows as they are copied. Each dossier's id, and each type's name, is read once."""

    def __init__(self) -> None:
        self.events: list[RecordedEvent] = []
        self._raw = b""
        self._dossier = UUID(int=0)
        self._types: dict[bytes, str] = {}

    def row(self, row: bytes) -> None:
        """One row."""
        _, _, position, _, raw, _, version, length = _FIXED.unpack_from(row)
        if raw != self._raw:
            self._raw, self._dossier = raw, UUID(bytes=raw)
        end = _FIXED.size + length
        name = row[_FIXED.size : end]
        kind = self._types.get(name)
        if kind is None:
            kind = self._types[name] = name.decode()
        self.events.append(
            _made(
                {
                    "position": position,
                    "dossier": self._dossier,
                    "version": version,
                    "type": kind,
                    "state": row[end + 4 :],
                }
            )
        )
