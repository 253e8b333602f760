from typing import Any

from kombu import Exchange
from nameko.events import event_handler
from nameko.standalone.events import event_dispatcher

from shared.messaging.wire.connections import connected
from shared.messaging.wire.topology import declare_all, unbind
from tests.fixtures.broker import OutsideBroker
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve, declare, depth, event, publish


class Elsewhere:
    """A service that knows nothing of us but the name of our events."""

    name = "elsewhere"
    received: list[Any]

    @event_handler("aduan", "Answered")
    def on_answered(self, data: dict[str, Any]) -> None:
        """Keep it."""
        self.received.append(data)


_MORE_THAN_RABBITMQ_4_ALLOWS = 25


def plain_nameko(url: str) -> dict[str, Any]:
    """Configuration of a nameko service that is not ours."""
    return {"AMQP_URI": url, "TRANSPORT_OPTIONS": {"polling_interval": 0.005}}


def test_a_foreign_service_takes_our_events(broker: str, serve: Serve) -> None:
    """A nameko service written elsewhere gets an event's data by plain ``@event_handler("aduan", "Answered")``."""
    Elsewhere.received = []
    declare(broker)
    serve(Elsewhere, plain_nameko(broker))
    publish(broker, event(1, type_="ComplaintFiled"), event(2, type_="Answered"))
    eventually(lambda: Elsewhere.received)

    assert [event(2).data] == Elsewhere.received


def test_a_foreign_service_may_come_first(broker: str, serve: Serve) -> None:
    """Nameko's declaration of the exchange and ours are the same, whoever makes it."""
    Elsewhere.received = []
    serve(Elsewhere, plain_nameko(broker))
    declare(broker)
    event_dispatcher(plain_nameko(broker))("aduan", "Answered", {"from": "nameko"})
    publish(broker, event(2))
    eventually(lambda: len(Elsewhere.received) == 2)

    assert [{"from": "nameko"}, event(2).data] == Elsewhere.received


def test_whoever_binds_a_queue_has_a_copy_of_its_own(broker: str) -> None:
    """An event lies in every queue that is bound to the exchange as soon as it is published, read or not."""
    declare(broker, "archive", "dashboard")
    publish(broker, event(1))

    assert [1, 1] == [depth(broker, f"aduan.{service}") for service in ("archive", "dashboard")]


def test_a_queue_of_an_earlier_version_takes_no_more_events(broker_url: str) -> None:
    """What was bound before the services followed the log in the store is let go, and keeps what it holds."""
    declare(broker_url)
    publish(broker_url, event(1))
    with connected(broker_url) as connection, connection.channel() as channel:
        for _ in range(2):
            unbind(channel, "sla")
    publish(broker_url, event(2))

    assert (1, 2) == (depth(broker_url, "aduan.sla"), depth(broker_url, "aduan.routing"))


def test_submissions_and_intakes_copy_of_the_log_are_two_things(broker: str) -> None:
    """What goes to the exchange ``aduan.intake`` does not come into the queue of that name."""
    with connected(broker) as connection:
        declare_all(connection)
        producer = connection.Producer(exchange=Exchange("aduan.intake", type="topic", delivery_mode="persistent"))
        producer.publish({"message": "x"}, routing_key="submission.sms")

    assert 1 == depth(broker, "aduan.intake.submissions")
    assert 0 == depth(broker, "aduan.intake")


def test_declaring_again_changes_nothing(broker: str) -> None:
    """Every process declares everything at every start."""
    publish(broker, event(1))
    declare(broker)

    assert 1 == depth(broker, "aduan.sla")


def test_what_comes_back_again_and_again_is_not_given_up(broker: str) -> None:
    """Whoever dies of a message, or is stopped with it in hand, does so as often as it likes: the message stays."""
    declare(broker, "archive")
    publish(broker, event(1))
    for _ in range(_MORE_THAN_RABBITMQ_4_ALLOWS):
        with connected(broker) as connection, connection.channel() as channel:
            taken = channel.basic_get(queue="aduan.archive")
            assert taken is not None
            channel.basic_reject(taken.delivery_tag, requeue=True)

    assert 1 == depth(broker, "aduan.archive")


def test_queues_survive_a_node(broker_url: str, rabbitmq: RabbitMQ | OutsideBroker) -> None:
    """On RabbitMQ every queue is a quorum queue."""
    declare(broker_url)
    if isinstance(rabbitmq, OutsideBroker):
        return
    vhost = broker_url.rsplit("/", 1)[1]
    kinds = rabbitmq.evaluate(f'lists:usort([amqqueue:get_type(Q) || Q <- rabbit_amqqueue:list(<<"{vhost}">>)])')

    assert "[rabbit_quorum_queue]" == kinds
