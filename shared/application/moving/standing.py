"""How a move stands, as both databases say: what may be begun, what is done, and who may not work on it."""

import time
from dataclasses import dataclass
from typing import Final, Literal

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class
from psycopg2.sql import SQL

from shared.application.moving.copying import Sums, written
from shared.application.moving.tables import TAKEN
from shared.base.errors import Conflict, Unavailable
from shared.platform.database.locks import Lock, try_to_hold
from shared.platform.database.tables import table_named

State = Literal["arriving", "arrived", "moved", "forgotten"]

_PATIENCE_SECONDS: Final = 10.0
"""For processes that were just stopped or killed: their connections end a moment later."""
_MOVE: Final = "move"
_STANDS: Final = "SELECT state, other, sums FROM eventstore.moves WHERE tenant = %s"
_STAND: Final = """
    INSERT INTO eventstore.moves (tenant, state, other, sums) VALUES (%s, %s, %s, %s)
    ON CONFLICT (tenant) DO UPDATE SET state = excluded.state, other = excluded.other, sums = excluded.sums,
        since = excluded.since
"""
_OTHERS: Final = """
    SELECT DISTINCT convert_from(state, 'UTF8')::json ->> 'tenant' FROM eventstore.events WHERE version = 1
"""
_NEW_MOVE: Final = "SELECT gen_random_uuid()::text"
_WORKING: Final = """
    SELECT count(*), coalesce(string_agg(DISTINCT usename, ', '), '') FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
"""


@dataclass(frozen=True)
class MoveStanding:
    """How a database stands towards a government that came or went.

    :param other: the other database of it, as host, port and name, for people.
    :param sums: of what was taken along, where it was taken away from here.
    :param move: an id that both databases bear: a server may have many names.
    """

    state: State
    other: str
    sums: Sums
    move: str


def standing(cursor: Cursor, tenant: str) -> MoveStanding | None:
    """How it stands; none for a government that was always here, or never."""
    cursor.execute(_STANDS, (tenant,))
    row = cursor.fetchone()
    if row is None:
        return None
    state, other, kept = row
    return MoveStanding(state, other, {name: each for name, each in kept.items() if name != _MOVE}, kept[_MOVE])


def stand(cursor: Cursor, tenant: str, state: State, other: str, move: str, sums: Sums | None = None) -> None:
    """Note how it stands from now on."""
    cursor.execute(_STAND, (tenant, state, other, written({**(sums or {}), _MOVE: move})))


def new_move(cursor: Cursor) -> str:
    """An id for a move that begins."""
    cursor.execute(_NEW_MOVE)
    [(made,)] = cursor.fetchall()
    return str(made)


def forget_standing(cursor: Cursor, tenant: str) -> None:
    """As if it had never gone."""
    cursor.execute("DELETE FROM eventstore.moves WHERE tenant = %s", (tenant,))


def hold_both(source: Cursor, target: Cursor) -> None:
    """Make sure that nobody else moves anything from or to either, for as long as both connections live.

    :raises Conflict: ``move_running`` if somebody does; or if both are the same database, to which locks belong.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    for cursor in (source, target):
        while not try_to_hold(cursor, Lock.MOVING, ""):
            if time.monotonic() >= until:
                raise Conflict("move_running")
            time.sleep(0.1)


def require_nobody(cursor: Cursor, where: str) -> None:
    """Make sure that no process works on a database.

    :param cursor: of the only connection of our own.
    :param where: which of the two, for whoever reads the error.
    :raises Unavailable: ``database_in_use`` if there are other connections, and go on being there.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction would go on seeing what it saw first
        cursor.execute(_WORKING)
        [(count, users)] = cursor.fetchall()
        if not count:
            return
        if time.monotonic() >= until:
            raise Unavailable("database_in_use", {"database": where, "connections": count, "users": users})
        time.sleep(0.1)


def require_room(cursor: Cursor, tenant: str, where: str) -> None:
    """Make sure that a database can take a government: nothing of others is in it, and no life of its own.

    :raises Conflict: if other governments have something there, or it is at work there already.
    """
    cursor.execute(_OTHERS)
    found = {name for (name,) in cursor.fetchall()}
    here = tenant in found
    for table in TAKEN:
        if table.guarded:
            cursor.execute(SQL("SELECT DISTINCT tenant FROM {}").format(table_named(table.name)))
            found.update(name for (name,) in cursor.fetchall())
    if others := found - {tenant}:
        raise Conflict("database_has_others", {"database": where, "tenants": ", ".join(sorted(map(str, others)))})
    known = standing(cursor, tenant)
    if known is None and (here or tenant in found):
        raise Conflict("tenant_is_there", {"database": where, "tenant": tenant})
    if known is not None and known.state != "arriving":
        raise Conflict("tenant_is_there", {"database": where, "tenant": tenant})
