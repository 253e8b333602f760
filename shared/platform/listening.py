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


def require_free(host: str, port: int, variable: str) -> None:
    """Make sure that a port can be listened on, before what takes time is begun; whoever needs it listens later.

    :raises SettingsError: as :func:`listen`.
    """
    listen(host, port, variable).close()
