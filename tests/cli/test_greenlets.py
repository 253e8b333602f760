"""Greenlets that fail do so alone, and are heard of."""

import socket

import eventlet
import pytest
from eventlet import hubs

from cli import greenlets
from cli.greenlets import log_failures
from tests.fixtures.logged import logged_by


@pytest.fixture(autouse=True)
def own_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set on the hub is taken back."""
    for name in ("close_one", "squelch_timer_exception", "squelch_generic_exception", "squelch_exception"):
        monkeypatch.setattr(hubs.get_hub(), name, getattr(hubs.get_hub(), name))


def test_who_waits_on_a_socket_that_another_closed_fails_alone(caplog: pytest.LogCaptureFixture) -> None:
    """Its number is given to a new socket; whoever still waits for the old one is told, and may die of it, but not the
    process.
    """
    log_failures()
    ours, theirs = socket.socketpair()
    reading = eventlet.spawn(ours.recv, 1)
    eventlet.sleep(0)
    number = ours.fileno()
    ours.close()
    with socket.socket() as again, theirs:
        same = again.fileno() == number
        eventlet.sleep(0)
        eventlet.sleep(0)

    assert same
    assert reading.dead
    assert ["a greenlet failed"] == [each.message for each in logged_by(caplog, greenlets)]
