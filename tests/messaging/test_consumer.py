import threading
from typing import Any

import eventlet
import psycopg2
import pytest

from shared.messaging.consuming.batch_consumer import BatchConsumer
from shared.messaging.consuming.consumer import consume_log
from shared.messaging.consuming.dead_letters import ERROR, FAILED_AT, REASON
from shared.messaging.wire import memory
from shared.messaging.wire.backoff import Retries
from shared.messaging.wire.outgoing import Outgoing
from shared.messaging.wire.received import body_of
from shared.platform.database.pool import Database
from shared.platform.health import checks_of
from shared.store.eventstore.reading import RecordedEvent
from tests.fixtures.waiting import eventually
from tests.messaging.helping import NOW, Serve, config_for, declare, depth, drain, event, known, publish

QUICK = Retries(times=2, first_seconds=0.01)


class Taken:
    """What a service has taken, and what it is to fail on."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.calls = 0
        self.failing: dict[int, Exception] = {}
        self.gate = threading.Event()
        self.gate.set()

    @property
    def numbers(self) -> list[int]:
        """All of it, sorted."""
        return sorted(number for batch in self.batches for number in batch)


@pytest.fixture
def log(database: Database) -> Database:
    """A database whose log holds the events 1 to 250."""
    known(database, 250)
    return database


def reporting(taken: Taken, **options: Any) -> type:
    """A service that takes the log."""

    class Reporting:
        name = "reporting"

        @consume_log("reporting", **{"retries": QUICK, **options})
        def project(self, events: list[RecordedEvent]) -> None:
            taken.calls += 1
            taken.gate.wait()
            for each in events:
                if each.position in taken.failing:
                    raise taken.failing[each.position]
            taken.batches.append([each.data["number"] for each in events])

    return Reporting


def consumer_of(container: Any) -> BatchConsumer:
    """The entrypoint of a container's only method."""
    (entrypoint,) = container.entrypoints
    return entrypoint


def test_events_come_in_batches_in_their_order(broker: str, log: Database, serve: Serve) -> None:
    """Events that wait are taken together, in the order in which they were published."""
    taken = Taken()
    declare(broker)
    publish(broker, *[event(number) for number in range(1, 251)])
    serve(reporting(taken, batch=100, linger_ms=200), config_for(broker, log))
    eventually(lambda: len(taken.numbers) == 250)

    assert list(range(1, 251)) == [number for batch in taken.batches for number in batch]
    assert max(map(len, taken.batches)) <= 100
    assert len(taken.batches) <= 6


def test_done_is_acknowledged(broker: str, log: Database, serve: Serve) -> None:
    """What was done does not come again, to this instance or to the next."""
    taken = Taken()
    declare(broker)
    publish(broker, *[event(number) for number in range(1, 31)])
    container = serve(reporting(taken), config_for(broker, log))
    eventually(lambda: len(taken.numbers) == 30)
    container.stop()

    assert 0 == depth(broker, "aduan.reporting")


def test_stop_finishes_what_is_in_hand(broker: str, log: Database, serve: Serve) -> None:
    """On stop the batch in hand is finished and acknowledged, and what was only fetched goes back to the queue."""
    taken = Taken()
    taken.gate.clear()
    declare(broker)
    publish(broker, *[event(number) for number in range(1, 26)])
    container = serve(reporting(taken, batch=10, linger_ms=50), config_for(broker, log))
    eventually(lambda: taken.calls == 1)
    stopping = threading.Thread(target=container.stop)
    stopping.start()
    eventually(consumer_of(container)._stop.is_set)
    taken.gate.set()
    stopping.join(60)

    assert not stopping.is_alive()
    assert list(range(1, 11)) == taken.numbers
    assert list(range(11, 26)) == [message.headers["position"] for message in drain(broker, "aduan.reporting")]


def test_kill_waits_for_nothing(broker: str, log: Database, serve: Serve) -> None:
    """A killed service leaves at once, whatever it has in hand, and all of it goes back to the queue."""
    taken = Taken()
    taken.gate.clear()
    declare(broker)
    publish(broker, *[event(number) for number in range(1, 26)])
    container = serve(reporting(taken, batch=10, linger_ms=50), config_for(broker, log))
    eventually(lambda: taken.calls == 1)
    with eventlet.Timeout(30):
        container.kill()

    eventually(lambda: depth(broker, "aduan.reporting") == 25)
    assert [] == taken.numbers


def test_poison_is_put_aside_alone(broker: str, log: Database, serve: Serve) -> None:
    """An event that the service cannot do ends in the dead queue with its reason; its neighbours are done."""
    taken = Taken()
    taken.failing = {7: KeyError("Budi Santoso"), 13: ValueError("0812-3456")}
    declare(broker)
    publish(broker, *[event(number) for number in range(1, 21)])
    container = serve(reporting(taken, batch=20, linger_ms=50), config_for(broker, log))
    eventually(lambda: depth(broker, "aduan.reporting.dead") == 2)
    container.stop()

    assert [number for number in range(1, 21) if number not in {7, 13}] == taken.numbers
    assert 0 == depth(broker, "aduan.reporting")
    dead = {message.headers["position"]: message for message in drain(broker, "aduan.reporting.dead")}
    assert {7, 13} == set(dead)
    assert "failed" == dead[7].headers[REASON]
    assert dead[7].headers[ERROR].startswith("KeyError at ")
    assert "Budi" not in str(dead[7].headers)
    assert NOW.isoformat() == dead[7].headers[FAILED_AT]
    assert event(7).state == body_of(dead[7])
    assert "00000000-0000-0000-0000-000000000007:1" == dead[7].properties["message_id"]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b"{}"),
        ({"subject": "not-a-uuid", "sequence": 1}, b"{}"),
        ({"subject": str(event(1).dossier), "sequence": True}, b"{}"),
        ({"subject": str(event(1).dossier), "sequence": 2**31}, b"{}"),
        ({"subject": [str(event(1).dossier)], "sequence": 1}, b"\xff\xfe"),
    ],
    ids=["no attributes", "no dossier", "no number", "no version", "of another kind"],
)
def test_what_is_no_event_never_reaches_the_service(
    broker: str, log: Database, serve: Serve, headers: dict[str, Any], body: bytes
) -> None:
    """Bytes that are no event of the log are put aside at once, whatever their content type says."""
    taken = Taken()
    declare(broker)
    stray = Outgoing("", "aduan.reporting", body, headers, {}, content_type="application/x-python-serialize")
    publish(broker, stray, event(1))
    serve(reporting(taken), config_for(broker, log))
    eventually(lambda: depth(broker, "aduan.reporting.dead") == 1 and taken.numbers == [1])
    (dead,) = drain(broker, "aduan.reporting.dead")

    assert "malformed" == dead.headers[REASON]
    assert body == body_of(dead)


def test_a_flaky_event_is_done_in_the_end(broker: str, log: Database, serve: Serve) -> None:
    """An event that fails at first and then succeeds is done, and nothing is put aside."""
    taken = Taken()
    taken.failing = {2: RuntimeError("flaky")}
    declare(broker)
    publish(broker, event(1), event(2), event(3))
    retries = Retries(times=10_000, first_seconds=0.02, most_seconds=0.02)
    serve(reporting(taken, retries=retries), config_for(broker, log))
    eventually(lambda: taken.numbers == [1, 3])
    taken.failing.clear()
    eventually(lambda: taken.numbers == [1, 2, 3])

    assert 0 == depth(broker, "aduan.reporting.dead")


def test_an_outage_makes_all_wait(broker: str, log: Database, serve: Serve) -> None:
    """While the database is away nothing is put aside, however long it takes, and the service says it is not ready."""
    taken = Taken()
    taken.failing = {1: psycopg2.OperationalError("server closed the connection unexpectedly")}
    declare(broker)
    publish(broker, event(1), event(2))
    retries = Retries(times=1, first_seconds=0.01, most_seconds=0.02)
    container = serve(reporting(taken, retries=retries), config_for(broker, log))
    consumer_of(container)._trouble._patience = 0.1
    checks = checks_of(container.config)
    eventually(lambda: not checks.readiness().ok)
    eventually(lambda: consumer_of(container).ready() == (False, "waiting for: work"))
    eventually(lambda: taken.calls > 10)
    taken.failing.clear()
    eventually(lambda: taken.numbers == [1, 2])
    eventually(lambda: checks.readiness().ok)

    assert 0 == depth(broker, "aduan.reporting.dead")


def test_trouble_goes_with_its_message(memory_url: str, log: Database, serve: Serve) -> None:
    """A message that waited for the database goes back when the connection ends; who has it no more is ready again."""
    taken = Taken()
    taken.failing = {1: psycopg2.OperationalError("server closed the connection unexpectedly")}
    declare(memory_url)
    publish(memory_url, event(1))
    container = serve(reporting(taken), config_for(memory_url, log))
    consumer_of(container)._trouble._patience = 0.05
    checks = checks_of(container.config)
    eventually(lambda: not checks.readiness().ok)
    memory.reset()  # the message is lost with the broker, or with another instance: it does not come here again
    eventually(lambda: checks.readiness().ok)

    assert [] == taken.numbers


def test_too_much_poison_stops_the_consumer(broker: str, log: Database, serve: Serve) -> None:
    """When everything fails the fault is ours: a few are put aside, the rest stays in the queue, readiness tells."""
    taken = Taken()
    taken.failing = {number: RuntimeError("a bug") for number in range(1, 31)}
    declare(broker)
    publish(broker, *[event(number) for number in range(1, 31)])
    container = serve(reporting(taken, poison_limit=5, retries=Retries(times=0)), config_for(broker, log))
    eventually(lambda: consumer_of(container).halted)
    eventually(lambda: depth(broker, "aduan.reporting") == 25)

    assert 5 == depth(broker, "aduan.reporting.dead")
    assert not consumer_of(container).ready()[0]
    assert not checks_of(container.config).readiness().ok


def test_two_instances_share_the_work(broker: str, log: Database, serve: Serve) -> None:
    """Each event goes to one of a service's instances, and both get some."""
    first, second = Taken(), Taken()
    serve(reporting(first, batch=5), config_for(broker, log))
    serve(reporting(second, batch=5), config_for(broker, log))
    publish(broker, *[event(number) for number in range(1, 201)])
    eventually(lambda: len(first.numbers) + len(second.numbers) >= 200)

    assert list(range(1, 201)) == sorted(first.numbers + second.numbers)
    assert first.numbers
    assert second.numbers
