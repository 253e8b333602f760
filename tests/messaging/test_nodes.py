"""Where a broker has several nodes, one of them is enough."""

import pytest

from shared.messaging.calling.rpc import rpc
from shared.messaging.calling.rpc_client import RpcClients
from shared.messaging.consuming.outcomes import Accepted, Outcome
from shared.messaging.consuming.submissions import consume_submissions
from shared.messaging.wire.connections import SEPARATOR
from shared.messaging.wire.delivery import Delivery
from shared.messaging.wire.outgoing import ConfirmedPublisher, Outgoing
from shared.platform.database.pool import Database
from tests.fixtures.waiting import eventually, free_ports
from tests.messaging.helping import Serve, config_for, declare


class Intake:
    """Takes submissions, and calls."""

    name = "intake"
    taken: list[bytes]

    @consume_submissions("intake")
    def take(self, deliveries: list[Delivery]) -> list[Outcome]:
        """Keep them."""
        self.taken.extend(delivery.body for delivery in deliveries)
        return [Accepted() for _ in deliveries]

    @rpc
    def count(self) -> int:
        """How many."""
        return len(self.taken)


@pytest.mark.rabbitmq
def test_a_node_that_is_away_is_passed_over(broker_url: str, database: Database, serve: Serve) -> None:
    """Whoever publishes, takes, calls and answers goes to the next node by itself."""
    [port] = free_ports(1)
    url = SEPARATOR.join([f"amqp://aduan:x@127.0.0.1:{port}//", broker_url])
    declare(url)
    Intake.taken = []
    serve(Intake, config_for(url, database))
    ConfirmedPublisher(url).publish([Outgoing(exchange="aduan.intake", routing_key="submission.web", body=b"1")])
    eventually(lambda: Intake.taken)
    with RpcClients(config_for(url)) as clients:
        assert 1 == clients.intake.count()
