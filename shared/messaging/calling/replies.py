"""Hearing the answers to calls that were sent over the broker."""

import logging
from typing import Any

from nameko.rpc import ReplyListener

from shared.messaging.calling.call_publisher import publish, when_broken, when_returned
from shared.messaging.calling.call_queue import home_is_away, moved
from shared.messaging.calling.pending_calls import PendingCalls
from shared.messaging.calling.queue_consumer import QueueConsumer
from shared.messaging.wire.configuration import broker_url_of, seal_of
from shared.messaging.wire.outgoing import Outgoing
from shared.messaging.wire.seal import NotOurs

log = logging.getLogger(__name__)


class Replies(ReplyListener):
    """Takes the answers to this container's calls."""

    queue_consumer = QueueConsumer()
    queue: Any
    needs_no_ack = True
    """Whoever dies before it has read an answer needs it no more."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self.pending = PendingCalls(self.send, self.wait_listening, self._fail)

    def setup(self) -> None:
        """Find the queue."""
        super().setup()
        self._own_queue: Any = self.queue
        self._moves = 0
        self._seal = seal_of(self.container.config)
        self._met: set[str] = set()
        when_returned(self.routing_key, self.pending.returned)
        self._tell_no_more = when_broken(broker_url_of(self.container.config), self.pending.broken)

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
        self._tell_no_more()
        super().stop()

    def deaf(self) -> None:
        """No answers are heard now, and those that came last may be lost: they need no acknowledgement."""
        self.pending.broken()

    @property
    def listening(self) -> bool:
        """Whether an answer would be heard now."""
        return self.queue_consumer.listening

    def wait_listening(self) -> None:
        """Wait until an answer would be heard: until the queue of answers is bound and being read."""
        self.queue_consumer.wait_listening()

    def send(self, message: Outgoing) -> None:
        """Send a call whose answer comes here; raises as :func:`shared.messaging.calling.call_publisher.publish`."""
        publish(broker_url_of(self.container.config), message)

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

    def _fail(self, call_id: str, why: Exception) -> None:
        """A call will not be answered."""
        waiting = self._reply_events.pop(call_id, None)
        if waiting is not None:
            waiting.send_exception(why)

    def forget(self, call_id: str) -> None:
        """Nobody waits for this answer any more."""
        self._reply_events.pop(call_id, None)
        self.pending.remove(call_id)

    def meet(self, service: str) -> None:
        """A service has answered."""
        self._met.add(service)

    def knows(self, service: str) -> bool:
        """Whether a service has ever answered a call of this container's."""
        return service in self._met
