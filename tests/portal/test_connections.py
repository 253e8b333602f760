"""Who is let in, who makes room, and who is believed."""

from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.platform.web.connections import Connections


class Held:
    """Connections, with what was closed."""

    def __init__(self, most: int = 10, *trusted: str, waiting: int = 3, working: int = 2) -> None:
        self.ended: list[Any] = []
        networks = [ip_network(each) for each in trusted]
        self.all = Connections(most, networks, self.ended.append, most_waiting=waiting, most_working=working)

    def come(self, host: str, *ports: int) -> list[Any]:
        """So many newcomers; each one's socket is its port."""
        return [self.all.admit(port, (host, port)) for port in ports]


def test_who_has_waited_longest_makes_room() -> None:
    """Of its own address only."""
    held = Held()
    held.come("10.0.0.1", 1, 2, 3)
    held.come("10.0.0.2", 11, 12)
    held.come("10.0.0.1", 4, 5)

    assert [1, 2] == held.ended
    assert 5 == len(held.all)


def test_a_client_that_comes_again_from_its_port_is_another() -> None:
    """The end of the first takes nothing from the second."""
    held = Held(waiting=1)
    [first] = held.come("10.0.0.1", 1)
    held.come("10.0.0.1", 2)
    [second] = held.come("10.0.0.1", 1)
    held.all.leave(first)

    assert second is held.all.of(("10.0.0.1", 1))
    assert first is not None
    assert second is not None
    assert (True, False) == (first.ended, second.ended)


def test_the_address_with_most_waiting_makes_room_for_others() -> None:
    """When all together are too many."""
    held = Held(most=5)
    held.come("10.0.0.1", 1)
    held.come("10.0.0.2", 11, 12, 13)
    held.come("10.0.0.3", 21)
    [newcomer] = held.come("10.0.0.4", 31)

    assert newcomer is not None
    assert [11] == held.ended


def test_work_is_never_cut_off() -> None:
    """Who works is not closed; when all work, the newcomer is turned away."""
    held = Held(most=3)
    for one in held.come("10.0.0.1", 1, 2, 3):
        one.works()
    [newcomer] = held.come("10.0.0.2", 11)

    assert newcomer is None
    assert [] == held.ended


def test_a_stream_takes_no_request_of_its_address_and_is_not_closed_to_make_room() -> None:
    """An office behind one address reads news in all its tabs and works on beside them."""
    held = Held()
    first, second, third = held.come("10.0.0.1", 1, 2, 3)
    for one in (first, second):
        one.works()
        one.streams()
    third.works()
    held.come("10.0.0.2", 11)

    assert (True, False, False) == (third.may_work, first.ended, second.ended)


def test_one_address_works_on_so_much_at_once() -> None:
    """Another is not counted with it, and what is done counts no more."""
    held = Held()
    first, second, third = held.come("10.0.0.1", 1, 2, 3)
    [other] = held.come("10.0.0.2", 11)
    first.works()
    before = second.may_work
    second.works()
    full = third.may_work
    first.waits()

    assert (True, False, True, True) == (before, full, third.may_work, other.may_work)


def test_who_was_closed_stays_closed() -> None:
    """Its handler may still come to say that it waits or works: it is not let in again by that."""
    held = Held()
    first, *_ = held.come("10.0.0.1", 1, 2, 3, 4)
    first.works()
    first.waits()

    assert held.all.of(("10.0.0.1", 1)) is None
    assert 3 == len(held.all)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.1", None, "198.51.100.1"),
        ("198.51.100.1", "192.0.2.1", "198.51.100.1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.9, 192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.9, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "tidak tahu", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1, tidak tahu", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_a_trusted_proxy_is_believed(peer: str, forwarded: str | None, client: str) -> None:
    """Of what it says the last address that is no proxy of ours: those before it anybody may have written."""
    held = Held(10, "10.0.0.0/8")

    assert client == held.all.client_of(peer, forwarded)


def test_by_default_nobody_is_believed() -> None:
    """Not even a neighbour."""
    assert "127.0.0.1" == Held().all.client_of("127.0.0.1", "192.0.2.1")


def test_a_proxy_may_hold_many_for_its_clients() -> None:
    """Its clients are counted one by one."""
    held = Held(20, "10.0.0.1/32")
    come = held.come("10.0.0.1", *range(1, 11))
    for number, one in enumerate(come):
        one.named(f"192.0.2.{number % 2}")
    may = []
    for one in come:
        may.append(one.may_work)
        one.works()

    assert [] == held.ended
    assert [True] * 4 + [False] * 6 == may


@given(some.lists(some.tuples(some.sampled_from("abcd"), some.integers(0, 2), some.integers(0, 4))))
def test_the_count_is_right_after_anything(moves: list[tuple[str, int, int]]) -> None:
    """Coming, working, waiting and leaving in any order leave no ghost."""
    held = Held(most=6)
    inside: dict[tuple[str, int], Any] = {}
    for number, (host, what, which) in enumerate(moves):
        if what == 0:
            inside[host, number] = held.all.admit((host, number), (host, number))
        elif inside:
            key = list(inside)[which % len(inside)]
            one = inside[key]
            if what == 1 and one is not None:
                (one.works if which % 2 else one.waits)()
            else:
                if one is not None:
                    held.all.leave(one)
                del inside[key]
        alive = {key for key, one in inside.items() if one is not None and key not in held.ended}
        assert len(held.all) == len(alive) <= 6
    for one in inside.values():
        if one is not None:
            held.all.leave(one)

    assert 0 == len(held.all)
    assert ({}, {}) == (held.all._waiting, held.all._working)
