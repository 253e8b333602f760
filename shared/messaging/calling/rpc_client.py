"""Calling a service: ``routing = RpcProxy("routing")`` in a service, :class:`RpcClients` anywhere else.

A service that runs in this process is called without the broker (:mod:`shared.messaging.calling.direct`), any other by
a sealed message. A call that gets no answer in time, or whose service nobody runs, raises
``Unavailable("service_unavailable")``; the first as :class:`NoAnswer`, since it may have been carried out all the same.
"""

import logging
import time
import uuid
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final, Self

import eventlet
from nameko.containers import ServiceContainer, WorkerContext
from nameko.extensions import DependencyProvider, Entrypoint
from nameko.rpc import ReplyListener, RpcReply, get_rpc_exchange
from nameko.rpc import RpcProxy as NamekoRpcProxy

from shared.base.errors import Unavailable
from shared.base.freshness import present_written
from shared.messaging.calling.call_publisher import NotSent, Undeliverable, publish, when_returned
from shared.messaging.calling.call_queue import former, home_is_away, moved
from shared.messaging.calling.direct import DoorClosed, ServiceDoor, as_sent, hosted_of
from shared.messaging.calling.queue_consumer import QueueConsumer
from shared.messaging.calling.rpc import SERVICE_UNAVAILABLE
from shared.messaging.wire.configuration import WRITTEN, broker_url_of, options_of, seal_of
from shared.messaging.wire.connections import BROKER_ERRORS
from shared.messaging.wire.outgoing import Outgoing
from shared.messaging.wire.seal import Call, NotOurs
from shared.platform import tracing

log = logging.getLogger(__name__)

_MARGIN: Final = 0.1
_MOST_MARGIN_SECONDS: Final = 2.0
_WITHOUT_QUEUE_SECONDS: Final = 10.0
"""How long a service may take to declare its queue anew; it finds out at once that the queue is gone, and connects
again within some two seconds."""
_LOOK_SECONDS: Final = 0.2


class NoAnswer(Unavailable):
    """A call was handed over and no answer came: it was carried out, or is being, or never will be."""


class Replies(ReplyListener):
    """Takes the answers to this container's calls."""

    queue_consumer = QueueConsumer()
    queue: Any
    needs_no_ack = True
    """Whoever dies before it has read an answer needs it no more."""

    def setup(self) -> None:
        """Find the queue."""
        super().setup()
        self._own_queue: Any = self.queue
        self._moves = 0
        self._seal = seal_of(self.container.config)
        self._met: set[str] = set()
        when_returned(self.routing_key, self._returned)

    def queues(self, _channel: Any) -> list[Any]:
        """Those that answers come out of."""
        return [self.queue]

    def not_declared(self, error: BaseException) -> None:
        """Have answers wait elsewhere, if the node that keeps them is away."""
        if home_is_away(error):
            self._moves += 1
            self.queue = moved(self._own_queue, self._moves)

    def stop(self) -> None:
        """Take no more answers."""
        when_returned(self.routing_key, None)
        super().stop()

    @property
    def listening(self) -> bool:
        """Whether an answer would be heard now."""
        return self.queue_consumer.listening

    def wait_listening(self) -> None:
        """Wait until an answer would be heard: until the queue of answers is bound and being read."""
        self.queue_consumer.wait_listening()

    def handle_message(self, body: Any, message: Any) -> None:  # noqa: ARG002 - nameko's signature
        """Hand an answer to whoever waits for it. What is no answer of ours is nobody's."""
        try:
            call_id, said = self._seal.open_answer(message)
        except NotOurs as refused:
            log.warning("an answer was refused", extra={"why": refused.why})
            return
        waiting = self._reply_events.pop(call_id, None)
        if waiting is not None:
            waiting.send(said)

    def _returned(self, call_id: str) -> None:
        """No queue takes a call."""
        waiting = self._reply_events.pop(call_id, None)
        if waiting is not None:
            waiting.send_exception(Undeliverable())

    def forget(self, call_id: str) -> None:
        """Nobody waits for this answer any more."""
        self._reply_events.pop(call_id, None)

    def meet(self, service: str) -> None:
        """A service has answered."""
        self._met.add(service)

    def knows(self, service: str) -> bool:
        """Whether a service has ever answered a call of this container's."""
        return service in self._met


class Method:
    """One method of a service.

    :param worker_ctx: who calls.
    :param timeout_seconds: how long to wait for an answer. The service has a little less to begin writing, so that one
        which comes too late can still say that it did nothing.
    """

    def __init__(self, worker_ctx: Any, service: str, method: str, replies: Replies, timeout_seconds: float) -> None:
        self._container = worker_ctx.container
        self._service = service
        self._method = method
        self._replies = replies
        self._timeout_seconds = timeout_seconds

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it and wait for the answer.

        :raises NoAnswer: if there is none in time, or it is not known whether the call was handed over.
        :raises Unavailable: if there is nobody to call, or no way to hear the answer: nothing was done.
        :raises AduanError: as the service raised it.
        :raises nameko.exceptions.RemoteError: if the service failed in a way that it did not expect.
        """
        with tracing.span(f"{self._service}.{self._method}", "client"):
            return self._answered(args, kwargs)

    def _answered(self, args: Any, kwargs: Any) -> Any:
        missing = {"service": self._service}
        if (written := present_written()) is not None:
            kwargs[WRITTEN] = written
        call_id = str(uuid.uuid4())
        self._handed_over = False
        patience = eventlet.Timeout(self._timeout_seconds)
        try:
            door = hosted_of(self._container.config).door(self._service)
            waiting = self._ask(call_id, args, kwargs) if door is None else self._hand_in(door, call_id, args, kwargs)
            return RpcReply(waiting).result()
        except (Undeliverable, NotSent, DoorClosed) as error:
            raise Unavailable(SERVICE_UNAVAILABLE, missing) from error
        except BROKER_ERRORS as error:
            raise NoAnswer(SERVICE_UNAVAILABLE, missing) from error
        except eventlet.Timeout as late:
            if late is not patience:
                raise
            raise (NoAnswer if self._handed_over else Unavailable)(SERVICE_UNAVAILABLE, missing) from None
        finally:
            patience.cancel()
            self._replies.forget(call_id)

    def _hand_in(self, door: ServiceDoor, call_id: str, args: Any, kwargs: Any) -> Any:
        """Call a service of this process; an event that is sent its answer."""
        given = as_sent([args, kwargs])
        place = door.enter()
        self._handed_over = True
        return door.hand_in(self._call(call_id, "", *given), place)

    def _ask(self, call_id: str, args: Any, kwargs: Any) -> Any:
        """Call a service of another process; an event that was sent its answer.

        Where no queue takes the call it has not been carried out. A service that was there before is waited for then,
        for a while: with the node of its queue the queue is gone, until it has declared it elsewhere.

        :raises Undeliverable: if nobody runs the service.
        """
        # What is published before its answer can be heard would be done, and its caller told that it was not.
        self._replies.wait_listening()
        config = self._container.config
        call = self._call(call_id, self._replies.routing_key, list(args), kwargs)
        message = seal_of(config).call(get_rpc_exchange(config).name, call)
        until = time.monotonic() + (_WITHOUT_QUEUE_SECONDS if self._replies.knows(self._service) else 0)
        while True:
            for each in (message, former(message)):
                with suppress(Undeliverable):
                    return self._publish(call_id, each)
            if time.monotonic() >= until:
                raise Undeliverable
            eventlet.sleep(_LOOK_SECONDS)

    def _publish(self, call_id: str, message: Outgoing) -> Any:
        """Publish a call and wait until it is answered; an event that was sent the answer.

        :raises Undeliverable: if no queue takes it.
        """
        waiting = self._replies.get_reply_event(call_id)
        self._handed_over = True
        try:
            publish(broker_url_of(self._container.config), message)
            waiting.wait()
        except Undeliverable:
            self._handed_over = False
            raise
        self._replies.meet(self._service)
        return waiting

    def _call(self, call_id: str, reply_to: str, args: list[Any], kwargs: dict[str, Any]) -> Call:
        seconds = self._timeout_seconds - min(_MOST_MARGIN_SECONDS, _MARGIN * self._timeout_seconds)
        return Call(
            method=f"{self._service}.{self._method}",
            caller=self._container.service_name,
            id=call_id,
            reply_to=reply_to,
            deadline=seal_of(self._container.config).now() + timedelta(seconds=seconds),
            args=args,
            kwargs=kwargs,
            traceparent=tracing.carried() or "",
        )


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
