"""Until when work may still have an effect: whoever asked for it does not wait, and may ask again.

A call that lay in a queue while its service stood still must not be carried out after its caller was told that it
failed. So a call comes with a deadline, and what writes looks at it first: see :func:`check_deadline`. Deadlines are of
the machine's clock, since people wait by it, however a simulated one is moved.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from shared.base.clock import Clock, SystemClock
from shared.base.errors import Unavailable

_deadline: ContextVar[datetime | None] = ContextVar("deadline", default=None)


def set_deadline(instant: datetime | None) -> None:
    """From here on the present thread or greenlet works for somebody who waits until then.

    :param instant: none if nobody waits.
    """
    _deadline.set(instant)


@contextmanager
def until(instant: datetime | None) -> Iterator[None]:
    """A block that works for somebody who waits until an instant."""
    token = _deadline.set(instant)
    try:
        yield
    finally:
        _deadline.reset(token)


def present_deadline() -> datetime | None:
    """Until when whoever asked for the present work waits; none if nobody does."""
    return _deadline.get()


def check_deadline(machine: Clock | None = None) -> None:
    """Make sure that whoever asked for the present work still waits for it; to be called just before writing.

    :param machine: the machine's clock.
    :raises Unavailable: if not (``call_expired``): nothing was written, and the same request may succeed later.
    """
    instant = _deadline.get()
    if instant is not None and (machine or SystemClock()).now() >= instant:
        raise Unavailable("call_expired")
