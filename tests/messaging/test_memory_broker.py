import time
from contextlib import suppress
from uuid import uuid4

import eventlet
import pytest
from kombu.exceptions import ChannelError

from shared.messaging.wire import memory
from shared.messaging.wire.connections import connected
from shared.messaging.wire.envelope import to_message
from shared.messaging.wire.outgoing import ConfirmedPublisher, Outgoing
from tests.messaging.helping import declare, depth, drain, event, numbers, publish


@pytest.mark.parametrize("acknowledged", [0, 3, 5])
def test_what_is_not_acknowledged_goes_back_to_its_place(broker: str, acknowledged: int) -> None:
    """What was taken and not acknowledged is there again when the channel closes: in order, in this queue only."""
    declare(broker)
    publish(broker, *[event(number) for number in range(5)])
    with connected(broker) as connection:
        channel = connection.channel()
        taken = [channel.message_to_python(channel.basic_get(queue="aduan.sla", no_ack=False)) for _ in range(5)]
        if acknowledged:
            taken[acknowledged - 1].ack(multiple=True)
        channel.close()

    assert list(range(acknowledged, 5)) == numbers(drain(broker, "aduan.sla"))
    assert 5 == depth(broker, "aduan.routing")


def test_what_nobody_takes_can_be_refused(broker: str) -> None:
    """A mandatory message without a queue for it is an error."""
    with pytest.raises(ChannelError, match="NO_ROUTE"):
        publish(broker, Outgoing("", "nowhere", b"", mandatory=True))


def test_what_nobody_takes_is_dropped_otherwise(broker: str) -> None:
    """Publishing to a queue that is not there makes none."""
    publish(broker, Outgoing("", "nowhere", b""))
    with connected(broker) as connection, pytest.raises(ChannelError):
        connection.channel().queue_declare(queue="nowhere", passive=True)


def test_a_publisher_may_be_used_again(broker: str) -> None:
    """After a refusal and after closing it connects anew, and what follows arrives."""
    publisher = ConfirmedPublisher(broker)
    with pytest.raises(ChannelError):
        publisher.publish([Outgoing("", "nowhere", b"", mandatory=True)])
    publisher.publish([Outgoing("", "aduan.sla", b"1")])
    publisher.close()
    publisher.publish([Outgoing("", "aduan.sla", b"2")])
    publisher.close()

    assert 2 == depth(broker, "aduan.sla")


def test_a_batch_is_sent_at_once(broker_url: str) -> None:
    """A hundred messages are one write to the socket, and all arrive."""
    declare(broker_url)
    publisher = ConfirmedPublisher(broker_url)
    publisher.publish([])
    transport = publisher._connection.connection.transport
    write, writes = transport._write, []

    def counted(data: bytes) -> None:
        writes.append(len(data))
        write(data)

    transport._write = counted
    publisher.publish([to_message(event(number)) for number in range(100)])
    publisher.close()

    assert 100 == depth(broker_url, "aduan.sla")
    assert writes[0] > 100 * len(event(1).state)
    assert len(writes) < 10


def test_virtual_hosts_are_brokers_of_their_own(memory_url: str) -> None:
    """What is published on one is not seen on another."""
    other = f"memory:///{uuid4().hex}"
    declare(memory_url)
    declare(other)
    publish(memory_url, event(1))

    assert (1, 0) == (depth(memory_url, "aduan.sla"), depth(other, "aduan.sla"))


def test_reset_forgets_everything(memory_url: str) -> None:
    """After a reset there is no queue and no message."""
    publish(memory_url, event(1))
    memory.reset()
    declare(memory_url)

    assert 0 == depth(memory_url, "aduan.sla")


def test_a_message_wakes_its_reader(memory_url: str) -> None:
    """A reader that waits gets a message when it comes, not at the next look."""
    declare(memory_url)
    seen: list[float] = []
    with connected(memory_url) as connection, connection.channel() as channel:
        channel.basic_consume(
            "aduan.sla", no_ack=True, callback=lambda _: seen.append(time.monotonic()), consumer_tag="t"
        )
        reader = eventlet.spawn(connection.drain_events, timeout=30)
        eventlet.sleep(0.05)
        published = time.monotonic()
        publish(memory_url, event(1))
        reader.wait()

    assert seen[0] - published < 10


def test_nothing_is_delivered_beyond_what_may_be_open(broker: str) -> None:
    """A reader gets no more messages than it may hold, and the next as soon as it lets go of one."""
    declare(broker)
    publish(broker, *[event(number) for number in range(10)])
    held = []
    with connected(broker) as connection, connection.channel() as channel:
        channel.basic_qos(0, 4, False)
        channel.basic_consume(
            queue="aduan.sla",
            no_ack=False,
            callback=lambda raw: held.append(channel.message_to_python(raw)),
            consumer_tag="t",
        )
        while len(held) < 4:
            connection.drain_events(timeout=60)
        with suppress(TimeoutError):
            connection.drain_events(timeout=0.2)
        assert 4 == len(held)
        held[0].ack()
        connection.drain_events(timeout=60)

        assert 5 == len(held)
