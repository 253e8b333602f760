"""The exchanges and queues of an installation, declared in one place.

====================================  ====================================================================
exchange ``aduan.events`` (topic)     the log; routing key = event type. Foreign nameko services subscribe by
                                      ``@event_handler("aduan", "Answered")``, others bind a queue of their own
queue ``aduan.<service>``             what a service still has to do of the log, which it follows by itself; all its
                                      instances share the queue. For a further service (``consume_log``) bound to the
                                      exchange: every event of the log
exchange ``aduan.intake`` (topic)     what channel adapters publish to, with the key ``submission.<channel>``. Not to
                                      be confused with the queue of that name, which is intake's copy of the log
queue ``aduan.intake.submissions``    the submissions, until intake has filed them
queue ``aduan.<service>.dead``        what a service could not do, with the reason in the headers
queues ``aduan.replies.<channel>.*``  where a channel's adapter waits for receipts; its own to declare
====================================  ====================================================================

Queues are quorum queues on RabbitMQ; the in-memory broker does not look at that argument. An event published before a
queue is bound would be lost to it, so whoever publishes or consumes declares everything first.
"""

# mypy: disable-error-code="no-untyped-call"
# kombu declares itself typed and leaves most of its functions without.

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

from amqp.exceptions import NotFound
from kombu import Exchange, Queue
from nameko.standalone.events import get_event_exchange

from shared.base.services import SERVICES
from shared.messaging.wire.connections import channel_on

SOURCE: Final = "aduan"
"""The source service of which the events are, for nameko's event handlers."""

# nameko's own declaration: were ours to differ in any property, its event handlers could not start, or ours could not.
EVENTS: Final[Any] = get_event_exchange(SOURCE, {})
SUBMISSIONS: Final[Any] = Exchange("aduan.intake", type="topic", durable=True, delivery_mode="persistent")

_REPLIES: Final = re.compile(
    r"(?:aduan\.replies\.(?P<own>[A-Za-z0-9._=+/-]+)|(?:amq\.gen-|amq\.rabbitmq\.reply-to\.)[A-Za-z0-9._=+/-]+)"
)

_QUORUM: Final = {"x-queue-type": "quorum"}

_LIMITING_RELEASE: Final = 4
"""Since this one RabbitMQ limits by itself how often a message of a quorum queue comes back."""


def may_get_replies(queue: str, channel: str) -> bool:
    """Whether a queue is one in which the adapter of a channel waits for answers: never another's, never one of ours.

    ``aduan.replies.<channel>.<anything>``, a queue that the broker has named for its owner, or the broker's direct
    reply-to.

    :param channel: by which came what is to be answered.
    """
    found = _REPLIES.fullmatch(queue)
    if found is None or found["own"] is None:
        return found is not None
    begin = f"{channel}."
    return begin != "." and found["own"].startswith(begin) and found["own"] != begin


def log_queue(service: str) -> Any:
    """The queue in which a further service finds every event of the log."""
    return Queue(f"aduan.{service}", exchange=EVENTS, routing_key="#", durable=True, queue_arguments=dict(_QUORUM))


def own_queue(service: str) -> Any:
    """The queue of a service that follows the log by itself: for what it has to do besides, and for what failed."""
    return Queue(f"aduan.{service}", durable=True, queue_arguments=dict(_QUORUM))


def unbind(channel: Any, service: str) -> None:
    """Let no event of the log come into a service's own queue any more, as with an earlier version it did."""
    if hasattr(channel, "confirm_select"):  # the in-memory broker has seen no earlier version
        channel.queue_unbind(own_queue(service).name, EVENTS.name, routing_key="#", arguments={})


def submission_queue(service: str = "intake") -> Any:
    """The queue in which intake finds what channel adapters hand in."""
    return Queue(
        f"aduan.{service}.submissions",
        exchange=SUBMISSIONS,
        routing_key="submission.#",
        durable=True,
        queue_arguments=dict(_QUORUM),
    )


def dead_queue(service: str) -> Any:
    """The queue of what a service could not do. Only our own consumer puts messages there, each with its reason."""
    return Queue(f"aduan.{service}.dead", durable=True, queue_arguments=dict(_QUORUM))


def declare_all(connection: Any, services: Iterable[str] = SERVICES) -> None:
    """Declare all exchanges, queues and bindings; what is there already stays as it is.

    :param connection: an open connection to the broker.
    :param services: those that have a queue of their own.
    :raises BROKER_ERRORS: if the broker is away, or holds a queue of that name with other properties.
    """
    with channel_on(connection) as channel:
        EVENTS(channel).declare()
        SUBMISSIONS(channel).declare()
    queues = [queue(service) for service in services for queue in (own_queue, dead_queue)]
    declare_queues(connection, [*queues, submission_queue(), dead_queue("intake")])


def declare_queues(connection: Any, queues: Iterable[Any]) -> None:
    """Declare queues of which nothing is ever given up, and what they are bound to; what is there stays as it is.

    RabbitMQ 4 gives a message up that has come back from consumers twenty times, unless the queue says otherwise.
    RabbitMQ 3 has no such limit and does not know how to say so; what it has declared is told later by a policy
    (:mod:`shared.messaging.wire.rights`).

    :param connection: an open connection to the broker.
    :param queues: not bound to a channel.
    :raises BROKER_ERRORS: if the broker is away, or holds a queue of such a name with other properties.
    """
    wanted = list(queues)
    there = _existing(connection, wanted) if _limits(connection) else set()
    with channel_on(connection) as channel:
        for queue in wanted:
            if queue.name not in there:
                as_declared(connection, queue)(channel).declare()
            elif queue.exchange is not None and queue.exchange.name:
                queue(channel).queue_bind()


def as_declared(connection: Any, queue: Any) -> Any:
    """A queue as it is declared at the broker to which a connection leads."""
    return _unlimited(queue) if _limits(connection) else queue


def _limits(connection: Any) -> bool:
    return release_of(connection) >= _LIMITING_RELEASE


def release_of(connection: Any) -> int:
    """The first number of RabbitMQ's version; 0 of another broker's."""
    properties = getattr(connection.connection, "server_properties", {})
    return int(str(properties["version"]).split(".")[0]) if properties.get("product") == "RabbitMQ" else 0


def _existing(connection: Any, queues: Sequence[Any]) -> set[str]:
    """The names of those that are there already."""
    found: set[str] = set()
    asked = iter(queues)
    for _ in range(len(queues) + 1):  # who asks for one that is not there loses the channel
        with suppress(NotFound), channel_on(connection) as channel:
            for queue in asked:
                queue(channel).queue_declare(passive=True)
                found.add(queue.name)
            break
    return found


def _unlimited(queue: Any) -> Any:
    arguments = {**queue.queue_arguments, "x-delivery-limit": -1}
    return Queue(
        queue.name, exchange=queue.exchange, routing_key=queue.routing_key, durable=True, queue_arguments=arguments
    )
