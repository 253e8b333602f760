"""Rows on their way from one database to another, and the sums by which both can be compared."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class
from psycopg2.sql import SQL, Composable, Identifier, Literal

from shared.application.moving.tables import OF_DOSSIERS, TAKEN, TakenTable
from shared.platform.database.copy_out import without_greenlets
from shared.platform.database.tables import table_named

LOG: Final = "eventstore.events"
Progress = Callable[[int, int], None]
Sums = Mapping[str, str]
"""By table how many rows, and a sum over all they say."""

_BATCH: Final = 20_000
_IN_MEMORY: Final = 32 * 1024 * 1024
_OF_TENANT: Final = "convert_from(state, 'UTF8')::json ->> 'tenant' = {tenant}"
# The id of a transaction belongs to one server; these are settled, so they get the oldest there is.
_EVENTS: Final = """
    COPY (SELECT position, '3'::xid8, dossier, version, type, state, prev_hash, hash FROM eventstore.events
           WHERE position > {after} AND position <= {upto} AND """
_EVENTS_IN: Final = """
    COPY eventstore.events (position, txid, dossier, version, type, state, prev_hash, hash) FROM STDIN (FORMAT binary)
"""
_COLUMNS: Final = """
    SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
       AND attgenerated = '' ORDER BY attname
"""
_SEQUENCES: Final = """
    SELECT attname, pg_get_serial_sequence(%(table)s, attname) FROM pg_attribute
     WHERE attrelid = %(table)s::regclass AND attnum > 0 AND attidentity <> ''
"""
_SUM: Final = """
    SELECT count(*) || ':' || coalesce(sum(('x' || substr(md5(ROW({columns})::text), 1, 15))::bit(60)::bigint), 0)
      FROM {table} WHERE """
_MOVING: Final = """
    CREATE TEMPORARY TABLE IF NOT EXISTS moving (dossier uuid PRIMARY KEY);
    INSERT INTO pg_temp.moving SELECT dossier FROM eventstore.events WHERE version = 1 AND {own}
        ON CONFLICT DO NOTHING;
    ANALYZE pg_temp.moving;
"""


def copy_events(source: Cursor, target: Cursor, tenant: str, upto: int, progress: Progress) -> int:
    """Bring the events of a government over that are not there yet, a batch in a transaction each.

    :param source: in autocommit, or in the transaction that keeps writers out.
    :param target: in autocommit; what it holds of the log is this government's.
    :param upto: the position up to which nothing can be added any more.
    :param progress: told the position reached and the last, after every batch.
    :returns: how many there were.
    """
    target.execute("SELECT coalesce(max(position), 0) FROM eventstore.events")
    [(after,)] = target.fetchall()
    count = 0
    while (following := _following(source, after, upto)) is not None:
        # Positions that are nobody's, where another government has moved in or away, are passed in one step.
        after = following - 1
        until = min(after + _BATCH, upto)
        statement = SQL(_EVENTS + _OF_TENANT + " ORDER BY position) TO STDOUT (FORMAT binary)").format(
            after=Literal(after), upto=Literal(until), tenant=Literal(tenant)
        )
        with _held(source, statement) as rows:
            _put_in(target, SQL(_EVENTS_IN), rows)
        count += target.rowcount
        after = until
        progress(after, upto)
    return count


def _following(source: Cursor, after: int, upto: int) -> int | None:
    """The next position at which there is an event, whoever's; none if there is none up to the last."""
    source.execute("SELECT min(position) FROM eventstore.events WHERE position > %s AND position <= %s", (after, upto))
    [(following,)] = source.fetchall()
    return None if following is None else int(following)


def remember_dossiers(cursor: Cursor, tenant: str) -> None:
    """Let the session know which dossiers are the government's: other tables ask it."""
    cursor.execute(SQL(_MOVING.format(own=_OF_TENANT)).format(tenant=Literal(tenant)))


def copy_rows(source: Cursor, target: Cursor, tenant: str, table: TakenTable) -> None:
    """Bring a government's rows over, into a table that is empty but for what can never be deleted."""
    columns = _columns(source, table.name)
    select = SQL("COPY (SELECT {columns} FROM {table} WHERE {rows}) TO STDOUT (FORMAT binary)").format(
        columns=columns, table=table_named(table.name), rows=_rows(table, tenant)
    )
    into = SQL("COPY {table} ({columns}) FROM STDIN (FORMAT binary)")
    with _held(source, select) as rows:
        if not table.for_ever:
            _put_in(target, into.format(table=table_named(table.name), columns=columns), rows)
        else:
            target.execute(
                SQL("CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0").format(
                    columns, table_named(table.name)
                )
            )
            _put_in(target, into.format(table=SQL("pg_temp.staged"), columns=columns), rows)
            target.execute(
                SQL(
                    "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM pg_temp.staged "
                    "ON CONFLICT DO NOTHING; DROP TABLE pg_temp.staged"
                ).format(table=table_named(table.name), columns=columns)
            )
    _go_on_counting(target, table.name)


def take_lasting(source: Cursor, target: Cursor) -> None:
    """Let what is kept as keyed hashes be known again there: beside each master key lies what it took over.

    :param target: of the owner; what it holds is this government's alone, so that nothing else hangs on it.
    """
    source.execute("SELECT lasting, id FROM vault.masters")
    for row in source.fetchall():
        target.execute("UPDATE vault.masters SET lasting = %s WHERE id = %s", row)


def delete_rows(cursor: Cursor, tenant: str, table: TakenTable, which: str = "true") -> None:
    """Delete a government's rows.

    :param which: of them.
    """
    cursor.execute(
        SQL("DELETE FROM {} WHERE {} AND ({})").format(table_named(table.name), _rows(table, tenant), SQL(which))
    )


def sums_of(cursor: Cursor, tenant: str) -> Sums:
    """What a database holds of a government, each table in a word; the dossiers must be remembered."""
    sums = {LOG: _sum(cursor, LOG, SQL("position, hash"), SQL(OF_DOSSIERS))}
    for table in TAKEN:
        sums[table.name] = _sum(cursor, table.name, _columns(cursor, table.name), _rows(table, tenant))
    return sums


def differing(before: Sums, after: Sums) -> list[str]:
    """The tables that are not the same."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def written(sums: Sums) -> str:
    """As they are kept."""
    return json.dumps(dict(sums))


def _sum(cursor: Cursor, table: str, columns: Composable, rows: Composable) -> str:
    cursor.execute(SQL(_SUM).format(columns=columns, table=table_named(table)) + rows)
    [(found,)] = cursor.fetchall()
    return str(found)


def _columns(cursor: Cursor, table: str) -> Composable:
    cursor.execute(_COLUMNS, (table,))
    return SQL(", ").join(Identifier(name) for (name,) in cursor.fetchall())


def _go_on_counting(cursor: Cursor, table: str) -> None:
    """Let what a table counts by itself go on after the rows that came with their numbers."""
    cursor.execute(_SEQUENCES, {"table": table})
    for column, sequence in cursor.fetchall():
        cursor.execute(
            SQL(
                "SELECT setval({sequence}, coalesce(greatest(max({column}), last), 1), "
                "coalesce(max({column}), last) IS NOT NULL) "
                "FROM pg_sequence_last_value({sequence}::regclass) AS last LEFT JOIN {table} ON true GROUP BY last"
            ).format(sequence=Literal(sequence), column=Identifier(column), table=table_named(table))
        )


def _rows(table: TakenTable, tenant: str) -> Composable:
    return SQL(table.rows.replace("%(tenant)s", "{tenant}")).format(tenant=Literal(tenant))


def _put_in(target: Cursor, statement: Composable, rows: IO[bytes]) -> None:
    with without_greenlets():
        target.copy_expert(statement, rows)


@contextmanager
def _held(source: Cursor, statement: Composable) -> Iterator[IO[bytes]]:
    """What a statement puts out, ready to be read; on the disk where it is much."""
    held: IO[bytes]
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as held:
        with without_greenlets():
            source.copy_expert(statement, held)
        held.seek(0)
        yield held
