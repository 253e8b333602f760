"""What a failure means: wait, since something is away; or give up on this message, since it cannot be done."""

import traceback
from typing import Any, Final

import psycopg2
import psycopg2.errors
from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError

from shared.base.errors import Unavailable

OURS: Final = ("shared", "services", "portal", "cli")

TRANSIENT: Final[tuple[type[Exception], ...]] = (
    psycopg2.OperationalError,  # the server is away or restarts; also deadlocks, timeouts, a full disk
    psycopg2.InterfaceError,  # the connection is closed already
    Unavailable,
    ConnectionError,
    TimeoutError,
    AMQPError,
    OperationalError,
)
"""Errors that say nothing about the message: everything fails now, and will succeed later."""

_NOT_TRANSIENT: Final = (
    psycopg2.errors.ProgramLimitExceeded,  # operational for PostgreSQL, but it lies in the data: too long, too deep
    psycopg2.errors.StatementTooComplex,
)


_LONGEST: Final = 500


def is_transient(error: BaseException) -> bool:
    """Whether the same may succeed later without anything being mended in the message or in the code."""
    return isinstance(error, TRANSIENT) and not isinstance(error, _NOT_TRANSIENT)


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
