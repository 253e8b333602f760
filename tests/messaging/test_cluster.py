"""A broker of three nodes, of which any may go: killed, or cut off from the others."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import eventlet
import pytest

from shared.base.errors import Unavailable
from shared.messaging.calling.rpc import rpc
from shared.messaging.calling.rpc_client import RpcClients
from shared.messaging.consuming.outcomes import Accepted, Outcome
from shared.messaging.consuming.submissions import consume_submissions
from shared.messaging.wire.connections import BROKER_ERRORS, SEPARATOR
from shared.messaging.wire.delivery import Delivery
from shared.messaging.wire.outgoing import ConfirmedPublisher, Outgoing
from shared.platform.database.pool import Database
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve, config_for, declare

pytestmark = [pytest.mark.rabbitmq, pytest.mark.slow]

SUBMISSIONS = 1000
WELL_SECONDS = 60.0

Nodes = list[RabbitMQ]


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    """Three nodes."""
    first = RabbitMQ()
    with first, RabbitMQ(beside=[first]) as second, RabbitMQ(beside=[first, second]) as third:
        yield [first, second, third]


@pytest.fixture
def cluster(nodes: Nodes) -> Iterator[Nodes]:
    """The same, up and together, and afterwards up again."""
    yield nodes
    for node in nodes:
        node.start()


class Intake:
    """Takes submissions and calls."""

    name = "intake"
    taken: list[bytes]

    @consume_submissions("intake")
    def take(self, deliveries: list[Delivery]) -> list[Outcome]:
        """Keep them."""
        self.taken.extend(delivery.body for delivery in deliveries)
        return [Accepted() for _ in deliveries]

    @rpc
    def double(self, number: int) -> int:
        """The number, times two."""
        return number * 2


@dataclass
class Traffic:
    """What came of the calls that were made, and how long it took until one was answered again.

    :param answered: calls.
    :param refused: calls that were told to come again.
    """

    answered: int = 0
    refused: int = 0
    wrong: list[object] = field(default_factory=list)


def _urls(nodes: Nodes, first: int) -> str:
    """All nodes, as a process is told them that goes to a certain one first."""
    return SEPARATOR.join(node.url for node in nodes[first:] + nodes[:first])


def _hand_in(publisher: ConfirmedPublisher, number: int) -> None:
    """As an adapter does: until the broker has confirmed it."""
    message = Outgoing(
        exchange="aduan.intake",
        routing_key="submission.web",
        body=str(number).encode(),
        properties={"delivery_mode": 2},
    )
    while True:
        try:
            publisher.publish([message])
        except BROKER_ERRORS:
            eventlet.sleep(0.2)
        else:
            return


def _declared(url: str) -> bool:
    """Whether everything could be declared: nodes that have just met again may refuse it for a while."""
    try:
        declare(url)
    except BROKER_ERRORS:
        return False
    return True


@contextmanager
def _calling(clients: RpcClients) -> Iterator[Traffic]:
    """Somebody calls all the time."""
    told, stop = Traffic(), eventlet.Event()

    def call() -> None:
        number = 0
        while not stop.ready():
            number += 1
            try:
                if (said := clients.intake.double(number)) != 2 * number:
                    told.wrong.append(said)
                told.answered += 1
            except Unavailable:
                told.refused += 1
            eventlet.sleep(0.02)

    calling = eventlet.spawn(call)
    try:
        yield told
    finally:
        stop.send()
        calling.wait()


def kill(nodes: Nodes, which: int) -> Callable[[], None]:
    """Kill a node."""
    nodes[which].kill()
    return nodes[which].start


def part(nodes: Nodes, which: int) -> Callable[[], None]:
    """Cut a node off from the others."""
    others = [node for node in nodes if node is not nodes[which]]
    nodes[which].part_from(others)
    return lambda: nodes[which].meet(others)


Fault = Callable[[Nodes, int], Callable[[], None]]


def _held(cluster: Nodes, database: Database, serve: Serve, fault: Fault, which: int) -> None:
    """Two instances serve, one more process calls, an adapter hands in; each has gone to another node."""
    eventually(lambda: _declared(_urls(cluster, 0)), within=WELL_SECONDS, every=0.5, what="the queues")
    Intake.taken = []
    serve(Intake, config_for(_urls(cluster, 0), database))
    serve(Intake, config_for(_urls(cluster, 1), database))
    publisher = ConfirmedPublisher(_urls(cluster, which))

    def hand_in() -> None:
        for number in range(SUBMISSIONS):
            _hand_in(publisher, number)

    with RpcClients(config_for(_urls(cluster, 2)), timeout_seconds=5) as clients, _calling(clients) as calls:
        handing_in: Any = eventlet.spawn(hand_in)
        eventually(lambda: len(Intake.taken) > SUBMISSIONS // 10, within=WELL_SECONDS, what="the first submissions")
        eventually(lambda: calls.answered > 0, within=WELL_SECONDS, what="the first call")
        mend = fault(cluster, which)
        handing_in.wait()
        eventually(lambda: len(set(Intake.taken)) == SUBMISSIONS, within=WELL_SECONDS, what="all submissions")
        before = calls.answered
        eventually(lambda: calls.answered > before, within=WELL_SECONDS, what="a call while the node is away")
        mend()
        before = calls.answered
        eventually(lambda: calls.answered > before + 10, within=WELL_SECONDS, what="calls after the node is back")

    assert {str(number).encode() for number in range(SUBMISSIONS)} == set(Intake.taken)
    assert [] == calls.wrong


@pytest.mark.parametrize(("fault", "which"), [(kill, 0), (part, 1)])
def test_a_node_may_go(cluster: Nodes, database: Database, serve: Serve, fault: Fault, which: int) -> None:
    """A thousand submissions are under way: all arrive; calls are answered while the node is away, and afterwards."""
    _held(cluster, database, serve, fault, which)


@pytest.mark.chaos
@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("fault", [kill, part])
def test_any_node_may_go(cluster: Nodes, database: Database, serve: Serve, fault: Fault, which: int) -> None:
    """As above, whichever it is and whoever is connected to it."""
    _held(cluster, database, serve, fault, which)
