"""A transaction on a connection that somebody holds for long, and has in autocommit otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2.extensions import connection, cursor


@contextmanager
def transaction_on(held: connection, begin: str = "BEGIN") -> Iterator[cursor]:
    """A cursor in a transaction: committed at the end, rolled back if anything is raised.

    It is begun by hand: the driver would take a round trip for that before the first statement, and one more for each
    setting.

    :param held: in autocommit, and so again afterwards, unless it was closed meanwhile.
    :param begin: the statement that begins it, with what is set for this transaction alone.
    """
    with held.cursor() as opened:
        try:
            opened.execute(begin)
            yield opened
            opened.execute("COMMIT")
        except BaseException:
            if not held.closed:
                opened.execute("ROLLBACK")
            raise
