"""Who calls services: ``routing = RpcProxy("routing")`` in a service, :class:`RpcClients` anywhere else."""

from typing import Any, Self

from nameko.containers import ServiceContainer, WorkerContext
from nameko.extensions import DependencyProvider, Entrypoint
from nameko.rpc import RpcProxy as NamekoRpcProxy

from shared.messaging.calling.direct import hosted_of
from shared.messaging.calling.method import Service
from shared.messaging.calling.replies import Replies
from shared.messaging.wire.configuration import options_of


class RpcProxy(NamekoRpcProxy):
    """``routing = RpcProxy("routing")`` in a service's class; then ``self.routing.inbox(...)`` in its methods.

    It waits for an answer as long as is configured for the process.
    """

    rpc_reply_listener = Replies()

    def get_dependency(self, worker_ctx: Any) -> Service:
        """What a worker sees: the service."""
        timeout = options_of(self.container.config).rpc_timeout_seconds
        return Service(worker_ctx, self.target_service, self.rpc_reply_listener, timeout)


class _Calls(DependencyProvider):
    rpc_reply_listener = Replies()


class _Caller(Entrypoint):
    method_name = "call"


class RpcClients:
    """Calls to services from outside a worker, such as a web server's greenlets: ``clients.routing.inbox(...)``.

    One connection takes the answers to all calls; there is none where all services run in this process. It may be
    started before the services, and before the broker.

    :param config: nameko's configuration.
    :param name: who calls, for the broker's list of queues.
    :param timeout_seconds: how long to wait for an answer; else as configured for the process.
    """

    def __init__(self, config: dict[str, Any], name: str = "portal", timeout_seconds: float | None = None) -> None:
        service = type("Calls", (), {"name": name, "calls": _Calls()})
        self._timeout_seconds = timeout_seconds or options_of(config).rpc_timeout_seconds
        self._container = ServiceContainer(service, config)
        self._hosted = hosted_of(config)
        self._begun = False
        (self._calls,) = self._container.dependencies

    def start(self) -> Self:
        """Begin to take answers; waits until the broker is there, if it is needed."""
        if not self._hosted.complete:
            self._begun = True
            self._container.start()
        return self

    @property
    def listening(self) -> bool:
        """Whether answers would be heard now; calls wait for that, within their time."""
        listens: bool = self._calls.rpc_reply_listener.listening
        return self._hosted.open if self._hosted.complete else listens

    def stop(self) -> None:
        """Take no more answers."""
        if self._begun:
            self._container.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __getattr__(self, service: str) -> Service:
        # A context for each call, as in a service.
        context = WorkerContext(self._container, None, _Caller)
        return Service(context, service, self._calls.rpc_reply_listener, self._timeout_seconds)

    def __getitem__(self, service: str) -> Service:
        return self.__getattr__(service)
