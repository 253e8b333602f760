import errno
import socket

import psycopg2
import psycopg2.errors as pg
import pytest
from amqp.exceptions import AccessRefused, ConnectionForced, PreconditionFailed
from eventsourcing import persistence
from kombu.exceptions import OperationalError

from shared.base.errors import Conflict, Unavailable
from shared.base.randomness import SeededRandomness, new_uuid
from shared.messaging.calling.rpc import serialize_error
from shared.messaging.wire.failures import describe, is_transient, meaning
from shared.messaging.wire.outgoing import NotConfirmed
from shared.store.eventstore.errors import library_words

AWAY = [
    psycopg2.OperationalError("server closed the connection unexpectedly"),
    psycopg2.InterfaceError("connection already closed"),
    # What psycopg2 makes of an answer that breaks off in the middle: no class of its own, no code.
    psycopg2.DatabaseError("error with status PGRES_TUPLES_OK and no message from the libpq"),
    psycopg2.InternalError("unexpected message"),
    pg.DeadlockDetected(),
    pg.SerializationFailure(),
    pg.AdminShutdown(),
    pg.CrashShutdown(),
    pg.CannotConnectNow(),
    pg.ReadOnlySqlTransaction(),
    pg.DiskFull(),
    pg.OutOfMemory(),
    pg.TooManyConnections(),
    pg.QueryCanceled(),
    pg.LockNotAvailable(),
    pg.IdleInTransactionSessionTimeout(),
    pg.IdleSessionTimeout(),
    pg.TransactionTimeout(),
    pg.IoError(),
    persistence.OperationalError(),
    Unavailable("database_busy"),
    OperationalError(),
    ConnectionForced("CONTROLLED_SHUTDOWN"),
    PreconditionFailed("PRECONDITION_FAILED"),
    AccessRefused("ACCESS_REFUSED"),
    BrokenPipeError(),
    TimeoutError(),
    NotConfirmed(),
    socket.gaierror(),
    OSError(errno.EHOSTUNREACH, "No route to host"),
    OSError(errno.ENOSPC, "No space left on device"),
    OSError(errno.EFBIG, "File too large"),
    OSError(errno.EMFILE, "Too many open files"),
]
UNFIT = [
    pg.UndefinedTable(),
    pg.UndefinedColumn(),
    pg.UndefinedFunction(),
    pg.InvalidSchemaName(),
    pg.InsufficientPrivilege(),
    pg.InvalidPassword(),
    pg.IndexCorrupted(),
]
IN_THE_MESSAGE = [
    pg.UniqueViolation(),
    pg.CheckViolation(),
    pg.NumericValueOutOfRange(),
    pg.CharacterNotInRepertoire(),
    pg.ProgramLimitExceeded(),
    pg.StatementTooComplex(),
    psycopg2.ProgrammingError("can't adapt type 'object'"),
    psycopg2.DataError("a string literal cannot contain NUL"),
    persistence.DataError(),
    Conflict("x"),
    KeyError(),
    RecursionError(),
    UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates not allowed"),
    FileNotFoundError(errno.ENOENT, "No such file"),
]


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
def test_what_passes_by_itself_is_waited_for(error: Exception) -> None:
    """Servers that are away or not well, deadlocks and timeouts say nothing about the message."""
    assert "away" == meaning(error)
    assert is_transient(error)


@pytest.mark.parametrize("error", UNFIT, ids=lambda error: type(error).__name__)
def test_what_is_not_in_order_here_is_waited_for_too(error: Exception) -> None:
    """A database without its tables or rights is no fault of the message either."""
    assert "unfit" == meaning(error)
    assert is_transient(error)


@pytest.mark.parametrize("error", IN_THE_MESSAGE, ids=lambda error: type(error).__name__)
def test_what_lies_in_the_message_or_the_code_is_not(error: Exception) -> None:
    """Waiting would not help."""
    assert "message" == meaning(error)
    assert not is_transient(error)


@pytest.mark.parametrize(("expected", "errors"), [("away", AWAY), ("unfit", UNFIT), ("message", IN_THE_MESSAGE)])
def test_an_error_in_the_words_of_the_event_store_means_the_same(expected: str, errors: list[Exception]) -> None:
    """Whatever the library calls it, the driver's own error decides: an append to a read-only database waits."""
    drivers = [error for error in errors if isinstance(error, psycopg2.Error)]
    translated = []
    for error in drivers:
        with pytest.raises(persistence.PersistenceError) as raised, library_words():
            raise error
        translated.append(meaning(raised.value))

    assert [expected] * len(drivers) == translated


def test_a_caller_is_told_to_come_back() -> None:
    """Over a call each of these is 503 and never the sender's fault; what lies in the message is not."""
    codes = {(each["exc_type"], each["exc_args"][0]) for each in map(serialize_error, AWAY + UNFIT)}

    assert {("Unavailable", "service_unavailable"), ("Unavailable", "database_busy")} == codes
    assert "Unavailable" not in {serialize_error(error)["exc_type"] for error in IN_THE_MESSAGE}


def test_errors_of_ours_speak() -> None:
    """What our own errors say is safe to keep."""
    assert "Conflict: wrong_step" == describe(Conflict("wrong_step"))


def test_other_errors_tell_where_and_not_what() -> None:
    """A foreign error may quote personal data: only its class and the place in our code are kept."""
    with pytest.raises(TypeError) as raised:
        new_uuid(SeededRandomness(seed=b"Budi"), "Budi")  # type: ignore[call-arg, arg-type]

    assert describe(raised.value).startswith("TypeError at ")

    class Broken:
        def bytes(self, count: int) -> bytes:
            return b"Budi" * count

    with pytest.raises(ValueError, match="16") as also_raised:
        new_uuid(Broken())
    told = describe(also_raised.value)

    assert told.startswith("ValueError at shared.base.randomness:")
    assert told.endswith(" in new_uuid")
    assert "Budi" not in told


def test_an_error_that_was_never_raised_can_be_told() -> None:
    """There is always something to say."""
    assert "KeyError at an unknown place" == describe(KeyError("Budi"))
