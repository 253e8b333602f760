from collections.abc import Callable, Sequence

import psycopg2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.base.errors import Unavailable, Unworkable
from shared.messaging.consuming.outcomes import Accepted, Failed, Outcome, PutAside
from shared.messaging.consuming.settling import GivenBack, Settling
from shared.messaging.wire.backoff import Retries

OUTAGE = psycopg2.OperationalError("the server is away")


class Desk:
    """Something that is to be done with numbers; how often each one still fails, and with what."""

    def __init__(self, failing: dict[int, int], error: Exception | None = None) -> None:
        self.failing = dict(failing)
        self.error = error or RuntimeError("no")
        self.done: list[int] = []
        self.groups: list[list[int]] = []

    def attempt(self, numbers: list[int]) -> Sequence[Outcome]:
        """Do all of them or none."""
        self.groups.append(numbers)
        bad = [number for number in numbers if self.failing.get(number, 0) > 0]
        if bad:
            if len(numbers) == 1:
                self.failing[bad[0]] -= 1
            raise self.error
        self.done += numbers
        return [Accepted()] * len(numbers)


class Time:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def pause(self, seconds: float) -> bool:
        """Wait."""
        self.waits.append(seconds)
        self.now += seconds
        return False


def settling(
    attempt: Callable[[list[int]], Sequence[Outcome]], time: Time, retries: Retries | None = None
) -> Settling[int]:
    """What is under test, on a clock of the test's."""
    return Settling(attempt, retries=retries or Retries(), now=lambda: time.now, pause=time.pause)


def finish(settling: Settling[int], numbers: list[int], time: Time) -> dict[int, Outcome]:
    """Settle them all, moving the clock to whatever is due next."""
    settled = [pair for group in settling.settle(numbers) for pair in group]
    while (wait := settling.next_due_seconds()) is not None:
        time.now += wait
        settled += [pair for group in settling.settle_due() for pair in group]
    assert len(settled) == len(numbers)
    return dict(settled)


@given(st.dictionaries(st.integers(0, 40), st.integers(1, 10), max_size=10), st.integers(0, 41), st.integers(0, 6))
def test_each_message_gets_its_own_end(failing: dict[int, int], count: int, times: int) -> None:
    """Whatever fails, and however often: exactly what fails every time is given up, and all else is done once."""
    desk, time = Desk(failing), Time()
    numbers = list(range(count))
    outcomes = finish(settling(desk.attempt, time, Retries(times=times)), numbers, time)
    hopeless = {number for number in numbers if failing.get(number, 0) > times + 1}
    # One that fails once more than it is retried fails at the first try by itself and at each of the retries.
    hopeless |= {number for number in numbers if failing.get(number, 0) == times + 1}

    assert hopeless == {number for number, outcome in outcomes.items() if isinstance(outcome, Failed)}
    assert sorted(set(numbers) - hopeless) == sorted(desk.done)


def test_a_governments_own_fault_stops_no_other() -> None:
    """What cannot be done until a government's files are mended is put aside with its reason: no fault of ours."""
    desk, time = Desk(dict.fromkeys(range(30), 99), Unworkable("no_open_time", {"calendar": "bantul"})), Time()
    outcomes = finish(settling(desk.attempt, time), list(range(40)), time)
    aside = PutAside(
        "no_open_time",
        {"calendar": ["bantul"]},
        reply={"error": {"code": "no_open_time", "params": {"calendar": "bantul"}}},
    )

    assert [aside] * 30 == [outcomes[number] for number in range(30)]
    assert list(range(30, 40)) == sorted(desk.done)


def test_a_good_batch_is_one_attempt() -> None:
    """Nothing is halved that does not fail."""
    desk, time = Desk({}), Time()
    finish(settling(desk.attempt, time), list(range(100)), time)

    assert [list(range(100))] == desk.groups


def test_one_bad_among_a_hundred_costs_few_attempts() -> None:
    """Halving finds it: the others are done in a few groups, before anybody waits."""
    desk, time = Desk({42: 99}), Time()
    first = [number for group in settling(desk.attempt, time).settle(list(range(100))) for number, _ in group]

    assert sorted(set(range(100)) - {42}) == sorted(first)
    assert len(desk.groups) <= 15
    assert 0 == time.now


def test_waits_double_and_end() -> None:
    """The waits before the retries grow, up to a limit, and their number is limited."""
    desk, time = Desk({1: 99}), Time()
    under_test = settling(desk.attempt, time, Retries(times=5, first_seconds=1, most_seconds=5))
    list(under_test.settle([1]))
    waits = []
    while (wait := under_test.next_due_seconds()) is not None:
        waits.append(wait)
        time.now += wait
        list(under_test.settle_due())

    assert [1, 2, 4, 5, 5] == waits
    assert 6 == len(desk.groups)


def test_others_go_on_while_one_waits() -> None:
    """A parked message holds up nobody."""
    desk, time = Desk({1: 2}), Time()
    under_test = settling(desk.attempt, time)
    list(under_test.settle([1]))
    list(under_test.settle([2, 3]))

    assert [2, 3] == desk.done
    assert 1 == under_test.parked


@pytest.mark.parametrize("error", [OUTAGE, Unavailable("database_unavailable"), ConnectionResetError(), TimeoutError()])
def test_an_outage_makes_all_wait_without_limit(error: Exception) -> None:
    """What says nothing about the message is tried until it works, and costs no retries."""
    desk, time = Desk({1: 200}, error), Time()
    outcomes = finish(settling(desk.attempt, time, Retries(times=1, first_seconds=1, most_seconds=10)), [1], time)

    assert {1: Accepted()} == outcomes
    assert 200 == len(time.waits)
    assert [1, 2, 3, 3, 3, 3] == time.waits[:6]


def test_stopping_ends_an_outages_wait() -> None:
    """Who is to stop does not wait for the database: the messages go back."""
    desk = Desk({1: 99}, OUTAGE)
    under_test: Settling[int] = Settling(desk.attempt, retries=Retries(), now=lambda: 0.0, pause=lambda _: True)
    with pytest.raises(GivenBack):
        list(under_test.settle([1]))

    assert [[1]] == desk.groups


def test_outcomes_are_passed_on_in_order() -> None:
    """Each message gets the outcome at its own place."""

    def attempt(numbers: list[int]) -> Sequence[Outcome]:
        return [PutAside("odd") if number % 2 else Accepted({"number": number}) for number in numbers]

    time = Time()

    assert {1: PutAside("odd"), 2: Accepted({"number": 2})} == finish(settling(attempt, time), [1, 2], time)


@pytest.mark.parametrize("count", [0, 3])
def test_a_wrong_number_of_outcomes_is_a_failure(count: int) -> None:
    """A handler that does not say what became of each message has not done them."""
    time = Time()
    outcomes = finish(settling(lambda _: [Accepted()] * count, time, Retries(times=1)), [1, 2], time)

    assert {"failed"} == {outcome.reason_code for outcome in outcomes.values() if isinstance(outcome, Failed)}
    assert 2 == len(outcomes)
