"""The health pages of a service that has a process of its own."""

from typing import Any

from nameko.extensions import DependencyProvider

from shared.platform.health import ADDRESS, Checks, application, checks_of
from shared.platform.listening import listen
from shared.platform.web.connections import Connections
from shared.platform.web.serving import most_connections, serve

_MOST_CONNECTIONS = 100
_SHOWN_BY = "aduan.health.shown_by"


class HealthServer(DependencyProvider):
    """Serves the health pages while the service runs, if its configuration names an address for them.

    ``aduan serve`` names one. Where several services share a process, the first of them shows the pages of all: two web
    servers on one port would answer at random. In ``aduan up`` none is named, since the portal shows them.

    A service that has not finished starting is not ready.
    """

    def setup(self) -> None:
        """Find the process's checks, and count as not ready until started."""
        self._name = f"{self.container.service_name}:started"
        self._started = False
        self._socket: Any = None
        self._server: Any = None
        self.checks = checks_of(self.container.config)
        self.checks.add_readiness(self._name, lambda: self._started)
        address = self.container.config.get(ADDRESS)
        if address is not None and self.container.config.setdefault(_SHOWN_BY, self) is self:
            # Before everything else starts, so that a process that waits for the database already says so.
            host, port = address
            self._socket = listen(host, port, "ADUAN_HEALTH_PORT")
            self._server = self.container.spawn_managed_thread(self._serve, identifier="health")

    def start(self) -> None:
        """All parts of the service have been set up."""
        self._started = True

    def stop(self) -> None:
        """Unready at once, and the pages gone."""
        self._started = False
        if self._server is not None:
            self._server.kill()
            self._server = None
            self._socket.close()
            self.container.config.pop(_SHOWN_BY, None)

    def get_dependency(self, worker_ctx: object) -> Checks:  # noqa: ARG002 - nameko's signature
        """What a worker sees: the process's checks."""
        return self.checks

    def _serve(self) -> None:
        serve(self._socket, application(self.checks), Connections(most_connections(_MOST_CONNECTIONS)))
