"""Calls within a process: as over the broker, without it."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import eventlet
import pytest

from shared.base.deadline import check_deadline
from shared.base.errors import Unavailable
from shared.messaging.calling.direct import HOSTED, Hosted, calls_at_once
from shared.messaging.calling.method import NoAnswer
from shared.messaging.calling.rpc import rpc
from shared.messaging.calling.rpc_client import RpcClients
from shared.messaging.wire.runtime_provider import UseRuntime
from tests.messaging.helping import Serve, config_for

NOWHERE = "amqp://nobody:wrong@127.0.0.1:1//"
"""A broker that is not there."""

_WORKERS = 12

GATE = threading.Event()
DONE: list[str] = []
GIVEN: list[Any] = []


class Routing:
    """Answers."""

    name = "routing"
    runtime = UseRuntime()

    @rpc
    def keep(self, said: dict[str, Any]) -> dict[str, Any]:
        """Keep and change what was given; give it back."""
        said["by"] = "routing"
        GIVEN.append(said)
        return said

    @rpc
    def write(self, what: str) -> None:
        """Wait, and do it if the caller still waits."""
        GATE.wait()
        check_deadline()
        DONE.append(what)


@pytest.fixture
def config() -> dict[str, Any]:
    """A process in which all services run, without a broker."""
    return {**config_for(NOWHERE), "max_workers": _WORKERS, HOSTED: Hosted(["routing"], complete=True)}


@pytest.fixture
def clients(config: dict[str, Any], serve: Serve) -> Iterator[RpcClients]:
    """Routing starts, which waits for the broker, and can be called all the same."""
    starting = eventlet.spawn(serve, Routing, config)
    with RpcClients(config, timeout_seconds=1) as started:
        yield started
    starting.kill()


def test_where_all_services_are_no_call_needs_the_broker(clients: RpcClients) -> None:
    """Calls are answered while the broker is away, and whoever calls is ready."""
    assert {"a": 1, "by": "routing"} == clients.routing.keep({"a": 1})
    assert clients.listening


def test_each_side_has_its_own(clients: RpcClients) -> None:
    """What one side does with what it gave or got, the other does not see; what travels is what would be sent."""
    at = datetime(2026, 10, 5, tzinfo=UTC)
    mine = {"list": (1, 2), "at": at}
    theirs = clients.routing.keep(mine)
    theirs["list"].append(3)

    assert {"list": (1, 2), "at": at} == mine
    assert {"list": [1, 2], "at": at, "by": "routing"} == GIVEN[-1]


def test_a_call_ends_with_its_caller(clients: RpcClients) -> None:
    """Whoever gave up is told that the outcome is not known, and nothing is written for them afterwards."""
    GATE.clear()
    DONE.clear()
    with pytest.raises(NoAnswer):
        clients.routing.write("late")
    GATE.set()
    clients.routing.write("in time")

    assert ["in time"] == DONE


def test_who_finds_no_place_in_time_has_done_nothing(clients: RpcClients) -> None:
    """More calls than a service has places for wait, and those that waited in vain say that nothing was done."""
    GATE.clear()
    DONE.clear()
    places = calls_at_once(_WORKERS)
    pool = eventlet.GreenPool(places + 3)

    def refusal(what: str) -> type[Exception]:
        with pytest.raises(Unavailable) as raised:
            clients.routing.write(what)
        return type(raised.value)

    said = list(pool.imap(refusal, (str(number) for number in range(places + 3))))
    GATE.set()

    assert {NoAnswer: places, Unavailable: 3} == Counter(said)
    assert {"by": "routing"} == clients.routing.keep({})
    assert [] == DONE


def test_a_service_that_was_stopped_takes_no_call(config: dict[str, Any], serve: Serve) -> None:
    """A call of a service that has ended is refused at once, as not carried out."""
    local = {**config, "AMQP_URI": "memory:///direct"}
    container = serve(Routing, local)
    clients = RpcClients(local, timeout_seconds=120).start()
    before = clients.routing.keep({})
    container.stop()
    with eventlet.Timeout(60), pytest.raises(Unavailable) as raised:
        clients.routing.keep({})

    assert {"by": "routing"} == before
    assert Unavailable is type(raised.value)


def test_a_call_waits_for_a_service_that_starts(config: dict[str, Any], serve: Serve) -> None:
    """What calls may be started first: its calls are carried out when the service is there."""
    clients = RpcClients(config, timeout_seconds=60).start()
    early = eventlet.spawn(clients.routing.keep, {"early": True})
    eventlet.sleep(0.05)
    starting = eventlet.spawn(serve, Routing, config)

    assert {"early": True, "by": "routing"} == early.wait()
    starting.kill()
