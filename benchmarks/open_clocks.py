"""A database with many open clocks, made quickly: a few dossiers are filed for real, and the server multiplies them.

The copies differ in their dossier only. Those that come due have their events in the log like the originals; the many
that are far from due stand in the table of clocks alone, since nobody looks at their dossiers.
"""

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

import psycopg2
from eventsourcing.persistence import StoredEvent

from benchmarks.complaints import CHANNEL, TENANT
from services.sla import timers
from services.sla.projection import CLOCKS, ClockProjection
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.caller import REPORTER, Caller
from shared.base.clock import SimulatedClock
from shared.base.randomness import SystemRandomness, new_uuid
from shared.domain.dossier.desk import Cause
from shared.store.eventstore.appending import append
from shared.store.eventstore.reading import read_after, read_dossier
from shared.store.projection.runner import apply_batch

TEMPLATES = 20
_AT_ONCE = 1000
_COLUMNS = tuple(column for column in CLOCKS.columns if column != "dossier")
_COPY = f"""
    INSERT INTO sla.clocks (dossier, {", ".join(_COLUMNS)})
    SELECT copy.dossier, {", ".join(f"c.{column}" for column in _COLUMNS)}
      FROM unnest(%s::uuid[], %s::uuid[]) AS copy (dossier, template) JOIN sla.clocks c ON c.dossier = copy.template
"""
_FAR = timedelta(days=400)
_TIMES = ("started_at", "promised_due_at", "due_at", "warn_at", "fire_at")


@dataclass(frozen=True)
class Wave:
    """Dossiers whose step clocks come due together.

    :param at: an instant just after their due time.
    """

    at: datetime
    templates: list[UUID]


def file_wave(runtime: Runtime, at: datetime) -> Wave:
    """File some dossiers for real and let the timer warn of them, so that nothing is left before their due time.

    :param at: when they are filed: the clock is moved there, and on to just before the due time.
    """
    clock = runtime.clock
    assert isinstance(clock, SimulatedClock)
    clock.move_to(at)
    sop = runtime.tenants.get(TENANT).sop
    caller = Caller(tenant=TENANT, actor=REPORTER, user=CHANNEL)
    filed = [
        runtime.desk(TENANT).file(
            new_uuid(SystemRandomness()),
            caller,
            Cause(correlation_id=f"bench-{number}"),
            {"ticket": f"{sop.ticket_prefix}-2026-{number:06d}", "channel": CHANNEL, "privacy": "open"},
        )
        for number in range(TEMPLATES)
    ]
    [position, *_] = runtime.dossiers("intake").append(filed)
    _project(runtime, position - 1)
    promise = filed[0].promise
    assert promise is not None
    assert promise.due_at is not None
    clock.move_to(promise.due_at)
    while timers.tick(runtime) == timers.BATCH:
        pass
    _project(runtime, position - 1)
    return Wave(promise.due_at + timedelta(seconds=1), [event.originator_id for event in filed])


def multiply(runtime: Runtime, wave: Wave, count: int, *, events: bool) -> None:
    """Copy a wave's dossiers until there are so many.

    :param events: whether the copies have a history in the log too.
    """
    templates = [each for each, _ in zip(cycle(wave.templates), range(count - len(wave.templates)), strict=False)]
    with runtime.database.autocommit() as cursor:
        histories = {each: read_dossier(cursor, each) for each in wave.templates}
        for start in range(0, len(templates), _AT_ONCE):
            copies = [(uuid4(), template) for template in templates[start : start + _AT_ONCE]]
            if events:
                append(
                    cursor,
                    [
                        StoredEvent(dossier, event.version, event.type, event.state)
                        for dossier, template in copies
                        for event in histories[template]
                    ],
                )
            cursor.execute(_COPY, ([str(dossier) for dossier, _ in copies], [str(template) for _, template in copies]))


def fill(database_url: str, wave: Wave, count: int) -> None:
    """So many more open clocks, which come due in the second year from now, spread evenly."""
    moved = {name: f"c.{name} + spread.wait" for name in _TIMES}
    columns = ", ".join(moved.get(column, f"c.{column}") for column in _COLUMNS)
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(
            f"""
            INSERT INTO sla.clocks (dossier, {", ".join(_COLUMNS)})
            SELECT spread.dossier, {columns}
              FROM (SELECT gen_random_uuid() AS dossier, %(far)s + random() * %(far)s AS wait, n
                      FROM generate_series(1, %(count)s) AS n ORDER BY 1) AS spread
              JOIN (SELECT *, row_number() OVER () AS n FROM sla.clocks
                     WHERE dossier = ANY(%(templates)s::uuid[]) AND target = 'case') AS c
                ON c.n = 1 + spread.n %% %(kinds)s
            """,
            {**_parameters(wave), "far": _FAR, "count": count},
        )
        cursor.execute("VACUUM ANALYZE sla.clocks")


def _parameters(wave: Wave) -> dict[str, Any]:
    return {"templates": [str(each) for each in wave.templates], "kinds": len(wave.templates)}


def _project(runtime: Runtime, after: int) -> None:
    with runtime.database.autocommit() as cursor:
        events = read_after(cursor, after, 10 * TEMPLATES)
    apply_batch(runtime.database, ClockProjection(), decode, events)
