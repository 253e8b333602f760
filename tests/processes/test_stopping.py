"""A service that is told to stop leaves, whatever else is away or hangs."""

import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.fixtures.waiting import eventually, free_ports
from tests.processes.cluster import Member
from tests.processes.conftest import Running

LEAVE_SECONDS = 15.0
"""Ten to finish in good order, and what a busy machine takes besides."""
KINDS = ("intake", "notify", "portal")
"""One that takes submissions, one with timers, one with a web server: all parts that a service can have."""

pytestmark = [pytest.mark.process, pytest.mark.rabbitmq]


def _leave(members: list[Member], how: signal.Signals = signal.SIGTERM) -> dict[str, int]:
    for member in members:
        member.tell(how)
    return {member.name: member.left(LEAVE_SECONDS) for member in members}


def _one_of_each(running: Running) -> list[Member]:
    return [running.cluster.of(name)[0] for name in KINDS]


def test_told_to_stop_while_the_broker_is_away(running: Running) -> None:
    """Nobody waits for a broker that may never come back: all leave in good order."""
    members = _one_of_each(running)
    before = [len(member.said()) for member in members]
    running.broker.kill()
    for member, said in zip(members, before, strict=True):
        eventually(partial(_says, member, "broker", said), what=f"{member.name} has noticed")

    assert dict.fromkeys(KINDS, 0) == _leave(members)


def test_told_to_stop_while_the_broker_hangs(running: Running) -> None:
    """Connections are open and nothing answers."""
    running.broker.freeze()
    try:
        left = _leave(_one_of_each(running))
    finally:
        running.broker.thaw()

    assert dict.fromkeys(KINDS, 0) == left


def test_told_to_stop_while_the_database_is_away(running: Running) -> None:
    """Nor does anybody wait for a database."""
    running.database.stop()

    assert dict.fromkeys(KINDS, 0) == _leave(_one_of_each(running))


def test_told_to_stop_before_there_was_a_broker(running: Running, tmp_path: Path) -> None:
    """A service that still waits for its first connection leaves as well; an interrupt from the keyboard does too."""
    [port] = free_ports(1)
    members = _without(running, tmp_path, ADUAN_BROKER_URL=f"amqp://aduan:secret@127.0.0.1:{port}//")
    with _started(members, "broker"):
        assert dict.fromkeys(KINDS, 0) == _leave(members, signal.SIGINT)


def test_told_to_stop_while_the_first_connection_hangs(running: Running, tmp_path: Path) -> None:
    """Somebody listens at the broker's address and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=100)) as silent:
        address = f"amqp://aduan:secret@127.0.0.1:{silent.getsockname()[1]}//"
        members = _without(running, tmp_path, ADUAN_BROKER_URL=address)
        with _started(members, "starting services"):
            assert dict.fromkeys(KINDS, 0) == _leave(members)


def test_told_to_stop_before_there_was_a_database(running: Running, tmp_path: Path) -> None:
    """A service may be started before its database; it leaves when told."""
    [port] = free_ports(1)
    members = _without(running, tmp_path, ADUAN_DATABASE_URL=f"postgresql://aduan@127.0.0.1:{port}/aduan")
    with _started(members, "waiting for the database"):
        assert dict.fromkeys(KINDS, 0) == _leave(members)


def _says(member: Member, sign: str, after: int = 0) -> bool:
    return sign in member.said()[after:]


def _without(running: Running, place: Path, **environment: str) -> list[Member]:
    """Further members, each with an environment that lacks something."""
    return [
        replace(
            member,
            port=port,
            process=None,
            log=place / f"{member.name}.log",
            environment={
                **member.environment,
                "ADUAN_PORTAL_PORT" if member.name == "portal" else "ADUAN_HEALTH_PORT": str(port),
                **environment,
            },
        )
        for member, port in zip(_one_of_each(running), free_ports(len(KINDS)), strict=True)
    ]


@contextmanager
def _started(members: list[Member], sign: str) -> Iterator[None]:
    """Started, and gone so far that they have said something in their log."""
    for member in members:
        member.start()
    try:
        for member in members:
            eventually(partial(_says, member, sign), within=60, what=f"{member.name} says {sign!r}")
        yield
    finally:
        for member in members:
            member.tell(signal.SIGKILL)
            member.left()
