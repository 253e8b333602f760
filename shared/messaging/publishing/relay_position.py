"""How far the log has been published, and who may publish it: both kept in PostgreSQL."""

from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from shared.platform.database.locks import Lock, try_to_hold
from shared.platform.database.pool import Database
from shared.platform.database.prepared import preparing

RELAY: Final = "events"
"""By which the table knows it: that of the exchange to which it publishes."""

IDLE_SECONDS: Final = 15.0
"""Longer than a round with a broker that hangs may take, and short for those who wait for the next holder."""


def read_position(cursor: Cursor) -> int:
    """The position up to which the log has been published; 0 if it never was."""
    cursor.execute("SELECT position FROM eventstore.relay WHERE name = %s", (RELAY,))
    row = cursor.fetchone()
    return 0 if row is None else int(row[0])


def move_position(cursor: Cursor, old: int, new: int) -> bool:
    """Save that the log has been published further, unless somebody has set the position back meanwhile.

    :param old: the position from which we published.
    :returns: whether it was saved. If not, go on from what is written there.
    """
    cursor.execute(
        """
        INSERT INTO eventstore.relay AS relay (name, position) SELECT %(name)s, %(new)s
        WHERE %(old)s = 0 OR EXISTS (SELECT FROM eventstore.relay WHERE name = %(name)s)
        ON CONFLICT (name) DO UPDATE SET position = excluded.position WHERE relay.position = %(old)s
        """,
        {"name": RELAY, "old": old, "new": new},
    )
    return cursor.rowcount == 1


def set_back(cursor: Cursor, position: int) -> bool:
    """Let the log be published again from a position on.

    :param position: what comes after it is published again.
    :returns: whether that was further back than the relay had come.
    """
    cursor.execute(
        "UPDATE eventstore.relay SET position = %(to)s WHERE name = %(name)s AND position > %(to)s",
        {"name": RELAY, "to": position},
    )
    return cursor.rowcount == 1


class Leadership:
    """The right to publish: a lock that PostgreSQL takes back by itself when the connection ends, however it ends.

    The holder does its work on :attr:`connection`, so that whatever succeeds there was done under the lock. A holder
    that hangs is cut off after some seconds without a word. Who was cut off may still have been publishing: that
    makes duplicates, and it cannot save a position any more.

    :param database: whose log is published.
    :param idle_seconds: after so long without a word the holder is cut off.
    """

    def __init__(self, database: Database, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self.connection: Connection = preparing(database.connect())
        self._held = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(psycopg2.Error):
            self.connection.close()

    def try_acquire(self) -> bool:
        """Whether it is ours: now, or since an earlier try. Never waits for another holder.

        :raises psycopg2.Error: if the database is away.
        """
        if self._held:
            return True
        with self.connection.cursor() as cursor:
            self._held = try_to_hold(cursor, Lock.RELAYING, RELAY)
            if self._held:
                # A position that is lost with the machine has what came after it published again: nobody need wait for
                # the disk.
                cursor.execute(
                    "SELECT set_config('idle_session_timeout', %s, false), "
                    "set_config('synchronous_commit', 'off', false)",
                    (f"{self._idle_seconds * 1000:.0f}",),
                )
        return self._held
