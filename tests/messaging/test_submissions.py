import json
from decimal import Decimal
from typing import Any

import pytest
from kombu import Producer, Queue

from shared.messaging.consuming.dead_letters import ERROR, REASON, list_dead, retry
from shared.messaging.consuming.submissions import Accepted, Delivery, PutAside, consume_submissions
from shared.messaging.wire.backoff import Retries
from shared.messaging.wire.connections import connected
from shared.messaging.wire.delivery import ROUTING_KEY
from shared.messaging.wire.outgoing import Outgoing
from shared.messaging.wire.topology import SUBMISSIONS
from shared.platform.health import checks_of
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve, config_for, declare, depth, drain, publish

ANSWERS = "aduan.replies.whatsapp.1"


class Intake:
    """Files what is JSON."""

    name = "intake"
    taken: list[Delivery]
    broken = False

    @consume_submissions("intake", retries=Retries(times=1, first_seconds=0.01))
    def submit(self, deliveries: list[Delivery]) -> list[Accepted | PutAside]:
        """File them."""
        outcomes: list[Accepted | PutAside] = []
        for delivery in deliveries:
            if delivery.body == b"bug" and not self.broken:
                raise KeyError("Budi")
            try:
                number = json.loads(delivery.body)["number"]
            except ValueError:
                refusal = {"error": {"code": "not_json"}}
                outcomes.append(PutAside("not_json", {"message": ["required"]}, refusal))
            else:
                outcomes.append(Accepted({"ticket": f"CLP-{number}"}))
        self.taken += deliveries
        return outcomes


def submission(body: bytes, channel: str = "whatsapp", **properties: Any) -> Outgoing:
    """What a channel adapter publishes; that it claims to be another's is not believed."""
    headers = {"x-from": "adapter", ROUTING_KEY: "submission.telegram"}
    return Outgoing("aduan.intake", f"submission.{channel}", body, headers, properties)


def answers_queue(url: str) -> str:
    """A queue of an adapter's own for its answers."""
    with connected(url) as connection, connection.channel() as channel:
        Queue(ANSWERS, durable=False)(channel).declare()
    return ANSWERS


def started(url: str, serve: Serve) -> Any:
    """Intake runs, and everything is declared."""
    Intake.taken = []
    Intake.broken = False
    declare(url)
    return serve(Intake, config_for(url))


def test_who_asks_gets_a_receipt(broker: str, serve: Serve) -> None:
    """With ``reply_to`` the sender gets the reply in its queue, with its own correlation id; without it nobody does."""
    started(broker, serve)
    queue = answers_queue(broker)
    publish(
        broker,
        submission(b'{"number": 1}', reply_to=queue, correlation_id="abc"),
        submission(b'{"number": 2}'),
        submission(b"not json", reply_to=queue, correlation_id="def"),
    )
    eventually(lambda: len(Intake.taken) == 3)
    eventually(lambda: depth(broker, queue) == 2)
    replies = {each.properties["correlation_id"]: each for each in drain(broker, queue)}

    assert {"ticket": "CLP-1"} == replies["abc"].decode()
    assert {"error": {"code": "not_json"}} == replies["def"].decode()
    assert "application/json" == replies["abc"].content_type


def test_a_delivery_tells_all_the_sender_said(broker: str, serve: Serve) -> None:
    """Body, channel, headers and ids come as they were sent, JSON or not."""
    started(broker, serve)
    publish(
        broker,
        submission(b"\xff\x00", "sms", message_id="m1", correlation_id="c1", reply_to="aduan.replies.sms.x"),
    )
    eventually(lambda: Intake.taken)
    (delivery,) = Intake.taken

    assert (b"\xff\x00", "submission.sms", "sms") == (delivery.body, delivery.routing_key, delivery.channel)
    assert ("m1", "c1", "aduan.replies.sms.x") == (delivery.message_id, delivery.correlation_id, delivery.reply_to)
    assert "adapter" == delivery.headers["x-from"]


def test_what_is_refused_is_kept_with_the_reason(broker: str, serve: Serve) -> None:
    """A submission that intake rejects is never lost: it lies in the dead queue, with the fields at fault."""
    started(broker, serve)
    publish(broker, submission(b"not json"))
    eventually(lambda: depth(broker, "aduan.intake.dead") == 1)
    (dead,) = drain(broker, "aduan.intake.dead")

    assert "not_json" == dead.headers[REASON]
    assert {"message": ["required"]} == json.loads(dead.headers[ERROR])
    assert 0 == depth(broker, "aduan.intake.submissions")


def test_a_bug_is_answered_and_kept(broker: str, serve: Serve) -> None:
    """A submission that intake cannot handle is put aside and its sender told so; its neighbours are filed."""
    started(broker, serve)
    queue = answers_queue(broker)
    publish(broker, submission(b'{"number": 1}'), submission(b"bug", reply_to=queue), submission(b'{"number": 2}'))
    eventually(lambda: depth(broker, queue) == 1)
    (reply,) = drain(broker, queue)
    (letter,) = list_dead(broker, "intake")

    assert {"error": {"code": "submission_not_processed"}} == reply.decode()
    assert ("failed", "submission.whatsapp") == (letter.reason, letter.type)
    assert [b'{"number": 1}', b'{"number": 2}'] == sorted(each.body for each in Intake.taken)


def test_a_retried_submission_remembers_its_channel(broker: str, serve: Serve) -> None:
    """When the bug is mended a dead submission is filed under the channel through which it came."""
    started(broker, serve)
    publish(broker, submission(b"bug", "email"))
    eventually(lambda: depth(broker, "aduan.intake.dead") == 1)
    Intake.broken = True
    retry(broker, "intake")
    eventually(lambda: Intake.taken)

    assert ["email"] == [each.channel for each in Intake.taken]


def test_many_come_in_batches(broker: str, serve: Serve) -> None:
    """Submissions that wait are taken together, and each sender gets the answer to its own."""
    Intake.taken = []
    declare(broker)
    queue = answers_queue(broker)
    publish(
        broker,
        *[
            submission(json.dumps({"number": number}).encode(), reply_to=queue, correlation_id=str(number))
            for number in range(150)
        ],
    )
    serve(Intake, config_for(broker))
    eventually(lambda: depth(broker, queue) == 150)
    replies = {int(each.properties["correlation_id"]): each.decode()["ticket"] for each in drain(broker, queue)}

    assert {number: f"CLP-{number}" for number in range(150)} == replies


def test_whatever_a_sender_adds_a_refused_message_is_put_aside(broker: str, serve: Serve) -> None:
    """Properties and headers of any kind, as other libraries send them, are kept, and harm nobody."""
    started(broker, serve)
    queue = answers_queue(broker)
    headers = {
        "none": None,
        "yes": True,
        "float": 1.5,
        "large": 2**40,
        "decimal": Decimal("1.25"),
        "table": {"list": [1, "two", {"three": None}]},
    }
    with connected(broker) as connection, connection.channel() as channel:
        producer = Producer(channel, exchange=SUBMISSIONS)
        for body in (b"not json", b'{"number": 2}'):
            producer.publish(
                body,
                routing_key="submission.whatsapp",
                content_type="application/octet-stream",
                content_encoding="binary",
                reply_to=queue,
                correlation_id="abc",
                message_id="m1",
                headers=headers,
                priority=5,
                timestamp=1_790_000_000,
                app_id="adapter",
                type="complaint",
            )
    eventually(lambda: depth(broker, queue) == 2)
    [letter] = list_dead(broker, "intake")
    [dead] = drain(broker, "aduan.intake.dead")

    assert ("not_json", "m1") == (letter.reason, letter.message_id)
    assert b"not json" == bytes(dead.body, "ascii") if isinstance(dead.body, str) else bytes(dead.body)
    assert headers == {name: dead.headers[name] for name in headers}
    assert 5 == dead.properties["priority"]


@pytest.mark.parametrize(
    "queue",
    [
        *("aduan.reporting", "rpc.intake", "answers", "aduan.replies.", "aduan.replies.whatsapp.a\n"),
        *("aduan.replies.sms.1", "aduan.replies.whatsapp-2.1", "aduan.replies.whatsapp", "aduan.replies.whatsapp."),
    ],
)
def test_answers_go_to_adapters_only(broker: str, serve: Serve, queue: str) -> None:
    """Who names another's queue is refused and writes to nobody; an operator's retry files it without an answer."""
    started(broker, serve)
    bodies = [b"%d" % number if number % 2 else b'{"number": %d}' % number for number in range(30)]
    publish(broker, *[submission(body, reply_to=queue) for body in bodies])
    eventually(lambda: depth(broker, "aduan.intake.dead") == 30)
    letters = list_dead(broker, "intake")

    assert {"reply_to_not_allowed"} == {letter.reason for letter in letters}
    assert [] == Intake.taken
    assert 0 == depth(broker, "aduan.reporting")
    retry(broker, "intake", [letters[0].id])
    eventually(lambda: Intake.taken)
    assert [None] == [each.reply_to for each in Intake.taken]
    assert 0 == depth(broker, "aduan.reporting")


def test_no_header_makes_a_submission_another_channels(broker: str, serve: Serve) -> None:
    """By which channel it came its routing key says, to which the broker holds each adapter; a header says nothing."""
    started(broker, serve)
    forged = {"x-aduan-routing-key": "submission.sms"}
    theirs = {"reply_to": "aduan.replies.sms.1", "message_id": "theirs"}
    publish(
        broker,
        Outgoing("aduan.intake", "submission.whatsapp", b'{"number": 1}', forged, theirs),
        Outgoing("aduan.intake", "submission.whatsapp", b'{"number": 2}', forged, {}),
    )
    eventually(lambda: Intake.taken)
    eventually(lambda: depth(broker, "aduan.intake.dead") == 1)
    (letter,) = list_dead(broker, "intake")

    assert [("whatsapp", b'{"number": 2}')] == [(each.channel, each.body) for each in Intake.taken]
    assert ("reply_to_not_allowed", "theirs", "submission.whatsapp") == (letter.reason, letter.message_id, letter.type)


def test_no_sender_can_stop_the_others(broker: str, serve: Serve) -> None:
    """However many submissions fail in a row, the next one is taken; meanwhile the service says that it is not well."""
    container = started(broker, serve)
    publish(broker, *[submission(b"bug")] * 45)
    eventually(lambda: depth(broker, "aduan.intake.dead") == 45)
    checks = checks_of(container.config)

    assert not checks.readiness().ok
    publish(broker, submission(b'{"number": 1}'))
    eventually(lambda: Intake.taken)
    eventually(lambda: checks.readiness().ok)


def test_a_refusal_has_an_end(broker: str, serve: Serve) -> None:
    """Sixty thousand fields at fault make neither a letter nor an answer that cannot be sent."""
    many = {f"field {number}": ["unknown_field"] for number in range(60_000)}

    def refuse(_: Any, deliveries: list[Delivery]) -> list[PutAside]:
        reply = {"error": {"code": "invalid_fields", "fields": many}}
        return [PutAside("invalid_fields", many, reply) for _ in deliveries]

    queue = answers_queue(broker)
    declare(broker)
    serve(_entry(refuse), config_for(broker))
    publish(broker, submission(b"{}", reply_to=queue, correlation_id="abc"))
    eventually(lambda: depth(broker, queue) == 1)
    (reply,) = drain(broker, queue)
    (letter,) = list_dead(broker, "intake")

    assert {"error": {"code": "invalid_fields"}} == reply.decode()
    assert 20 == len(json.loads(letter.error))


def _entry(method: Any) -> type:
    class Refusing:
        name = "intake"
        submit = consume_submissions("intake")(method)

    return Refusing
