"""Who follows the log for a service: instances that are killed, stop, halt, or are of another version."""

import random
from contextlib import closing
from functools import partial

import eventlet
import pytest

from shared.messaging.consuming.dead_letters import retry
from shared.messaging.consuming.positions import begin, leave, try_to_lead
from shared.platform.database.pool import Database
from shared.platform.health import checks_of
from shared.store.projection.rebuild import rebuild
from tests.fixtures.waiting import eventually
from tests.messaging.following import (
    NAMES,
    Seen,
    Start,
    Sums,
    Writer,
    all_applied,
    decode,
    head_of,
    saved,
    sums,
)
from tests.messaging.helping import Serve


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_lost_or_doubled_by_kills(broker: str, log: Database, start: Start, seen: Seen, seed: int) -> None:
    """Killed at any moment and started again, the services end up with the tables of one clean pass, and what concerned
    them was done.
    """
    source = random.Random(seed)
    writer = Writer(log)
    told: list[int] = []
    for _ in range(5):
        containers = start(broker)
        for _ in range(4):
            writer.write(*[source.randrange(9) for _ in range(source.randrange(1, 12))])
            told += writer.write(source.randrange(9), kind="Concerns")
            eventlet.sleep(source.random() * 0.03)
        for each in containers.values():
            each.kill()
    start(broker)
    all_applied(log)

    eventually(
        lambda: all(set(told) <= set(seen.numbers[name]) for name in NAMES), what="everything done that is to be"
    )


def test_one_of_several_instances_follows(broker: str, log: Database, start: Start, serve: Serve) -> None:
    """Of two instances one leads and the other is ready; when the first is gone the second goes on."""
    writer = Writer(log)
    first = start(broker)
    writer.write(*range(5))
    all_applied(log)
    second = start(broker)
    eventually(lambda: all(checks_of(each.config).readiness().ok for each in second.values()), what="ready")
    writer.write(*range(5))
    all_applied(log)
    for each in first.values():
        each.kill()
    writer.write(*range(5))
    all_applied(log)


def test_tables_made_by_a_newer_version_are_left_to_its_processes(
    memory_url: str, log: Database, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While an upgrade goes on the version before adds nothing to what was made anew, and lets the lead go."""
    writer = Writer(log)
    start(memory_url)
    writer.write(*range(5))
    all_applied(log)
    with monkeypatch.context() as newer, closing(Database(log.url)) as owner:
        newer.setattr(Sums, "generation", 2)
        rebuild(owner, Sums(), decode)
    before = sums(log, "one")

    writer.write(*range(5))
    all_applied(log, "two")

    with log.connect() as other, other.cursor() as cursor:
        eventually(partial(try_to_lead, cursor, "one"), what="that the lead is free")
        assert before == sums(log, "one")
        leave(cursor, "one")
    monkeypatch.setattr(Sums, "generation", 2)
    all_applied(log)


def test_events_on_which_processes_end_come_one_by_one(broker: str, log: Database, start: Start, seen: Seen) -> None:
    """Where processes have begun several times without getting further, the events go through the service's queue."""
    writer = Writer(log)
    containers = start(broker, "one")
    numbers = writer.write(*range(6))
    all_applied(log, "one")
    eventually(lambda: saved(log, "one") == head_of(log))
    containers["one"].kill()
    for _ in range(2):
        with log.autocommit() as cursor:
            begin(cursor, "one")
    numbers = writer.write(*range(6))
    start(broker, "one")
    all_applied(log, "one")

    eventually(lambda: sorted(seen.numbers["one"]) == numbers, what="all through the queue")


def test_whoever_stops_has_saved_how_far_it_came(memory_url: str, log: Database, start: Start) -> None:
    """After a stop nothing is looked at twice."""
    writer = Writer(log)
    containers = start(memory_url)
    writer.write(*range(9))
    all_applied(log)
    stopping = [eventlet.spawn(each.stop) for each in containers.values()]
    for each in stopping:
        each.wait()

    assert [head_of(log)] * 2 == [saved(log, name) for name in NAMES]


def test_whoever_has_halted_lets_another_follow(memory_url: str, log: Database, start: Start) -> None:
    """After too many failures in a row an instance stops, not ready; another that can do it goes on in its place."""
    Sums.bad.add("Bad")
    writer = Writer(log)
    first = start(memory_url, "one")
    writer.write(*range(30), kind="Bad")
    [consumer] = first["one"].entrypoints
    eventually(lambda: consumer.halted, what="it has halted")
    Sums.bad.clear()
    start(memory_url, "one")
    more = writer.write(*range(30, 40))
    eventually(lambda: all([number] in sums(log, "one").values() for number in more), what="the other goes on")
    retry(memory_url, "one")
    all_applied(log, "one")

    assert not consumer.ready()[0]
