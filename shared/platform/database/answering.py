"""Waiting for the server's answer: for as long as it works on it, and no longer.

A server whose packets are swallowed on their way (a cut link without a reset, a stalled proxy, a frozen machine) looks
from here like one that is thinking. So after a silence the server is asked over a new connection whether it still works
for the old one. Only with eventlet, where psycopg2 leaves the waiting to a function of ours.
"""

import time
from collections.abc import Callable
from typing import cast

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE, connection, get_wait_callback, set_wait_callback

SILENCE_SECONDS = 5.0
"""So long nothing may be heard from the server before it is asked. Nearly all statements take milliseconds."""

_LAST_CHANCE_SECONDS = 0.5  # an answer may be on its way while we ask


class Watched(connection):
    """A connection whose silence is looked into.

    :ivar works_for: asks the server whether it works on a statement of the session with this process id.
    :ivar most_seconds: a statement that takes longer has lost its answer, whatever the server says; None for no limit.
    :ivar appended: whether something was appended to the log over it that its lender has not told of yet.
    :ivar prepared: the statements that its session has prepared, by name; None for one that is lent to all.
    """

    works_for: Callable[[int], bool] | None = None
    most_seconds: float | None = None
    appended: bool = False
    prepared: set[str] | None = None


class _Silence(Exception):
    """Nothing has been heard for a while."""


def install() -> None:
    """Let psycopg2 wait by :func:`wait`, if it waits by eventlet's function now."""
    if get_wait_callback() in {None, wait}:
        return
    from eventlet.support.psycopg2_patcher import eventlet_wait_callback  # noqa: PLC0415 - only where it runs anyway

    if get_wait_callback() is eventlet_wait_callback:
        set_wait_callback(wait)


def wait(session: connection) -> None:
    """Let others work until the server has answered.

    :raises psycopg2.OperationalError: if it has forgotten the statement or cannot be reached; psycopg2 then closes the
        connection, since nobody knows what it would say next.
    """
    began = time.monotonic()
    while (state := session.poll()) != POLL_OK:
        try:
            _until_ready(session, state, None if getattr(session, "works_for", None) is None else SILENCE_SECONDS)
        except _Silence:
            _look_into(session, state, time.monotonic() - began)


def _until_ready(session: connection, state: int, seconds: float | None) -> None:
    from eventlet.hubs import trampoline  # noqa: PLC0415 - only where it runs anyway

    if state not in {POLL_READ, POLL_WRITE}:
        raise psycopg2.OperationalError(f"the connection is in the unknown state {state}")
    trampoline(
        session.fileno(), read=state == POLL_READ, write=state == POLL_WRITE, timeout=seconds, timeout_exc=_Silence
    )


def _look_into(session: connection, state: int, waited_seconds: float) -> None:
    """Go on waiting if that is of use.

    :raises psycopg2.OperationalError: if it is not.
    """
    watched = cast("Watched", session)  # only such a one is ever silent
    late = watched.most_seconds is not None and waited_seconds > watched.most_seconds
    if not late and watched.works_for is not None and watched.works_for(watched.info.backend_pid):
        return
    try:
        _until_ready(session, state, _LAST_CHANCE_SECONDS)
    except _Silence:
        raise psycopg2.OperationalError("the server does not answer any more") from None
    if late:
        raise psycopg2.OperationalError("the server's answer takes too long to arrive")
