"""Whoever starts first, and however slowly queues are bound: no call is carried out whose answer nobody hears."""

import itertools
import socket
from collections.abc import Callable
from typing import Any

import eventlet
import pytest
from nameko.containers import ServiceContainer

from shared.base.errors import Unavailable
from shared.messaging.calling.queue_consumer import QueueConsumer
from shared.messaging.calling.rpc import rpc
from shared.messaging.calling.rpc_client import RpcClients
from shared.messaging.wire import memory
from shared.platform.health import checks_of
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve, config_for

DONE: list[int] = []

Slow = Callable[[float, float], None]


class Gate:
    """What the broker lets queues through by, in one of the two directions, as soon as a test opens it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, calls: bool) -> None:
        self._open = eventlet.Event()
        bind = QueueConsumer.get_consumers

        def late(consumer: Any, consumer_cls: Any, channel: Any) -> Any:
            if calls == (consumer.container.service_name == "intake"):
                self._open.wait()
            return bind(consumer, consumer_cls, channel)

        monkeypatch.setattr(QueueConsumer, "get_consumers", late)

    def open(self) -> None:
        """Let them through from here on."""
        self._open.send()

    def shut(self) -> None:
        """Keep them waiting again."""
        self._open = eventlet.Event()


class Intake:
    """Remembers what it did."""

    name = "intake"

    @rpc
    def file(self, number: int) -> int:
        """Do it."""
        DONE.append(number)
        return number


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    """Let the broker take its time before the queues of a service, or of its callers' answers, are bound."""

    def set_delays(of_calls: float, of_answers: float) -> None:
        bind = QueueConsumer.get_consumers

        def late(self: Any, consumer_cls: Any, channel: Any) -> Any:
            eventlet.sleep(of_calls if self.container.service_name == "intake" else of_answers)
            return bind(self, consumer_cls, channel)

        monkeypatch.setattr(QueueConsumer, "get_consumers", late)

    DONE.clear()
    return set_delays


def _ready(config: dict[str, Any]) -> bool:
    checks = checks_of(config).readiness().checks
    return checks.get("intake:calls") == "ok"


@pytest.mark.parametrize("service_first", [True, False])
@pytest.mark.parametrize("of_calls", [0, 0.2])
@pytest.mark.parametrize("of_answers", [0, 0.2])
def test_whatever_the_order_the_first_call_after_both_are_ready_is_answered(
    broker: str, serve: Serve, slow: Slow, service_first: bool, of_calls: float, of_answers: float
) -> None:
    """Until both say ready a call is answered or not carried out; from then on it is answered."""
    slow(of_calls, of_answers)
    config = config_for(broker)
    clients = RpcClients(config_for(broker), timeout_seconds=30)
    starts: list[Callable[[], Any]] = [lambda: serve(Intake, config), clients.start]
    starting = [eventlet.spawn(start) for start in (starts if service_first else reversed(starts))]
    answered = []
    number = itertools.count(1)
    while not (_ready(config) and clients.listening):
        try:
            answered.append(clients.intake.file(next(number)))
        except Unavailable:
            eventlet.sleep(0.01)
    answered.append(clients.intake.file(0))

    assert answered == DONE
    assert 0 == DONE[-1]
    for each in starting:
        each.wait()
    clients.stop()


def test_a_call_waits_until_its_answer_can_be_heard(broker: str, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that is made while the queue of answers is being bound is carried out once it is, and answered."""
    DONE.clear()
    serve(Intake, config_for(broker))
    answers = Gate(monkeypatch, calls=False)
    clients = RpcClients(config_for(broker), timeout_seconds=30)
    starting = eventlet.spawn(clients.start)
    calling = eventlet.spawn(clients.intake.file, 7)
    eventlet.sleep(0.1)
    early = list(DONE)
    answers.open()

    assert (7, [], [7]) == (calling.wait(), early, DONE)
    starting.wait()
    clients.stop()


def test_a_call_that_could_not_be_answered_is_not_carried_out(
    broker: str, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the queue of answers is not there within the call's time, it is refused, and nothing was done."""
    DONE.clear()
    serve(Intake, config_for(broker))
    answers = Gate(monkeypatch, calls=False)
    clients = RpcClients(config_for(broker), timeout_seconds=0.2)
    starting = eventlet.spawn(clients.start)
    with pytest.raises(Unavailable):
        clients.intake.file(7)
    answers.open()
    starting.wait()
    clients.stop()

    assert [] == DONE


def test_a_service_is_ready_when_calls_reach_it(broker: str, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before its queue of calls is bound, not after its connection is lost, and again when that is back."""
    calls = Gate(monkeypatch, calls=True)
    config = config_for(broker)
    starting = eventlet.spawn(serve, Intake, config)
    eventually(lambda: "intake:calls" in checks_of(config).readiness().checks)
    early = checks_of(config).readiness().checks["intake:calls"]
    calls.open()
    container = starting.wait()
    ready = _ready(config)
    calls.shut()
    _cut(container)
    eventually(lambda: not _ready(config))
    calls.open()
    eventually(lambda: _ready(config))

    assert ("not ok", True) == (early, ready)


def test_a_broker_that_hangs_while_queues_are_bound_is_left(
    broker: str, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service whose declarations are never answered tries again on another connection, and is ready then."""
    monkeypatch.setattr("shared.messaging.calling.queue_consumer.SETUP_SECONDS", 0.2)
    bind = QueueConsumer.get_consumers
    tries = itertools.count()

    def hanging(self: Any, consumer_cls: Any, channel: Any) -> Any:
        eventlet.sleep(60 if next(tries) == 0 else 0)
        return bind(self, consumer_cls, channel)

    monkeypatch.setattr(QueueConsumer, "get_consumers", hanging)
    config = config_for(broker)
    with eventlet.Timeout(30):
        serve(Intake, config)

    assert _ready(config)


def _cut(container: ServiceContainer) -> None:
    """Break the connection over which a service takes calls, as the end of the broker would."""
    [consumer] = [each for each in container.extensions if isinstance(each, QueueConsumer)]
    [one, *_] = consumer._consumers.values()
    connection: Any = one.channel.connection
    if hasattr(connection, "transport") and hasattr(connection.transport, "sock"):
        connection.transport.sock.shutdown(socket.SHUT_RDWR)
    else:
        memory.reset()
