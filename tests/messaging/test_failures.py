import psycopg2
import psycopg2.errors
import pytest
from kombu.exceptions import OperationalError

from shared.base.errors import Conflict, Unavailable
from shared.base.randomness import SeededRandomness, new_uuid
from shared.messaging.wire.failures import describe, is_transient


@pytest.mark.parametrize(
    "error",
    [
        psycopg2.OperationalError(),
        psycopg2.InterfaceError(),
        psycopg2.errors.DeadlockDetected(),
        psycopg2.errors.AdminShutdown(),
        Unavailable("x"),
        OperationalError(),
        BrokenPipeError(),
        TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_passes_by_itself_is_waited_for(error: Exception) -> None:
    """Servers that are away, deadlocks and timeouts say nothing about the message."""
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        psycopg2.errors.UniqueViolation(),
        psycopg2.errors.NumericValueOutOfRange(),
        psycopg2.errors.ProgramLimitExceeded(),
        Conflict("x"),
        KeyError(),
        FileNotFoundError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_lies_in_the_message_or_the_code_is_not(error: Exception) -> None:
    """Waiting would not help."""
    assert not is_transient(error)


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
