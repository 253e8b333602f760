"""A broker of three nodes, of which any may go."""

from collections.abc import Iterator
from typing import Any

import eventlet
import pytest

from shared.messaging.consuming.outcomes import Accepted, Outcome
from shared.messaging.consuming.submissions import consume_submissions
from shared.messaging.wire.connections import SEPARATOR
from shared.messaging.wire.delivery import Delivery
from shared.messaging.wire.outgoing import ConfirmedPublisher, Outgoing
from shared.platform.database.pool import Database
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve, config_for, declare

pytestmark = [pytest.mark.rabbitmq, pytest.mark.chaos]

SUBMISSIONS = 1000


@pytest.fixture
def cluster() -> Iterator[list[RabbitMQ]]:
    """Three nodes, up."""
    first = RabbitMQ()
    with first, RabbitMQ(beside=[first]) as second, RabbitMQ(beside=[first, second]) as third:
        yield [first, second, third]


class Intake:
    """Takes submissions."""

    name = "intake"
    taken: list[bytes]

    @consume_submissions("intake")
    def take(self, deliveries: list[Delivery]) -> list[Outcome]:
        """Keep them."""
        self.taken.extend(delivery.body for delivery in deliveries)
        return [Accepted() for _ in deliveries]


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
        except OSError:
            eventlet.sleep(0.2)
        else:
            return


@pytest.mark.parametrize("killed", [0, 1, 2])
def test_any_node_may_be_killed(cluster: list[RabbitMQ], database: Database, serve: Serve, killed: int) -> None:
    """A thousand submissions are under way: all arrive, and nobody has to be told where to connect."""
    url = SEPARATOR.join(node.url for node in cluster)
    declare(url)
    Intake.taken = []
    serve(Intake, config_for(url, database))
    publisher = ConfirmedPublisher(url)

    def hand_in() -> None:
        for number in range(SUBMISSIONS):
            _hand_in(publisher, number)

    handing_in: Any = eventlet.spawn(hand_in)
    eventually(lambda: len(Intake.taken) > SUBMISSIONS // 10, within=60, what="the first submissions")
    cluster[killed].kill()
    handing_in.wait()
    eventually(lambda: len(set(Intake.taken)) == SUBMISSIONS, within=120, what="all submissions")

    assert {str(number).encode() for number in range(SUBMISSIONS)} == set(Intake.taken)
