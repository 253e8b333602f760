"""Work that comes at the same time is done together."""

import time
from collections.abc import Sequence

import eventlet
import pytest
from eventlet.event import Event

from shared.base import joining
from shared.base.joining import Joint, NotTogether


class Doing:
    """Does numbers, each time after a moment; notes what it did together."""

    def __init__(self) -> None:
        self.done: list[list[int]] = []

    def do(self, items: Sequence[int]) -> None:
        """Fail where there is a negative one, leave where there is a nought."""
        eventlet.sleep(0)
        self.done.append(list(items))
        if 0 in items:
            raise SystemExit
        if min(items) < 0:
            raise ValueError(min(items))


def _at_once(joint: Joint[int], *parties: list[int]) -> list[str]:
    def one(items: list[int]) -> str:
        try:
            joint.join(items)
        except NotTogether as error:
            return type(error.__cause__).__name__
        except SystemExit:
            return "left"
        return "done"

    pool = eventlet.GreenPool()
    return [thread.wait() for thread in [pool.spawn(one, items) for items in parties]]


def test_who_comes_meanwhile_joins_the_next() -> None:
    """The first does not wait for company; those that come while it works go together, in their order."""
    doing = Doing()
    said = _at_once(Joint(doing.do), [1], [2], [3, 4], [5])

    assert ["done"] * 4 == said
    assert [[1], [2, 3, 4, 5]] == doing.done


def test_no_more_than_so_many_at_a_time() -> None:
    """A party is never torn apart, and one that is larger than allowed goes alone."""
    doing = Doing()
    said = _at_once(Joint(doing.do, most=3), [1], [2], [3, 4], [5], [6, 7, 8, 9], [10])

    assert ["done"] * 6 == said
    assert [[1], [2, 3, 4], [5], [6, 7, 8, 9], [10]] == doing.done


def test_a_failure_is_told_to_all_whom_it_may_concern() -> None:
    """Those who were in it hear of it; who comes after them does not."""
    doing = Doing()
    joint = Joint(doing.do, most=2)
    said = _at_once(joint, [1], [2], [-1], [3])

    assert ["done", "ValueError", "ValueError", "done"] == said
    joint.join([4])
    assert [4] == doing.done[-1]


def test_who_must_leave_while_leading_leaves_the_others_in_place() -> None:
    """The leader's end is its own; the others hear that what they were in came to no end, and work goes on."""
    doing = Doing()
    joint = Joint(doing.do, most=2)
    said = _at_once(joint, [1], [0], [2], [3])

    assert ["done", "left", "SystemExit", "done"] == said


def test_who_must_leave_while_it_waits_holds_nobody_up() -> None:
    """Killed before its turn it is not waited for, and what it brought is not done."""
    done: list[list[int]] = []
    gate = Event()

    def do(items: Sequence[int]) -> None:
        done.append(list(items))
        gate.wait()

    joint = Joint(do)
    threads = [eventlet.spawn(joint.join, [number]) for number in (1, 2, 3)]
    eventlet.sleep(0)
    threads[1].kill()
    gate.send()
    with eventlet.Timeout(30):
        threads[2].wait()
        joint.join([4])

    assert [[1], [3], [4]] == done


def test_who_must_leave_while_it_waits_for_company_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was to lead: another does."""
    monkeypatch.setattr(joining, "_MOST_SECONDS", 5.0)
    done: list[list[int]] = []

    def do(items: Sequence[int]) -> None:
        done.append(list(items))
        eventlet.sleep(0.1)

    joint = Joint(do)
    for thread in [eventlet.spawn(joint.join, [number]) for number in (1, 2, 3)]:
        thread.wait()
    leader = eventlet.spawn(joint.join, [4])
    eventlet.sleep(0)
    leader.kill()
    with eventlet.Timeout(30):
        joint.join([5])

    assert [[1], [2, 3]] == done[:2]
    assert [5] == done[-1]


def test_those_who_come_again_at_once_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight that come one time after the other go together each time, not one alone and the others after it."""
    monkeypatch.setattr(joining, "_MOST_SECONDS", 5.0)
    done: list[int] = []

    def do(items: Sequence[int]) -> None:
        eventlet.sleep(0.05)  # so long may they take to come again
        done.append(len(items))

    joint = Joint(do)

    def come(times: int) -> None:
        for _ in range(times):
            joint.join([1])

    pool = eventlet.GreenPool()
    for thread in [pool.spawn(come, 10) for _ in range(8)]:
        thread.wait()

    assert 80 == sum(done)
    assert 15 > len(done)


def test_who_comes_alone_does_not_wait() -> None:
    """Neither for the first time nor after others that came one by one."""
    joint: Joint[int] = Joint(lambda _: eventlet.sleep(0.02))
    began = time.monotonic()
    for _ in range(5):
        joint.join([1])

    assert 0.02 * 5 <= time.monotonic() - began
    assert joint._last == 1


@pytest.mark.parametrize("many", [1, 50])
def test_everything_is_done_once(many: int) -> None:
    """However many come."""
    doing = Doing()
    said = _at_once(Joint(doing.do, most=7), *([number + 1] for number in range(many)))

    assert ["done"] * many == said
    assert list(range(1, many + 1)) == sorted(item for group in doing.done for item in group)
