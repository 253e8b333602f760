"""Where calls and their answers wait on the broker, on whichever of a cluster's nodes is there.

A durable classic queue lies on one node. While that node is away nobody can read it, and nobody may declare another of
its name: with one such queue for a service, calls stalled until the node was back. A quorum queue has no such home, but
writes every call to the disks of most nodes, which made a call half as dear again. No call outlives its caller's
patience, so none needs a disk:

* Calls wait in a queue that is *not durable*. It goes with its node, and whoever serves declares it anew on the node to
  which it goes next. A broker that refuses such queues (RabbitMQ 4 can be told to) is given a quorum queue instead.
* Answers wait in a queue of each process's own, which outlives a cut connection. If its node is away, the process
  declares another, to which the same routing key leads.

Earlier versions kept calls in the durable queue ``rpc-<service>``, by the key ``<service>.<method>``. Where that queue
still lies it is read too, for callers that have not been restarted yet; and a service that has not been restarted is
called in the former way (:func:`former`). A call lies in one of the two queues, never in both.
"""

# mypy: disable-error-code="no-untyped-call"
# kombu declares itself typed and leaves most of its functions without.

from dataclasses import replace
from typing import Any, Final

from amqp.exceptions import ChannelError, InternalError, NotAllowed, NotFound, PreconditionFailed
from kombu import Queue

from shared.messaging.wire.connections import channel_on
from shared.messaging.wire.outgoing import Outgoing
from shared.messaging.wire.seal import CALL_KEY

_REFUSALS: Final = (InternalError, NotAllowed, PreconditionFailed)
_FORMER: Final = "rpc-{}"
_LASTING: Final = {"x-queue-type": "quorum"}


def call_queue(service: str, exchange: Any, *, lasting: bool = False) -> Any:
    """The queue in which a service's calls wait, the same for all its instances.

    :param exchange: nameko's, to which calls are published.
    :param lasting: as a quorum queue, for a broker that refuses one that is not durable.
    """
    key = f"{CALL_KEY}{service}.*"
    if lasting:
        name = f"rpc.{service}.lasting"
        return Queue(name, exchange=exchange, routing_key=key, durable=True, queue_arguments=dict(_LASTING))
    return Queue(f"rpc.{service}", exchange=exchange, routing_key=key, durable=False)


def refuses_transient(error: BaseException) -> bool:
    """Whether a broker said that it takes no queue which is not durable."""
    return isinstance(error, _REFUSALS) and "transient_nonexcl_queues" in str(error)


def home_is_away(error: BaseException) -> bool:
    """Whether a queue could not be declared since the node on which it lies is away, or does not answer."""
    return isinstance(error, NotFound | TimeoutError)


def former_queue(service: str, channel: Any) -> list[Any]:
    """The queue in which an earlier version's callers put calls, if there is one that can be read now.

    :param channel: kombu's, open.
    """
    if not hasattr(channel, "confirm_select"):
        return []  # the in-memory broker has seen no earlier version
    queue = Queue(_FORMER.format(service), durable=True, no_declare=True)
    try:
        with channel_on(channel.connection) as asking:
            queue(asking).queue_declare(passive=True)
    except ChannelError:
        return []
    return [queue]


def left_queue(service: str, exchange: Any, channel: Any, chosen: Any) -> list[Any]:
    """The queue of the other kind, if one was left when what the broker takes was changed. No call comes into it now.

    Each call is for one of the two: where both were bound and two processes read them, it would be carried out twice.
    Whoever declares last is the one that is given calls; what lay in the other is still read. A call that comes between
    the two bindings finds no queue, and its caller is told so at once.

    :param channel: kombu's, open.
    :param chosen: the one that is declared next.
    """
    if not hasattr(channel, "confirm_select"):
        return []  # the in-memory broker takes both
    other = call_queue(service, exchange, lasting=not chosen.durable)
    left = Queue(other.name, durable=other.durable, no_declare=True)
    try:
        with channel_on(channel.connection) as asking:
            left(asking).queue_declare(passive=True)
            asking.queue_unbind(other.name, exchange.name, routing_key=other.routing_key, arguments={})
    except ChannelError:
        return []
    return [left]


def moved(queue: Any, times: int) -> Any:
    """A queue of answers by another name, as it has been moved so many times; the same key leads to it."""
    return Queue(
        f"{queue.name}-{times}",
        exchange=queue.exchange,
        routing_key=queue.routing_key,
        queue_arguments=queue.queue_arguments,
    )


def former(message: Outgoing) -> Outgoing:
    """A call as a service of an earlier version takes it."""
    return replace(message, routing_key=message.routing_key.removeprefix(CALL_KEY))
