"""Places of spans: the same in every process, and nobody's number in them."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.base.randomness import SystemRandomness
from shared.messaging.wire.envelope import to_message
from shared.messaging.wire.seal import Call, Seal
from shared.platform import tracing
from shared.platform.tracing import TRACEPARENT, Kind, SpanPlace
from shared.store.eventstore.reading import RecordedEvent


class Noted:
    """A recorder that keeps what it is told."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, SpanPlace, SpanPlace | None]] = []
        self.ended = 0

    def start(self, name: str, kind: Kind, own: SpanPlace, parent: SpanPlace | None, attributes: dict[str, Any]) -> Any:
        """Keep it."""
        del kind, attributes
        self.spans.append((name, own, parent))
        return self

    def end(self) -> None:
        """One more has ended."""
        self.ended += 1

    def set_attribute(self, name: str, value: Any) -> None:
        """Not looked at."""

    def update_name(self, name: str) -> None:
        """Not looked at."""


@pytest.fixture
def noted() -> Any:
    """Recording, for the test."""
    recorder = Noted()
    tracing.record_with(recorder)
    yield recorder
    tracing.record_with(None)


def test_nothing_is_recorded_and_nothing_carried_while_it_is_off() -> None:
    """One and the same object is given for every span, and no message is longer by a byte."""
    recorded = RecordedEvent(1, uuid4(), 1, "Closed", b'{"correlation_id": "%s"}' % str(uuid4()).encode())

    assert tracing.request("a", str(uuid4())) is tracing.span("b", "server", "00-" + "1" * 32 + "-" + "1" * 16 + "-01")
    assert tracing.carried() is None
    assert TRACEPARENT not in to_message(recorded).headers


def test_an_event_s_message_leads_to_its_span(noted: Noted) -> None:
    """Whoever reads it from the log knows the trace and the event's place in it, whichever process appended it."""
    correlation, dossier = str(uuid4()), uuid4()
    recorded = RecordedEvent(1, dossier, 3, "Closed", b'{"correlation_id": "%s"}' % correlation.encode())
    tracing.event("Closed", "cilacap", f"{dossier}:3", correlation, None)
    [(_, own, parent)] = noted.spans
    root = f"{correlation.replace('-', '')}"

    assert str(own) == to_message(recorded).headers[TRACEPARENT]
    assert root == f"{own.trace:032x}"
    assert parent is not None
    assert 1 == noted.ended


def test_what_an_event_caused_stands_below_it(noted: Noted) -> None:
    """In the process that did it no request is open; the chain is told by the log."""
    correlation, cause = str(uuid4()), f"{uuid4()}:1"
    tracing.event("Dispositioned", "cilacap", f"{uuid4()}:2", correlation, cause)

    assert tracing.mark_of_event(cause, correlation) == noted.spans[0][2]


def test_requests_with_one_id_are_told_apart(noted: Noted) -> None:
    """A client that sends the same id again and again gets one trace, and no two spans with one number."""
    correlation = str(uuid4())
    for _ in range(3):
        with tracing.request("request", correlation):
            pass
    (_, first, _), *others = noted.spans

    assert 3 == len({own for _, own, _ in noted.spans})
    assert {first} == {parent for _, _, parent in others}


def test_spans_nest_and_errors_are_told_by_class_only(noted: Noted) -> None:
    """The inner one's parent is the outer one; what went wrong passes through."""
    with pytest.raises(ValueError, match="Siti"), tracing.request("outer", str(uuid4())):  # noqa: PT012 - the block is it
        outer = tracing.carried()
        with tracing.span("inner", "client"):
            raise ValueError("Siti")

    assert [None, tracing.mark_of(outer)] == [parent for _, _, parent in noted.spans]
    assert 2 == noted.ended
    assert tracing.carried() is None


def test_a_call_takes_its_place_along(noted: Noted) -> None:
    """Beside what is sealed: an older process that does not know it opens the call all the same."""
    seal = Seal(SystemRandomness().bytes(32))
    with tracing.request("outer", str(uuid4())):
        call = Call("routing.act", "portal", "1", "answers", seal.now(), [], {}, tracing.carried() or "")
    message = seal.call("rpc", call)

    assert call.traceparent == message.headers[TRACEPARENT]
    assert len(noted.spans) == 1


@given(st.text() | st.binary() | st.integers() | st.none())
def test_what_is_no_traceparent_is_none(given_: object) -> None:
    """Whatever somebody writes into a header."""
    mark = tracing.mark_of(given_)

    assert mark is None or str(mark)[:52] == str(given_)[:52]


@pytest.mark.parametrize(
    "header",
    ["00-" + "0" * 32 + "-" + "1" * 16 + "-01", "00-" + "1" * 32 + "-" + "0" * 16 + "-01", "01-x", "", "00-1-1-1"],
)
def test_a_place_that_is_none(header: str) -> None:
    """Zeros are no ids (W3C Trace Context, 3.2.2)."""
    assert tracing.mark_of(header) is None
