"""Shutting a database for a government that was taken away, and for all while the last of it is brought over."""

import time
from typing import Final

from psycopg2 import errors
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class
from psycopg2.sql import SQL

from shared.application.moving.copying import LOG
from shared.application.moving.tables import TAKEN
from shared.platform.database.tables import table_named

_LOCK_TIMEOUT: Final = "250ms"
_PATIENCE_SECONDS: Final = 30.0
_TRIGGER: Final = """
    CREATE OR REPLACE TRIGGER moved BEFORE INSERT{or_update} ON {table}
        FOR EACH ROW EXECUTE FUNCTION eventstore.refuse_moved()
"""


def keep_writers_out(cursor: Cursor) -> None:
    """Let nobody write to what is taken along until the transaction ends; who reads is not kept.

    :raises psycopg2.errors.LockNotAvailable: if others have it for half a minute.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    tables = SQL(", ").join(table_named(name) for name in (LOG, *(table.name for table in TAKEN)))
    while True:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", (_LOCK_TIMEOUT,))
        try:
            cursor.execute(SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(tables))
        except (errors.LockNotAvailable, errors.DeadlockDetected):
            cursor.connection.rollback()
            if time.monotonic() >= until:
                raise
        else:
            cursor.execute("SET LOCAL lock_timeout = 0")
            return


def shut(cursor: Cursor) -> None:
    """Have the database itself refuse what is written of governments that were taken away."""
    cursor.execute(SQL(_TRIGGER).format(table=table_named(LOG), or_update=SQL("")))
    cursor.execute("ALTER TABLE eventstore.events ENABLE ALWAYS TRIGGER moved")
    for table in TAKEN:
        if table.guarded:
            cursor.execute(SQL(_TRIGGER).format(table=table_named(table.name), or_update=SQL(" OR UPDATE")))
