"""Which advisory locks keep a projection's runners, its switch and its rebuild apart.

Live runners hold the *switch* lock shared for one batch; the switch of a rebuild holds it exclusively, so that no
batch is half in the old tables and half in the new. The *rebuild* lock admits one rebuild of a projection at a time.
"""

from zlib import crc32

from psycopg2 import extensions as pg

_SWITCH = 0x50524A53
_REBUILD = 0x50524A52


def switch_lock(name: str) -> tuple[int, int]:
    """The two integers of a projection's switch lock."""
    return _SWITCH, _signed(name)


def try_rebuild_lock(cursor: pg.cursor, name: str) -> bool:
    """Take the rebuild lock for as long as the cursor's connection lives; False if another connection has it."""
    cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (_REBUILD, _signed(name)))
    row = cursor.fetchone()
    return row is not None and bool(row[0])


def lock_for_switch(cursor: pg.cursor, name: str) -> None:
    """Wait until no runner is within a batch, and keep them out until the transaction ends (`lock_timeout` applies)."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", switch_lock(name))


def _signed(name: str) -> int:
    return crc32(name.encode()) - 2**31
