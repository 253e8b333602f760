"""One call: a method of a service, handed over and answered.

A service that runs in this process is called without the broker (:mod:`shared.messaging.calling.direct`), any other by
a sealed message. A call that gets no answer in time, or whose service nobody runs, raises
``Unavailable("service_unavailable")``; the first as :class:`NoAnswer`, since it may have been carried out all the same.
"""

import time
import uuid
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import eventlet
from nameko.rpc import RpcReply, get_rpc_exchange

from shared.base.errors import Unavailable
from shared.base.freshness import present_written
from shared.messaging.calling.call_publisher import NotSent, Undeliverable
from shared.messaging.calling.call_queue import former
from shared.messaging.calling.direct import DoorClosed, ServiceDoor, as_sent, hosted_of
from shared.messaging.calling.replies import Replies
from shared.messaging.calling.rpc import SERVICE_UNAVAILABLE
from shared.messaging.wire.configuration import WRITTEN, seal_of
from shared.messaging.wire.connections import BROKER_ERRORS
from shared.messaging.wire.outgoing import Outgoing
from shared.messaging.wire.seal import Call
from shared.platform import tracing

_MARGIN: Final = 0.1
_MOST_MARGIN_SECONDS: Final = 2.0
_WITHOUT_QUEUE_SECONDS: Final = 10.0
"""How long a service may take to declare its queue anew; it finds out at once that the queue is gone, and connects
again within some two seconds."""
_LOOK_SECONDS: Final = 0.2


class NoAnswer(Unavailable):
    """A call was handed over and no answer came: it was carried out, or is being, or never will be."""


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
            return self._said(call_id, waiting)
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

    def _said(self, call_id: str, waiting: Any) -> Any:
        """The result of a call that was answered.

        :raises NoAnswer: if a copy of it was refused while another may have been carried out.
        """
        try:
            return RpcReply(waiting).result()
        except Unavailable as refused:
            if not self._replies.pending.in_doubt(call_id):
                raise
            raise NoAnswer(refused.code, refused.params) from refused

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
            self._replies.send(message)
            # Not before: what could not be sent is told to have had no effect, and nobody may send it after that.
            self._replies.pending.add(call_id, message)
            if not self._replies.listening:  # no longer: it took a while to send it, and its answer may find no queue
                self._replies.pending.unheard(call_id)
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
