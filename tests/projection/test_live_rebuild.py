"""Promise 4: a rebuild needs no outage."""

from dataclasses import dataclass, field

import eventlet

from shared.platform.database.pool import Database
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.rebuild import Rebuilt, rebuild
from shared.store.projection.runner import apply_events
from tests.fixtures.waiting import eventually
from tests.projection.toy import Toy, apply, clean_pass, decode, random_events, record, tables

REBUILDS = (10, 40, 100)
"""How large the batches of each are."""


@dataclass
class Traffic:
    """Somebody who appends, two runners and a reader, for as long as there are rebuilds to come."""

    owner: Database
    application: Database
    arrived: list[RecordedEvent] = field(default_factory=list)
    rebuilt: list[Rebuilt] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    appending: bool = True

    def append(self) -> None:
        """Record some more, until the last rebuild is done; never for ever."""
        for number in range(10_000):
            if len(self.rebuilt) < len(REBUILDS):
                self.arrived.extend(record(self.owner, *random_events(seed=number, count=5, dossiers=10)))
        self.appending = False

    def run(self, size: int) -> None:
        """Apply all that arrives, in batches; look into the table beforehand, as a service may."""
        taken = 0
        while self.appending or taken < len(self.arrived):
            batch = self.arrived[taken : taken + size]
            taken += len(batch)
            with self.application.transaction() as cursor:
                cursor.execute("SELECT max(version) FROM toy.applied")
                if batch:
                    apply_events(cursor, Toy(), decode, batch, schema="toy")
            eventlet.sleep(0.002)

    def read(self) -> None:
        """Look at a table and at a view, again and again."""
        while self.appending:
            with self.application.autocommit() as cursor:
                cursor.execute("SELECT (SELECT sum(version) FROM toy.applied), (SELECT count(*) FROM toy.busy)")
                self.seen.append(cursor.fetchall()[0][0])
            eventlet.sleep(0.002)


def test_a_rebuild_during_live_traffic(database: Database, application: Database) -> None:
    """While a rebuild goes on, events are appended and applied by two runners; readers never see less than before."""
    first = record(database, *random_events(seed=3, count=150, dossiers=8))
    apply(application, first)
    traffic = Traffic(database, application)
    others = [eventlet.spawn(traffic.append), eventlet.spawn(traffic.read)]
    others += [eventlet.spawn(traffic.run, size) for size in (3, 14)]

    for batch in REBUILDS:
        before = len(traffic.arrived)
        eventually(lambda: len(traffic.arrived) > before, what="that something arrives")  # noqa: B023 - called at once
        traffic.rebuilt.append(rebuild(database, Toy(), decode, batch=batch))
    for other in others:
        other.wait()

    live = tables(database)
    assert traffic.seen == sorted(traffic.seen)
    assert traffic.rebuilt[0].events < traffic.rebuilt[2].events
    assert 3 * len(REBUILDS) > sum(each.attempts for each in traffic.rebuilt)
    assert clean_pass(database, first + traffic.arrived) == live
