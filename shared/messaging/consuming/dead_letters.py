"""What could not be done: put aside with its reason, looked at, handed back or thrown away.

The original message is kept as it came, body and headers; what we know about its end stands in headers of ours.
"""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from shared.messaging.consuming.outcomes import Failed, PutAside, Unusable
from shared.messaging.wire.connections import channel_on, connected
from shared.messaging.wire.delivery import ROUTING_KEY, channel_of, properties_of, routing_key_of
from shared.messaging.wire.fitting import fits
from shared.messaging.wire.outgoing import PERSISTENT, ConfirmedPublisher, Outgoing
from shared.messaging.wire.received import DELIVERY_COUNT, Received, received
from shared.messaging.wire.topology import dead_queue, declare_all, log_queue, may_get_replies, submission_queue

REASON: Final = "x-aduan-reason"
ERROR: Final = "x-aduan-error"
FAILED_AT: Final = "x-aduan-failed-at"
QUEUE: Final = "x-aduan-queue"
UNDECODED: Final = "x-aduan-undecoded"
"""Header: the sender's properties as bytes, where they could not be decoded."""
_ID: Final = "x-aduan-id"
_OURS: Final = (REASON, ERROR, FAILED_AT, QUEUE, UNDECODED, _ID, DELIVERY_COUNT)
_AT_ONCE: Final = 200
_MOST_FIELDS: Final = 20
_LONGEST_NAME: Final = 60


@dataclass(frozen=True)
class DeadLetter:
    """A message put aside.

    :param id: names it for :func:`retry` and :func:`discard`.
    :param service: whose it is.
    :param queue: where it came from, and where :func:`retry` puts it.
    :param reason: a stable code: ``malformed``, ``not_in_log``, ``failed``, ``deadly``, or the reason of a rejection.
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


def dead_message(
    service: str, queue: str, message: Received, outcome: Failed | PutAside | Unusable, now: datetime
) -> Outgoing:
    """The message that is put aside in place of one that could not be done.

    Its body is kept as it came. So are properties and headers, unless they cannot be sent again.

    :param service: whose it was.
    :param queue: where it came from.
    :param now: the present instant.
    """
    failed_at = now.isoformat()
    ours: dict[Any, Any] = {
        REASON: outcome.reason_code,
        ERROR: _fields(outcome) if isinstance(outcome, PutAside) else outcome.error,
        FAILED_AT: failed_at,
        QUEUE: queue,
        ROUTING_KEY: routing_key_of(message),
        _ID: _identity(queue, message, failed_at),
    }
    if message.undecoded is not None:
        ours[UNDECODED] = message.undecoded
    whole = _letter_message(service, message, {**message.headers, **ours}, properties_of(message))
    return whole if fits(whole) else _letter_message(service, message, ours, {})


def _letter_message(service: str, message: Received, headers: dict[Any, Any], properties: dict[str, Any]) -> Outgoing:
    return Outgoing(
        exchange="",
        routing_key=dead_queue(service).name,
        body=message.body,
        headers=headers,
        properties={**properties, "delivery_mode": PERSISTENT},
        content_type=message.content_type if properties else None,
        content_encoding=message.content_encoding if properties else None,
        mandatory=True,
    )


def list_dead(url: str, service: str, limit: int = 1000) -> list[DeadLetter]:
    """The messages that were put aside for a service, oldest first. They stay where they are.

    :param url: of the broker.
    :raises BROKER_ERRORS: if the broker is away.
    """
    with connected(url) as connection, channel_on(connection) as channel:
        declare_all(connection)
        # Never acknowledged: closing the channel gives them all back.
        return [_letter(service, message) for message in _taken(channel, service, limit)]


def retry(url: str, service: str, ids: Collection[str] | None = None) -> int:
    """Give messages back to the queue from which they came, and to no other.

    One that does not say from which of the service's queues it came stays where it is: it is none of ours. An address
    for answers that is not of its own channel's adapter is left out.

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
    with connected(url) as connection, channel_on(connection) as channel:
        declare_all(connection)
        # As many as there are now: what fails again while we are at it would otherwise go round for ever.
        there = dead_queue(service)(channel).queue_declare(passive=True).message_count
        chosen = [
            message
            for message in _taken(channel, service, there)
            if (ids is None or _letter(service, message).id in ids)
            and (publisher is None or message.headers.get(QUEUE) in _queues(service))
        ]
        for start in range(0, len(chosen), _AT_ONCE):
            part = chosen[start : start + _AT_ONCE]
            if publisher is not None:
                publisher.publish([_again(message) for message in part])
            for message in part:
                message.ack()
            removed += len(part)
    return removed


def _taken(channel: Any, service: str, limit: int) -> Iterator[Received]:
    name = dead_queue(service).name
    for _ in range(limit):
        raw = channel.basic_get(queue=name, no_ack=False)
        if raw is None:
            return
        yield received(raw, channel)


def _queues(service: str) -> set[str]:
    return {log_queue(service).name, submission_queue(service).name}


def _again(message: Received) -> Outgoing:
    properties = properties_of(message)
    if not may_get_replies(str(properties.get("reply_to", "")), channel_of(message)):
        properties.pop("reply_to", None)
    return Outgoing(
        exchange="",
        routing_key=message.headers[QUEUE],
        body=message.body,
        headers={name: value for name, value in message.headers.items() if name not in _OURS},
        properties={**properties, "delivery_mode": PERSISTENT},
        content_type=message.content_type,
        content_encoding=message.content_encoding,
        mandatory=True,
    )


def _letter(service: str, message: Received) -> DeadLetter:
    headers = message.headers
    return DeadLetter(
        id=str(headers.get(_ID) or _identity("", message, "")),
        service=service,
        queue=str(headers.get(QUEUE, "")),
        reason=str(headers.get(REASON, "")),
        error=str(headers.get(ERROR, "")),
        failed_at=str(headers.get(FAILED_AT, "")),
        message_id=str(message.properties.get("message_id") or ""),
        type=str(headers.get("type") or headers.get(ROUTING_KEY, "")),
        size=len(message.body),
    )


def _identity(queue: str, message: Received, failed_at: str) -> str:
    """A name for a letter: of what it holds, and when it was put aside."""
    told = f"{queue}|{message.properties.get('message_id')}|{failed_at}|".encode("utf-8", "surrogatepass")
    return hashlib.sha256(told + message.body).hexdigest()[:12]


def _fields(outcome: PutAside) -> str:
    """The first of the fields at fault, in a length that can be kept: a stranger may name as many as he likes."""
    if not outcome.fields:
        return ""
    first = list(outcome.fields.items())[:_MOST_FIELDS]
    told = {name[:_LONGEST_NAME]: [each[:_LONGEST_NAME] for each in messages][:3] for name, messages in first}
    return json.dumps(told)
