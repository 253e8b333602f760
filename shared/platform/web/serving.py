"""Serving an application on a socket."""

import logging
import resource
from functools import partial
from typing import Any, Final

from eventlet import wsgi

from shared.platform.web.connections import Connections, Door
from shared.platform.web.protocol import IDLE_SECONDS, LONGEST_LINE, Protocol, Unread, bare
from shared.platform.web.rarely import Rarely

MOST_CONNECTIONS: Final = 1000

_SOCKET_SECONDS: Final = 30.0  # a client that reads nothing for as long is gone

_log = logging.getLogger(__name__)


def most_connections(wanted: int = MOST_CONNECTIONS) -> int:
    """As many as are wanted, or as the process may have open files for, with as many left for everything else."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if soft == resource.RLIM_INFINITY else min(wanted, soft // 2)


def serve(socket: Any, application: Any, connections: Connections, unread: Unread = bare) -> None:
    """Serve until killed; what is under way then is finished.

    :param socket: that listens.
    :param application: by WSGI.
    :param connections: those that may be open.
    :param unread: what is answered to requests that cannot even be handed to the application.
    """
    wsgi.server(
        Door(socket, connections, Rarely(lambda: _log.warning("a client was turned away: too many connections"))),
        application,
        # Its own lines would quote addresses, which hold tracking codes; the application logs its requests.
        protocol=partial(Protocol, connections, unread),
        log=wsgi.LoggerNull(),
        log_output=False,
        # A body ends where eventlet says it does, with or without a length: werkzeug need not be wary.
        environ={"wsgi.input_terminated": True},
        debug=False,
        # The door counts; a pool that is full would let nobody in, however short they stay.
        max_size=2 * MOST_CONNECTIONS,
        keepalive=IDLE_SECONDS,
        socket_timeout=_SOCKET_SECONDS,
        url_length_limit=LONGEST_LINE,
    )
