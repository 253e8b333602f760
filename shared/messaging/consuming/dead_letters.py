"""What could not be done: put aside with its reason, looked at, handed back or thrown away.

The original message is kept as it came, body and headers; what we know about its end stands in headers of ours.
"""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from shared.messaging.consuming.outcomes import Failed, Rejected
from shared.messaging.wire.connections import connected
from shared.messaging.wire.delivery import ROUTING_KEY, body_of, properties_of, routing_key_of
from shared.messaging.wire.outgoing import PERSISTENT, ConfirmedPublisher, Outgoing
from shared.messaging.wire.topology import dead_queue, declare_all

REASON: Final = "x-aduan-reason"
ERROR: Final = "x-aduan-error"
FAILED_AT: Final = "x-aduan-failed-at"
QUEUE: Final = "x-aduan-queue"
_ID: Final = "x-aduan-id"
_OURS: Final = (REASON, ERROR, FAILED_AT, QUEUE, _ID)
_AT_ONCE: Final = 200


@dataclass(frozen=True)
class DeadLetter:
    """A message put aside.

    :param id: names it for :func:`retry` and :func:`discard`.
    :param service: whose it is.
    :param queue: where it came from, and where :func:`retry` puts it.
    :param reason: a stable code: ``malformed``, ``failed``, or the reason of a rejection.
    :param error: the class of the error and where it arose, or the fields at fault, as JSON.
    :param failed_at: when it was put aside, ISO 8601.
    :param message_id: the sender's name for it; for an event ``<dossier>:<version>``.
    :param type: the event's type, or the routing key.
    :param size: bytes of its body.
    """

    id: str
    service: str
    queue: str
    reason: str
    error: str
    failed_at: str
    message_id: str
    type: str
    size: int


def dead_message(service: str, queue: str, message: Any, outcome: Failed | Rejected, now: datetime) -> Outgoing:
    """The message that is put aside in place of one that could not be done.

    :param service: whose it was.
    :param queue: where it came from.
    :param message: as kombu delivered it.
    :param now: the present instant.
    """
    body = body_of(message)
    failed_at = now.isoformat()
    error = outcome.error if isinstance(outcome, Failed) else _fields(outcome)
    properties = properties_of(message)
    identity = f"{queue}|{properties.get('message_id')}|{failed_at}|".encode() + body
    headers = {
        **message.headers,
        REASON: outcome.reason_code,
        ERROR: error,
        FAILED_AT: failed_at,
        QUEUE: queue,
        ROUTING_KEY: routing_key_of(message),
        _ID: hashlib.sha256(identity).hexdigest()[:12],
    }
    return Outgoing(
        exchange="",
        routing_key=dead_queue(service).name,
        body=body,
        headers=headers,
        properties={**properties, "delivery_mode": PERSISTENT},
        content_type=message.content_type,
        content_encoding=message.content_encoding,
        mandatory=True,
    )


def list_dead(url: str, service: str, limit: int = 1000) -> list[DeadLetter]:
    """The messages that were put aside for a service, oldest first. They stay where they are.

    :param url: of the broker.
    :raises BROKER_ERRORS: if the broker is away.
    """
    with connected(url) as connection, connection.channel() as channel:
        declare_all(connection)
        # Never acknowledged: closing the channel gives them all back.
        return [_letter(service, message) for message in _taken(channel, service, limit)]


def retry(url: str, service: str, ids: Collection[str] | None = None) -> int:
    """Give messages back to the queue from which they came, and to no other.

    :param ids: which; all of them if not given.
    :returns: how many.
    :raises BROKER_ERRORS: if the broker is away. Some may then be in both queues; none is lost.
    """
    publisher = ConfirmedPublisher(url)
    try:
        return _remove(url, service, ids, publisher)
    finally:
        publisher.close()


def discard(url: str, service: str, ids: Collection[str] | None = None) -> int:
    """Throw messages away. An event stays in the log, and a projection that lacks it can be rebuilt.

    :param ids: which; all of them if not given.
    :returns: how many.
    :raises BROKER_ERRORS: if the broker is away.
    """
    return _remove(url, service, ids, None)


def _remove(url: str, service: str, ids: Collection[str] | None, publisher: ConfirmedPublisher | None) -> int:
    removed = 0
    with connected(url) as connection, connection.channel() as channel:
        declare_all(connection)
        # As many as there are now: what fails again while we are at it would otherwise go round for ever.
        there = dead_queue(service)(channel).queue_declare(passive=True).message_count
        chosen = [
            message for message in _taken(channel, service, there) if ids is None or _letter(service, message).id in ids
        ]
        for start in range(0, len(chosen), _AT_ONCE):
            part = chosen[start : start + _AT_ONCE]
            if publisher is not None:
                publisher.publish([_again(message) for message in part])
            for message in part:
                message.ack()
            removed += len(part)
    return removed


def _taken(channel: Any, service: str, limit: int) -> Iterator[Any]:
    name = dead_queue(service).name
    for _ in range(limit):
        raw = channel.basic_get(queue=name, no_ack=False)
        if raw is None:
            return
        yield channel.message_to_python(raw)


def _again(message: Any) -> Outgoing:
    return Outgoing(
        exchange="",
        routing_key=message.headers[QUEUE],
        body=body_of(message),
        headers={name: value for name, value in message.headers.items() if name not in _OURS},
        properties={**properties_of(message), "delivery_mode": PERSISTENT},
        content_type=message.content_type,
        content_encoding=message.content_encoding,
        mandatory=True,
    )


def _letter(service: str, message: Any) -> DeadLetter:
    headers = message.headers
    return DeadLetter(
        id=str(headers.get(_ID, "")),
        service=service,
        queue=str(headers.get(QUEUE, "")),
        reason=str(headers.get(REASON, "")),
        error=str(headers.get(ERROR, "")),
        failed_at=str(headers.get(FAILED_AT, "")),
        message_id=str(message.properties.get("message_id") or ""),
        type=str(headers.get("type") or headers.get(ROUTING_KEY, "")),
        size=len(body_of(message)),
    )


def _fields(outcome: Rejected) -> str:
    return json.dumps({name: list(messages) for name, messages in outcome.fields.items()}) if outcome.fields else ""
