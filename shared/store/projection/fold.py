"""The pure part of applying: events folded into rows, and what has thereby changed. No database."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.errors import BadRows
from shared.store.projection.projection import Projection, Row, Rows
from shared.store.projection.table import DOSSIER, Table
from shared.store.projection.tally import Sums, add

Typed: TypeAlias = tuple[Any, RecordedEvent]
"""An event as the projection wants it, and as it is stored."""


@dataclass
class Changes:
    """What a batch does to one table.

    :param upserts: new and changed rows.
    :param deletes: rows that are no more.
    """

    upserts: list[Row] = field(default_factory=list)
    deletes: list[Row] = field(default_factory=list)


def fold(
    projection: Projection,
    stored: Rows,
    events: Iterable[Typed],
    changes: Mapping[str, Changes],
    sums: Sums | None = None,
) -> None:
    """Apply a dossier's next events to its rows, and note in `changes` how they differ in the end.

    :param stored: the dossier's rows as they are in the tables; `evolve` gets them read-only.
    :param events: in the order of their versions.
    :param changes: by table name; added to.
    :param sums: by how much the dossier's contribution to the tallies changes; added to.
    :raises BadRows: if the projection returns what its tables cannot hold.
    """
    before = rows = {table.name: _shielded(table, stored[table.name]) for table in projection.tables}
    for event, recorded in events:
        rows = checked(projection.tables, projection.evolve(rows, event, recorded), recorded)
    for table in projection.tables:
        _note(table, stored[table.name], rows[table.name], changes[table.name])
    if sums is not None and projection.tallies:
        for sign, part in projection.changed(before, rows):
            add(sums, [part], sign)


def checked(tables: Sequence[Table], rows: Rows, recorded: RecordedEvent) -> dict[str, Sequence[Row]]:
    """Check what `evolve` returned and put it in the order of the keys.

    The order is the one in which stored rows are handed on, so that an `evolve` which looks at "the first" or "the
    last" does not depend on where a batch ended.

    :raises BadRows: if a table is missing or unknown, a row lacks a column or has one too many, belongs to another
        dossier, or has the key of another row.
    """
    if len(rows) != len(tables) or any(table.name not in rows for table in tables):
        expected = ", ".join(table.name for table in tables)
        raise BadRows(f"{recorded.type}: rows must come for exactly these tables: {expected}")
    return {table.name: _checked_table(table, rows[table.name], recorded) for table in tables}


def _checked_table(table: Table, rows: Sequence[Row], recorded: RecordedEvent) -> Sequence[Row]:
    for row in rows:
        if row.keys() != table.column_set:
            odd = ", ".join(sorted(row.keys() ^ table.column_set))
            raise BadRows(f"{recorded.type}: a row of {table} has too many columns, or too few: {odd}")
        if row[DOSSIER] is not recorded.dossier and row[DOSSIER] != recorded.dossier:
            raise BadRows(f"{recorded.type}: a row of {table} belongs to another dossier")
    if len(rows) < 2:
        return rows
    if len({_key(table, row) for row in rows}) != len(rows):
        raise BadRows(f"{recorded.type}: two rows of {table} have the same {', '.join(table.key)}")
    return sorted(rows, key=lambda row: _key(table, row))


def _shielded(table: Table, rows: Sequence[Row]) -> Sequence[Row]:
    """Copies that cannot be changed in place, or whose change does no harm: it would go unseen in the comparison."""
    in_order = sorted(rows, key=lambda row: _key(table, row)) if len(rows) > 1 else rows
    return [MappingProxyType(_copied(row)) for row in in_order]


def _copied(row: Row) -> Row:
    copy = dict(row)
    for name, value in row.items():
        if type(value) is list or type(value) is dict:
            copy[name] = deepcopy(value)
    return copy


def _note(table: Table, before: Sequence[Row], after: Sequence[Row], changes: Changes) -> None:
    known = {_key(table, row): row for row in before}
    for row in after:
        old = known.pop(_key(table, row), None)
        if old is None or old != row:
            changes.upserts.append(row)
    changes.deletes.extend(known.values())


def _key(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple([row[column] for column in table.key_within])
