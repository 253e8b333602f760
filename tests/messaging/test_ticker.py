"""Methods that are called again and again."""

import logging
import time
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from nameko import containers

from shared.base.errors import Unavailable
from shared.messaging.ticker import rouse, ticking
from shared.messaging.wire import trouble
from shared.messaging.wire.configuration import RUNTIME
from shared.platform.database.bell import Bell
from shared.platform.health import checks_of
from tests.fixtures.logged import logged_by
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve

BELL = Bell()
CALLS: list[float] = []
ANSWERS: list[Any] = []
LEAST = (0.2, 0.4, 0.8)
"""Seconds that pass at least after the first failure, the second and the third."""


class Timed:
    """A service with a timer that does as the test says."""

    name = "timed"

    @ticking
    def tick(self) -> Any:
        """Do as the next answer says."""
        CALLS.append(time.monotonic())
        answer = ANSWERS.pop(0) if ANSWERS else False
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer


class Rare:
    """A service with a timer of its own interval."""

    name = "rare"

    @ticking(3600)
    def tick(self) -> None:
        """Count."""
        CALLS.append(time.monotonic())


@pytest.fixture(autouse=True)
def _afresh() -> None:
    CALLS.clear()
    ANSWERS.clear()


def _config(tick_ms: int = 5) -> dict[str, Any]:
    runtime = SimpleNamespace(settings=SimpleNamespace(tick_ms=tick_ms), database=SimpleNamespace(bell=BELL))
    return {"AMQP_URI": "memory://timers/", RUNTIME: runtime}


def test_it_is_called_again_and_again(serve: Serve) -> None:
    """At once, and then as often as the settings say; stopping ends it."""
    container = serve(Timed, _config())
    eventually(lambda: len(CALLS) >= 5)
    container.stop()
    calls = len(CALLS)
    time.sleep(0.05)  # ten intervals

    assert calls == len(CALLS)


def test_an_interval_of_its_own_begins_at_once(serve: Serve) -> None:
    """What is done every hour is done at the start, too."""
    serve(Rare, _config())

    assert eventually(lambda: len(CALLS) == 1)


def test_who_waits_for_it_need_not_wait_for_its_interval(serve: Serve) -> None:
    """Roused by its name it is called at once, however long its interval is."""
    serve(Timed, _config(tick_ms=3_600_000))
    eventually(lambda: len(CALLS) == 1, what="called at the start")
    for _ in range(3):
        eventually(_roused, what="called once more")


def _roused() -> bool:
    """Rouse it; whether it heard: in the middle of a call it does not."""
    calls = len(CALLS)
    rouse("timed", "tick")
    time.sleep(0.01)
    return len(CALLS) > calls


def test_nothing_else_of_its_service_is_roused(serve: Serve) -> None:
    """Who waits for one thing that a service does has nothing else of it done."""
    serve(Timed, _config(tick_ms=3_600_000))
    eventually(lambda: len(CALLS) == 1, what="called at the start")
    for _ in range(20):
        rouse("timed", "tock")
        rouse("rare", "tick")
        time.sleep(0.002)

    assert 1 == len(CALLS)


def test_who_waits_hears_of_each_call_that_is_over(serve: Serve) -> None:
    """Who waits until nothing is left to do looks again when a call has ended, and need not keep asking."""
    with BELL.watching() as ear:
        serve(Timed, _config(tick_ms=3_600_000))

        assert ear.wait(30.0)
        assert 1 == len(CALLS)


def test_what_is_seldom_done_is_not_roused(serve: Serve) -> None:
    """What is done once an hour is done once an hour, whoever waits for the service."""
    serve(Rare, _config())
    eventually(lambda: len(CALLS) == 1)
    for _ in range(20):
        rouse("rare", "tick")
        time.sleep(0.002)

    assert 1 == len(CALLS)


def test_while_there_is_more_it_does_not_wait(serve: Serve) -> None:
    """A method that says so is called again at once, and stopping comes in between."""
    ANSWERS.extend([True] * 100_000)
    container = serve(Timed, _config(tick_ms=60_000))
    eventually(lambda: len(CALLS) > 20)
    container.stop()

    assert ANSWERS


def test_failures_are_repeated_with_growing_waits_and_logged_twice(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    """An outage costs a line at its beginning and one at its end, however often was asked meanwhile."""
    caplog.set_level(logging.INFO)
    ANSWERS.extend([Unavailable("database_unavailable")] * 3)
    serve(Timed, _config())
    eventually(lambda: len(CALLS) >= 5)
    waits = [later - earlier for earlier, later in pairwise(CALLS)][:3]

    assert all(waited >= least for waited, least in zip(waits, LEAST, strict=True)), waits
    assert ["waiting", "going on"] == [each.message for each in logged_by(caplog, trouble)]


def test_a_mistake_of_ours_is_logged_and_does_not_end_it(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """The trace is in the log, and the timer goes on."""
    ANSWERS.append(ZeroDivisionError())
    serve(Timed, _config())
    eventually(lambda: len(CALLS) >= 3)

    assert [ZeroDivisionError] == [each.exc_info[0] for each in logged_by(caplog, containers) if each.exc_info]


def test_failing_for_long_is_not_ready(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who watches the process learns that its timers do not run."""
    monkeypatch.setattr("shared.messaging.wire.trouble._PATIENCE_SECONDS", 0.1)
    config = _config()
    ANSWERS.extend([Unavailable("database_unavailable")] * 1000)
    serve(Timed, config)
    checks = checks_of(config)

    assert eventually(lambda: not checks.readiness().ok)
    ANSWERS.clear()
    assert eventually(lambda: checks.readiness().ok)


def test_what_was_missed_is_not_made_up_for(serve: Serve) -> None:
    """After a call that took ten intervals the next comes at once, and then one per interval."""
    ANSWERS.append(lambda: time.sleep(0.2))
    serve(Timed, _config(tick_ms=20))
    eventually(lambda: len(CALLS) >= 5)

    assert CALLS[4] - CALLS[1] >= 0.05
