"""Tables beside a projection's live ones, by one maker at a time: for a rebuild, or to hold the live ones against."""

from psycopg2 import extensions as pg

from shared.platform.database.locks import Lock, give_back, try_to_hold
from shared.store.projection.bulk import end_leftovers
from shared.store.projection.errors import RebuildRunning
from shared.store.projection.projection import Projection
from shared.store.projection.shadow import Shadow


def make_beside(connection: pg.connection, projection: Projection) -> Shadow:
    """Make them, empty.

    :param connection: holds the lock from now on. Its statements may take as long as they take.
    :raises RebuildRunning: if another makes some of this projection.
    :raises RebuildNotPossible: if something hangs on a live table that would be lost.
    """
    with connection, connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # to analyze a large table, or to compare two, takes its time
        if not try_to_hold(cursor, Lock.REBUILDING, projection.name):
            raise RebuildRunning(projection.name)
        end_leftovers(cursor, projection.name)
        return Shadow.create(cursor, projection)


def throw_away(connection: pg.connection, projection: Projection, shadow: Shadow) -> None:
    """Remove them and give the lock back, unless the connection is lost: then the next maker removes them."""
    if connection.closed:
        return
    with connection, connection.cursor() as cursor:
        shadow.drop(cursor)
        give_back(cursor, Lock.REBUILDING, projection.name)
