"""After keys were destroyed or wrapped anew: no copy of what they were stays in the database's own files.

PostgreSQL only marks what is deleted; the bytes stay on the table's pages, and in the write-ahead log from which the
server would recover. With the master key, a copied disk would open them.
"""

from dataclasses import dataclass

import psycopg2

from shared.platform.database.pool import Database


@dataclass(frozen=True)
class Swept:
    """How far it got; what a login may not do is left to an administrator.

    :param pages: the table was written anew, without what is dead.
    :param checkpoint: the server needs none of the older write-ahead log any more, and has removed or will reuse it.
    """

    pages: bool
    checkpoint: bool


def sweep(database: Database) -> Swept:
    """Write the vault's table anew, and let the write-ahead log go on in a new file.

    Blocks the vault for as long as its rows take to be copied: well below a second for a hundred thousand.

    :param database: as the login that owns the tables.
    """
    pages = _tried(database, "VACUUM (FULL, ANALYZE) vault.keys")
    # Only what lies before the file that is written now is let go of.
    return Swept(pages, _tried(database, "SELECT pg_switch_wal()") and _tried(database, "CHECKPOINT"))


def _tried(database: Database, statement: str) -> bool:
    try:
        with database.autocommit() as cursor:
            cursor.execute(statement)
    except psycopg2.errors.InsufficientPrivilege:
        return False
    return True
