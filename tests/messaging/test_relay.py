import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import eventlet
import pytest
from nameko.containers import ServiceContainer

from shared.messaging.publishing.log_publisher import Relay
from shared.messaging.publishing.relay import LogRelay
from shared.messaging.publishing.relay_position import Leadership, read_position, set_back
from shared.messaging.wire import memory
from shared.messaging.wire.outgoing import ConfirmedPublisher, Outgoing
from shared.platform.database.pool import Database
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve, config_for, declare, depth, drain, record


def position_of(database: Database) -> int:
    """How far the relay says it has come."""
    with database.autocommit() as cursor:
        return read_position(cursor)


def positions(broker: str, queue: str = "aduan.sla") -> list[int]:
    """The positions of the events in a queue, which is emptied."""
    return [message.headers["position"] for message in drain(broker, queue)]


@contextmanager
def running(relay: Relay) -> Iterator[Any]:
    """The relay runs meanwhile."""
    stop = threading.Event()
    thread = eventlet.spawn(relay.run, stop)
    try:
        yield thread
    finally:
        stop.set()
        if not thread.dead:
            thread.wait()


class Dying(ConfirmedPublisher):
    """A publisher whose process dies when it has published: the broker has the messages, nobody knows it."""

    def publish(self, messages: Iterable[Outgoing]) -> None:
        """Publish, and die."""
        super().publish(messages)
        raise eventlet.greenlet.GreenletExit


class Hooked(ConfirmedPublisher):
    """A publisher that lets a test do something after the broker has confirmed and before the position is saved."""

    hook: Callable[[], None]

    def publish(self, messages: Iterable[Outgoing]) -> None:
        """Publish, and call the hook."""
        super().publish(messages)
        self.hook()


def test_the_log_is_published_in_its_order(broker: str, database: Database) -> None:
    """Every event is in the queue, once, in the order of the log, and the position is saved."""
    recorded = record(database, 120)
    with running(Relay(database, ConfirmedPublisher(broker), batch=50)):
        eventually(lambda: position_of(database) == recorded[-1])
        more = record(database, 5)
        eventually(lambda: position_of(database) == more[-1])

    assert recorded + more == positions(broker)


def test_the_position_waits_for_the_broker(broker: str, database: Database) -> None:
    """The position is saved after the broker has confirmed, never before."""
    seen: list[tuple[int, int]] = []
    publisher = Hooked(broker)
    publisher.hook = lambda: seen.append((depth(broker, "aduan.sla"), position_of(database)))
    recorded = record(database, 3)
    with running(Relay(database, publisher)):
        eventually(lambda: position_of(database) == recorded[-1])

    assert [(3, 0)] == seen


def test_dying_between_publishing_and_saving_makes_duplicates_only(broker: str, database: Database) -> None:
    """What was published and not saved is published again by the next; nothing is lost."""
    recorded = record(database, 4)
    with running(Relay(database, Dying(broker))) as thread:
        eventually(lambda: thread.dead)
    with running(Relay(database, ConfirmedPublisher(broker))):
        eventually(lambda: position_of(database) == recorded[-1])

    assert recorded + recorded == positions(broker)


def test_setting_back_wins_over_saving(broker: str, database: Database) -> None:
    """Who sets the position back while a batch is under way is not overruled by the batch's position."""
    recorded = record(database, 10)
    publisher = Hooked(broker)
    calls = []

    def hook() -> None:
        calls.append(1)
        if len(calls) == 2:
            with database.autocommit() as cursor:
                set_back(cursor, recorded[1])

    publisher.hook = hook
    with running(Relay(database, publisher, batch=5)):
        eventually(lambda: position_of(database) == recorded[-1])

    assert recorded + recorded[2:] == positions(broker)


def test_setting_back_is_noticed_while_idle(broker: str, database: Database) -> None:
    """A relay that has nothing to do publishes again as soon as its position is set back."""
    recorded = record(database, 3)
    with running(Relay(database, ConfirmedPublisher(broker))):
        eventually(lambda: position_of(database) == recorded[-1])
        with database.autocommit() as cursor:
            set_back(cursor, recorded[0])
        eventually(lambda: depth(broker, "aduan.sla") == 5)

    assert recorded + recorded[1:] == positions(broker)


def test_one_leads_and_the_other_takes_over(memory_url: str, database: Database, database_url: str) -> None:
    """Of two relays one publishes; when its connection dies the other goes on, and it comes back."""
    first, second = (Relay(database, ConfirmedPublisher(memory_url)) for _ in range(2))
    declare(memory_url)
    with running(first):
        eventually(lambda: first.leads)
        with running(second):
            recorded = record(database, 3)
            eventually(lambda: position_of(database) == recorded[-1])
            assert not second.leads
            owner = Database(database_url)
            with owner.autocommit() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s",
                    (0x61647572,),
                )
            owner.close()
            more = record(database, 3)
            eventually(lambda: position_of(database) == more[-1])
            eventually(lambda: first.leads != second.leads)

    assert recorded + more == positions(memory_url)


def test_a_held_lead_is_respected(memory_url: str, database: Database) -> None:
    """While another process leads, a relay publishes nothing and calls itself ready."""
    recorded = record(database, 1)
    relay = Relay(database, ConfirmedPublisher(memory_url), standby_seconds=0.02)
    with Leadership(database) as other:
        assert other.try_acquire()
        with running(relay):
            eventlet.sleep(0.1)
            assert (True, "standing by") == relay.ready()
            assert 0 == position_of(database)
            other.connection.close()
            eventually(lambda: position_of(database) == recorded[-1])


def test_a_hanging_leader_is_cut_off(database: Database) -> None:
    """Who leads and says nothing for too long loses the lead, though its process and its connection are there."""
    with Leadership(database, idle_seconds=1) as hanging, Leadership(database) as other:
        assert hanging.try_acquire()
        assert not other.try_acquire()
        eventually(other.try_acquire)


class First:
    """A service."""

    name = "first"
    relay = LogRelay()


class Second:
    """Another service."""

    name = "second"
    relay = LogRelay()


def relay_of(container: ServiceContainer) -> Relay:
    """The relay of a container."""
    (provider,) = container.dependencies
    return provider.relay


def test_services_in_one_process_share_a_relay(broker: str, database: Database, serve: Serve) -> None:
    """Of the services in a process one publishes; when it stops another takes over at once, and nothing is doubled."""
    config = config_for(broker, database)
    containers = [serve(First, config), serve(Second, config)]
    recorded = record(database, 2)
    eventually(lambda: position_of(database) == recorded[-1])
    (leader,) = [each for each in containers if relay_of(each).leads]
    leader.stop()
    more = record(database, 2)
    eventually(lambda: position_of(database) == more[-1])

    assert recorded + more == positions(broker)


def test_a_relay_never_kills_its_service(database: Database, serve: Serve) -> None:
    """With a broker that is not there the service runs on, not ready after a while."""
    container = serve(First, config_for("amqp://127.0.0.1:9/", database))
    record(database, 1)
    relay = relay_of(container)
    relay._trouble._patience = 0.2
    eventually(lambda: relay.ready() == (False, "waiting for: broker"))

    assert not container._died.ready()


def test_an_away_database_is_waited_for(memory_url: str, serve: Serve) -> None:
    """With a database that is not there the service runs on, not ready after a while."""
    container = serve(First, config_for(memory_url, Database("postgresql://127.0.0.1:9/none")))
    relay = relay_of(container)
    relay._trouble._patience = 0.2
    eventually(lambda: relay.ready() == (False, "waiting for: database"))

    assert not container._died.ready()


@pytest.mark.parametrize("count", [1, 1200])
def test_any_number_goes_in_batches(memory_url: str, database: Database, count: int) -> None:
    """More events than fit a batch are published in several."""
    recorded = record(database, count)
    with running(Relay(database, ConfirmedPublisher(memory_url), batch=500)):
        eventually(lambda: position_of(database) == recorded[-1])

    assert recorded == positions(memory_url)


def test_nothing_is_published_to_which_nobody_listens(database: Database) -> None:
    """In a process that has everything the position is kept up; who comes to listen gets what happens from then on."""
    url = f"memory:///{uuid4().hex}"
    early = record(database, 5)
    with running(Relay(database, ConfirmedPublisher(url))):
        eventually(lambda: position_of(database) == early[-1])
        declare(url)
        late = record(database, 5)
        eventually(lambda: position_of(database) == late[-1])

    assert late == positions(url)
    memory.reset()
