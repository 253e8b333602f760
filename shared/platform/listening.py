"""Listening on a port that the configuration names."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import eventlet

from shared.platform.settings import SettingsError


def listen(host: str, port: int, variable: str, backlog: int = 50) -> Any:
    """A socket that listens, shared with nobody: two servers on one port would answer by turns.

    What is accepted there sends at once: the rest of a long answer would else wait until its beginning is acknowledged,
    for which clients take their time.

    :param variable: the setting that named the port, for whoever has to mend it.
    :param backlog: how many callers may wait at the door.
    :raises SettingsError: if the port is taken, or not ours to take.
    """
    try:
        found = eventlet.listen((host, port), backlog=backlog, reuse_port=False)
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited by what is accepted
    except OSError as error:
        raise _refused(host, port, variable, error) from error
    return found


@contextmanager
def kept(host: str, port: int, variable: str) -> Iterator[int]:
    """Keep a port for a server that will listen on it, before what takes time is begun; until then nobody else is given
    it by chance, as a port of a moment ago may be.

    It is bound and not listened on, and may be bound once more by the server, since both allow their address's reuse.

    :returns: the port; of 0, which is any, one that is free, so that it can be told before it is listened on.
    :raises SettingsError: as :func:`listen`.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, port))
        except OSError as error:
            raise _refused(host, port, variable, error) from error
        number: int = found.getsockname()[1]
        yield number


def _refused(host: str, port: int, variable: str, error: OSError) -> SettingsError:
    why = str(error.strerror).lower()
    return SettingsError(
        [f"{variable}: {host} port {port} cannot be listened on ({why}); name another, or end what uses it"]
    )
