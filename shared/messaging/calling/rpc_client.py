"""Calling a service: ``routing = RpcProxy("routing")`` in a service, :class:`RpcClients` anywhere else.

A call that gets no answer in time, or whose service nobody runs, raises ``Unavailable("service_unavailable")``.
"""

from typing import Any, Self

import eventlet
from nameko.containers import ServiceContainer, WorkerContext
from nameko.exceptions import UnknownService
from nameko.extensions import DependencyProvider, Entrypoint
from nameko.rpc import MethodProxy, ReplyListener
from nameko.rpc import RpcProxy as NamekoRpcProxy

from shared.base.errors import Unavailable
from shared.messaging.calling.call_publisher import CallPublisher
from shared.messaging.calling.queue_consumer import QueueConsumer
from shared.messaging.calling.rpc import SERVICE_UNAVAILABLE
from shared.messaging.wire.configuration import options_of
from shared.messaging.wire.connections import BROKER_ERRORS


class Replies(ReplyListener):
    """Takes the answers to this container's calls."""

    queue_consumer = QueueConsumer()

    @property
    def listening(self) -> bool:
        """Whether an answer would be heard now."""
        return self.queue_consumer.listening

    def wait_listening(self) -> None:
        """Wait until an answer would be heard: until the queue of answers is bound and being read."""
        self.queue_consumer.wait_listening()

    def forget(self, event: Any) -> None:
        """Nobody waits for this answer any more."""
        for correlation_id in [key for key, value in self._reply_events.items() if value is event]:
            del self._reply_events[correlation_id]


class Method(MethodProxy):
    """One method of a service."""

    publisher_cls = CallPublisher

    def __init__(self, worker_ctx: Any, service: str, method: str, replies: Replies, timeout_seconds: float) -> None:
        super().__init__(worker_ctx, service, method, replies)
        self.timeout_seconds = timeout_seconds

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it and wait for the answer.

        :raises Unavailable: if there is none in time, or nobody to give one.
        :raises AduanError: as the service raised it.
        :raises nameko.exceptions.RemoteError: if the service failed in a way that it did not expect.
        """
        reply: Any = None
        unavailable = Unavailable(SERVICE_UNAVAILABLE, {"service": self.service_name})
        try:
            with eventlet.Timeout(self.timeout_seconds, unavailable):
                # What is published before its answer can be heard would be done, and its caller told that it was not.
                self.reply_listener.wait_listening()
                reply = self._call(*args, **kwargs)
                return reply.result()
        except (UnknownService, *BROKER_ERRORS) as error:
            raise unavailable from error
        finally:
            if reply is not None:
                self.reply_listener.forget(reply.reply_event)


class Service:
    """One service: its methods are this object's."""

    def __init__(self, worker_ctx: Any, name: str, replies: Replies, timeout_seconds: float) -> None:
        self._how = (worker_ctx, name, replies, timeout_seconds)

    def __getattr__(self, method: str) -> Method:
        worker_ctx, name, replies, timeout_seconds = self._how
        return Method(worker_ctx, name, method, replies, timeout_seconds)


class RpcProxy(NamekoRpcProxy):
    """``routing = RpcProxy("routing")`` in a service's class; then ``self.routing.inbox(...)`` in its methods.

    :param target_service: who is called.
    :param timeout_seconds: how long to wait for an answer; else as configured for the process.
    """

    rpc_reply_listener = Replies()

    def __init__(self, target_service: str, timeout_seconds: float | None = None) -> None:
        self._timeout_seconds = timeout_seconds
        super().__init__(target_service)

    def get_dependency(self, worker_ctx: Any) -> Service:
        """What a worker sees: the service."""
        timeout = self._timeout_seconds or options_of(self.container.config).rpc_timeout_seconds
        return Service(worker_ctx, self.target_service, self.rpc_reply_listener, timeout)


class _Calls(DependencyProvider):
    rpc_reply_listener = Replies()


class _Caller(Entrypoint):
    method_name = "call"


class RpcClients:
    """Calls to services from outside a worker, such as a web server's greenlets: ``clients.routing.inbox(...)``.

    One connection takes the answers to all calls. It may be started before the services, and before the broker.

    :param config: nameko's configuration.
    :param name: who calls, for the broker's list of queues.
    :param timeout_seconds: how long to wait for an answer; else as configured for the process.
    """

    def __init__(self, config: dict[str, Any], name: str = "portal", timeout_seconds: float | None = None) -> None:
        service = type("Calls", (), {"name": name, "calls": _Calls()})
        self._timeout_seconds = timeout_seconds or options_of(config).rpc_timeout_seconds
        self._container = ServiceContainer(service, config)
        (self._calls,) = self._container.dependencies

    def start(self) -> Self:
        """Begin to take answers; waits until the broker is there."""
        self._container.start()
        return self

    @property
    def listening(self) -> bool:
        """Whether answers would be heard now; calls wait for that, within their time."""
        listens: bool = self._calls.rpc_reply_listener.listening
        return listens

    def stop(self) -> None:
        """Take no more answers."""
        self._container.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __getattr__(self, service: str) -> Service:
        # A context for each call, as in a service: its id stands in the call's headers.
        context = WorkerContext(self._container, None, _Caller)
        return Service(context, service, self._calls.rpc_reply_listener, self._timeout_seconds)

    def __getitem__(self, service: str) -> Service:
        return self.__getattr__(service)
