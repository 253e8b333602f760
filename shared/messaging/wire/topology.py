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
queues ``aduan.replies.<adapter>...`` where channel adapters wait for receipts; theirs to declare
====================================  ====================================================================

Queues are quorum queues on RabbitMQ; the in-memory broker does not look at that argument. An event published before a
queue is bound would be lost to it, so whoever publishes or consumes declares everything first.
"""

# mypy: disable-error-code="no-untyped-call"
# kombu declares itself typed and leaves most of its functions without.

import re
from collections.abc import Iterable
from typing import Any, Final

from kombu import Exchange, Queue
from nameko.standalone.events import get_event_exchange

from shared.base.services import SERVICES
from shared.messaging.wire.connections import channel_on

SOURCE: Final = "aduan"
"""The source service of which the events are, for nameko's event handlers."""

# nameko's own declaration: were ours to differ in any property, its event handlers could not start, or ours could not.
EVENTS: Final[Any] = get_event_exchange(SOURCE, {})
SUBMISSIONS: Final[Any] = Exchange("aduan.intake", type="topic", durable=True, delivery_mode="persistent")

_REPLIES: Final = re.compile(r"(aduan\.replies\.|amq\.gen-|amq\.rabbitmq\.reply-to\.)[A-Za-z0-9._=+/-]+")

_QUORUM: Final = {"x-queue-type": "quorum"}


def may_get_replies(queue: str) -> bool:
    """Whether a queue is one in which channel adapters wait for answers, and never one of ours.

    ``aduan.replies.<adapter>...``, a queue that the broker has named for its owner, or the broker's direct reply-to.
    """
    return _REPLIES.fullmatch(queue) is not None


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
        for service in services:
            own_queue(service)(channel).declare()
            dead_queue(service)(channel).declare()
        submission_queue()(channel).declare()
        dead_queue("intake")(channel).declare()
