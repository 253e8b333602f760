import threading
import time

import eventlet

from shared.messaging.consuming.inbox import Inbox
from tests.fixtures.waiting import patience


def test_what_is_there_comes_at_once() -> None:
    """A full batch waits for nothing."""
    inbox: Inbox[int] = Inbox(3, linger_seconds=60)
    for number in range(7):
        inbox.put(number)

    assert [[0, 1, 2], [3, 4, 5]] == [inbox.take(), inbox.take()]


def test_a_lone_message_is_not_held_up() -> None:
    """A batch lingers only while more messages keep coming."""
    inbox: Inbox[int] = Inbox(100, linger_seconds=30, quiet_seconds=0.01)
    inbox.put(1)
    began = time.monotonic()

    assert [1] == inbox.take()
    assert time.monotonic() - began < patience(5)


def test_messages_that_come_together_stay_together() -> None:
    """While messages come in quick succession the batch waits for them."""
    inbox: Inbox[int] = Inbox(100, linger_seconds=60, quiet_seconds=30)

    def put() -> None:
        for number in range(100):
            inbox.put(number)
            eventlet.sleep(0)

    eventlet.spawn(put)

    assert list(range(100)) == inbox.take()


def test_lingering_has_an_end() -> None:
    """However many keep coming, a batch is given out when its time is over."""
    inbox: Inbox[int] = Inbox(10**9, linger_seconds=0.05, quiet_seconds=0.04)
    stop = threading.Event()

    def put() -> None:
        while not stop.wait(0.005):
            inbox.put(1)

    thread = eventlet.spawn(put)
    try:
        with eventlet.Timeout(30):
            assert inbox.take()
    finally:
        stop.set()
        thread.wait()


def test_waiting_has_an_end() -> None:
    """Who waits for a limited time gets nothing when nothing came."""
    assert [] == Inbox[int](10, 0.01).take(0.01)


def test_closing_wakes_and_gives_nothing() -> None:
    """A closed inbox gives out nothing, also to whom was waiting already, and keeps what it has."""
    inbox: Inbox[int] = Inbox(10, 0.01)
    waiting = eventlet.spawn(inbox.take)
    eventlet.sleep(0)
    inbox.put(1)
    inbox.close()

    assert [] == waiting.wait()
    assert inbox.closed
