"""Whoever has credentials of the broker, and not our key, can call nothing, read nothing, and pass off no answer."""

import dataclasses
import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import eventlet
import pytest
from kombu import Exchange, Queue
from nameko.exceptions import RpcTimeout
from nameko.standalone.rpc import ServiceRpcProxy

from shared.base.clock import SimulatedClock, SystemClock
from shared.base.errors import Forbidden, Unavailable
from shared.messaging.calling.method import NoAnswer
from shared.messaging.calling.rpc import rpc
from shared.messaging.calling.rpc_client import RpcClients
from shared.messaging.wire.configuration import SEAL
from shared.messaging.wire.connections import connected
from shared.messaging.wire.outgoing import Outgoing
from shared.messaging.wire.seal import DEADLINE, Call, NotOurs, Seal
from shared.platform.metrics import RPC_REFUSED
from tests.fixtures.waiting import eventually
from tests.messaging.helping import KEY, Serve, config_for, depth, publish

DONE: list[str] = []
GATE = threading.Event()
WORDS = ("Siti Rahayu", "081234567890", "coordinator", "KODE2345", "rahasia sekali")


class Routing:
    """Remembers what it did."""

    name = "routing"

    @rpc
    def act(self, text: str, caller: dict[str, Any] | None = None) -> dict[str, Any]:
        """Do it."""
        DONE.append(text)
        return {"text": text, "code": "KODE2345", "caller": caller}

    @rpc
    def refuse(self, text: str) -> None:
        """Say no."""
        raise Forbidden("wrong_agency", {"action": text})

    @rpc
    def wait(self, text: str) -> str:
        """Take long."""
        GATE.wait(60)
        DONE.append(text)
        return text


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    """Each test begins anew."""
    DONE.clear()
    GATE.set()


@pytest.fixture
def clients(broker: str, serve: Serve) -> Iterator[RpcClients]:
    """Routing runs, and our portal calls it."""
    serve(Routing, config_for(broker))
    with RpcClients(config_for(broker), timeout_seconds=60) as started:
        yield started


def _refused() -> float:
    return float(RPC_REFUSED.labels("routing")._value.get())


@contextmanager
def _overhearing(broker: str, copies: int) -> Iterator[list[Any]]:
    """A queue of a stranger's own, which gets a copy of every call and answer.

    :param copies: so many are waited for, since a copy may come after the message itself.
    """
    heard: list[Any] = []
    with connected(broker) as connection, connection.channel() as channel:
        exchange = Exchange("nameko-rpc", type="topic", durable=True)
        Queue("stranger", exchange=exchange, routing_key="#", auto_delete=False)(channel).declare()
        yield heard
        eventually(lambda: depth(broker, "stranger") >= copies, what="the copies")
        while (raw := channel.basic_get(queue="stranger", no_ack=True)) is not None:
            heard.append(channel.message_to_python(raw))


def _resent(message: Any, **changes: Any) -> Outgoing:
    """A message that was overheard, published again, perhaps changed."""
    body = message.body if isinstance(message.body, bytes) else message.body.encode("latin-1")
    given = {
        "routing_key": message.delivery_info["routing_key"],
        "body": body,
        "headers": {name: value for name, value in message.headers.items() if name != "compression"},
        "properties": {
            name: message.properties[name] for name in ("reply_to", "correlation_id") if name in message.properties
        },
    }
    return Outgoing("nameko-rpc", **{**given, **changes}, content_type=None, content_encoding=None)


def test_a_stranger_calls_nothing(clients: RpcClients, broker: str) -> None:
    """A call in nameko's own form, by whoever says whatever of itself, is not carried out, and is counted."""
    before = _refused()
    admin = {"tenant": "*", "actor": "admin", "admin": True}
    with ServiceRpcProxy("call.routing", {"AMQP_URI": broker}, timeout=0.5) as stranger, pytest.raises(RpcTimeout):
        stranger.act("halo", caller=admin)

    eventually(lambda: 1 == _refused() - before, what="it is counted")
    assert [] == DONE
    assert "ya" == clients.routing.act("ya")["text"]


@pytest.mark.parametrize("key", [bytes(32), b"x" * 32])
def test_a_call_sealed_with_another_key_is_refused(clients: RpcClients, broker: str, key: bytes) -> None:
    """Also if its maker knows how we make them."""
    config = {**config_for(broker), SEAL: Seal(key)}
    with RpcClients(config, timeout_seconds=0.5) as stranger, pytest.raises(NoAnswer):
        stranger.routing.act("halo")

    assert [] == DONE


def test_nothing_can_be_read(clients: RpcClients, broker: str) -> None:
    """Whoever takes a copy of every call and every answer finds no word of them, in body, headers or properties."""
    with _overhearing(broker, copies=4) as heard:
        clients.routing.act(WORDS[0] + WORDS[4], caller={"actor": "coordinator", "phone": WORDS[1]})
        with pytest.raises(Forbidden):
            clients.routing.refuse(WORDS[0])
    told = [f"{each.body!r} {each.headers} {each.properties} {each.delivery_info}" for each in heard]

    assert 4 == len(told)
    assert [] == [word for word in WORDS for each in told if word in each]


def test_a_call_that_was_overheard_is_not_carried_out_again(clients: RpcClients, broker: str) -> None:
    """Neither as it was, nor for another method, nor for later, nor with the answer led elsewhere."""
    with _overhearing(broker, copies=2) as heard:
        clients.routing.act("sekali")
    call = next(each for each in heard if each.delivery_info["routing_key"] == "call.routing.act")
    later = {**call.headers, DEADLINE: call.headers[DEADLINE] + 60_000}
    elsewhere = {**call.properties, "reply_to": "stranger"}
    renamed = {**call.properties, "correlation_id": "another"}
    own = ("reply_to", "correlation_id")
    publish(
        broker,
        _resent(call),
        _resent(call, routing_key="call.routing.wait"),
        _resent(call, headers=later),
        _resent(call, properties={name: elsewhere[name] for name in own}),
        _resent(call, properties={name: renamed[name] for name in own}),
        _resent(call, headers={**later, "aduan-caller": "admin"}),
    )
    eventually(lambda: depth(broker, "rpc.routing") == 0)

    assert "lagi" == clients.routing.act("lagi")["text"]
    assert ["sekali", "lagi"] == DONE


def test_an_answer_of_a_stranger_is_not_believed(clients: RpcClients, broker: str) -> None:
    """In nameko's form, sealed with another key, or taken from another call."""
    GATE.clear()
    with _overhearing(broker, copies=3) as heard:
        clients.routing.act("tadi")
        asking = eventlet.spawn(clients.routing.wait, "benar")
    first, waiting = (each for each in heard if "reply_to" in each.properties)
    old = next(each for each in heard if "reply_to" not in each.properties)
    about = {"correlation_id": waiting.properties["correlation_id"]}
    to = waiting.properties["reply_to"]
    said = {"result": "palsu", "error": None}
    call = Call("routing.wait", "portal", about["correlation_id"], to, SystemClock().now(), [], {})
    publish(
        broker,
        Outgoing("nameko-rpc", to, json.dumps(said).encode(), {}, about),
        Seal(bytes(32)).answer("nameko-rpc", call, said),
        _resent(old, properties=about),
        _resent(waiting, routing_key=to, properties=about),
    )
    eventlet.sleep(0.2)
    GATE.set()

    assert "benar" == asking.wait()
    assert first.properties["reply_to"] == to


POISON: list[dict[str, Any]] = [
    *({"content_encoding": name} for name in ("rot13", "idna", "punycode", "utf-7", "undefined", "base64", "\x00")),
    *({"headers": {"compression": name}} for name in ("gzip", "application/x-gzip", "zlib", "none such", "")),
    *({"headers": {DEADLINE: value}} for value in (-1, 2**62, "x", True, None, {"a": [1]})),
    {"headers": {DEADLINE: 1, "aduan-caller": "portal"}, "properties": {"reply_to": "a", "correlation_id": "b"}},
    {"properties": {"reply_to": "call.routing.act"}},
    {"properties": {"reply_to": "rpc.routing", "correlation_id": "x" * 200}},
    {"properties": {"reply_to": "call.routing.act\nportal", "correlation_id": "\n"}},
    {"body": b""},
    {"body": b"\x01"},
    {"body": b"\x01" + bytes(12)},
    {"body": b"\x01" + bytes(200_000)},
    {"body": gzip.compress(bytes(5_000_000)), "headers": {"compression": "application/x-gzip"}},
    {"body": b"[" * 100_000},
    {"content_type": "application/x-python-serialize"},
    {"routing_key": "call.routing.nothing"},
    {"routing_key": "call.routing."},
]


def test_no_message_of_a_stranger_ends_a_service(clients: RpcClients, broker: str) -> None:
    """Whatever its body, headers and properties are, it is dropped, and the next call is answered."""
    usual = {"routing_key": "call.routing.act", "body": b'{"args": ["x"], "kwargs": {}}'}
    for each in POISON:
        if broker.startswith("memory") and "content_encoding" in each:
            continue  # in the process itself nobody names one
        publish(broker, Outgoing("nameko-rpc", **{**usual, **each}))

    assert "ya" == clients.routing.act("ya")["text"]
    eventually(lambda: depth(broker, "rpc.routing") == 0)
    assert ["ya"] == DONE


def test_a_call_ends_with_its_caller(broker: str, serve: Serve) -> None:
    """What lay in the queue while the service stood still, and its caller gave up, is never carried out."""
    container = serve(Routing, config_for(broker))
    container.stop()
    with RpcClients(config_for(broker), timeout_seconds=0.4) as hasty:
        for number in range(3):
            with pytest.raises(NoAnswer):
                hasty.routing.act(f"terlambat {number}")
    serve(Routing, config_for(broker))
    with RpcClients(config_for(broker), timeout_seconds=60) as patient:
        patient.routing.act("baru")

        assert ["baru"] == DONE
        assert 0 == depth(broker, "rpc.routing")


def test_a_call_from_a_clock_of_another_day_is_refused(broker: str, serve: Serve) -> None:
    """A machine whose clock is off makes no calls that others take, and is told so at once, with the reason."""
    serve(Routing, config_for(broker))
    told = []
    for off in (timedelta(days=-1), timedelta(hours=1), timedelta(hours=-1), timedelta(minutes=-5)):
        machine = SimulatedClock(SystemClock().now() + off)
        config = {**config_for(broker), SEAL: Seal(KEY, machine)}
        with eventlet.Timeout(60), RpcClients(config, timeout_seconds=120) as strange:
            with pytest.raises(Unavailable) as refused:
                strange.routing.act("x")
            told.append((type(refused.value), refused.value.code))

    assert [(Unavailable, "clocks_apart")] * 3 + [(Unavailable, "call_expired")] == told
    assert [] == DONE


def test_every_process_must_have_the_key(broker: str) -> None:
    """Without one nothing starts: nobody calls or is called unsealed."""
    bare = {name: value for name, value in config_for(broker).items() if name != SEAL}
    with pytest.raises(LookupError), RpcClients(bare):
        pass


def test_a_sealed_call_opens_as_it_was() -> None:
    """Every part of it, also values that JSON alone does not know."""
    seal = Seal(KEY)
    call = Call("a.b", "portal", "1", "2", seal.now() + timedelta(seconds=5), ["é", 1], {"at": None, "on": True})
    sent = seal.call("x", call)
    taken = _Taken(sent)

    assert dataclasses.replace(call, deadline=seal.open_call(taken).deadline) == seal.open_call(taken)
    assert abs(seal.open_call(taken).deadline - call.deadline) < timedelta(milliseconds=1)


def test_while_the_key_is_changed_processes_understand_each_other() -> None:
    """Who has the next key besides, and who uses it already; not who knows of one only."""
    former, following = bytes(32), bytes(range(32))
    known, used = Seal(former, others=[following]), Seal(following, others=[former])
    call = Call("a.b", "portal", "1", "2", known.now() + timedelta(seconds=5), [], {"at": 1})

    for one, other in ((known, used), (used, known)):
        taken = other.open_call(_Taken(one.call("x", call)))
        assert {"at": 1} == taken.kwargs
        assert ("1", {"result": 2}) == one.open_answer(_Taken(other.answer("x", taken, {"result": 2})))
    with pytest.raises(NotOurs):
        Seal(former).open_call(_Taken(used.call("x", call)))


def test_a_sealed_call_says_everything_once() -> None:
    """A field that stands twice in it would lose one of the two: the call is refused, and the field named."""
    call = Call("a.b", "portal", "1", "2", SystemClock().now() + timedelta(seconds=5), [], {"text": "a"})

    with pytest.raises(NotOurs, match=r"twice in it: kwargs\.text"):
        Seal(KEY).open_call(_Taken(_Doubling(KEY).call("x", call)))


class _Doubling(Seal):
    """A writer of JSON that repeats a field."""

    def _seal(self, said: str, deadline: int, about: bytes) -> bytes:
        return super()._seal(said.replace('"text": "a"', '"text": "a", "text": "b"'), deadline, about)


class _Taken:
    """A message as the broker hands it over."""

    def __init__(self, sent: Outgoing) -> None:
        self.body, self.headers, self.properties = sent.body, sent.headers, sent.properties
        self.delivery_info = {"routing_key": sent.routing_key}
