"""The tick: finds the dossiers whose clocks have something due, and records it.

Costs one index probe when nothing is due. Several instances share a backlog: dossiers are claimed with a lease, by the
database's clock, in the order in which they fell due. A lease that ran out is harmless: whoever claims the dossier next
finds in it what was already recorded.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

import psycopg2
from eventsourcing.persistence import PersistenceError

from services.sla.firing import SERVICE, due_events
from shared.application.dossiers.retrying import on_fresh_state
from shared.application.runtime import Runtime
from shared.base.errors import Conflict, Unavailable
from shared.base.services import SERVICES
from shared.domain.dossier.dossier import fold
from shared.domain.dossier.events import DossierEvent
from shared.messaging.consuming.positions import positions_of
from shared.platform import metrics
from shared.store.eventstore.reading import head

log = logging.getLogger(__name__)

BATCH = 200
LEASE_SECONDS = 30

# A dossier is claimed by its earliest clock, so that two instances never work on the same one. A lease longer than any
# that is given was given before the database's clock was set back: it is void, or its clock would sleep till then.
# Nobody waits for the disk for it: a lease need not survive a crash of the database.
_CLAIM = """
    SET LOCAL synchronous_commit = off;
    WITH claimed AS (
        UPDATE sla.clocks
           SET leased_until = clock_timestamp() + %(lease)s * interval '1 second'
         WHERE (dossier, id) IN (
               SELECT dossier, id FROM sla.clocks AS clock
                WHERE fire_at < %(now)s
                  AND (leased_until IS NULL OR leased_until < clock_timestamp()
                       OR leased_until > clock_timestamp() + %(lease)s * interval '1 second')
                  AND NOT EXISTS (SELECT FROM sla.clocks AS earlier WHERE earlier.dossier = clock.dossier
                                     AND (earlier.fire_at, earlier.id) < (clock.fire_at, clock.id))
                ORDER BY fire_at, dossier
                LIMIT %(limit)s
                  FOR UPDATE SKIP LOCKED)
        RETURNING dossier)
    SELECT dossier, id, fire_at FROM sla.clocks
     WHERE dossier IN (SELECT dossier FROM claimed) AND fire_at < %(now)s
     ORDER BY fire_at, dossier, id
"""
_MEASURE = "SELECT (SELECT count(*) FROM sla.clocks WHERE fire_at < %s), eventstore.settling_seconds()"
DUE: Final = "EXISTS (SELECT FROM sla.clocks WHERE fire_at < %(now)s)"
"""Whether there is a clock to be looked at: one index probe."""
# Until the projection has seen the events, the clock must not look due. What it has written since we looked stands.
# If a crash forgets it, the clock is looked at once more.
_DONE = """
    SET LOCAL synchronous_commit = off;
    UPDATE sla.clocks AS clock
       SET fire_at = CASE WHEN clock.fire_at = seen.fire_at THEN NULL ELSE clock.fire_at END, leased_until = NULL
      FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS seen (dossier, id, fire_at)
     WHERE clock.dossier = seen.dossier AND clock.id = seen.id
"""


@dataclass(frozen=True)
class _Due:
    """A clock that was found due."""

    dossier: UUID
    id: str
    fire_at: datetime


def tick(runtime: Runtime, limit: int = BATCH) -> int:
    """Record what is due by now.

    :param limit: at most this many dossiers.
    :returns: how many dossiers were looked at; as many as the limit means that more may be due.
    :raises psycopg2.Error: if the database fails; what was claimed is taken up again when its lease has run out.
    """
    now = runtime.clock.now()
    with runtime.database.autocommit() as cursor:
        if not anything_due(cursor, now):
            return 0
        cursor.execute(_CLAIM, {"lease": LEASE_SECONDS, "now": now, "limit": limit})
        claimed = [_Due(_uuid(dossier), clock, fire_at) for dossier, clock, fire_at in cursor.fetchall()]
    for each in claimed:
        metrics.TIMER_LATE_SECONDS.observe((now - each.fire_at).total_seconds())
    dossiers = list(dict.fromkeys(each.dossier for each in claimed))
    failed = _record(runtime, dossiers, now)
    _done(runtime, [each for each in claimed if each.dossier not in failed])
    return len(dossiers)


def anything_due(cursor: Any, now: datetime) -> bool:
    """Whether there is a clock to be looked at: one index probe."""
    cursor.execute(f"SELECT {DUE}", {"now": now})
    [(due,)] = cursor.fetchall()
    return bool(due)


def measure(runtime: Runtime) -> None:
    """Tell how many timers are due, how far services are behind the log, and what holds up its readers."""
    with runtime.database.autocommit() as cursor:
        cursor.execute(_MEASURE, (runtime.clock.now(),))
        [(due, held)] = cursor.fetchall()
        settled = head(cursor)
        followed = positions_of(cursor, SERVICES)
    for service, position in followed.items():
        metrics.FOLLOWER_BEHIND.labels(service).set(max(0, settled - position))
    metrics.TIMERS_DUE.set(due)
    metrics.READERS_HELD_SECONDS.set(held)


def _record(runtime: Runtime, dossiers: Sequence[UUID], now: datetime) -> set[UUID]:
    """Record what these dossiers have due, all of it in the order in which it fell due.

    :returns: those that could not be dealt with: they keep their lease, and harm no other.
    """
    histories = runtime.dossiers(SERVICE).open_all(dossiers)
    failed: set[UUID] = set()
    due: list[tuple[datetime, DossierEvent]] = []
    for dossier_id in dossiers:
        with _apart(dossier_id, failed):
            due += _in_order(_decide(runtime, histories.get(dossier_id, []), now))
    events = [event for _, event in sorted(due, key=lambda each: each[0])]
    if not events:
        return failed
    try:
        runtime.dossiers(SERVICE).append(events)
    except Conflict:
        # Somebody acted on one of them meanwhile: each by itself, on what it has become.
        for dossier_id in dict.fromkeys(event.originator_id for event in events):
            with _apart(dossier_id, failed):
                on_fresh_state(partial(_record_one, runtime, dossier_id, now))
    return failed


@contextmanager
def _apart(dossier_id: UUID, failed: set[UUID]) -> Iterator[None]:
    """What is wrong with one dossier is told in the log and kept from the others; what is wrong with all is raised."""
    try:
        yield
    except (psycopg2.Error, PersistenceError, Unavailable):
        raise
    except Exception:
        log.exception("the clocks of a dossier could not be dealt with", extra={"dossier": str(dossier_id)})
        failed.add(dossier_id)


def _record_one(runtime: Runtime, dossier_id: UUID, now: datetime) -> None:
    events = _decide(runtime, runtime.dossiers(SERVICE).history(dossier_id), now)
    if events:
        runtime.dossiers(SERVICE).append(events)


def _decide(runtime: Runtime, history: Sequence[DossierEvent], now: datetime) -> list[DossierEvent]:
    dossier = fold(history)
    if dossier is None:
        return []
    if not runtime.tenants.has(dossier.tenant):
        log.error(
            "a clock of a government that is not served from here runs on in vain", extra={"tenant": dossier.tenant}
        )
        return []
    return due_events(runtime, dossier, now)


def _in_order(events: Iterable[DossierEvent]) -> Iterable[tuple[datetime, DossierEvent]]:
    """A dossier's events with the instants by which they are sorted in among others, never out of their own order."""
    latest: datetime | None = None
    for event in events:
        latest = event.occurred_at if latest is None else max(latest, event.occurred_at)
        yield latest, event


def _done(runtime: Runtime, clocks: Sequence[_Due]) -> None:
    columns: tuple[list[Any], ...] = (
        [str(each.dossier) for each in clocks],
        [each.id for each in clocks],
        [each.fire_at for each in clocks],
    )
    with runtime.database.autocommit() as cursor:
        cursor.execute(_DONE, columns)


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
