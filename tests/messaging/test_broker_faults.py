"""The broker goes away and comes back; slow, since a real one is killed and started."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, ClassVar, Final

import eventlet
import pytest
from kombu import Exchange, Queue

from shared.base.errors import Unavailable
from shared.messaging.calling import pending_calls
from shared.messaging.calling.method import NoAnswer
from shared.messaging.calling.rpc import rpc
from shared.messaging.calling.rpc_client import RpcClients
from shared.messaging.consuming.consumer import consume_log
from shared.messaging.publishing.relay import LogRelay
from shared.messaging.wire.connections import channel_on, close_connection, connected, open_connection, patience
from shared.messaging.wire.outgoing import ConfirmedPublisher, NotConfirmed
from shared.messaging.wire.topology import dead_queue
from shared.platform.database.pool import Database
from shared.store.eventstore.reading import RecordedEvent
from tests.fixtures.proxy import Proxy
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve, config_for, declare, depth, event, known, publish, record

_LONG_SECONDS: Final = 120.0
"""Far longer than any of these tests may take."""


@pytest.fixture(scope="module")
def fragile() -> Iterator[RabbitMQ]:
    """A broker of this module's own, to be killed and frozen."""
    with RabbitMQ() as broker:
        yield broker


@pytest.fixture
def url(fragile: RabbitMQ) -> Iterator[str]:
    """An empty virtual host of it; it runs."""
    made = fragile.url_of(fragile.new_vhost())
    declare(made, "reporting")  # the service has a queue for all events, also for those of before it started
    yield made
    fragile.start()


class Reporting:
    """Everything at once: relay, consumer and calls."""

    name = "reporting"
    seen: dict[int, int]
    relay = LogRelay()

    @consume_log("reporting")
    def project(self, events: list[RecordedEvent]) -> None:
        """Count."""
        for each in events:
            self.seen[each.position] = self.seen.get(each.position, 0) + 1

    @rpc
    def count(self) -> int:
        """How many."""
        return len(self.seen)


@pytest.mark.rabbitmq
def test_a_broker_that_dies_costs_nothing(fragile: RabbitMQ, url: str, database: Database, serve: Serve) -> None:
    """Events recorded before, while and after the broker was away all arrive; calls work again; no service dies."""
    Reporting.seen = {}
    container = serve(Reporting, config_for(url, database))
    with RpcClients(config_for(url, rpc_timeout_seconds=3)) as clients:
        recorded = record(database, 300)
        eventually(lambda: Reporting.seen)
        fragile.kill()
        recorded += record(database, 300)
        with pytest.raises(Unavailable):
            clients.reporting.count()
        fragile.start()
        recorded += record(database, 300)
        eventually(lambda: set(recorded) == set(Reporting.seen), within=30)
        eventually(lambda: _counted(clients) == 900, within=30)

    assert not container._died.ready()


@pytest.mark.rabbitmq
def test_cut_connections_are_made_again(fragile: RabbitMQ, url: str, database: Database, serve: Serve) -> None:
    """When the broker closes all connections, everything goes on over new ones, and the next call works at once."""
    Reporting.seen = {}
    serve(Reporting, config_for(url, database))
    with RpcClients(config_for(url, rpc_timeout_seconds=3)) as clients:
        recorded = record(database, 10)
        eventually(lambda: set(recorded) == set(Reporting.seen))
        assert 10 == clients.reporting.count()
        fragile.evaluate(
            '[rabbit_networking:close_connection(Pid, "maintenance") || Pid <- rabbit_networking:connections()]'
        )
        recorded += record(database, 10)
        eventually(lambda: set(recorded) == set(Reporting.seen))
        eventually(lambda: _counted(clients) == 20)


@pytest.mark.rabbitmq
def test_a_broker_that_hangs_is_not_waited_for_for_ever(
    fragile: RabbitMQ, url: str, database: Database, serve: Serve
) -> None:
    """While the broker hangs, publishing and calling end in bounded time; afterwards the consumer goes on."""
    Reporting.seen = {}
    known(database, 2)

    class Consuming:
        name = "reporting"
        project = Reporting.project
        count = Reporting.count
        seen = Reporting.seen

    serve(Consuming, config_for(url, database))
    publisher = ConfirmedPublisher(url, confirm_seconds=0.3)
    publisher.publish([])
    with RpcClients(config_for(url, rpc_timeout_seconds=1)) as clients:
        eventually(lambda: _counted(clients) == 0)
        fragile.freeze()
        try:
            with eventlet.Timeout(5), pytest.raises(NotConfirmed):
                publish_with(publisher, 1)
            with eventlet.Timeout(5), pytest.raises(Unavailable):
                clients.reporting.count()
        finally:
            fragile.thaw()
        publish(url, event(2))
        eventually(lambda: 2 in Consuming.seen)
        eventually(lambda: _counted(clients) >= 1)


@pytest.mark.rabbitmq
@pytest.mark.parametrize("how", ["gone", "hanging"])
def test_a_service_can_be_stopped_without_a_broker(
    fragile: RabbitMQ, url: str, database: Database, serve: Serve, how: str
) -> None:
    """Stopping waits neither for a broker that is away nor, for long, for one that hangs."""
    Reporting.seen = {}
    container = serve(Reporting, config_for(url, database))
    clients = RpcClients(config_for(url)).start()
    assert 0 == clients.reporting.count()
    if how == "gone":
        vhost = url.rsplit("/", 1)[1]
        fragile.evaluate(f'rabbit_vhost:delete(<<"{vhost}">>, <<"tests">>)')
    else:
        fragile.freeze()
    try:
        with eventlet.Timeout(15):
            for stopping in [eventlet.spawn(container.stop), eventlet.spawn(clients.stop)]:
                stopping.wait()
    finally:
        fragile.thaw()

    assert container._died.ready()


def _use(connection: Any, begun: Callable[[], None]) -> None:
    with channel_on(connection) as channel:
        begun()
        dead_queue("reporting")(channel).declare()


@pytest.mark.rabbitmq
def test_a_broker_that_hangs_while_a_channel_is_used_is_given_up(fragile: RabbitMQ, url: str) -> None:
    """Whose patience has ended leaves, and does not wait for the broker to say goodbye."""
    try:
        with eventlet.Timeout(10), pytest.raises(TimeoutError), connected(url) as connection, patience(0.5):
            _use(connection, fragile.freeze)
    finally:
        fragile.thaw()


@pytest.mark.rabbitmq
def test_who_is_killed_while_using_a_channel_leaves_its_connection(fragile: RabbitMQ, url: str) -> None:
    """Whoever gives the connection back then does not meet it there, still waiting for an answer."""
    begun = eventlet.Event()
    connection = open_connection(url)

    def freeze() -> None:
        fragile.freeze()
        begun.send()

    using = eventlet.spawn(_use, connection, freeze)
    try:
        with eventlet.Timeout(10):
            begun.wait()
            eventlet.sleep(0)
            using.kill()
            close_connection(connection)
    finally:
        fragile.thaw()

    assert using.dead


@pytest.mark.rabbitmq
def test_a_call_that_finds_its_connection_broken_ends_nobody_but_that(
    url: str, database: Database, serve: Serve
) -> None:
    """It connects anew, with the number of the socket on which somebody still waits to hear from the broker."""
    Reporting.seen = {}
    serve(Reporting, config_for(url, database))
    with Proxy(url) as proxy, RpcClients(config_for(proxy.url(url), rpc_timeout_seconds=3)) as clients:
        assert 0 == clients.reporting.count()
        for _ in range(3):
            proxy.cut()  # and nobody gets a turn before the call does
            with suppress(Unavailable):  # its answer may be lost
                clients.reporting.count()
            eventually(lambda: _counted(clients) == 0, within=30)


class Desk:
    """Counts what it carries out, slowly if it is told to."""

    name = "desk"
    done: ClassVar[list[str]] = []
    gate: ClassVar[Any] = None

    @rpc
    def write(self, what: str) -> str:
        """Do it."""
        self.done.append(what)
        self.gate.wait()
        return f"{what} done"


@pytest.fixture
def desk(url: str, serve: Serve) -> Iterator[tuple[Proxy, Proxy, RpcClients]]:
    """A service and its caller, each with a connection to the broker that can be spoiled, and long patience."""
    Desk.done, Desk.gate = [], eventlet.Event()
    with Proxy(url) as services, Proxy(url) as callers:
        serve(Desk, config_for(services.url(url)))
        with RpcClients(config_for(callers.url(url)), timeout_seconds=_LONG_SECONDS) as clients:
            yield services, callers, clients


@pytest.mark.rabbitmq
@pytest.mark.parametrize("whose", ["the caller's", "the service's"])
@pytest.mark.parametrize("what", ["the call", "nothing", "the answer"])
def test_a_call_whose_connection_breaks_is_answered_all_the_same(
    desk: tuple[Proxy, Proxy, RpcClients], whose: str, what: str
) -> None:
    """Whatever was lost with it: the call, or its answer. It is carried out once, and nobody waits out their time."""
    services, callers, clients = desk
    spoilt = callers if whose == "the caller's" else services
    with eventlet.Timeout(_LONG_SECONDS / 2):
        if what == "the call":
            Desk.gate.send()
            assert "first done" == clients.desk.write("first")
            spoilt.swallow()
        asking = eventlet.spawn(clients.desk.write, "this")
        if what != "the call":
            eventually(lambda: Desk.done == ["this"])
        if what == "the answer":
            spoilt.swallow()
        if what != "nothing":
            before = spoilt.swallowed
            if what == "the answer":
                Desk.gate.send()
            eventually(lambda: spoilt.swallowed > before)
        spoilt.heal()
        spoilt.cut()
        if what == "nothing":
            Desk.gate.send()

        assert "this done" == asking.wait()
    assert ["this"] == [each for each in Desk.done if each != "first"]


@pytest.mark.rabbitmq
def test_what_was_answered_lately_is_answered_again_when_the_connection_of_answers_breaks(
    url: str, desk: tuple[Proxy, Proxy, RpcClients]
) -> None:
    """Nobody knows whether the last answers went out with it; who has heard them takes no notice."""
    services, _, clients = desk
    Desk.gate.send()
    with connected(url) as connection, connection.channel() as channel:
        exchange = Exchange("nameko-rpc", type="topic", durable=True)
        Queue("overheard", exchange=exchange, routing_key="#", auto_delete=False)(channel).declare()
        assert "this done" == clients.desk.write("this")
        services.cut()
        eventually(lambda: depth(url, "overheard") >= 3)  # the call, its answer, and that once more
        assert "that done" == clients.desk.write("that")

    assert ["this", "that"] == Desk.done


@pytest.mark.rabbitmq
def test_a_call_that_was_lost_with_the_broker_fails_long_before_its_time(
    fragile: RabbitMQ, desk: tuple[Proxy, Proxy, RpcClients], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its caller is told that nobody knows whether it was carried out, while the broker is still away."""
    monkeypatch.setattr(pending_calls, "_GIVE_UP_SECONDS", 1.0)
    _, _, clients = desk
    asking = eventlet.spawn(clients.desk.write, "this")
    eventually(lambda: Desk.done == ["this"])
    fragile.kill()
    with eventlet.Timeout(_LONG_SECONDS / 2), pytest.raises(NoAnswer):
        asking.wait()
    Desk.gate.send()


@pytest.mark.rabbitmq
def test_a_vanished_queue_is_made_again(fragile: RabbitMQ, url: str, database: Database, serve: Serve) -> None:
    """When somebody deletes a service's queue, the service makes it anew and takes from it."""
    Reporting.seen = {}
    serve(Reporting, config_for(url, database))
    first = record(database, 1)
    eventually(lambda: set(first) == set(Reporting.seen))
    vhost = url.rsplit("/", 1)[1]
    fragile.evaluate(
        f'{{ok, Q}} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"{vhost}">>, queue, <<"aduan.reporting">>)), '
        f'rabbit_amqqueue:delete(Q, false, false, <<"tests">>)'
    )

    def arrives() -> bool:
        (position,) = record(database, 1)
        stop = threading.Event()
        for _ in range(20):
            if position in Reporting.seen:
                return True
            stop.wait(0.02)
        return False

    eventually(arrives)


def publish_with(publisher: ConfirmedPublisher, number: int) -> None:
    """Publish one event."""
    from shared.messaging.wire.envelope import to_message

    publisher.publish([to_message(event(number))])


def _counted(clients: Any) -> int:
    try:
        return int(clients.reporting.count())
    except Unavailable:
        return -1
