"""While processes are restarted one by one, those of the version before call those of this one, and the reverse."""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import eventlet
import pytest
from kombu import Consumer, Exchange, Queue

from shared.messaging.calling.call_queue import former
from shared.messaging.calling.rpc import rpc
from shared.messaging.calling.rpc_client import RpcClients
from shared.messaging.wire.connections import connected
from shared.messaging.wire.seal import Call, Seal
from tests.fixtures.rabbitmq import ROOT, RabbitMQ
from tests.fixtures.waiting import eventually
from tests.messaging.helping import KEY, Serve, config_for, depth, publish

pytestmark = pytest.mark.rabbitmq

EXCHANGE = "nameko-rpc"


class Routing:
    """Answers."""

    name = "routing"
    asked: list[int]

    @rpc
    def double(self, number: int) -> int:
        """The number, times two."""
        self.asked.append(number)
        return number * 2


def _queue(name: str, key: str) -> Any:
    return Queue(name, exchange=Exchange(EXCHANGE, type="topic", durable=True), routing_key=key, durable=True)


def test_a_caller_of_the_version_before_is_answered(broker_url: str, serve: Serve) -> None:
    """What lies in the former queue, and what still comes into it, is carried out once and answered."""
    Routing.asked = []
    seal = Seal(KEY)

    def call(number: int) -> None:
        deadline = seal.now() + timedelta(seconds=30)
        made = Call("routing.double", "portal", str(uuid4()), "old-replies", deadline, [number], {})
        publish(broker_url, former(seal.call(EXCHANGE, made)))

    with connected(broker_url) as connection, connection.channel() as channel:
        _queue("rpc-routing", "routing.*")(channel).declare()
        _queue("old-replies", "old-replies")(channel).declare()
    call(1)
    serve(Routing, config_for(broker_url))
    call(2)
    with RpcClients(config_for(broker_url), timeout_seconds=5) as clients:
        assert 6 == clients.routing.double(3)
    eventually(lambda: depth(broker_url, "old-replies") == 2, what="both answers")

    assert [1, 2, 3] == sorted(Routing.asked)
    assert 0 == depth(broker_url, "rpc-routing")


def test_a_service_of_the_version_before_is_called(broker_url: str, serve: Serve) -> None:
    """Its queue takes the call as long as nobody of this version serves; then every call goes one way only."""
    Routing.asked = []
    seal, taken, stop = Seal(KEY), [], eventlet.Event()

    def serve_as_before() -> None:
        with connected(broker_url) as connection, connection.channel() as channel:
            queue = _queue("rpc-routing", "routing.*")(channel)
            queue.declare()

            def take(message: Any) -> None:
                call = seal.open_call(message)
                taken.append(call.args[0])
                publish(broker_url, seal.answer(EXCHANGE, call, {"result": call.args[0] * 2, "error": None}))
                message.ack()

            with Consumer(channel, queues=[queue], on_message=take, accept=None, auto_declare=False):
                while not stop.ready():
                    try:
                        connection.drain_events(timeout=0.2)
                    except TimeoutError:
                        continue

    serving = eventlet.spawn(serve_as_before)
    try:
        with RpcClients(config_for(broker_url), timeout_seconds=10) as clients:
            eventually(lambda: _there(broker_url), what="the former queue")
            assert 2 == clients.routing.double(1)
            serve(Routing, config_for(broker_url))
            assert 4 == clients.routing.double(2)
    finally:
        stop.send()
        serving.wait()

    assert ([1], [2]) == (taken, Routing.asked)


def test_of_two_kinds_of_queue_one_gets_each_call(broker_url: str, serve: Serve) -> None:
    """What a broker takes was changed, and the other kind still lies there, perhaps read by others: none is for both.

    What came into it before is not lost either.
    """
    Routing.asked = []
    seal = Seal(KEY)
    lasting = Queue(
        "rpc.routing.lasting",
        exchange=Exchange(EXCHANGE, type="topic", durable=True),
        routing_key="call.routing.*",
        durable=True,
        queue_arguments={"x-queue-type": "quorum"},
    )
    with connected(broker_url) as connection, connection.channel() as channel:
        lasting(channel).declare()
        _queue("old-replies", "old-replies")(channel).declare()
    deadline = seal.now() + timedelta(seconds=30)
    made = Call("routing.double", "portal", str(uuid4()), "old-replies", deadline, [1], {})
    publish(broker_url, seal.call(EXCHANGE, made))
    serve(Routing, config_for(broker_url))
    eventually(lambda: Routing.asked == [1], what="what lay in the other queue is done")
    taken: list[Any] = []
    with connected(broker_url) as connection, connection.channel() as channel:
        other = Queue("rpc.routing.lasting", durable=True, no_declare=True)
        with (
            Consumer(channel, [other], on_message=taken.append, no_ack=True),
            RpcClients(config_for(broker_url), timeout_seconds=5) as clients,
        ):
            assert [4, 6, 8] == [clients.routing.double(number) for number in (2, 3, 4)]
            with suppress(TimeoutError):
                connection.drain_events(timeout=0.2)

    assert ([1, 2, 3, 4], []) == (Routing.asked, taken)


def _there(url: str) -> bool:
    try:
        depth(url, "rpc-routing")
    except Exception as error:
        if "NOT_FOUND" in str(error):
            return False
        raise
    return True


def test_no_former_queue_is_made(broker_url: str, serve: Serve) -> None:
    """A new installation has none."""
    Routing.asked = []
    serve(Routing, config_for(broker_url))

    assert not _there(broker_url)


@pytest.mark.slow
@pytest.mark.skipif(not ROOT, reason="only RabbitMQ 4 can be told so: name one in ADUAN_TEST_RABBITMQ_ROOT")
def test_a_broker_that_refuses_transient_queues_is_given_a_quorum_queue(serve: Serve) -> None:
    """RabbitMQ 4 calls them deprecated, and a later release will refuse them by itself."""
    Routing.asked = []
    with RabbitMQ(settings=["deprecated_features.permit.transient_nonexcl_queues = false"]) as broker:
        serve(Routing, config_for(broker.url))
        with RpcClients(config_for(broker.url), timeout_seconds=10) as clients:
            assert 6 == clients.routing.double(3)
        assert 0 == depth(broker.url, "rpc.routing.lasting")
