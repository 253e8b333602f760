"""Promise 2: effects happen exactly once, whatever the broker and the machine do."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import eventlet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2 import extensions as pg

from shared.platform.database.pool import Database
from shared.store.eventstore.reading import RecordedEvent
from tests.projection.toy import Log, apply, empty, tables


class Crash(Exception):
    """The process dies here."""


class DyingCursor:
    """Executes statements until its time has come.

    :param left: how many statements it lives.
    """

    def __init__(self, cursor: pg.cursor, left: int) -> None:
        self._cursor = cursor
        self._left = left

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def execute(self, *arguments: Any) -> None:
        """As the cursor's."""
        if self._left == 0:
            raise Crash
        self._left -= 1
        self._cursor.execute(*arguments)


class DyingDatabase:
    """A database to which the connection is lost at a random moment: before, within or after a transaction."""

    def __init__(self, database: Database, source: random.Random) -> None:
        self._database = database
        self._source = source

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """One that may come to nothing."""
        fate = self._source.choice(["lives", "lives", "dies within", "dies at the end", "dies after commit"])
        with self._database.transaction() as cursor:
            yield DyingCursor(cursor, self._source.randrange(6) if fate == "dies within" else 1000)
            if fate == "dies at the end":
                raise Crash
        if fate == "dies after commit":
            raise Crash


def deliveries(events: Sequence[RecordedEvent], source: random.Random) -> list[RecordedEvent]:
    """Every message one to three times, shuffled within reason; some lost if a later one of the dossier comes."""
    last = {event.dossier: event.version for event in events}
    sent = [
        (number + source.uniform(0, 30), event)
        for number, event in enumerate(events)
        for _ in range(
            source.choice([1, 1, 2, 3]) if event.version == last[event.dossier] else source.choice([0, 1, 2, 3])
        )
    ]
    return [event for _, event in sorted(sent, key=lambda each: each[0])]


def consume(database: Database, queue: list[RecordedEvent], source: random.Random) -> None:
    """Take batches of random size from a queue; what was not acknowledged goes back into it."""
    while queue:
        size = source.randint(1, 40)
        batch, queue[:] = queue[:size], queue[size:]
        try:
            apply(cast("Database", DyingDatabase(database, source)), batch)
        except Crash:
            queue.extend(batch) if source.random() < 0.5 else queue.__setitem__(slice(0, 0), batch)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_one_runner(database: Database, log: Log, seed: int) -> None:
    """With messages repeated, shuffled and lost, and crashes anywhere, the tables equal those of one clean pass."""
    source = random.Random(seed)
    empty(database)

    consume(database, deliveries(log.events, source), source)

    assert log.expected == tables(database)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_several_runners(database: Database, log: Log, seed: int) -> None:
    """Instances that share a queue, and hence dossiers, neither deadlock nor lose or double anything."""
    source = random.Random(seed)
    empty(database)
    queue = deliveries(log.events, source)

    runners = [eventlet.spawn(consume, database, queue, random.Random(seed + number)) for number in range(4)]
    for runner in runners:
        runner.wait()

    assert log.expected == tables(database)
