import time
from concurrent.futures import ThreadPoolExecutor

import eventlet
import pytest

from shared.platform.database.places import Places


def test_what_came_back_last_is_taken_first() -> None:
    """Things in use stay in use, so that few are kept busy; empty places are taken last."""
    places: Places[str] = Places(3)
    assert [None, None, None] == [places.take(0) for _ in range(3)]
    for thing in ("a", None, "b"):
        places.put(thing)

    assert ["b", "a", None] == [places.take(0) for _ in range(3)]


def test_waiting_is_bounded() -> None:
    """Who finds no place is told after the time it would wait."""
    places: Places[str] = Places(1)
    places.take(0)

    with pytest.raises(TimeoutError):
        places.take(0.01)

    places.put("a")
    assert "a" == places.take(0)


def test_first_come_first_served() -> None:
    """One that puts back and takes again at once does not pass by those who wait."""
    places: Places[str] = Places(1)
    order: list[str] = []

    def greedy() -> None:
        for _ in range(3):
            thing = places.take(5)
            order.append("greedy")
            time.sleep(0)
            places.put(thing)

    def patient() -> None:
        thing = places.take(5)
        order.append("patient")
        places.put(thing)

    greenlets = [eventlet.spawn(greedy), eventlet.spawn(patient)]
    for each in greenlets:
        each.wait()

    assert ["greedy", "patient", "greedy", "greedy"] == order


def test_nobody_holds_what_another_holds() -> None:
    """Under many takers, some of whom give up or are killed, no thing is lent twice and no place is lost."""
    places: Places[int] = Places(3)
    for _ in range(3):
        places.take(0)
    for number in range(3):
        places.put(number)
    lent: set[int] = set()

    def use(number: int) -> None:
        for turn in range(20):
            try:
                with eventlet.Timeout(0.0005 * (number % 4 + 1)):
                    thing = places.take(0.001 * (turn % 3))
            except (TimeoutError, eventlet.Timeout):
                continue
            assert thing is not None
            assert thing not in lent
            lent.add(thing)
            time.sleep(0.0003 * (turn % 2))
            lent.remove(thing)
            places.put(thing)

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(use, range(12)))

    assert {0, 1, 2} == {places.take(0.1) for _ in range(3)}


def test_emptying_leaves_the_places() -> None:
    """Things are taken out of the places, and the places can be used on."""
    places: Places[str] = Places(2)
    places.take(0)
    places.put("a")

    assert ["a"] == places.empty()
    assert [None, None] == [places.take(0) for _ in range(2)]
