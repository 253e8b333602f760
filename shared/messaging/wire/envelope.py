"""A recorded event as an AMQP message, after CloudEvents 1.0 in binary mode.

The body is the stored JSON, byte for byte, but for words that earlier events hold in clear; the attributes stand in the
headers, so that a receiver can choose without reading the body. Nothing personal is in either: what is, lies sealed
within the JSON. Our own services take from it only where to look.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.domain.dossier.former_words import FORMER_WORDS
from shared.messaging.wire.outgoing import PERSISTENT, Outgoing
from shared.messaging.wire.topology import EVENTS
from shared.platform import tracing
from shared.platform.tracing import TRACEPARENT
from shared.store.eventstore.reading import MOST_VERSION, Place, RecordedEvent


class Malformed(Exception):
    """A message that is no event of the log. The sentence names headers only, never what the message holds."""


def to_message(event: RecordedEvent) -> Outgoing:
    """The message that tells an event.

    Attributes: ``id`` (``<dossier>:<version>``), ``source`` (``/aduan/<tenant>``), ``specversion``, ``type``,
    ``subject`` (the dossier), ``time`` (when it was recorded), ``tenant``, ``sequence`` (its version in the dossier),
    ``position`` (in the log), ``traceparent`` where the event has one or traces are recorded.
    """
    data = event.data
    identity = f"{event.dossier}:{event.version}"
    tenant = data.get("tenant") or ""
    headers: dict[str, Any] = {
        "id": identity,
        "source": f"/aduan/{tenant}",
        "specversion": "1.0",
        "type": event.type,
        "subject": str(event.dossier),
        "time": data.get("recorded_at") or "",
        "tenant": tenant,
        "sequence": event.version,
        "position": event.position,
    }
    if data.get(TRACEPARENT):
        headers[TRACEPARENT] = data[TRACEPARENT]
    elif tracing.on() and data.get("correlation_id"):
        headers[TRACEPARENT] = str(tracing.mark_of_event(identity, data["correlation_id"]))
    return Outgoing(
        exchange=EVENTS.name,
        routing_key=event.type,
        body=_body(event),
        headers=headers,
        properties={"message_id": identity, "delivery_mode": PERSISTENT},
    )


def _body(event: RecordedEvent) -> bytes:
    """The stored JSON; of an earlier schema without the words that it holds in clear."""
    words = FORMER_WORDS.get((event.type, event.data.get("schema", 0)))
    if words is None:
        return event.state
    return json.dumps({**event.data, **dict.fromkeys(words)}, ensure_ascii=False).encode()


def place_of(headers: Mapping[Any, Any]) -> Place:
    """Where in the log to look for the event that a message tells of. Nothing else of a message is believed.

    :raises Malformed: if it does not say, or names no place that can be.
    """
    subject, sequence = headers.get("subject"), headers.get("sequence")
    if not isinstance(subject, str) or not isinstance(sequence, int) or isinstance(sequence, bool):
        raise Malformed("subject or sequence is missing or of another kind")
    try:
        dossier = UUID(subject)
    except ValueError:
        raise Malformed("subject is not a dossier") from None
    if not 0 < sequence <= MOST_VERSION:
        raise Malformed("sequence is not a version")
    return Place(dossier, sequence)
