"""Counts that a projection keeps besides its rows: sums over what every dossier contributes.

A dossier's contribution is a pure function of its rows. A batch adds what a dossier contributes after it and takes
away what it contributed before, in the same transaction; a rebuild adds up the contributions of all. So both come to
the same sums, and whoever asks for a figure reads a few rows instead of all that are counted in it.

Several instances add to the same rows, so one waits for the other's transaction there. They come to them in the order
of their keys: nobody waits in a ring.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from shared.store.projection.statements import with_values
from shared.store.projection.table import check_identifier

Key: TypeAlias = tuple[str, ...]
Contribution: TypeAlias = tuple[str, Key, Sequence[int]]
"""What a dossier contributes to one row: the tally's name, the row's key, and what is added to each count."""
Sums: TypeAlias = dict[str, dict[Key, list[int]]]
"""By tally, then by key."""


@dataclass(frozen=True)
class Tally:
    """A table of sums.

    The service's migration creates it, with a primary key on `key`; counts are ``bigint`` and 0 by default. Where all
    counts are 0 a row may stand or not: it says nothing.

    :param schema: the PostgreSQL schema, which is the service's name.
    :param name: the table's name.
    :param key: the columns that tell one row from another; all of them texts.
    :param counts: the columns that are added up.
    :raises ValueError: if a name is not a plain lower-case identifier.
    """

    schema: str
    name: str
    key: tuple[str, ...]
    counts: tuple[str, ...]

    def __post_init__(self) -> None:
        for identifier in (self.schema, self.name, *self.key, *self.counts):
            check_identifier(identifier)

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


def add(sums: Sums, parts: Iterable[Contribution], sign: int = 1) -> None:
    """Add contributions, or with -1 take them away.

    :param sums: changed in place.
    """
    for name, key, counts in parts:
        rows = sums.setdefault(name, {})
        row = rows.get(key)
        if row is None:
            rows[key] = [sign * count for count in counts]
        else:
            for place, count in enumerate(counts):
                if count:
                    row[place] += sign * count


def write_sums(
    cursor: Any, schema: str, tallies: Sequence[Tally], sums: Mapping[str, Mapping[Key, Sequence[int]]]
) -> None:
    """Add sums to the tables; see :func:`summing`."""
    for statement in summing(cursor, schema, tallies, sums):
        cursor.execute(statement)


def summing(
    cursor: Any, schema: str, tallies: Sequence[Tally], sums: Mapping[str, Mapping[Key, Sequence[int]]]
) -> list[bytes]:
    """The statements that add sums to the tables.

    :param schema: where the tables are: their own schema, or the one of a rebuild.
    """
    statements = []
    for tally in tallies:
        changed = sorted((key, counts) for key, counts in sums.get(tally.name, {}).items() if any(counts))
        if changed:
            # Most counts are not touched by a batch: what is not named stays, and is 0 in a new row.
            touched = [place for place in range(len(tally.counts)) if any(counts[place] for _, counts in changed)]
            values = [value for key, counts in changed for value in (*key, *(counts[place] for place in touched))]
            statement = _upsert(schema, tally, [tally.counts[place] for place in touched])
            statements.append(with_values(cursor, statement, len(tally.key) + len(touched), values))
    return statements


def _upsert(schema: str, tally: Tally, counts: Sequence[str]) -> str:
    added = ", ".join(f"{count} = {tally.name}.{count} + excluded.{count}" for count in counts)
    return (
        f"INSERT INTO {schema}.{tally.name} ({', '.join((*tally.key, *counts))}) VALUES %s "  # noqa: S608 - checked
        f"ON CONFLICT ({', '.join(tally.key)}) DO UPDATE SET {added}"
    )
