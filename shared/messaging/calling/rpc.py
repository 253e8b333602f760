"""Being called: ``@rpc`` on a service's method.

As nameko's own, except that

* a service of the same process hands its calls in, without a broker (:mod:`shared.messaging.calling.direct`);
* a call is taken only if one of our own processes made it, and only while its caller waits for it; what travels is
  sealed (:mod:`shared.messaging.wire.seal`);
* the errors that a caller is meant to see (:mod:`shared.base.errors`) arrive as what they were; of all others only the
  class and the place are told, since what they say may quote personal data;
* a broker that goes away, or a message that makes no sense, costs a reply and not the service.
"""

import inspect
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet
from nameko.exceptions import BadRequest, ContainerBeingKilled, deserialize_to_instance, serialize
from nameko.rpc import Rpc as NamekoRpc
from nameko.rpc import RpcConsumer as NamekoRpcConsumer
from nameko.rpc import get_rpc_exchange

import shared.base.errors
from shared.base.errors import AduanError, Unavailable
from shared.messaging.calling.call_publisher import NotSent, publish, when_broken
from shared.messaging.calling.call_queue import call_queue, former_queue, left_queue, refuses_transient
from shared.messaging.calling.direct import Handed, calls_at_once, hosted_of
from shared.messaging.calling.queue_consumer import QueueConsumer
from shared.messaging.calling.taken_calls import AnsweringAgain, TakenCalls
from shared.messaging.wire.configuration import CALL_ID, DEADLINE, WRITTEN, broker_url_of, seal_of
from shared.messaging.wire.connections import BROKER_ERRORS
from shared.messaging.wire.expected import quiet
from shared.messaging.wire.failures import describe, is_transient
from shared.messaging.wire.outgoing import Outgoing
from shared.messaging.wire.seal import CALL_KEY, Call, Expired, NotOurs, Untimely
from shared.platform.health import checks_of
from shared.platform.metrics import RPC_REFUSED, RPC_SECONDS
from shared.platform.tracing import TRACEPARENT

log = logging.getLogger(__name__)

SERVICE_UNAVAILABLE = "service_unavailable"
ERRORS: tuple[type[AduanError], ...] = tuple(
    each for each in vars(shared.base.errors).values() if isinstance(each, type) and issubclass(each, AduanError)
)
for _class in ERRORS:
    deserialize_to_instance(_class)


def serialize_error(error: BaseException) -> dict[str, Any]:
    """An error as it travels back to the caller."""
    if is_transient(error) and not isinstance(error, AduanError):
        error = Unavailable(SERVICE_UNAVAILABLE)
    if isinstance(error, AduanError):
        known = next(each for each in type(error).__mro__ if each in ERRORS)
        return {
            "exc_type": known.__name__,
            "exc_path": f"{known.__module__}.{known.__name__}",
            "exc_args": [error.code, error.params, error.fields],
            "value": str(error),
        }
    if isinstance(error, BadRequest):
        told: dict[str, Any] = serialize(error)
        return told
    return {"exc_type": type(error).__name__, "exc_path": "", "exc_args": [], "value": describe(error)}


quiet()


class RpcConsumer(NamekoRpcConsumer):
    """Takes calls from the service's queue and answers them. While it cannot, the service is not ready."""

    queue_consumer = QueueConsumer()

    def setup(self) -> None:
        """Find the queue; the service is ready when calls come out of it."""
        super().setup()
        self._exchange = get_rpc_exchange(self.container.config)
        self.queue = call_queue(self.container.service_name, self._exchange)
        self._seal = seal_of(self.container.config)
        self._taken = TakenCalls()
        self._door = hosted_of(self.container.config).door(self.container.service_name)
        self._check = f"{self.container.service_name}:calls"
        checks_of(self.container.config).add_readiness(self._check, lambda: self.queue_consumer.listening)
        url = broker_url_of(self.container.config)
        self._again = AnsweringAgain(self._taken, partial(publish, url))
        self._tell_no_more = when_broken(url, self._again.broken)

    def queues(self, channel: Any) -> list[Any]:
        """Those that calls come out of."""
        service = self.container.service_name
        left = left_queue(service, self._exchange, channel, self.queue)
        return [self.queue, *left, *former_queue(service, channel)]

    def not_declared(self, error: BaseException) -> None:
        """Choose another queue, if the broker takes none of this kind."""
        if refuses_transient(error):
            self.queue = call_queue(self.container.service_name, self._exchange, lasting=True)

    def deaf(self) -> None:
        """No calls come now. The broker delivers again what was not acknowledged."""

    def start(self) -> None:
        """All of the service has been set up: calls of this process need not wait for the broker."""
        if self._door is not None:
            self._door.open(self._take, calls_at_once(self.container.max_workers))

    def stop(self) -> None:
        """Take no more calls."""
        super().stop()
        self._tell_no_more()
        checks_of(self.container.config).remove(self._check)

    def kill(self) -> None:
        """Leave at once."""
        self._close()

    def unregister_provider(self, provider: Any) -> None:
        """The service is told to stop: it finishes what it has begun, and begins no more."""
        self._close()
        super().unregister_provider(provider)

    def get_provider_for_method(self, routing_key: str) -> Any:
        """The method that a call is for."""
        return super().get_provider_for_method(routing_key.removeprefix(CALL_KEY))

    def handle_message(self, body: Any, message: Any) -> None:  # noqa: ARG002 - nameko's signature
        """Have a call carried out, if it is one and its caller waits for it. A stranger is not even answered."""
        try:
            call = self._seal.open_call(message)
        except Expired as late:
            log.info("a call was dropped for which nobody waits any more", extra=self._about(message))
            self._refuse(message, late.call, Unavailable("call_expired"))
        except Untimely as off:
            RPC_REFUSED.labels(self.container.service_name).inc()
            log.warning("a call was refused", extra={**self._about(message), "why": off.why})
            self._refuse(message, off.call, Unavailable("clocks_apart", {"service": self.container.service_name}))
        except NotOurs as refused:
            RPC_REFUSED.labels(self.container.service_name).inc()
            log.warning("a call was refused", extra={**self._about(message), "why": refused.why})
            self.queue_consumer.ack_message(message)
        else:
            if self._taken.before(call, self._seal.now()):
                self._repeat(message, call)
                return
            message.call = call
            super().handle_message({"args": call.args, "kwargs": call.kwargs}, message)

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Answer, and acknowledge the call. An answer that cannot be sent is given up: the caller times out."""
        error = None if exc_info is None else serialize_error(exc_info[1])
        try:
            self._answer(message, {"result": result, "error": error})
        except (TypeError, ValueError) as unfit:  # a result that is no JSON: a mistake of ours
            exc_info = (type(unfit), unfit, unfit.__traceback__)
            result = None
            self._answer(message, {"result": None, "error": serialize_error(unfit)})
        return result, exc_info

    def requeue_message(self, message: Any) -> None:
        """Let another instance have it; who handed it in here may ask again."""
        if isinstance(message, Handed):
            message.answer({"result": None, "error": serialize_error(Unavailable(SERVICE_UNAVAILABLE))})
        else:
            self._taken.let_go(message.call)
            super().requeue_message(message)

    def _take(self, handed: Handed) -> None:
        """Have a call of this process carried out."""
        super().handle_message({"args": handed.call.args, "kwargs": handed.call.kwargs}, handed)

    def _close(self) -> None:
        if self._door is not None:
            self._door.close()

    def _answer(self, message: Any, said: dict[str, Any]) -> None:
        """Answer a call, and be done with it.

        :raises TypeError: if it is no JSON.
        """
        if isinstance(message, Handed):
            message.answer(said)
            return
        answer = self._seal.answer(self._exchange.name, message.call, said)
        self._taken.answered(message.call.id, answer)
        self._send(answer)
        self.queue_consumer.ack_message(message)

    def _send(self, answer: Outgoing) -> None:
        try:
            publish(broker_url_of(self.container.config), answer)
        except (NotSent, *BROKER_ERRORS) as lost:
            log.warning("an answer was lost with the broker", extra={"error": type(lost).__name__})
            eventlet.spawn(self._again.broken)  # nobody else tells: there may have been no connection that could end

    def _refuse(self, message: Any, call: Call, refusal: Unavailable) -> None:
        """Tell the caller at once that its call was not carried out: by its own clock it may still be waiting.

        One that the broker delivers again may be under way elsewhere, of which nothing can be said here.
        """
        if not (message.delivery_info or {}).get("redelivered"):
            self._send(
                self._seal.answer(self._exchange.name, call, {"result": None, "error": serialize_error(refusal)})
            )
        self.queue_consumer.ack_message(message)

    def _repeat(self, message: Any, call: Call) -> None:
        """Say again what was answered; what is still being carried out will be answered."""
        answer = self._taken.answer(call.id)
        if answer is not None:
            self._send(answer)
        self.queue_consumer.ack_message(message)

    def _about(self, message: Any) -> dict[str, Any]:
        known = {f"{self.container.service_name}.{each.method_name}" for each in self._providers}
        named = str((message.delivery_info or {}).get("routing_key")).removeprefix(CALL_KEY)
        return {"service": self.container.service_name, "method": named if named in known else "unknown"}


class Rpc(NamekoRpc):
    """The entrypoint. Errors of :mod:`shared.base.errors` are expected: they are answers, not accidents."""

    rpc_consumer = RpcConsumer()

    def __init__(self, expected_exceptions: Any = (AduanError,), **kwargs: Any) -> None:
        super().__init__(expected_exceptions=expected_exceptions, **kwargs)
        self._names: tuple[set[str], set[str]] | None = None

    def check_signature(self, args: Any, kwargs: Any) -> None:
        """Make sure that the arguments fit; by name they are looked at without taking the method apart anew.

        :raises nameko.exceptions.IncorrectSignature: if they do not.
        """
        if self._names is None:
            self._names = _names_of(getattr(self.container.service_cls, self.method_name))
        needed, known = self._names
        if args or not (needed <= kwargs.keys() <= known):
            super().check_signature(args, kwargs)

    def handle_message(self, body: Any, message: Any) -> None:
        """Call the method in a worker, which knows until when its caller waits."""
        message.began = time.monotonic()
        written = body["kwargs"].pop(WRITTEN, None)
        self.check_signature(body["args"], body["kwargs"])
        try:
            self.container.spawn_worker(
                self,
                body["args"],
                body["kwargs"],
                context_data={
                    CALL_ID: message.call.id,
                    DEADLINE: message.call.deadline,
                    WRITTEN: written,
                    TRACEPARENT: message.call.traceparent,
                },
                handle_result=partial(self.handle_result, message),
            )
        except ContainerBeingKilled:
            self.rpc_consumer.requeue_message(message)

    def handle_result(self, message: Any, worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Answer, and note how long it took."""
        result, exc_info = super().handle_result(message, worker_ctx, result, exc_info)
        seconds = time.monotonic() - message.began
        outcome = "ok" if exc_info is None else str(getattr(exc_info[1], "status", 500))
        RPC_SECONDS.labels(self.container.service_name, self.method_name, outcome).observe(seconds)
        return result, exc_info


def _names_of(method: Callable[..., Any]) -> tuple[set[str], set[str]]:
    """The names of the arguments that a method needs, and of all that it takes."""
    _, *arguments = inspect.signature(method).parameters.values()
    by_name = [each for each in arguments if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    return {each.name for each in by_name if each.default is each.empty}, {each.name for each in by_name}


rpc = Rpc.decorator
