"""Whatever a stranger sends, every consumer survives it and does what comes after it."""

import bz2
import gzip
import json
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from cli.hosting import service_class
from shared.application.runtime import Runtime
from shared.base.services import SERVICES
from shared.messaging.wire.configuration import OPTIONS, Options, nameko_config
from shared.messaging.wire.connections import connected
from shared.messaging.wire.frames import MOST_BODY_BYTES
from shared.messaging.wire.topology import EVENTS, SUBMISSIONS
from shared.platform.health import checks_of
from tests.fixtures.office import Office
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve, declare, depth
from tests.messaging.raw import name_of, nested, send, table, text

Case = dict[str, Any]

CODECS = (
    "rot13",
    "idna",
    "punycode",
    "utf-7",
    "utf-16",
    "unicode_escape",
    "base64",
    "hex",
    "zlib",
    "undefined",
    "mbcs",
)
LONG = b"x" * 255
HALF = "\ud800".encode("utf-8", "surrogatepass")
NAMES = ("content_type", "content_encoding", "correlation_id", "message_id", "type", "app_id")
BOMB = b" " * 64 * 1024 * 1024
GOOD = {"tenant": "cilacap", "message": "Jalan rusak", "external_id": "poison"}


def whole(**changes: Any) -> bytes:
    """A submission that would be filed."""
    return json.dumps({**GOOD, **changes}).encode()


RAW: dict[str, list[Case]] = {
    "encodings": [{"content_encoding": name.encode()} for name in CODECS],
    "texts": [{name: value} for name in NAMES for value in (b"\xff\xfe", HALF, LONG, b"", b"\x00")],
    "numbers": [{"timestamp": 2**64 - 1}, {"priority": 255}, {"timestamp": 2**63}],
    "headers": [
        {"headers": table(at=b"T" + struct.pack(">Q", 2**64 - 1))},
        {"headers": table(at=b"T" + struct.pack(">Q", 2**62))},
        {"headers": table(price=b"D" + b"\xff" + struct.pack(">i", 7))},
        {"headers": table(price=b"D" + b"\xff" + struct.pack(">i", -(2**31)))},
        {"headers": table(least=b"l" + struct.pack(">q", -(2**63)))},
        {"headers": table(none=b"V", no=b"t\x00", odd=b"d" + struct.pack(">d", float("nan")))},
        {"headers": name_of(b"\xff\xfe") + text(b"\xff\xfe")},
        {"headers": name_of(HALF) + text(HALF)},
        {"headers": nested(15)},
        {"headers": nested(40)},
        {"headers": nested(700)},
        {"headers": nested(3000)},
        {"headers": table(long=text(b"x" * 100_000))},
        {"headers": table(long=text(b"x" * 125_000))},
        {"headers": table(**{"x-delivery-count": b"l" + struct.pack(">q", 10**6)})},
        {"headers": table(**{"x-delivery-count": text(b"often")})},
        {"headers": table(**{"x-aduan-routing-key": b"t\x01", "x-aduan-queue": text(b"aduan.sla"), "x-death": b"V"})},
    ],
    "places": [
        {"headers": table(subject=text(b"00000000-0000-0000-0000-00000000000a"), sequence=value)}
        for value in (
            b"l" + struct.pack(">q", 2**62),
            b"l" + struct.pack(">q", -1),
            b"t\x01",
            b"V",
            text(b"1"),
            text(b"9" * 5000),
            b"d" + struct.pack(">d", float("inf")),
            b"A" + struct.pack(">I", 0),
            b"F" + struct.pack(">I", 0),
        )
    ]
    + [{"headers": table(subject=value, sequence=b"I\x00\x00\x00\x01")} for value in (b"V", text(b"\xff"), text(HALF))],
    "compressions": [
        {"headers": table(compression=value), "body": body}
        for value in (
            text(b"gzip"),
            text(b"bzip2"),
            text(b"xz"),
            text(b"zstd"),
            text(b"\xff"),
            b"V",
            b"t\x01",
            text(b""),
        )
        for body in (whole(), b"", b"\x1f\x8b\x08")
    ],
    "bombs": [
        {"headers": table(compression=text(name)), "body": fold(BOMB)}
        for name, fold in ((b"gzip", zlib.compress), (b"application/x-gzip", gzip.compress), (b"bzip2", bz2.compress))
    ]
    + [{"headers": table(compression=text(b"xz")), "body": lzma.compress(BOMB)}],
    "bodies": [
        {"body": body}
        for body in (
            b"",
            b"\xff\xfe\x00",
            b"[" * 100_000,
            b'{"a":' * 100_000,
            whole()[:-1] + b', "a": ' + b"[" * 900 + b"]" * 900 + b"}",
            b'{"tenant": ' + b"9" * 10_000 + b"}",
            b"NaN",
            b"null",
            b'{"tenant": "\\ud800"}',
            b'{"tenant": "cilacap", "\\ud800": "x"}',
            b'{"tenant": "cilacap", "message": "\\ud800"}',
            b'{"tenant": "' + HALF + b'"}',
            b'{"tenant": "cilacap", "message": "\\u0000"}',
            b'{"tenant": ["cilacap"], "message": {}}',
            json.dumps({**GOOD, "external_id": "1", **{f"key {number}": 1 for number in range(60_000)}}).encode(),
            whole(message="x" * 3_000_000),
            json.dumps(GOOD).encode("utf-16"),
        )
    ],
    "answers": [
        {"reply_to": value, "correlation_id": LONG, "body": body}
        for value in (
            b"aduan.reporting",
            b"aduan.sla.dead",
            b"rpc.intake",
            b"aduan.events",
            b"\xff",
            HALF,
            LONG,
            b"nobody",
        )
        for body in (b"no json", whole())
    ]
    + [{"reply_to": b"aduan.replies.whatsapp.x", "body": b'{"tenant": "\\ud800"}', "correlation_id": HALF}],
    "routing keys": [
        {"routing_key": b"submission." + value} for value in (b"", b"\xff\xfe", HALF, b"x" * 244, b"\x00.#")
    ],
}

ODD: list[dict[Any, Any]] = [
    {"compression": "gzip"},
    {"compression": 7},
    {"compression": ["gzip"]},
    {"compression": {}},
    {"\ud800": "\ud800", 7: {1, 2}, None: object()},
    {"long": "x" * 200_000},
    {"subject": ["x"], "sequence": {}},
    {"x-delivery-count": "often"},
]
MEMORY: dict[str, list[Case]] = {
    "encodings": [{"content_encoding": name} for name in (*CODECS, "\ud800", 7, None)],
    "texts": [
        {"properties": {name: value}} for name in NAMES[2:] for value in ("\ud800", 7, ["x"], "x" * 300, b"\xff")
    ],
    "headers": [{"headers": headers} for headers in ODD],
    "bodies": [{"body": body["body"]} for body in RAW["bodies"]] + [{"body": "text \ud800"}, {"body": None}],
    "answers": [
        {"properties": {"reply_to": value, "correlation_id": "x" * 300}}
        for value in ("aduan.reporting", "\ud800", 7, ["x"], "aduan.replies.sms.nobody")
    ],
}


GROUPS = {
    "properties": ("encodings", "texts", "numbers", "answers", "routing keys"),
    "headers": ("headers", "places"),
    "bodies": ("compressions", "bombs", "bodies"),
}


@pytest.fixture
def runtime(database_url: str, tmp_path: Path) -> Iterator[Runtime]:
    """The parts of a process."""
    office = Office(database_url)
    yield replace(office.runtime, settings=replace(office.runtime.settings, data_dir=tmp_path))
    office.close()


def running(url: str, runtime: Runtime, serve: Serve) -> dict[str, Any]:
    """All five services, as a process runs them."""
    config = {**nameko_config(runtime.settings, runtime), "AMQP_URI": url, OPTIONS: Options(retries=1, linger_ms=5)}
    declare(url)
    for name in SERVICES:
        serve(service_class(name), config)
    eventually(lambda: checks_of(config).readiness().ok, what="all ready")
    return config


def survived(url: str, runtime: Runtime, config: dict[str, Any]) -> None:
    """All are as they were: a complaint that comes now is filed, and known to every service."""
    queues = ["aduan.intake.submissions", *[f"aduan.{name}" for name in SERVICES]]
    eventually(lambda: not any(depth(url, queue) for queue in queues), what="the poison taken")
    with connected(url) as connection, connection.channel() as channel:
        message = channel.prepare_message(whole(external_id="afterwards"), content_type="application/json")
        channel.basic_publish(message, exchange=SUBMISSIONS.name, routing_key="submission.sms")
    eventually(lambda: all(_has_it(runtime, table) for table in TABLES), within=20, what="the good one everywhere")
    eventually(lambda: checks_of(config).readiness().ok, what="all ready again")
    assert 0 == depth(url, "aduan.intake.submissions")


TABLES = ("intake.tickets", "routing.inbox", "sla.clocks", "reporting.cases", "notify.notices")


def _has_it(runtime: Runtime, table: str) -> bool:
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            f"SELECT FROM {table} WHERE dossier IN (SELECT dossier FROM intake.tickets WHERE channel = 'sms')"
        )
        return cursor.fetchone() is not None


def dead(url: str) -> dict[str, int]:
    """How many messages lie in each service's dead queue."""
    return {name: depth(url, f"aduan.{name}.dead") for name in SERVICES}


@pytest.mark.rabbitmq
@pytest.mark.parametrize("group", GROUPS)
def test_poison_harms_no_consumer(broker_url: str, runtime: Runtime, serve: Serve, group: str) -> None:
    """Property by property and value by value, on either exchange: it is put aside, or filed, and work goes on."""
    config = running(broker_url, runtime, serve)
    declare(broker_url)  # so that what is published to the exchange comes into the services' own queues
    before = psutil.Process().memory_info().rss
    cases = [case for name in GROUPS[group] for case in RAW[name]]
    bodies = []
    for case in cases:
        body = case.get("body", b"no json")
        properties = {name: value for name, value in case.items() if name not in {"body", "routing_key"}}
        send(broker_url, SUBMISSIONS.name, case.get("routing_key", b"submission.whatsapp"), body, **properties)
        if send(broker_url, EVENTS.name, case.get("routing_key", b"Closed"), body, **properties):
            bodies.append(body)
    survived(broker_url, runtime, config)

    assert len(cases) - len(bodies) <= 3, "the broker itself refuses too many for this to be a test"
    assert psutil.Process().memory_info().rss - before < 300 * 1024 * 1024
    count = dead(broker_url)
    assert {len(bodies)} == {count[name] for name in SERVICES if name != "intake"}
    assert len(bodies) <= count["intake"] <= 2 * len(cases)
    kept = drain_raw(broker_url, "aduan.sla.dead")
    assert sorted(body[:MOST_BODY_BYTES] for body in bodies) == sorted(kept)


def test_poison_harms_no_consumer_in_one_process(memory_url: str, runtime: Runtime, serve: Serve) -> None:
    """The in-memory broker hands on whatever objects it is given."""
    cases = [case for group in MEMORY.values() for case in group]
    config = running(memory_url, runtime, serve)
    with connected(memory_url) as connection, connection.channel() as channel:
        for case in cases:
            for exchange, key in ((SUBMISSIONS.name, "submission.whatsapp"), (EVENTS.name, "Closed")):
                message = channel.prepare_message(
                    case.get("body", b"no json"),
                    content_type="application/json",
                    content_encoding=case.get("content_encoding"),
                    headers=dict(case.get("headers", {})),
                    properties=dict(case.get("properties", {})),
                )
                channel.basic_publish(message, exchange=exchange, routing_key=key)
    survived(memory_url, runtime, config)

    count = dead(memory_url)
    assert {len(cases)} == {count[name] for name in SERVICES if name != "intake"}


@pytest.mark.rabbitmq
def test_what_a_publisher_compresses_is_filed(broker_url: str, runtime: Runtime, serve: Serve) -> None:
    """A body that kombu or another library has compressed is unfolded, as long as it is a submission's length."""
    running(broker_url, runtime, serve)
    ways: dict[bytes, Callable[[bytes], bytes]] = {
        b"application/x-gzip": zlib.compress,
        b"gzip": gzip.compress,
        b"application/x-bz2": bz2.compress,
        b"xz": lzma.compress,
    }
    for name, fold in ways.items():
        body = fold(whole(external_id=name.decode()))
        send(broker_url, SUBMISSIONS.name, b"submission.sms", body, headers=table(compression=text(name)))

    def filed() -> int:
        with runtime.database.autocommit() as cursor:
            cursor.execute("SELECT count(*) FROM intake.tickets")
            row = cursor.fetchone()
            assert row is not None
            return int(row[0])

    eventually(lambda: filed() == len(ways))
    assert 0 == depth(broker_url, "aduan.intake.dead")


def drain_raw(url: str, queue: str) -> list[bytes]:
    """The bodies of all messages in a queue, by one who reads what cannot be decoded."""
    bodies = []
    with connected(url) as connection, connection.channel() as channel:
        while (raw := channel.basic_get(queue=queue, no_ack=True)) is not None:
            bodies.append(bytes(raw.body) if raw.body else b"")
    return bodies
