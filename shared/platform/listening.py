"""Listening on a port that the configuration names."""

from typing import Any

import eventlet

from shared.platform.settings import SettingsError


def listen(host: str, port: int, variable: str, backlog: int = 50) -> Any:
    """A socket that listens, shared with nobody: two servers on one port would answer by turns.

    :param variable: the setting that named the port, for whoever has to mend it.
    :param backlog: how many callers may wait at the door.
    :raises SettingsError: if the port is taken, or not ours to take.
    """
    try:
        return eventlet.listen((host, port), backlog=backlog, reuse_port=False)
    except OSError as error:
        why = str(error.strerror).lower()
        raise SettingsError(
            [f"{variable}: {host} port {port} cannot be listened on ({why}); name another, or end what uses it"]
        ) from error


def require_free(host: str, port: int, variable: str) -> int:
    """Make sure that a port can be listened on, before what takes time is begun; whoever needs it listens later.

    :returns: the port; of 0, which is any, one that was free, so that it can be told before it is listened on.
    :raises SettingsError: as :func:`listen`.
    """
    found = listen(host, port, variable)
    number: int = found.getsockname()[1]
    found.close()
    return number
