"""Governments whose complaints lie in another database: an application of their own, chosen by the address.

Each has its connections, its services and its accounts; one whose database is away answers 503, a browser by a page
that keeps what was typed, and no other notices.
Nothing of it is known to the application of the portal's own database: what leads to no government is that one's, and
what cannot be told apart is refused there as an unknown government.
"""

import io
import logging
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, Literal
from urllib.parse import unquote

import eventlet
import psycopg2
from flask import Flask

from portal.correlation import WsgiApp
from shared.application.bootstrap import require_fit
from shared.application.runtime import Runtime
from shared.base.errors import AduanError, Unavailable
from shared.base.strict_json import parsed
from shared.messaging.calling.rpc_client import RpcClients

log = logging.getLogger(__name__)

_DEEP: Final = 4  # /api/v1/<tenant>, /<tenant>, /kait/<tenant>
_LOGIN: Final = "/api/v1/login"
_MOST_LOGIN_BYTES: Final = 16384
_LOOK_SECONDS: Final = 1.0

AWAY: Final = "aduan.away"
"""The key of a request under which it stands that its government's database was not reached since the start."""

State = Literal["ok", "not there yet", "the database does not answer", "the broker does not answer"]
"""How a database stands, as the health pages tell it."""


class Home:
    """What answers for the governments of one database.

    :param runtime: on it.
    :param clients: to its services.
    :param app: answers for them.
    :ivar fit: whether its database could be used once.
    """

    def __init__(self, runtime: Runtime, clients: RpcClients, app: Flask) -> None:
        self.runtime, self._clients, self.app = runtime, clients, app
        self.fit = False
        self.named = " ".join(runtime.tenants.ids())

    def run(self) -> None:
        """Wait until the database can be used, and reach its services."""
        eventlet.spawn(self._clients.start)
        said = ""
        while not self.fit:
            try:
                require_fit(self.runtime)
                self.fit = True
            except (AduanError, psycopg2.Error) as error:
                why = str(error) if isinstance(error, AduanError) else type(error).__name__
                if why != said:
                    log.warning("a database cannot be used yet", extra={"tenants": self.named, "why": why})
                    said = why
                eventlet.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """Ask nothing more."""
        self._clients.stop()
        self.runtime.database.close()

    def told(self) -> State:
        """For the health pages: whether its database answers and its services can be asked."""
        if not self.fit:
            return "not there yet"
        try:
            with (
                eventlet.Timeout(_LOOK_SECONDS, Unavailable("database_unavailable")),
                self.runtime.database.autocommit() as cursor,
            ):
                cursor.execute("SELECT 1")
        except (psycopg2.Error, Unavailable):
            return "the database does not answer"
        return "ok" if self._clients.listening else "the broker does not answer"

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer."""
        environ[AWAY] = not self.fit
        return self.app(environ, start)


def by_tenant(own: WsgiApp, homes: Mapping[str, WsgiApp], known: Collection[str], nobodys: WsgiApp) -> WsgiApp:
    """The application that hands each request to the one that answers for its government.

    :param own: answers for the governments of the process's own database.
    :param homes: by government, those of others.
    :param known: the governments of the own database, in small letters.
    :param nobodys: answers for what is no government's: health, the list of governments, what does not exist.
    """

    def respond(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        for part in [unquote(each).lower() for each in environ.get("PATH_INFO", "").split("/") if each][:_DEEP]:
            if part in homes:
                return homes[part](environ, start)
            if part in known:
                return own(environ, start)
        if environ.get("PATH_INFO", "").rstrip("/") == _LOGIN:
            return homes.get(_logging_in(environ), own)(environ, start)
        return nobodys(environ, start)

    return respond


def _logging_in(environ: dict[str, Any]) -> str:
    """The government that a log-in names in its body, which is read and put back."""
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return ""
    if not 0 < length <= _MOST_LOGIN_BYTES:
        return ""
    body = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        said = parsed(body)
    except (ValueError, RecursionError, AduanError):
        return ""
    tenant = said.get("tenant") if isinstance(said, dict) else None
    return tenant.strip().lower() if isinstance(tenant, str) else ""
