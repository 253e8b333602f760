"""The advisory lock that admits one rebuild of a projection at a time."""

from zlib import crc32

from psycopg2 import extensions as pg

_REBUILD = 0x50524A52  # any constant will do, so that no other use of such locks is met: "PRJR"


def try_rebuild_lock(cursor: pg.cursor, name: str) -> bool:
    """Take the lock for as long as the cursor's connection lives; False if another connection has it.

    :param name: the projection.
    """
    cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", _key(name))
    row = cursor.fetchone()
    return row is not None and bool(row[0])


def let_go(cursor: pg.cursor, name: str) -> None:
    """Give the lock back at once: a connection that is closed may be a while in ending.

    :param name: the projection.
    """
    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", _key(name))


def _key(name: str) -> tuple[int, int]:
    return _REBUILD, crc32(name.encode()) - 2**31
