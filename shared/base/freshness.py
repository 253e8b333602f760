"""What the reader who is being answered has written a moment ago: a copy that lags behind must hold at least that."""

from contextvars import ContextVar

_written: ContextVar[int | None] = ContextVar("written", default=None)


def set_written(position: int | None) -> None:
    """From here on the present thread or greenlet answers somebody who knows of this.

    :param position: of the log; none if nothing in particular was written.
    """
    _written.set(position)


def present_written() -> int | None:
    """The position in the log that whoever is being answered knows of; none if there is none in particular."""
    return _written.get()
