"""Being called: ``@rpc`` on a service's method.

As nameko's own, and on the wire the same, except that

* the errors that a caller is meant to see (:mod:`shared.base.errors`) arrive as what they were; of all others only the
  class and the place are told, since what they say may quote personal data;
* a broker that goes away, or a message that makes no sense, costs a reply and not the service.
"""

import logging
import time
from typing import Any

import kombu.serialization
from nameko.exceptions import BadRequest, deserialize_to_instance, serialize
from nameko.rpc import Responder as NamekoResponder
from nameko.rpc import Rpc as NamekoRpc
from nameko.rpc import RpcConsumer as NamekoRpcConsumer
from nameko.rpc import get_rpc_exchange

import shared.base.errors
from shared.base.errors import AduanError, Unavailable
from shared.messaging.calling.call_publisher import CallPublisher
from shared.messaging.calling.queue_consumer import QueueConsumer
from shared.messaging.wire.configuration import broker_url_of
from shared.messaging.wire.connections import BROKER_ERRORS
from shared.messaging.wire.expected import quiet
from shared.messaging.wire.failures import describe, is_transient
from shared.platform.health import checks_of
from shared.platform.metrics import RPC_SECONDS

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


class Responder(NamekoResponder):
    """Sends a result or an error back to the caller."""

    def send_response(self, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Send it. A result that is not JSON becomes an error: a mistake of ours.

        :raises BROKER_ERRORS: if the broker is away.
        """
        error = None if exc_info is None else serialize_error(exc_info[1])
        try:
            kombu.serialization.dumps(result, self.serializer)
        except Exception as unfit:  # noqa: BLE001 - whatever the serializer does not like
            exc_info = (type(unfit), unfit, unfit.__traceback__)
            error, result = serialize_error(unfit), None
        CallPublisher(self.amqp_uri, self.serializer).publish(
            {"result": result, "error": error},
            exchange=self.exchange,
            routing_key=self.message.properties["reply_to"],
            correlation_id=self.message.properties.get("correlation_id"),
        )
        return result, exc_info


class RpcConsumer(NamekoRpcConsumer):
    """Takes calls from the service's queue and answers them. While it cannot, the service is not ready."""

    queue_consumer = QueueConsumer()

    def setup(self) -> None:
        """Find the queue; the service is ready when calls come out of it."""
        super().setup()
        self._check = f"{self.container.service_name}:calls"
        checks_of(self.container.config).add_readiness(self._check, lambda: self.queue_consumer.listening)

    def stop(self) -> None:
        """Take no more calls."""
        super().stop()
        checks_of(self.container.config).remove(self._check)

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Answer, and acknowledge the call. An answer that cannot be sent is given up: the caller times out."""
        if message.properties.get("reply_to"):
            exchange = get_rpc_exchange(self.container.config)
            responder = Responder(broker_url_of(self.container.config), exchange, self.container.serializer, message)
            try:
                result, exc_info = responder.send_response(result, exc_info)
            except BROKER_ERRORS as error:
                log.warning("an answer was lost with the broker", extra={"error": type(error).__name__})
        else:
            log.warning("a call without an address for the answer")
        self.queue_consumer.ack_message(message)
        return result, exc_info


class Rpc(NamekoRpc):
    """The entrypoint. Errors of :mod:`shared.base.errors` are expected: they are answers, not accidents."""

    rpc_consumer = RpcConsumer()

    def __init__(self, expected_exceptions: Any = (AduanError,), **kwargs: Any) -> None:
        super().__init__(expected_exceptions=expected_exceptions, **kwargs)

    def handle_message(self, body: Any, message: Any) -> None:
        """Call the method in a worker."""
        message.began = time.monotonic()
        super().handle_message(body, message)

    def handle_result(self, message: Any, worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Answer, and note how long it took."""
        result, exc_info = super().handle_result(message, worker_ctx, result, exc_info)
        seconds = time.monotonic() - message.began
        outcome = "ok" if exc_info is None else str(getattr(exc_info[1], "status", 500))
        RPC_SECONDS.labels(self.container.service_name, self.method_name, outcome).observe(seconds)
        return result, exc_info


rpc = Rpc.decorator
