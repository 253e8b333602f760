"""The tick: finds the clocks that have something due, and records it.

Costs one index probe when nothing is due. Several instances share a backlog: rows are claimed with a lease, by the
database's clock, in the order in which they fell due. A lease that ran out is harmless: whoever claims the clock
next finds in the dossier what was already recorded.
"""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from services.sla.firing import SERVICE, due_events
from shared.dossier.dossier import fold
from shared.dossier.events import DossierEvent
from shared.dossier.retrying import on_fresh_state
from shared.errors import Conflict
from shared.runtime import Runtime

BATCH = 200
LEASE_SECONDS = 30

_CLAIM = """
    UPDATE sla.clocks
       SET leased_until = clock_timestamp() + %(lease)s * interval '1 second'
     WHERE (dossier, id) IN (
           SELECT dossier, id FROM sla.clocks
            WHERE fire_at < %(now)s AND (leased_until IS NULL OR leased_until < clock_timestamp())
            ORDER BY fire_at
            LIMIT %(limit)s
              FOR UPDATE SKIP LOCKED)
    RETURNING dossier, id
"""
_PROBE = "SELECT EXISTS (SELECT FROM sla.clocks WHERE fire_at < %s)"
# Until the projection has seen the events, the clock must not look due; what it writes then overrules this.
_DONE = """
    UPDATE sla.clocks SET fire_at = NULL, leased_until = NULL
     WHERE (dossier, id) IN (SELECT * FROM unnest(%s::uuid[], %s::text[])) AND fire_at < %s
"""


def tick(runtime: Runtime, limit: int = BATCH) -> int:
    """Record what is due by now.

    :param limit: at most this many clocks.
    :returns: how many clocks were looked at; as many as the limit means that more may be due.
    """
    now = runtime.clock.now()
    with runtime.database.autocommit() as cursor:
        cursor.execute(_PROBE, (now,))
        if cursor.fetchone() != (True,):
            return 0
        cursor.execute(_CLAIM, {"lease": LEASE_SECONDS, "now": now, "limit": limit})
        claimed = [(_uuid(row[0]), row[1]) for row in cursor.fetchall()]
    _record(runtime, sorted({dossier for dossier, _ in claimed}))
    with runtime.database.autocommit() as cursor:
        cursor.execute(_DONE, ([str(d) for d, _ in claimed], [clock for _, clock in claimed], now))
    return len(claimed)


def _record(runtime: Runtime, dossiers: Sequence[UUID]) -> None:
    histories = runtime.dossiers(SERVICE).open_all(dossiers)
    events: list[DossierEvent] = []
    for history in histories.values():
        dossier = fold(history)
        if dossier is not None:
            events += due_events(runtime, dossier)
    if not events:
        return
    try:
        runtime.dossiers(SERVICE).append(events)
    except Conflict:
        # Somebody acted on one of them meanwhile: each by itself, on what it has become.
        for dossier_id in dossiers:
            on_fresh_state(partial(_record_one, runtime, dossier_id))


def _record_one(runtime: Runtime, dossier_id: UUID) -> None:
    dossier, _ = runtime.dossiers(SERVICE).open(dossier_id)
    events = due_events(runtime, dossier)
    if events:
        runtime.dossiers(SERVICE).append(events)


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
