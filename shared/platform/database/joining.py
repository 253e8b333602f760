"""One deed alone, or as part of what somebody else has begun."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2.extensions import cursor

from shared.platform.database.pool import Database


@contextmanager
def joined(database: Database, begun: cursor | None) -> Iterator[cursor]:
    """A cursor in a transaction of its own; or in the one that was begun, which whoever began it ends.

    :raises Unavailable: if no connection can be had for one of its own.
    """
    if begun is not None:
        yield begun
        return
    with database.transaction() as opened:
        yield opened
