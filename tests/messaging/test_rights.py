"""What a channel adapter may do on the broker, and what not: on a real node, with the rights as they are deployed."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import amqp
import pytest
from click.testing import CliRunner

from cli.broker import command
from cli.hosting import service_class
from shared.base.services import SERVICES
from shared.messaging.calling.rpc_client import RpcClients
from shared.messaging.consuming.dead_letters import QUEUE, discard, list_dead, retry
from shared.messaging.wire.configuration import OPTIONS, Options, nameko_config
from shared.messaging.wire.connections import connected
from shared.messaging.wire.outgoing import ConfirmedPublisher, Outgoing
from shared.messaging.wire.rights import NotAName, definitions
from shared.messaging.wire.topology import declare_all
from shared.platform.health import checks_of
from shared.platform.settings import PROJECT
from tests.fixtures.office import Office
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve, depth

OPERATIONS = PROJECT / "docs" / "operations.md"
REPLIES = "aduan.replies.whatsapp.1"
SUBMISSION = {"tenant": "cilacap", "message": "Jalan rusak", "external_id": "1"}


@pytest.fixture
def urls(rabbitmq: RabbitMQ, broker_url: str) -> dict[str, str]:
    """The broker as each user reaches it: an empty virtual host, with our definitions loaded."""
    if not isinstance(rabbitmq, RabbitMQ):
        pytest.skip("an outside broker's users are left alone")
    vhost = urlsplit(broker_url).path[1:]
    made = definitions("service", {"whatsapp": "one", "sms": "two"}, vhost)
    for user in made["users"]:  # the session's own user is of that name already
        user["name"] = user["name"].replace("aduan", "services")
    for permission in made["permissions"]:
        permission["user"] = permission["user"].replace("aduan", "services")
    quoted = json.dumps(made).replace("\\", "\\\\").replace('"', '\\"')
    assert "ok" == rabbitmq.evaluate(f'rabbit_definitions:import_raw(<<"{quoted}">>)')
    users = {"services": "service", "adapter-whatsapp": "one", "adapter-sms": "two"}
    return {name: _as(broker_url, name, password) for name, password in users.items()}


@pytest.fixture
def running(urls: dict[str, str], database_url: str, tmp_path: Path, serve: Serve) -> Iterator[dict[str, Any]]:
    """All services, logged in as the services' user."""
    office = Office(database_url)
    settings = replace(office.runtime.settings, data_dir=tmp_path)
    runtime = replace(office.runtime, settings=settings)
    config = {**nameko_config(settings, runtime), "AMQP_URI": urls["services"], OPTIONS: Options(retries=1)}
    for name in SERVICES:
        serve(service_class(name), config)
    eventually(lambda: checks_of(config).readiness().ok, what="all ready")
    yield config
    office.close()


def test_services_and_an_adapter_can_do_their_work(running: dict[str, Any], urls: dict[str, str]) -> None:
    """A submission is filed and its receipt fetched, and services call each other, with these rights and no more."""
    with _channel(urls["adapter-whatsapp"]) as channel:
        channel.queue_declare(REPLIES, durable=True, auto_delete=False)
        _publish(channel, "aduan.intake", "submission.whatsapp", reply_to=REPLIES, correlation_id="7")
        receipt = eventually(lambda: channel.basic_get(REPLIES, no_ack=True), what="the receipt")
    told = json.loads(receipt.body)

    assert "7" == receipt.properties["correlation_id"]
    assert told["ticket"].startswith("CLP-")
    with RpcClients(running, timeout_seconds=5) as clients:
        assert {"id": told["id"]} == clients.intake.resolve(tenant="cilacap", ticket=told["ticket"])
    eventually(lambda: depth(urls["services"], "aduan.reporting") == 0)


def test_the_brokers_own_way_to_answer_works_too(running: dict[str, Any], urls: dict[str, str]) -> None:
    """An adapter need not declare a queue: the broker hands answers back over the channel of the question."""
    answers: list[Any] = []
    with _channel(urls["adapter-sms"]) as channel:
        channel.basic_consume("amq.rabbitmq.reply-to", no_ack=True, callback=answers.append)
        message = amqp.Message(json.dumps(SUBMISSION), reply_to="amq.rabbitmq.reply-to", correlation_id="8")
        channel.basic_publish(message, "aduan.intake", "submission.sms")
        while not answers:
            channel.connection.drain_events(timeout=10)

    assert "ticket" in json.loads(answers[0].body)


REFUSED: dict[str, Callable[[Any], object]] = {
    "another channel's submission": lambda c: _publish(c, "aduan.intake", "submission.sms"),
    "a key that is none": lambda c: _publish(c, "aduan.intake", "x"),
    "an event": lambda c: _publish(c, "aduan.events", "Closed"),
    "a service's queue": lambda c: _publish(c, "", "aduan.reporting"),
    "a dead queue": lambda c: _publish(c, "", "aduan.intake.dead"),
    "a call's queue": lambda c: _publish(c, "", "rpc.intake"),
    "a call": lambda c: _publish(c, "nameko-rpc", "call.intake.file"),
    "its own queue directly": lambda c: _publish(c, "", REPLIES),
    "reading submissions": lambda c: c.basic_get("aduan.intake.submissions"),
    "reading dead letters": lambda c: c.basic_get("aduan.intake.dead"),
    "consuming the log": lambda c: c.basic_consume("aduan.sla"),
    "consuming calls": lambda c: c.basic_consume("rpc.routing"),
    "another's answers": lambda c: c.basic_consume("aduan.replies.sms.1"),
    "another's name": lambda c: c.queue_declare("aduan.replies.sms.2", durable=True, auto_delete=False),
    "a longer name": lambda c: c.queue_declare("aduan.replies.whatsapp-2.1", durable=True, auto_delete=False),
    "any queue": lambda c: c.queue_declare("mine", auto_delete=False),
    "a queue like ours": lambda c: c.queue_declare("aduan.sla.2", auto_delete=False),
    "listening to events": lambda c: c.queue_bind(REPLIES, "aduan.events", "#"),
    "listening to submissions": lambda c: c.queue_bind(REPLIES, "aduan.intake", "#"),
    "emptying": lambda c: c.queue_purge("aduan.sla"),
    "deleting a queue": lambda c: c.queue_delete("aduan.sla"),
    "deleting an exchange": lambda c: c.exchange_delete("aduan.events"),
    "an exchange": lambda c: c.exchange_declare("mine", "topic"),
    "the same exchange again": lambda c: c.exchange_declare("aduan.intake", "topic", durable=True, auto_delete=False),
    "binding exchanges": lambda c: c.exchange_bind("aduan.intake", "aduan.events", "#"),
}


def test_an_adapter_is_refused_everything_else(running: dict[str, Any], urls: dict[str, str]) -> None:
    """Whatever it tries beyond its own work, the broker refuses by name."""
    with _channel(urls["adapter-sms"]) as channel:
        channel.queue_declare("aduan.replies.sms.1", durable=True, auto_delete=False)
    with _channel(urls["adapter-whatsapp"]) as channel:
        channel.queue_declare(REPLIES, durable=True, auto_delete=False)
    refused = [name for name, attempt in REFUSED.items() if _refuses(urls["adapter-whatsapp"], attempt)]

    assert list(REFUSED) == refused
    with pytest.raises(amqp.AMQPError):
        _channel(_as(urls["services"], "adapter-whatsapp", "two"))
    with pytest.raises(amqp.AMQPError):
        _channel(urlunsplit(urlsplit(urls["adapter-whatsapp"])._replace(path="//")))


def test_services_are_kept_to_what_is_ours(urls: dict[str, str]) -> None:
    """Not even the services' user may touch what others keep on the same broker."""
    assert _refuses(urls["services"], lambda channel: channel.queue_declare("theirs", auto_delete=False))
    assert _refuses(urls["services"], lambda channel: channel.exchange_declare("theirs", "topic"))


def test_the_services_user_looks_at_what_was_put_aside_and_deals_with_it(urls: dict[str, str]) -> None:
    """It may list, put back and throw away, with these rights and no more; an adapter may not even look."""
    with connected(urls["services"]) as connection:
        declare_all(connection)
    publisher = ConfirmedPublisher(urls["services"])
    for each in "12":
        headers = {"type": "Answered", QUEUE: "aduan.sla"}
        publisher.publish([Outgoing("", "aduan.sla.dead", b"{}", headers, {"message_id": each})])
    publisher.close()
    first, second = [each.id for each in list_dead(urls["services"], "sla")]

    assert (1, 1) == (retry(urls["services"], "sla", [first]), discard(urls["services"], "sla", [second]))
    assert (1, []) == (depth(urls["services"], "aduan.sla"), list_dead(urls["services"], "sla"))
    with pytest.raises(amqp.exceptions.AccessRefused):
        list_dead(urls["adapter-sms"], "sla")


def test_the_file_in_the_repository_is_what_the_command_prints() -> None:
    """Whoever reads the file reads the rights; passwords are not in it."""
    text = (PROJECT / "deploy" / "rabbitmq" / "definitions.json").read_text(encoding="utf-8")

    assert definitions(None, {"whatsapp": None}) == json.loads(text)
    assert {""} == {user["password_hash"] for user in json.loads(text)["users"]}


def test_the_command_writes_a_file_for_the_broker(tmp_path: Path) -> None:
    """Passwords come from the environment and stand in the file as hashes; the same input gives the same file."""
    path = tmp_path / "definitions.json"
    environment = {"BROKER_PASSWORD": "b2", "BROKER_ADAPTERS": "whatsapp:geheim sms:rahasia"}
    done = CliRunner().invoke(command, ["definitions", "--output", str(path)], env=environment)
    again = CliRunner().invoke(command, ["definitions"], env=environment)

    assert (0, "") == (done.exit_code, done.output)
    assert path.read_text() == again.output
    assert definitions("b2", {"whatsapp": "geheim", "sms": "rahasia"}) == json.loads(again.output)
    assert not any(word in again.output for word in ("b2", "geheim", "rahasia"))


@pytest.mark.parametrize("given", ["whatsapp", "whatsapp:", "a.b:c", "A:c", ".*:c", ":c"])
def test_an_adapter_without_a_fit_name_or_password_is_refused(given: str) -> None:
    """A name becomes part of a pattern of rights, so that it may not be one itself."""
    done = CliRunner().invoke(command, ["definitions", "--adapters", given])

    assert 2 == done.exit_code
    assert "Error:" in done.output
    with pytest.raises(NotAName):
        definitions(None, {"x|.*": None})


def _as(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.hostname}:{parts.port}"))


class _Channel:
    """A channel for a block."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __enter__(self) -> Any:
        return self._connection.channel()

    def __exit__(self, *_: object) -> None:
        self._connection.collect()


def _channel(url: str) -> _Channel:
    parts = urlsplit(url)
    connection = amqp.Connection(
        f"{parts.hostname}:{parts.port}",
        userid=parts.username,
        password=parts.password,
        virtual_host=parts.path[1:] or "/",
        confirm_publish=True,
        connect_timeout=5,
    )
    connection.connect()
    return _Channel(connection)


def _publish(channel: Any, exchange: str, key: str, **properties: Any) -> None:
    message = amqp.Message(json.dumps(SUBMISSION), content_type="application/json", delivery_mode=2, **properties)
    channel.basic_publish_confirm(message, exchange, key)


def _refuses(url: str, attempt: Callable[[Any], object]) -> bool:
    try:
        with _channel(url) as channel:
            attempt(channel)
    except amqp.exceptions.AccessRefused:
        return True
    return False


def test_the_policy_that_is_set_by_hand_is_ours() -> None:
    """What operations.md tells whoever does not load the definitions, word for word."""
    told = re.search(r"set_policy (\w+) '([^']+)' '([^']+)' --apply-to (\w+)", OPERATIONS.read_text())
    assert told is not None
    name, pattern, definition, kind = told.groups()
    [ours] = [each for each in definitions(None, {})["policies"] if each["name"] == name]

    assert (pattern, json.loads(definition), kind) == (ours["pattern"], ours["definition"], ours["apply-to"])
