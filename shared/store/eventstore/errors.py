"""The driver's errors in the `eventsourcing` library's words, by which applications know them."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from eventsourcing import persistence

NOT_FIRST_WRITE = "AD001"
"""Raised by ``eventstore.append`` when its transaction has written before."""

APPEND_ONLY = "AD002"
"""Raised by the log's trigger against change."""

MOVED = "AD004"
"""Raised by a trigger where the event's government was taken to another database."""

_KINDS: tuple[tuple[type[psycopg2.Error], type[persistence.PersistenceError]], ...] = (
    (psycopg2.IntegrityError, persistence.IntegrityError),
    (psycopg2.DataError, persistence.DataError),
    (psycopg2.OperationalError, persistence.OperationalError),
    (psycopg2.InternalError, persistence.InternalError),
    (psycopg2.ProgrammingError, persistence.ProgrammingError),
    (psycopg2.NotSupportedError, persistence.NotSupportedError),
    (psycopg2.InterfaceError, persistence.InterfaceError),
    (psycopg2.DatabaseError, persistence.DatabaseError),
)


def in_library_words(error: psycopg2.Error) -> persistence.PersistenceError:
    """The library's error for one of the driver's.

    Only the first line is kept: what follows may show the values of a row.
    """
    said = str(error).partition("\n")[0]
    if error.pgcode in {NOT_FIRST_WRITE, APPEND_ONLY}:
        return persistence.ProgrammingError(said)
    for kind, theirs in _KINDS:
        if isinstance(error, kind):
            return theirs(said)
    return persistence.PersistenceError(said)


@contextmanager
def library_words() -> Iterator[None]:
    """Translate whatever the driver raises inside."""
    try:
        yield
    except psycopg2.Error as error:
        raise in_library_words(error) from error
