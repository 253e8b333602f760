"""Connections to the broker that end in bounded time, whatever state the broker is in."""

# mypy: disable-error-code="no-untyped-call"
# kombu declares itself typed and leaves most of its functions without.

import logging
import ssl
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import eventlet
from amqp.exceptions import AMQPError
from kombu import Connection
from kombu.exceptions import KombuError

from shared.messaging.wire import memory
from shared.messaging.wire.frames import bounded

log = logging.getLogger(__name__)

memory.install()

BROKER_ERRORS: Final = (OSError, EOFError, AMQPError, KombuError)
"""What a broker that is away, restarts, or refuses a declaration makes kombu raise.

`EOFError` is eventlet's, for who waits on a socket that somebody else has closed, once its number is used again.
"""

SEPARATOR: Final = ";"
"""Between the URLs of a cluster's nodes."""

HEARTBEAT_SECONDS: Final = 6
SETUP_SECONDS: Final = 15
"""How long declaring everything and beginning to take messages may last. Quorum queues take their time."""
CANCEL_SECONDS: Final = 3
"""How long the broker may take to confirm that it will send no more; then we leave without."""

_LIBRARIES: Final = ("amqp", "kombu", "vine")
_CONNECT_SECONDS: Final = 5
_CLOSE_SECONDS: Final = 2


def patience(seconds: float) -> Any:
    """Limits a block in which we wait for the broker: a broker that hangs keeps its connections open.

    :raises TimeoutError: within the block, when the time is over; the connection is then in an unknown state.
    """
    return eventlet.Timeout(seconds, TimeoutError("the broker does not answer"))


def open_connection(url: str, *, heartbeat: float = 0, frame_handler: Any = bounded) -> Any:
    """A new connection, open.

    :param url: ``amqp://``, ``amqps://`` or ``memory://``; of a cluster's nodes several with ``;`` between them, tried
        in order. By TLS the server must show a certificate for the very host that the URL names, of an authority that
        OpenSSL knows (``SSL_CERT_FILE`` names others).
    :param heartbeat: seconds between signs of life; whoever asks for them must call ``heartbeat_check`` every second.
    :param frame_handler: what judges what comes in (:mod:`shared.messaging.wire.frames`).
    :raises BROKER_ERRORS: if there is none to be had within some five seconds for each node.
    """
    *others, last = url.split(SEPARATOR)
    for node in others:
        try:
            return _open(node, heartbeat, frame_handler)
        except BROKER_ERRORS as error:
            log.info("a node of the broker cannot be reached", extra={"error": type(error).__name__})
    return _open(last, heartbeat, frame_handler)


def _open(url: str, heartbeat: float, frame_handler: Any) -> Any:
    connection = Connection(
        url,
        heartbeat=heartbeat,
        connect_timeout=_CONNECT_SECONDS,
        transport_options={"frame_handler": frame_handler},
        **_tls(url),
    )
    try:
        with patience(_CONNECT_SECONDS):
            # Once: whoever calls has a backoff of its own.
            connection.ensure_connection(max_retries=0, reraise_as_library_errors=False)
    except BaseException:
        connection.collect()
        raise
    return connection


def _tls(url: str) -> dict[str, Any]:
    """Left to itself the library asks whether a certificate is good, and not whose it is."""
    parts = urlsplit(url)
    if parts.scheme != "amqps":
        return {}
    return {"ssl": {"server_hostname": parts.hostname, "cert_reqs": ssl.CERT_REQUIRED}}


def close_connection(connection: Any) -> None:
    """Say goodbye to the broker, or, if it does not answer, just leave."""
    try:
        with patience(_CLOSE_SECONDS):
            connection.release()
    except BROKER_ERRORS:
        connection.collect()


@contextmanager
def connected(url: str, *, heartbeat: float = 0) -> Iterator[Any]:
    """An open connection for a block; after an error it is dropped without ceremony.

    :param url: ``amqp://`` or ``memory://``.
    :param heartbeat: see :func:`open_connection`.
    :raises BROKER_ERRORS: if there is none to be had, or whatever happens to it in the block.
    """
    connection = open_connection(url, heartbeat=heartbeat)
    try:
        yield connection
    except BaseException as error:
        connection.collect()
        if arose_in_library(error):
            raise ConnectionResetError("the connection to the broker is out of step") from error
        raise
    close_connection(connection)


@contextmanager
def channel_on(connection: Any) -> Iterator[Any]:
    """A channel for a block, closed in good order after it.

    After an error it is left as it is, to go with its connection. To take leave means to wait for the broker's answer:
    for ever, if the error was that it does not answer, and in the way of whoever drops the connection meanwhile.

    :param connection: open; after an error its owner drops it.
    """
    channel = connection.channel()
    yield channel
    channel.close()


def arose_in_library(error: BaseException) -> bool:
    """Whether it is the library that stumbled: over frames that were cut or mixed up, or a socket that is gone.

    Its own errors say so; but where a stream breaks off in the middle it may raise whatever its code happens to.
    """
    if not isinstance(error, Exception) or isinstance(error, BROKER_ERRORS) or error.__traceback__ is None:
        return False
    frame, _ = list(traceback.walk_tb(error.__traceback__))[-1]
    return str(frame.f_globals.get("__name__", "")).split(".")[0] in _LIBRARIES
