"""What the messaging tests have in common: events in a log, services on a broker, and looking into queues."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent
from nameko.containers import ServiceContainer

from shared.base.clock import Clock, SimulatedClock
from shared.base.services import SERVICES
from shared.messaging.wire.configuration import OPTIONS, RUNTIME, SEAL, Options
from shared.messaging.wire.connections import connected
from shared.messaging.wire.envelope import to_message
from shared.messaging.wire.outgoing import ConfirmedPublisher, Outgoing
from shared.messaging.wire.received import body_of
from shared.messaging.wire.seal import Seal
from shared.messaging.wire.topology import declare_all, declare_queues, log_queue
from shared.platform.database.pool import Database
from shared.store.eventstore.appending import append
from shared.store.eventstore.reading import RecordedEvent

KEY = bytes(range(32))
"""That of the processes of a test."""
RECORDED = "2026-10-05T01:00:00+00:00"
NOW = datetime(2026, 10, 5, 1, 2, 3, tzinfo=UTC)


@dataclass
class Parts:
    """What nameko's configuration holds of the process."""

    database: Any = None
    clock: Clock = field(default_factory=lambda: SimulatedClock(NOW))
    replica: Any = None


def config_for(url: str, database: Database | None = None, **options: Any) -> dict[str, Any]:
    """Nameko's configuration as in a process of ours."""
    return {
        "AMQP_URI": url,
        RUNTIME: Parts(database),
        SEAL: Seal(KEY),
        OPTIONS: Options(**{"linger_ms": 5, **options}),
    }


def data_of(number: int, **more: Any) -> dict[str, Any]:
    """An event's data."""
    return {"tenant": "cilacap", "recorded_at": RECORDED, "number": number, **more}


def event(number: int = 1, *, type_: str = "Answered", dossier: UUID | None = None, **more: Any) -> RecordedEvent:
    """An event as the store gives it; its position is its number."""
    state = json.dumps(data_of(number, **more)).encode()
    return RecordedEvent(number, dossier or UUID(int=number), 1, type_, state)


def record(database: Database, count: int, *, type_: str = "Answered") -> list[int]:
    """Append so many events, each of a dossier of its own; gives their positions."""
    stored = [StoredEvent(uuid4(), 1, type_, json.dumps(data_of(number)).encode()) for number in range(count)]
    with database.autocommit() as cursor:
        return append(cursor, stored)


def known(database: Database, count: int) -> None:
    """Let the log of a fresh database hold the first so many events of :func:`event`."""
    events = [event(number) for number in range(1, count + 1)]
    with database.autocommit() as cursor:
        positions = append(cursor, [StoredEvent(each.dossier, each.version, each.type, each.state) for each in events])
    assert [each.position for each in events] == positions


def publish(url: str, *messages: RecordedEvent | Outgoing) -> None:
    """Publish events or messages, and wait until the broker has them."""
    publisher = ConfirmedPublisher(url)
    publisher.publish([to_message(each) if isinstance(each, RecordedEvent) else each for each in messages])
    publisher.close()


def tell(url: str, *messages: Outgoing) -> None:
    """Put messages into the own queue of every service, as whoever has the broker can."""
    names = [f"aduan.{service}" for service in SERVICES]
    publish(url, *[replace(each, exchange="", routing_key=name) for each in messages for name in names])


def depth(url: str, queue: str) -> int:
    """How many messages are ready in a queue."""
    with connected(url) as connection, connection.channel() as channel:
        return int(channel.queue_declare(queue=queue, passive=True).message_count)


def drain(url: str, queue: str) -> list[Any]:
    """Take everything out of a queue."""
    taken = []
    with connected(url) as connection, connection.channel() as channel:
        while (raw := channel.basic_get(queue=queue, no_ack=True)) is not None:
            taken.append(channel.message_to_python(raw))
    return taken


def numbers(messages: Sequence[Any]) -> list[int]:
    """The numbers of the events that messages tell."""
    return [json.loads(body_of(message))["number"] for message in messages]


def declare(url: str, *services: str) -> None:
    """Make the queues, as any process does before it publishes, and let every event come into those of the services.

    That is how a further service takes the log; ours follow it in the store.
    """
    with connected(url) as connection:
        declare_all(connection, services or SERVICES)
        declare_queues(connection, [log_queue(service) for service in services or SERVICES])


Serve = Callable[..., ServiceContainer]


@contextmanager
def serving() -> Iterator[Serve]:
    """A function that runs a service; those still running at the end are killed."""
    running: list[ServiceContainer] = []

    def serve(service: type, config: dict[str, Any]) -> ServiceContainer:
        container = ServiceContainer(service, config)
        running.append(container)
        container.start()
        return container

    try:
        yield serve
    finally:
        for container in running:
            container.kill()
