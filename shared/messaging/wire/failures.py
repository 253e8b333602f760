"""What a failure means: wait, since something is away; or give up on this message, since it cannot be done.

One table for all doors. ``away``: a part is not there or not well, and comes back by itself. ``unfit``: our own house
is not in order (no tables, no rights, a wrong password), and somebody must mend it. Both say nothing about the message:
whoever meets them waits, with readiness off, and a caller over HTTP is told to come back (503). Everything else lies in
the message or in the code: it is tried a few times and then put aside.
"""

import errno
import socket
import ssl
import traceback
from typing import Any, Final, Literal

import psycopg2
import psycopg2.errors as pg
from amqp.exceptions import AMQPError
from eventsourcing import persistence
from kombu.exceptions import OperationalError

from shared.base.errors import Unavailable

OURS: Final = ("shared", "services", "portal", "cli")

Meaning = Literal["away", "unfit", "message"]

_AWAY: Final[tuple[type[Exception], ...]] = (
    # PostgreSQL. Its operational errors: the connection is gone, the server shuts down, starts or has crashed
    # (57P01-57P03), disk or memory full, too many connections (53), deadlocks and serialization (40), cancelled
    # statements (57014), locks (55P03), reading or writing of files failed (58).
    psycopg2.OperationalError,
    psycopg2.InterfaceError,  # the connection is closed already
    pg.ReadOnlySqlTransaction,  # 25006: a standby, or an operator's hand
    pg.IdleInTransactionSessionTimeout,  # 25P03: we were held up, and the server has ended the transaction
    pg.TransactionTimeout,  # 25P04
    # The same in the words of the event store's library, where these are all that is left of it.
    persistence.OperationalError,
    persistence.InterfaceError,
    # Ours: a part that did not answer, a pool that is exhausted.
    Unavailable,
    # The network and the broker.
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    ssl.SSLError,
    AMQPError,
    OperationalError,
)
_UNFIT: Final[tuple[type[Exception], ...]] = (
    pg.UndefinedTable,  # not migrated
    pg.UndefinedColumn,
    pg.UndefinedFunction,
    pg.InvalidSchemaName,
    pg.InvalidCatalogName,
    pg.InsufficientPrivilege,
    pg.InvalidAuthorizationSpecification,
    pg.InvalidPassword,
    pg.ConfigFileError,
    pg.DataCorrupted,
    pg.IndexCorrupted,
)
_IN_THE_MESSAGE: Final = (
    pg.ProgramLimitExceeded,  # operational for PostgreSQL, but it lies in the data: too long, too deep
    pg.StatementTooComplex,
)
_PLAIN: Final = (psycopg2.Error, psycopg2.DatabaseError, psycopg2.InternalError)
"""What psycopg2 raises when an answer breaks off in the middle: no class of its own, and no code of the server's."""
_NUMBERS: Final = {
    errno.EHOSTUNREACH,
    errno.EHOSTDOWN,
    errno.ENETUNREACH,
    errno.ENETDOWN,
    errno.ENOBUFS,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EROFS,
    errno.EIO,
    errno.EAGAIN,
}

TRANSIENT: Final[tuple[type[Exception], ...]] = (*_AWAY, *_UNFIT)
"""Errors that say nothing about the message, by class; :func:`meaning` knows more."""

_LONGEST: Final = 500


def meaning(error: BaseException) -> Meaning:
    """What an error says of what was being done.

    :returns: ``away``, ``unfit`` or ``message``; see above.
    """
    if isinstance(error, persistence.PersistenceError) and isinstance(error.__cause__, psycopg2.Error):
        return meaning(error.__cause__)
    if isinstance(error, _IN_THE_MESSAGE):
        return "message"
    if isinstance(error, _UNFIT):
        return "unfit"
    if isinstance(error, _AWAY) or _broken_off(error) or _machine(error):
        return "away"
    return "message"


def is_transient(error: BaseException) -> bool:
    """Whether the same may succeed later without anything being mended in the message or in the code."""
    return meaning(error) != "message"


def _broken_off(error: BaseException) -> bool:
    return type(error) in _PLAIN and getattr(error, "pgcode", None) is None


def _machine(error: BaseException) -> bool:
    """Network, disk and handles: of the many errors that the operating system has, those that pass."""
    return isinstance(error, OSError) and error.errno in _NUMBERS


def describe(error: BaseException) -> str:
    """What went wrong, in words that can be kept with a dead message.

    What an exception of ours says holds nothing personal. Others may quote the value that they did not like, so of
    them only the class and the place in our code are told.
    """
    name = type(error).__name__
    if type(error).__module__.split(".")[0] in OURS:
        return f"{name}: {error}"[:_LONGEST]
    return f"{name} at {place(error)}"


def place(error: BaseException) -> str:
    """Where an exception arose: the innermost line of our own code, or the innermost line if none is ours."""
    frames: list[Any] = [(frame, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    if not frames:
        return "an unknown place"
    own = [each for each in frames if str(each[0].f_globals.get("__name__", "")).split(".")[0] in OURS]
    frame, line = (own or frames)[-1]
    return f"{frame.f_globals.get('__name__', '?')}:{line} in {frame.f_code.co_name}"
