"""Sending spans never stands in the way of the work."""

from dataclasses import replace
from uuid import uuid4

import pytest

from shared.platform import tracing
from shared.platform.settings import Settings
from shared.platform.tracing_otlp import traced
from tests.tracing.receiver import receiving


def _settings(address: str, share: int = 100) -> Settings:
    return replace(Settings.from_environment({}), traces_url=address, traces_share=share)


def _work(requests: int = 1) -> None:
    for _ in range(requests):
        with tracing.request("request", str(uuid4())), tracing.span("inner", "client"):
            pass


def test_what_was_recorded_is_sent_before_the_end() -> None:
    """Also if the process ends at once; afterwards nothing is recorded."""
    with receiving() as receiver:
        with traced(_settings(receiver.address), "test"):
            _work()
        spans = receiver.spans()

    assert ["inner", "request"] == sorted(each.name for each in spans)
    assert {"aduan.test"} == {each.process for each in spans}
    assert not tracing.on()


def test_a_collector_that_is_away_costs_its_spans_only() -> None:
    """The work goes on, and its end is not held up."""
    with traced(_settings("http://127.0.0.1:1"), "test"):
        _work(100)

    assert not tracing.on()


def test_of_many_traces_a_share_is_sent_whole() -> None:
    """All of a trace or nothing of it: which, is told by its number, in every process alike."""
    with receiving() as receiver:
        with traced(_settings(receiver.address, share=30), "test"):
            _work(400)
        spans = receiver.spans()
    traces = [each.trace for each in spans]

    assert 60 <= len(set(traces)) <= 180
    assert {2} == {traces.count(each) for each in set(traces)}


def test_nothing_is_sent_unless_somebody_says_where_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off by default: OpenTelemetry is not even imported."""
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace", None)
    with traced(Settings.from_environment({}), "test"):
        assert not tracing.on()
