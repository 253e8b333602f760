"""Reading and writing the rows of many dossiers at once: one statement per table each way."""

# ruff: noqa: S608 - schema, table and column names are checked identifiers, and names cannot be parameters

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from json import dumps
from uuid import UUID

from psycopg2 import extensions as pg

from shared.platform.database.prepared import Prepared
from shared.store.projection.applied import array
from shared.store.projection.fold import Changes
from shared.store.projection.projection import Row
from shared.store.projection.statements import json_found, with_values
from shared.store.projection.table import DOSSIER, Table

_NOBODY = "{}"
_TIMESTAMPTZ = 1184
"""PostgreSQL's own number for `timestamptz`."""


@dataclass(frozen=True)
class Stored:
    """The rows of some dossiers as they are in the tables.

    :param rows: by dossier (as text), then by table name; in no particular order, times in UTC.
    :param json: by table name the columns that hold JSON: a list would else be written as an array.
    """

    rows: Mapping[str, Mapping[str, list[Row]]]
    json: Mapping[str, frozenset[str]]


_json: dict[tuple[str, str, str], frozenset[str]] = {}
"""By database, schema and table the columns that hold JSON; a migration that changes them needs new processes."""


def load_rows(
    cursor: pg.cursor,
    schema: str,
    tables: Sequence[Table],
    dossiers: Mapping[str, UUID],
    known: Collection[str] | None = None,
) -> Stored:
    """All rows of the given dossiers.

    :param schema: where the tables are: their own schema, or the one of a rebuild.
    :param known: those of the dossiers that can have rows; all by default.
    """
    rows: dict[str, dict[str, list[Row]]] = {dossier: {table.name: [] for table in tables} for dossier in dossiers}
    asked = array(dossiers if known is None else known)
    json: dict[str, frozenset[str]] = {}
    for table in tables:
        place = (cursor.connection.dsn, schema, table.name)
        if asked != _NOBODY or place not in _json:
            _load(cursor, schema, table, asked, dossiers, rows)
            _json[place] = json_found(cursor)
        json[table.name] = _json[place]
    return Stored(rows, json)


def _load(
    cursor: pg.cursor,
    schema: str,
    table: Table,
    asked: str,
    dossiers: Mapping[str, UUID],
    rows: Mapping[str, Mapping[str, list[Row]]],
) -> None:
    _loading(schema, table).ask(cursor, (asked,))
    described = cursor.description or ()
    names = [column.name for column in described]
    instants = [column.name for column in described if column.type_code == _TIMESTAMPTZ]
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        for name in instants:
            row[name] = _in_utc(row[name])
        row[DOSSIER] = dossiers[values[0]]
        rows[values[0]][table.name].append(row)


@cache
def _loading(schema: str, table: Table) -> Prepared:
    # As text, which is cheap, where there is an identical UUID in hand already.
    columns = [f"{DOSSIER}::text", *(column for column in table.columns if column != DOSSIER)]
    statement = f"SELECT {', '.join(columns)} FROM {schema}.{table.name} WHERE {DOSSIER} = ANY(%s::uuid[])"
    return Prepared(f"rows_of_{schema}_{table.name}", ("uuid[]",), statement)


def changing(cursor: pg.cursor, schema: str, table: Table, changes: Changes, json: frozenset[str]) -> list[bytes]:
    """The statements that delete and write what has changed; deleted first, so that a unique value may move to another
    row. They give nothing back, so that many of them can be sent together.

    :param json: the table's columns that hold JSON.
    """
    statements = []
    if changes.deletes:
        keys = [row[column] for row in changes.deletes for column in table.key]
        statement = f"DELETE FROM {schema}.{table.name} WHERE ({', '.join(table.key)}) IN (VALUES %s)"
        statements.append(with_values(cursor, statement, len(table.key), keys))
    if changes.upserts:
        values = [row[column] for row in _with_json(changes.upserts, json) for column in table.columns]
        statements.append(with_values(cursor, _upsert(schema, table), len(table.columns), values))
    return statements


def _upsert(schema: str, table: Table) -> str:
    rest = [column for column in table.columns if column not in table.key]
    action = f"UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in rest)}" if rest else "NOTHING"
    return (
        f"INSERT INTO {schema}.{table.name} ({', '.join(table.columns)}) VALUES %s "
        f"ON CONFLICT ({', '.join(table.key)}) DO {action}"
    )


def _with_json(rows: Sequence[Row], json: frozenset[str]) -> Sequence[Row]:
    """The rows with their JSON as text, as the driver's own ``Json`` would write it, slower."""
    if not json:
        return rows
    return [{**row, **{name: dumps(row[name]) for name in json if row[name] is not None}} for row in rows]


def _in_utc(instant: datetime | None) -> datetime | None:
    return instant if instant is None or instant.tzinfo is UTC else instant.astimezone(UTC)
