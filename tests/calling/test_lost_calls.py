"""Calls and answers that may be lost with a connection: what is sent again, and when somebody gives up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import eventlet
import pytest

from shared.base.errors import Unavailable
from shared.messaging.calling import pending_calls, replies
from shared.messaging.calling.call_publisher import NotSent
from shared.messaging.calling.pending_calls import PendingCalls
from shared.messaging.calling.rpc_client import RpcClients
from shared.messaging.calling.taken_calls import AnsweringAgain, TakenCalls
from shared.messaging.wire.outgoing import Outgoing
from shared.messaging.wire.seal import Call
from tests.fixtures.waiting import eventually
from tests.messaging.helping import config_for

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
CALL = Call("routing.act", "portal", "c1", "replies", NOW + timedelta(seconds=30), [], {})


def _message(said: str) -> Outgoing:
    return Outgoing(
        exchange="x", routing_key=said, body=said.encode(), headers={}, properties={}, content_type="application/json"
    )


def test_answers_that_go_out_while_the_connection_ends_once_more_are_sent_again() -> None:
    """The first of them may be lost with the second connection, though those after it went over a third."""
    taken, sent = TakenCalls(), list[str]()
    for each in ("first", "second"):
        taken.answered(each, _message(each))

    def publish(answer: Outgoing) -> None:
        sent.append(answer.routing_key)
        if sent == ["first", "second"]:
            again.broken()

    again = AnsweringAgain(taken, publish)
    again.broken()

    assert ["first", "second", "first", "second"] == sent


def test_a_call_that_goes_back_unbegun_is_taken_when_it_comes_again() -> None:
    """One that was begun is not."""
    taken = TakenCalls()
    first, again = taken.before(CALL, NOW), taken.before(CALL, NOW)
    taken.let_go(CALL)

    assert (False, True, False) == (first, again, taken.before(CALL, NOW))


class Glances(datetime):
    """An instant that counts how often a deadline was held against it."""

    count = 0

    def __lt__(self, other: Any) -> bool:
        Glances.count += 1
        return super().__lt__(other)


def test_many_calls_under_way_are_not_gone_through_for_each() -> None:
    """What is forgotten is looked for now and then, in all less than twice for each call; and it is forgotten."""
    taken, many = TakenCalls(), 3000
    now = Glances(2026, 11, 26, 9, tzinfo=UTC)
    for number in range(many):
        assert not taken.before(replace(CALL, id=str(number)), now)
    seen = Glances.count
    for number in range(4 * many):
        taken.before(
            replace(CALL, id=f"later {number}", deadline=NOW + timedelta(minutes=2)), NOW + timedelta(minutes=1)
        )

    assert 0 < seen < 2 * many
    assert not taken.before(replace(CALL, id="0"), NOW)


def test_how_long_there_was_no_connection_is_counted_anew_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that was in doubt long ago is not given up at once when the next connection breaks."""
    now = [100.0]
    monkeypatch.setattr(pending_calls, "time", SimpleNamespace(monotonic=lambda: now[0]))
    away, sent, failed = [True], list[str](), list[str]()

    def publish(message: Outgoing) -> None:
        if away.pop() if away else False:
            raise NotSent
        sent.append(message.routing_key)

    calls = PendingCalls(publish, eventlet.sleep, lambda call_id, _: failed.append(call_id))
    calls.add("c1", _message("this"))
    calls.broken()
    eventually(lambda: sent == ["this"])
    now[0] = 120.0
    away.append(True)
    calls.broken()
    eventually(lambda: sent == ["this", "this"] or failed)

    assert ([], True) == (failed, calls.in_doubt("c1"))


def test_a_call_that_could_not_be_sent_is_not_sent_after_its_caller_was_told_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its connection breaks while it is being sent, and the broker is away: nothing was done, and nothing will be."""
    tried: list[str] = []
    with RpcClients(config_for(f"memory:///{uuid4().hex}")) as clients:

        def publish(_url: str, message: Outgoing) -> None:
            tried.append(message.routing_key)
            if len(tried) == 1:
                clients._calls.rpc_reply_listener.pending.broken()
                eventlet.sleep(0.05)  # whoever would send it again has its turn
                raise NotSent

        monkeypatch.setattr(replies, "publish", publish)
        with pytest.raises(Unavailable) as told:
            clients.routing.act()

    assert (Unavailable, 1) == (type(told.value), len(tried))


def test_a_call_that_went_out_while_no_answers_are_heard_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the broker the queue of its answer may be gone: as soon as that is back it is asked once more."""
    tried: list[str] = []
    monkeypatch.setattr(replies, "publish", lambda _url, message: tried.append(message.routing_key))
    monkeypatch.setattr(replies.Replies, "listening", property(lambda _: False))
    with RpcClients(config_for(f"memory:///{uuid4().hex}")) as clients:
        asking = eventlet.spawn(clients.routing.act)
        eventually(lambda: len(tried) == 2)
        asking.kill()
