"""Every wait has an end: half a minute after a part is well again, everything is equal, ready and complete.

A short form runs with the other tests; `make chaos` runs all of it.
"""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.fixtures.postgres import execute
from tests.fixtures.waiting import eventually
from tests.processes.conftest import Running
from tests.processes.traffic import dead_letters, differing, end_leases, filed, head, submit, unsent

WELL_SECONDS = 30.0
"""Longer nobody waits before telephoning."""

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.rabbitmq]

Fault = Callable[[Running, float], None]


@contextmanager
def _arriving(running: Running) -> Iterator[Callable[[], int]]:
    """Complaints come in during the block, little by little; gives how many there were at its end."""
    cluster, stop, sent = running.cluster, threading.Event(), [filed(running.cluster)]

    def send() -> None:
        while not stop.is_set():
            submit(cluster.broker_url, uuid.uuid4().hex, 10)
            sent[0] += 10
            stop.wait(0.5)

    adapter = threading.Thread(target=send)
    adapter.start()
    try:
        yield lambda: sent[0]
    finally:
        stop.set()
        adapter.join()


def _held(running: Running, fault: Fault, seconds: float) -> None:
    """Complaints come before, during and after a fault; soon after its end nothing is outstanding."""
    cluster, so_far = running.cluster, head(running.cluster)
    assert running.to_database.connections > len(cluster.members), "the processes are not behind the proxy"
    assert running.to_broker.connections > len(cluster.members), "the processes are not behind the proxy"
    with _arriving(running) as sent:
        eventually(lambda: filed(cluster) > 0, within=60, what="the first complaints filed")
        fault(running, seconds)
        well = time.monotonic()
        time.sleep(1)
    expected = sent()

    def equal() -> bool:
        return (
            filed(cluster) >= expected
            and all(member.ready() for member in cluster.members)
            and not differing(cluster, so_far)
        )

    try:
        eventually(equal, within=WELL_SECONDS, every=0.5, what="everything equal")
    except AssertionError:
        unready = {f"{member.name}:{member.port}": _said(member.page("readyz")) for member in cluster.members}
        raise AssertionError(
            f"{filed(cluster)} of {expected} filed, {differing(cluster, so_far)} differ, {unready}"
        ) from None
    print(f"{_name(fault)} for {seconds} s: all equal after {time.monotonic() - well:.1f} s")  # noqa: T201
    end_leases(cluster)
    eventually(lambda: unsent(cluster) == 0, within=60, every=0.2, what="all letters sent")
    assert expected == filed(cluster)
    assert [] == dead_letters(cluster)


def _said(page: object) -> str:
    return str(getattr(page, "text", "no answer"))


def read_only(running: Running, seconds: float) -> None:
    """The database takes no writes: an operator's hand, or a standby after a failover."""
    url = running.cluster.database_url
    execute(url, "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    time.sleep(seconds)
    execute(url, "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()")


def read_only_sessions(running: Running, seconds: float) -> None:
    """As above, and sessions that begin in that time stay so."""
    url = running.cluster.database_url
    execute(url, "ALTER DATABASE postgres SET default_transaction_read_only = on")
    _end_sessions(url)
    time.sleep(seconds)
    writing = f"{url}&options=-c%20default_transaction_read_only%3Doff"
    execute(writing, "ALTER DATABASE postgres RESET default_transaction_read_only")


def stopped_fast(running: Running, seconds: float) -> None:
    """PostgreSQL is stopped in the midst of its work: sessions are ended with a word."""
    running.database.stop()
    time.sleep(seconds)
    running.database.start()


def sessions_ended(running: Running, seconds: float) -> None:
    """All sessions are ended again and again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        _end_sessions(running.cluster.database_url)
        time.sleep(0.5)


def _end_sessions(url: str) -> None:
    execute(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datid > 0")


def _by_proxy(part: str, fault: str, *arguments: float) -> Fault:
    def run(running: Running, seconds: float) -> None:
        proxy = getattr(running, part)
        getattr(proxy, fault)(*arguments)
        time.sleep(seconds)
        proxy.heal()

    run.__name__ = f"{part} {fault}"
    return run


def _cut_in_the_middle(part: str) -> Fault:
    """Connections end in the middle of a frame or an answer, each after a few more bytes."""

    def run(running: Running, seconds: float) -> None:
        proxy = getattr(running, part)
        end, count = time.monotonic() + seconds, 1
        while time.monotonic() < end:
            proxy.cut_after(count)
            time.sleep(0.3)
            count = count * 3 % 5000 + 1
        proxy.heal()

    run.__name__ = f"{part} cut in the middle"
    return run


SHORT: list[tuple[Fault, float]] = [
    (read_only, 3),
    (_by_proxy("to_database", "swallow"), 3),
    (_cut_in_the_middle("to_broker"), 3),
]
LONG: list[tuple[Fault, float]] = [
    (read_only, 15),
    (_by_proxy("to_database", "swallow"), 8),
    (_cut_in_the_middle("to_broker"), 5),
    (read_only_sessions, 15),
    (stopped_fast, 10),
    (stopped_fast, 0),
    (sessions_ended, 20),
    (_by_proxy("to_database", "swallow"), 1),
    (_by_proxy("to_database", "swallow"), 45),
    (_by_proxy("to_database", "stall"), 3),
    (_by_proxy("to_database", "stall"), 45),
    (_by_proxy("to_database", "delay", 0.2), 20),
    (_by_proxy("to_database", "trickle", 2000), 20),
    (_cut_in_the_middle("to_database"), 20),
    (_by_proxy("to_broker", "swallow"), 1),
    (_by_proxy("to_broker", "swallow"), 45),
    (_by_proxy("to_broker", "stall"), 3),
    (_by_proxy("to_broker", "stall"), 45),
    (_by_proxy("to_broker", "delay", 0.2), 20),
    (_by_proxy("to_broker", "trickle", 2000), 20),
    (_by_proxy("to_broker", "cut"), 5),
    (_cut_in_the_middle("to_broker"), 20),
]


def _name(value: object) -> str | None:
    name = getattr(value, "__name__", None)
    return None if name is None else str(name).replace("_", " ")


@pytest.mark.parametrize(("fault", "seconds"), SHORT, ids=_name)
def test_everything_is_well_soon_after_a_fault(running: Running, fault: Fault, seconds: float) -> None:
    """No accepted submission is lost, none is put aside, every table is equal to the log, and all say ready."""
    _held(running, fault, seconds)


@pytest.mark.chaos
@pytest.mark.parametrize(("fault", "seconds"), LONG, ids=_name)
def test_everything_is_well_soon_after_many_faults(running: Running, fault: Fault, seconds: float) -> None:
    """As above, for every fault that we know how to make."""
    _held(running, fault, seconds)
