import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import eventlet
import psycopg2
import pytest
from nameko import containers
from nameko.exceptions import IncorrectSignature, MethodNotFound, RemoteError

import shared.base.errors
from shared.base.errors import AduanError, Conflict, Forbidden, Invalid, NotFound, Unavailable
from shared.messaging.calling import rpc as rpc_module
from shared.messaging.calling.call_publisher import NotSent
from shared.messaging.calling.direct import HOSTED, Hosted
from shared.messaging.calling.rpc import ERRORS, rpc
from shared.messaging.calling.rpc_client import RpcClients, RpcProxy
from shared.messaging.consuming.consumer import consume_log
from shared.messaging.wire import memory
from shared.messaging.wire.outgoing import Outgoing
from shared.platform.database.pool import Database
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.errors import RebuildRunning
from tests.fixtures.logged import logged_by
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve, config_for, depth, event, known, publish

RAISED: list[Exception] = []
PATIENCE = 60
"""Seconds; far longer than a call takes that is answered."""

GATE = threading.Event()


class Routing:
    """Answers."""

    name = "routing"

    @rpc
    def double(self, number: int, *, by: int = 2) -> dict[str, Any]:
        """The number, times two or another."""
        return {"number": number * by}

    @rpc
    def fail(self) -> None:
        """Raise what the test wants."""
        raise RAISED[-1]

    @rpc
    def slow(self) -> str:
        """Take longer than anybody waits."""
        GATE.wait()
        return "late"

    @rpc
    def unfit(self) -> object:
        """Give what is no JSON."""
        return object()


class Portal:
    """Asks a service from within a service."""

    name = "asking"
    routing = RpcProxy("routing")

    @rpc
    def ask(self, number: int) -> Any:
        """Ask."""
        return self.routing.double(number)["number"]


HOSTED_HERE = ("routing", "asking", "reporting")

ConfigFor = Callable[..., dict[str, Any]]


@pytest.fixture(params=["memory", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq), "together", "complete"])
def how(request: pytest.FixtureRequest) -> str:
    """How callers and services lie: apart with a broker between them, or in one process; with all others, or not."""
    return str(request.param)


@pytest.fixture
def broker(how: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty broker."""
    if how == "rabbitmq":
        yield request.getfixturevalue("broker_url")
    else:
        yield f"memory:///{uuid4().hex}"
        memory.reset()


@pytest.fixture
def config(how: str, broker: str) -> ConfigFor:
    """Nameko's configuration as in a process of ours."""
    if how in ("memory", "rabbitmq"):
        return lambda database=None, **options: config_for(broker, database, **options)
    hosted = Hosted(HOSTED_HERE, complete=how == "complete")
    return lambda database=None, **options: {**config_for(broker, database, **options), HOSTED: hosted}


@pytest.fixture
def clients(config: ConfigFor, serve: Serve) -> Any:
    """Routing runs, and can be called."""
    serve(Routing, config())
    with RpcClients(config(rpc_timeout_seconds=PATIENCE)) as started:
        yield started


def test_whoever_has_not_begun_can_be_stopped(broker: str) -> None:
    """A process may be told to stop while it is still on its way up."""
    clients = RpcClients(config_for(broker))
    clients.stop()

    assert not clients.listening


def test_a_call_is_answered(clients: RpcClients) -> None:
    """Arguments by position and by name arrive, and so does the result."""
    assert {"number": 21} == clients.routing.double(7, by=3)
    assert {"number": 14} == clients["routing"].double(7)


def test_many_calls_at_once_get_their_own_answers(clients: RpcClients) -> None:
    """Answers find their callers, however many wait."""
    pool = eventlet.GreenPool(50)

    assert [2 * number for number in range(200)] == [
        answer["number"] for answer in pool.imap(clients.routing.double, range(200))
    ]


def test_a_service_calls_a_service(clients: RpcClients, config: ConfigFor, serve: Serve) -> None:
    """A service's method may call another service."""
    serve(Portal, config())

    assert 8 == clients.asking.ask(4)


@pytest.mark.parametrize("kind", [Invalid, NotFound, Forbidden, Conflict, Unavailable])
def test_expected_errors_arrive_as_they_were(clients: RpcClients, kind: type[AduanError]) -> None:
    """Class, code, parameters with their types, and fields arrive."""
    RAISED.append(kind("some_code", {"count": 3, "late": True, "at": None}, {"reporter.name": ["required"]}))
    with pytest.raises(kind) as raised:
        clients.routing.fail()

    assert kind is type(raised.value)
    assert ("some_code", {"count": 3, "late": True, "at": None}) == (raised.value.code, raised.value.params)
    assert {"reporter.name": ["required"]} == raised.value.fields


def test_an_error_of_a_narrower_class_arrives_as_its_kind(clients: RpcClients) -> None:
    """A class that the caller may not have is told as the class of shared.base.errors that it is."""
    RAISED.append(RebuildRunning("reporting"))
    with pytest.raises(Conflict) as raised:
        clients.routing.fail()

    assert ("rebuild_running", {"projection": "reporting"}) == (raised.value.code, raised.value.params)


def test_every_error_of_ours_can_travel() -> None:
    """No class of shared.base.errors is left out."""
    assert {
        each for each in vars(shared.base.errors).values() if isinstance(each, type) and issubclass(each, AduanError)
    } == set(ERRORS)


def test_expected_errors_are_no_crashes(clients: RpcClients, caplog: pytest.LogCaptureFixture) -> None:
    """A refused request leaves one line, for whoever looks for mistakes, and no trace."""
    caplog.set_level(logging.DEBUG, "nameko.containers")
    RAISED.append(Forbidden("wrong_agency"))
    with pytest.raises(Forbidden):
        clients.routing.fail()
    lines = [record for record in caplog.records if "wrong_agency" in record.getMessage()]

    assert [(logging.DEBUG, None)] == [(record.levelno, record.exc_info) for record in lines]
    assert [] == logged_by(caplog, containers, logging.WARNING)


def test_unexpected_errors_tell_nothing_personal(clients: RpcClients) -> None:
    """Of a mistake of ours the caller learns the class and the place, not what was being worked on."""
    RAISED.append(ValueError("Budi Santoso, 0812-3456"))
    with pytest.raises(RemoteError) as raised:
        clients.routing.fail()

    assert "ValueError" == raised.value.exc_type
    assert "Budi" not in str(raised.value)


def test_an_outage_behind_the_service_is_unavailability(clients: RpcClients) -> None:
    """When the service's database is away the caller may try again later."""
    RAISED.append(psycopg2.OperationalError("could not connect to server"))
    with pytest.raises(Unavailable) as raised:
        clients.routing.fail()

    assert "service_unavailable" == raised.value.code


def test_a_result_that_is_no_json_is_a_mistake_told(clients: RpcClients) -> None:
    """The caller gets an error, and the service goes on."""
    with pytest.raises(RemoteError):
        clients.routing.unfit()

    assert {"number": 2} == clients.routing.double(1)


def test_wrong_calls_are_told(clients: RpcClients) -> None:
    """A method that is not there and arguments that do not fit are told as what they are."""
    with pytest.raises(MethodNotFound):
        clients.routing.nonsense()
    with pytest.raises(IncorrectSignature):
        clients.routing.double()


def test_nobody_waits_for_ever(config: ConfigFor, serve: Serve) -> None:
    """A call without an answer ends as unavailable, and its late answer disturbs nobody."""
    GATE.clear()
    serve(Routing, config())
    with RpcClients(config(), timeout_seconds=0.2) as hasty, RpcClients(config()) as patient:
        with pytest.raises(Unavailable) as raised:
            hasty.routing.slow()
        GATE.set()

        assert ("service_unavailable", {"service": "routing"}) == (raised.value.code, raised.value.params)
        assert {"number": 2} == patient.routing.double(1)
        assert {} == hasty._calls.rpc_reply_listener._reply_events


def test_an_unknown_service_is_unavailable_at_once(clients: RpcClients) -> None:
    """Calling a service that was never started does not wait for the timeout."""
    with eventlet.Timeout(PATIENCE / 2), pytest.raises(Unavailable):
        clients.nowhere.anything()


def test_an_answer_for_which_there_is_no_connection_goes_out_as_soon_as_there_is_one(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its caller, whose own connection is whole, would not ask again."""
    config = config_for(f"memory:///{uuid4().hex}")
    serve(Routing, config)

    def away(*_: object) -> None:
        raise NotSent

    monkeypatch.setattr(rpc_module, "publish", away)
    with RpcClients(config, timeout_seconds=60) as patient, eventlet.Timeout(30):
        assert {"number": 2} == patient.routing.double(1)


def test_strange_messages_do_not_end_a_service(clients: RpcClients, broker: str) -> None:
    """Calls that cannot be read, or have no address for an answer, are dropped; the service goes on."""
    strange: list[dict[str, Any]] = [
        {"body": b"\xff"},
        {"body": b"[]"},
        {"body": b"x", "properties": {"reply_to": "nobody"}, "content_type": "application/x-pickle"},
        {"body": b'{"args": [1], "kwargs": {}}'},
    ]
    publish(broker, *[Outgoing("nameko-rpc", "call.routing.double", **each) for each in strange])

    assert {"number": 2} == clients.routing.double(1)
    eventually(lambda: depth(broker, "rpc.routing") == 0)


class Waiting:
    """Calls wait for what the log brings."""

    name = "reporting"
    seen: threading.Event

    @consume_log("reporting")
    def project(self, events: list[RecordedEvent]) -> None:  # noqa: ARG002 - that they come is enough
        """Take the log."""
        self.seen.set()

    @rpc
    def wait(self) -> bool:
        """Wait for it."""
        return self.seen.wait(120)


def test_calls_that_wait_for_the_log_do_not_hold_it_up(
    broker: str, config: ConfigFor, database: Database, serve: Serve
) -> None:
    """However many calls wait for an event to be applied, it is applied."""
    Waiting.seen = threading.Event()
    known(database, 1)
    serve(Waiting, config(database))
    with RpcClients(config()) as clients:
        pool = eventlet.GreenPool(50)
        answers = [pool.spawn(clients.reporting.wait) for _ in range(50)]
        eventlet.sleep(0.1)
        publish(broker, event(1))
        with eventlet.Timeout(60):
            assert [True] * 50 == [answer.wait() for answer in answers]
