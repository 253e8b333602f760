"""One instance that fires clocks, as a process of its own: ``python -m benchmarks.firing ours|bare DATABASE``.

It reads an instant from each line of its input, fires everything that is due before that instant, and answers with how
many clocks those were. ``bare`` claims as many clocks at once by the same kind of statement, and inserts a row of
ordinary length for each without asking what its dossier says.
"""

import sys

if sys.argv[1:2] == ["ours"]:
    from cli import main as _patched  # noqa: F401 - greenlets, as in a service; before anything else is imported

import json
from collections.abc import Callable
from datetime import datetime

import psycopg2
from psycopg2.extras import execute_values

from benchmarks.parts import runtime_on
from services.sla import timers
from shared.base.clock import SimulatedClock

_CLAIM = """
    UPDATE sla.clocks SET fire_at = NULL
     WHERE (dossier, id) IN (SELECT dossier, id FROM sla.clocks WHERE fire_at < %s
                              ORDER BY fire_at LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING dossier, id, due_at
"""
_INSERT = "INSERT INTO bare.events (position, txid, dossier, version, type, state, prev_hash, hash) VALUES %s"
_ROW = "(nextval('eventstore.position'), pg_current_xact_id(), %s, %s, %s, %s, '', '')"


def ours(database_url: str) -> Callable[[datetime], int]:
    """Fires by the service's own tick."""
    runtime = runtime_on(database_url)
    clock = runtime.clock
    assert isinstance(clock, SimulatedClock)
    timers.tick(runtime)

    def fire(now: datetime) -> int:
        clock.move_to(now)
        fired = 0
        while found := timers.tick(runtime):
            fired += found
        return fired

    return fire


def bare(database_url: str) -> Callable[[datetime], int]:
    """Fires by two statements for each batch."""
    connection = psycopg2.connect(database_url)

    def fire(now: datetime) -> int:
        fired = 0
        while True:
            with connection, connection.cursor() as cursor:
                cursor.execute(_CLAIM, (now, timers.BATCH))
                rows = cursor.fetchall()
                if not rows:
                    return fired
                events = [(dossier, 3, "ClockBreached", _state(clock, due_at)) for dossier, clock, due_at in rows]
                execute_values(cursor, _INSERT, events, template=_ROW, page_size=len(events))
                fired += len(rows)

    return fire


def _state(clock: str, due_at: datetime) -> bytes:
    about = {"clock": clock, "target": "step", "holder": "coordinator", "due_at": due_at.isoformat()}
    return json.dumps({**about, "status": "in_progress", "filling": "x" * 400}).encode()


def main() -> None:
    """Answer until the input ends."""
    fire = {"ours": ours, "bare": bare}[sys.argv[1]](sys.argv[2])
    print("ready", flush=True)
    for line in sys.stdin:
        print(fire(datetime.fromisoformat(line.strip())), flush=True)


if __name__ == "__main__":
    main()
