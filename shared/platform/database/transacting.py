"""A transaction on a connection that somebody holds for long, and has in autocommit otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2.extensions import connection, cursor


@contextmanager
def transaction_on(held: connection) -> Iterator[cursor]:
    """A cursor in a transaction: committed at the end, rolled back if anything is raised.

    :param held: in autocommit, and so again afterwards, unless it was closed meanwhile.
    """
    held.autocommit = False
    try:
        with held.cursor() as opened:
            yield opened
        held.commit()
    except BaseException:
        if not held.closed:
            held.rollback()
        raise
    finally:
        if not held.closed:
            held.autocommit = True
