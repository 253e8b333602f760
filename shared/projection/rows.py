"""Reading and writing the rows of many dossiers at once: one statement per table each way."""

# ruff: noqa: S608 - schema, table and column names are checked identifiers, and names cannot be parameters

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

from psycopg2 import extensions as pg
from psycopg2.extras import Json, execute_values

from shared.projection.fold import Changes
from shared.projection.projection import Row
from shared.projection.table import DOSSIER, Table

Stored: TypeAlias = dict[UUID, dict[str, list[Row]]]


def load_rows(cursor: pg.cursor, schema: str, tables: Sequence[Table], dossiers: Collection[UUID]) -> Stored:
    """All rows of the given dossiers, times in UTC.

    :param schema: where the tables are: their own schema, or the one of a rebuild.
    :returns: for each dossier and table name its rows, in no particular order.
    """
    stored: Stored = {dossier: {table.name: [] for table in tables} for dossier in dossiers}
    wanted = [str(dossier) for dossier in dossiers]
    for table in tables:
        columns = table.columns
        at = columns.index(DOSSIER)
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM {schema}.{table.name} WHERE {DOSSIER} = ANY(%s::uuid[])", (wanted,)
        )
        for values in cursor.fetchall():
            row = {
                column: value.astimezone(UTC) if type(value) is datetime and value.tzinfo else value
                for column, value in zip(columns, values, strict=True)
            }
            stored[values[at]][table.name].append(row)
    return stored


def write_changes(cursor: pg.cursor, schema: str, table: Table, changes: Changes) -> None:
    """Delete and write what has changed; deleted first, so that a unique value may move to another row."""
    if changes.deletes:
        execute_values(
            cursor,
            f"DELETE FROM {schema}.{table.name} WHERE ({', '.join(table.key)}) IN (VALUES %s)",
            changes.deletes,
            page_size=len(changes.deletes),
        )
    if changes.upserts:
        execute_values(
            cursor, _upsert(schema, table), _as_stored(table, changes.upserts), page_size=len(changes.upserts)
        )


def _upsert(schema: str, table: Table) -> str:
    rest = [column for column in table.columns if column not in table.key]
    action = f"UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in rest)}" if rest else "NOTHING"
    return (
        f"INSERT INTO {schema}.{table.name} ({', '.join(table.columns)}) VALUES %s "
        f"ON CONFLICT ({', '.join(table.key)}) DO {action}"
    )


def _as_stored(table: Table, rows: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
    if not table.json:
        return rows
    json = [column in table.json for column in table.columns]
    return [
        tuple(
            Json(value) if is_json and value is not None else value for is_json, value in zip(json, values, strict=True)
        )
        for values in rows
    ]
