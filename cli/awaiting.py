"""Before a service begins: wait until its database is there, is up to date, and opens by the master key given.

A database that is away will come back, and a service that is started first waits for it. A wrong master key will not
become the right one: the process ends, before it has sealed anything with it.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import eventlet
import psycopg2

from cli.failures import sentence
from shared.application.bootstrap import require_fit
from shared.application.runtime import Runtime
from shared.base.errors import Unavailable
from shared.platform.health import Checks, application
from shared.platform.listening import listen
from shared.platform.web.connections import Connections
from shared.platform.web.serving import most_connections, serve

log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.5
_PAGES = ("/healthz", "/readyz", "/metrics")


def await_database(runtime: Runtime, host: str, port: int, variable: str) -> None:
    """Come back when the database can be used. Meanwhile the health pages say that the process is not ready.

    :param host: where they are shown.
    :param port: of the pages; 0 for none.
    :param variable: the setting that named the port.
    :raises SettingsError: if the port cannot be listened on.
    :raises SchemaDiffers: if the database is not what this version's migrations make.
    :raises WrongMasterKey: if the master key given does not open what lies there.
    """
    with _pages(host, port, variable):
        said = ""
        while why := _why_not(runtime):
            if why != said:
                log.warning("waiting for the database", extra={"why": why})
                said = why
            eventlet.sleep(_LOOK_SECONDS)


def _why_not(runtime: Runtime) -> str:
    try:
        require_fit(runtime)
    except Unavailable as error:
        return sentence(error)
    except psycopg2.Error as error:
        return " ".join(str(error).split())
    return ""


def _later(pages: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The health pages, and on every other address that it will be there: it is not unknown, as a 404 would say."""

    def respond(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in _PAGES:
            return pages(environ, start)
        start("503 Service Unavailable", [("Content-Type", "application/json"), ("Retry-After", "1")])
        return [b'{"status": "starting"}']

    return respond


@contextmanager
def _pages(host: str, port: int, variable: str) -> Iterator[None]:
    if not port:
        yield
        return
    checks = Checks()
    checks.add_readiness("database", lambda: False)
    socket = listen(host, port, variable)
    server = eventlet.spawn(serve, socket, _later(application(checks)), Connections(most_connections()))
    try:
        yield
    finally:
        server.kill()
        socket.close()
