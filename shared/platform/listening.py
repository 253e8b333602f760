"""Listening on a port that the configuration names."""

import socket
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
        why = str(error.strerror).lower()
        raise SettingsError(
            [f"{variable}: {host} port {port} cannot be listened on ({why}); name another, or end what uses it"]
        ) from error
    return found


def require_free(host: str, port: int, variable: str) -> int:
    """Make sure that a port can be listened on, before what takes time is begun; whoever needs it listens later.

    :returns: the port; of 0, which is any, one that was free, so that it can be told before it is listened on.
    :raises SettingsError: as :func:`listen`.
    """
    found = listen(host, port, variable)
    number: int = found.getsockname()[1]
    found.close()
    return number
