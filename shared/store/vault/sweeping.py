"""After keys were destroyed or wrapped anew: no copy of what they were stays in the database's own files.

PostgreSQL only marks what is deleted; the bytes stay on the table's pages, and in the write-ahead log from which the
server would recover. With the master key, a copied disk would open them.
"""

import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import psycopg2

from shared.platform.database.pool import Database

_LOCK_TIMEOUT: Final = "2s"
"""How long the table is waited for at once: everybody who needs a key waits behind."""
_PAUSE_SECONDS: Final = 0.5


@dataclass(frozen=True)
class Swept:
    """How far it got; what a login may not do is left to an administrator.

    :param pages: the table was written anew, without what is dead; not if the login may not, or somebody kept it.
    :param checkpoint: the server needs none of the older write-ahead log any more, and has removed or will reuse it.
    """

    pages: bool
    checkpoint: bool


def sweep(database: Database, patience_seconds: float = 60.0) -> Swept:
    """Write the vault's table anew, and let the write-ahead log go on in a new file.

    Blocks the vault for as long as its rows take to be copied: well below a second for a hundred thousand. That has no
    limit, whatever limit the asking connections have; but the table is waited for in short turns, since whoever needs
    a key waits behind.

    :param database: as the login that owns the tables.
    :param patience_seconds: how long to try to get the table.
    """
    with closing(database.unlimited().connect()) as session, session.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", (_LOCK_TIMEOUT,))
        pages = _written_anew(cursor, time.monotonic() + patience_seconds)
        # Only what lies before the file that is written now is let go of.
        return Swept(pages, _tried(cursor, "SELECT pg_switch_wal()") and _tried(cursor, "CHECKPOINT"))


def _written_anew(cursor: Any, until: float) -> bool:
    while True:
        try:
            return _tried(cursor, "VACUUM (FULL, ANALYZE) vault.keys")
        except psycopg2.errors.LockNotAvailable:
            if time.monotonic() >= until:
                return False
        time.sleep(_PAUSE_SECONDS)


def _tried(cursor: Any, statement: str) -> bool:
    try:
        cursor.execute(statement)
    except psycopg2.errors.InsufficientPrivilege:
        return False
    return True
