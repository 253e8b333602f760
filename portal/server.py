"""The web server, as a part of a nameko service: eventlet's WSGI server with the Flask application.

One web server per process. Its socket is bound without SO_REUSEPORT, so a port that is taken is an error at the start
instead of two servers that answer by turns.
"""

import logging
import threading
from dataclasses import replace
from functools import partial
from typing import Any, Final

import eventlet
from nameko.extensions import DependencyProvider

from portal import problems
from portal.app import create_app
from portal.correlation import WsgiApp
from portal.elsewhere import Home, by_tenant
from portal.parts import EXTENSION, HOMES
from portal.rpc_gateway import RpcGateway
from shared.application.bootstrap import bootstrap
from shared.application.runtime import Runtime
from shared.messaging.calling.rpc_client import RpcClients
from shared.messaging.publishing.relay import wake
from shared.messaging.wire.configuration import RUNTIME, alone, nameko_config
from shared.messaging.wire.own_thread import OwnThread
from shared.platform.databases import FurtherDatabase
from shared.platform.health import checks_of, database_check
from shared.platform.listening import listen
from shared.platform.web.connections import Connections
from shared.platform.web.serving import most_connections, serve

SIMULATION: Final = "aduan.simulation"
"""The key under which nameko's configuration holds the simulation, where the clock is simulated."""
TELEPHONES: Final = "aduan.telephones"
"""Likewise a demo's telephones, see :mod:`portal.telephones`."""

_CHECK: Final = "portal:web"
_DRAIN_SECONDS: Final = 7.0  # less than a process has for leaving

_log = logging.getLogger(__name__)


class WebServer(DependencyProvider):
    """Serves the portal while its service runs.

    Where to listen comes from the settings: ``listen_host`` and ``portal_port``.
    """

    connections: Connections
    """Those that are open, from when the server is set up."""

    _socket: Any = None
    _thread: Any = None

    def setup(self) -> None:
        """Build the application and bind the port.

        :raises SettingsError: if the port is taken.
        :raises LookupError: if the process was started without a runtime.
        """
        config = self.container.config
        if RUNTIME not in config:
            raise LookupError("nameko's configuration lacks the runtime: start services through the command line")
        runtime: Runtime = config[RUNTIME]
        self._checks = checks_of(config)
        self._serving = False
        self._clients = RpcClients(config, "portal")
        # Without the broker services could be asked, but their answers would not be heard.
        self._checks.add_readiness(_CHECK, lambda: self._serving and (bool(self._homes) or self._clients.listening))
        if not runtime.settings.databases:  # of several one may be away
            self._checks.add_readiness("database", database_check(runtime.database))
        self._app = create_app(
            RpcGateway(self._clients),
            runtime,
            simulation=config.get(SIMULATION),
            telephones=config.get(TELEPHONES),
            checks=self._checks,
        )
        self._respond: WsgiApp = self._app
        self._homes: list[Home] = []
        if runtime.settings.databases:
            own = Home(runtime, self._clients, self._app)
            further = [self._home(runtime, each) for each in runtime.settings.databases]
            homes = {tenant.lower(): home for home in further for tenant in home.runtime.tenants.ids()}
            self._respond = by_tenant(own, homes, {each.lower() for each in runtime.tenants.ids()}, self._app)
            self._homes = [own, *further]
            self._app.extensions[HOMES] = tuple(self._homes)
            for home in self._homes:
                self._checks.add_note(f"governments: {home.named}", home.told)
        self._randomness = runtime.randomness
        self._runtime = runtime
        self._leaving = threading.Event()
        self._waking: list[OwnThread] = []
        settings = runtime.settings
        self.connections = Connections(most_connections(), settings.trusted_proxies)
        self._socket = listen(settings.listen_host, settings.portal_port, "ADUAN_PORTAL_PORT", backlog=1024)
        self._done = eventlet.event.Event()

    def _home(self, runtime: Runtime, further: FurtherDatabase) -> Home:
        """What answers for the governments of a further database."""
        settings = replace(
            runtime.settings,
            tenants=further.tenants,
            database_url=further.database_url,
            broker_url=further.broker_url,
            databases=(),
            read_database_url=further.read_database_url,
        )
        own = bootstrap(settings, clock=runtime.clock, randomness=runtime.randomness)
        clients = RpcClients(nameko_config(settings, own), "portal")
        return Home(own, clients, create_app(RpcGateway(clients), own))

    @property
    def address(self) -> str:
        """Where it listens, e.g. ``http://127.0.0.1:8000``; known once it is set up."""
        host, port, *_ = self._socket.getsockname()
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def start(self) -> None:
        """Serve at once, so that health can be asked for, and be ready when the services can be asked."""
        for home in self._homes:
            self.container.spawn_managed_thread(home.run, identifier=f"web:{home.named}")
        self._thread = self.container.spawn_managed_thread(self._serve, identifier="web")
        if not alone(self.container.config):
            for runtime in [home.runtime for home in self._homes] or [self._runtime]:
                waking = OwnThread(self.container, partial(wake, runtime.database, self._leaving), "web:waking")
                self._waking.append(waking)
        if not self._homes:
            self._clients.start()
        if self._thread is None:
            return  # told to stop while there was no broker yet
        self._serving = True
        _log.info("the portal serves", extra={"address": self.address})

    def stop(self) -> None:
        """Take no more requests, let those under way finish, and leave."""
        self._serving = False
        self._leaving.set()
        for waking in self._waking:
            waking.kill()
        for app in [home.app for home in self._homes] or [self._app]:
            app.extensions[EXTENSION].streams.end()  # or the drain would wait for them
        if self._thread is not None:
            self._thread.kill()
            self._socket.close()  # or newcomers would queue at a door that opens no more
            self.connections.end_waiting()  # what has not come yet is not waited for
            with eventlet.Timeout(_DRAIN_SECONDS, exception=False):
                self._done.wait()
            self._thread = None
        self._clients.stop()
        for home in self._homes[1:]:
            home.stop()
        self._checks.remove(_CHECK)

    def kill(self) -> None:
        """Leave at once."""
        if self._socket is not None:
            self._leaving.set()
            for waking in self._waking:
                waking.kill()
            self._socket.close()

    def _serve(self) -> None:
        try:
            serve(self._socket, self._respond, self.connections, partial(problems.unread, randomness=self._randomness))
        finally:
            self._done.send(None)


def address_of(runner: Any) -> str:
    """Where the portal among a runner's services listens.

    :param runner: a nameko ServiceRunner that has been started.
    :raises LookupError: if no portal runs there.
    """
    for container in runner.containers:
        for extension in container.extensions:
            if isinstance(extension, WebServer):
                return extension.address
    raise LookupError("no portal runs here")
