"""Making a projection's tables anew from the log, while the old ones go on serving.

1. Empty tables are made beside the live ones and filled: first, by a crew if there is one, with what all dossiers have
   come to (:mod:`shared.store.projection.bulk`), then by position, a batch at a time. Live runners and readers do not
   notice.
2. When they have caught up, one transaction keeps the runners out, applies what little is left, and exchanges the
   tables. Afterwards the runners go on with the new ones: what they apply then is either a duplicate or comes next.

The new tables know every event that was settled at the exchange, hence also every one a runner had applied. Readers
see the old rows or the new. (Not so a REPEATABLE READ transaction that began before the rebuild: it would find the new
tables without the rows written since. Who needs one view of several tables takes hold of them first.)
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

from psycopg2 import errors, sql
from psycopg2 import extensions as pg

from shared.platform.database.locks import Lock, give_back
from shared.platform.database.pool import Database
from shared.store.eventstore.ranges import ranges
from shared.store.eventstore.reading import earliest_position, head, read_after
from shared.store.projection.beside import make_beside, throw_away
from shared.store.projection.bulk import Crew
from shared.store.projection.errors import SwitchTimedOut
from shared.store.projection.lag import low_water
from shared.store.projection.projection import Decode, Projection
from shared.store.projection.remade import Note, note_remade
from shared.store.projection.runner import apply_events
from shared.store.projection.shadow import Shadow

Progress = Callable[[int, int], None]

_LOCK_TIMEOUT = "250ms"
"""How long the switch waits for any one lock. Whoever comes later waits behind it, and the log's readers wait for its
transaction, so it rather gives way and tries again."""

_PAUSE_SECONDS = 0.1

PARTS = 64
"""Ranges into which a crew's work is divided: so many that none is left to work alone for long."""


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did.

    :param events: how many events the new tables are made of.
    :param position: up to where in the log they were complete at the switch.
    :param attempts: how often the switch was tried until the locks were free.
    """

    events: int
    position: int
    attempts: int


def rebuild(
    database: Database,
    projection: Projection,
    decode: Decode,
    *,
    batch: int = 500,
    patience_seconds: float = 60.0,
    progress: Progress | None = None,
    crew: Crew | None = None,
    parts: int = PARTS,
) -> Rebuilt:
    """Fill new tables from the whole log and put them in the place of the live ones.

    The connection must be of the role that owns the tables, and may create schemas.

    :param batch: events per transaction. The log's readers wait for the oldest writing transaction: with larger
        batches the rebuild is faster, and what happens meanwhile is seen later (about 10 ms per hundred events).
    :param patience_seconds: how long to try to get the locks for the switch.
    :param progress: told the position reached and the last one, after every batch; while a crew is at it, how many
        events it has done of how many at most.
    :param crew: who fills the tables up to the present end of the log; without one they are filled by position only.
    :param parts: into how many ranges a crew's work is divided.
    :raises RebuildRunning: if another rebuild of this projection is under way.
    :raises UnknownEventType: if the log holds a type that this version does not know.
    :raises RebuildNotPossible: if something hangs on the tables that cannot be exchanged.
    :raises SwitchTimedOut: if the locks were not free for so long. After any error the live tables are as before.
    """
    [rebuilt] = rebuild_together(
        database,
        [projection],
        decode,
        batch=batch,
        patience_seconds=patience_seconds,
        progress=progress,
        crew=crew,
        parts=parts,
    )
    return rebuilt


def rebuild_together(
    database: Database,
    projections: Sequence[Projection],
    decode: Decode,
    *,
    batch: int = 500,
    patience_seconds: float = 60.0,
    progress: Progress | None = None,
    crew: Crew | None = None,
    parts: int = PARTS,
) -> list[Rebuilt]:
    """As :func:`rebuild` for several projections: a crew reads and decodes the log once for all of them.

    Each is then switched by itself, one after the other. What had been switched before an error stays.

    :param crew: fills the tables of all of these.
    """
    with ExitStack() as stack:
        fillings: list[Filling] = []
        rebuilt = []
        try:
            for projection in projections:
                # Statements grow with the log.
                connection = stack.enter_context(closing(database.unlimited().connect()))
                connection.autocommit = False
                shadow = make_beside(connection, projection)
                fillings.append(Filling(connection, projection, decode, shadow, batch, progress))
            if crew is not None:
                hand_over(fillings, crew, parts)
            while fillings:
                rebuilt.append(_finished(fillings[0], patience_seconds))
                fillings.pop(0)
        except Exception:
            for filling in fillings:
                throw_away(filling.connection, filling.projection, filling.shadow)
            raise
        return rebuilt


def hand_over(fillings: Sequence["Filling"], crew: Crew, parts: int = PARTS) -> None:
    """Let a crew fill the tables of several with everything that has settled by now.

    :param parts: into how many ranges the work is divided.
    """
    first = fillings[0]
    with first.connection, first.connection.cursor() as cursor:
        work = ranges(cursor, parts)
        before = earliest_position(cursor) - 1
    if not work:
        return
    last, done = work[0].upto, 0

    def told(events: int) -> None:
        nonlocal done
        done += events
        if first.progress is not None:
            first.progress(min(done, last - before), last - before)

    events = crew({filling.projection.name: filling.shadow.schema for filling in fillings}, work, told)
    for filling in fillings:
        filling.events, filling.position = events, last


def _finished(filling: "Filling", patience_seconds: float) -> Rebuilt:
    """Catch up, and put the new tables in the place of the live ones."""
    filling.catch_up()
    _analyze(filling.connection, filling.shadow)
    filling.note_low_water()
    attempts = _switch(filling, patience_seconds)
    with filling.connection, filling.connection.cursor() as cursor:
        give_back(cursor, Lock.REBUILDING, filling.projection.name)
    return Rebuilt(filling.events, filling.position, attempts)


@dataclass
class Filling:
    """How far the new tables have been filled."""

    connection: pg.connection
    projection: Projection
    decode: Decode
    shadow: Shadow
    batch: int
    progress: Progress | None
    position: int = field(default=0)
    events: int = field(default=0)
    live_mark: int = field(default=0)

    def catch_up(self) -> None:
        """Apply batch after batch, each in its own transaction, until the end of the log is less than one away."""
        full = True
        while full:
            with self.connection, self.connection.cursor() as cursor:
                position, count = self.apply_next(cursor, self.position)
                last = head(cursor)
            self.position, self.events = position, self.events + count
            full = count == self.batch
            if self.progress is not None:
                self.progress(position, last)

    def apply_next(self, cursor: pg.cursor, position: int) -> tuple[int, int]:
        """Apply the next batch after a position within a transaction; returns its last position and its size."""
        events = read_after(cursor, position, self.batch)
        if not events:
            return position, 0
        apply_events(cursor, self.projection, self.decode, events, schema=self.shadow.schema, strict=True)
        return events[-1].position, len(events)

    def note_low_water(self) -> None:
        """Remember up to where the live tables know everything by now."""
        if self.projection.notes_rebuilds:
            with self.connection, self.connection.cursor() as cursor:
                self.live_mark = low_water(cursor, self.projection.name)

    def finish(self) -> None:
        """The switch: keep runners out, apply the rest, exchange the tables; all of it or nothing."""
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", (_LOCK_TIMEOUT,))
            self.shadow.keep_runners_out(cursor)
            position, total, count = self.position, self.events, self.batch
            while count == self.batch:
                position, count = self.apply_next(cursor, position)
                total += count
            self.shadow.exchange(cursor, position, self.projection.generation)
            if self.projection.notes_rebuilds:
                note_remade(cursor, self.projection.name, Note(self.live_mark, position))
        self.position, self.events = position, total


def _switch(filling: Filling, patience_seconds: float) -> int:
    deadline = time.monotonic() + patience_seconds
    attempts = 1
    while True:
        try:
            filling.finish()
        except (errors.LockNotAvailable, errors.DeadlockDetected) as error:
            if time.monotonic() >= deadline:
                raise SwitchTimedOut(filling.projection.name, patience_seconds) from error
        else:
            return attempts
        attempts += 1
        time.sleep(_PAUSE_SECONDS)
        filling.catch_up()


def _analyze(connection: pg.connection, shadow: Shadow) -> None:
    """Tell the planner about the new tables before anybody reads them."""
    for table in shadow.tables:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(shadow.schema, table)))
