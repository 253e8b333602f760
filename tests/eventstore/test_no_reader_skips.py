"""No reader skips an event: many write, pause, roll back and die, and whoever follows the log sees it whole."""

import contextlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg2
import pytest
from eventsourcing.persistence import PersistenceError

from shared.base.errors import Unavailable
from shared.platform.database.pool import Database
from shared.store.eventstore.appending import append
from shared.store.eventstore.audit import verify
from shared.store.eventstore.reading import read_after
from shared.store.eventstore.recorders import LogApplicationRecorder
from tests.eventstore.making import append_now, made
from tests.fixtures.waiting import eventually

SECONDS = 3.0
WRITERS = 8
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Written:
    """What the writers know of their own work. Of what was killed in between, nobody knows."""

    committed: set[int] = field(default_factory=set)
    undone: set[int] = field(default_factory=set)
    killed: int = 0


def write(database: Database, seed: int, until: float, written: Written) -> None:
    """One writer, until its time is up."""
    source = random.Random(seed)
    while time.monotonic() < until:
        dossier = UUID(int=source.getrandbits(128), version=4)
        events = made(dossier, 1, source.choice([1, 1, 2, 5]))
        # Now and then a transaction is held open across many polls of the readers.
        pause = source.choice([0, 0, source.random() * 0.01, source.random() * 0.03, source.random() * 0.4])
        undo = source.random() < 0.2
        try:
            if pause == 0 and not undo:
                written.committed.update(append_now(database, events))
                continue
            with database.transaction() as cursor:
                positions = append(cursor, events)
                time.sleep(pause)
                if undo:
                    cursor.connection.rollback()
            (written.undone if undo else written.committed).update(positions)
        except (PersistenceError, psycopg2.Error, Unavailable):
            written.killed += 1


def kill_sessions(owner: Database, seed: int, until: float) -> None:
    """Every so often, end a writer's session wherever it is: in the append, before the commit, or idle."""
    source = random.Random(seed)
    while time.monotonic() < until:
        time.sleep(0.05 + source.random() * 0.1)
        with owner.autocommit() as cursor:
            cursor.execute(
                """
                SELECT pid FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'writer' ORDER BY pid
                """
            )
            if sessions := cursor.fetchall():
                cursor.execute("SELECT pg_terminate_backend(%s)", source.choice(sessions))


def kill_processes(url: str, until: float) -> int:
    """Start writers as processes and kill each in the middle of its work. Returns how many were killed at it."""
    killed = 0
    while time.monotonic() < until:
        command = [sys.executable, str(Path(__file__).with_name("writer_process.py")), url, str(killed)]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
        try:
            eventually(lambda: _is_writing(url), what="that the process writes")
        finally:
            process.kill()
            process.wait()
        killed += 1
    return killed


def _is_writing(url: str) -> bool:
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'writer process' AND backend_xid IS NOT NULL
            """
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def tail(page: Callable[[int, int], list[int]], seed: int, finished: Callable[[], int | None]) -> list[int]:
    """Follow the log in pages of odd sizes, from where the last page ended, up to its end once all have written."""
    source = random.Random(seed)
    seen: list[int] = []
    while True:
        end = finished()
        found = page(seen[-1] if seen else 0, source.randint(1, 60))
        seen += found
        if end is not None and (seen[-1] if seen else 0) >= end:
            return seen
        if not found:
            time.sleep(source.random() * 0.005)


def test_no_reader_skips_an_event(database_url: str, database: Database, owner: Database) -> None:
    """Readers who tail the log while it is written see every committed position exactly once, in order."""
    writing = Database(f"{database_url}&application_name=writer", role=database.role, pool_size=WRITERS)
    until = time.monotonic() + SECONDS
    written = Written()
    end: list[int] = []
    recorder = LogApplicationRecorder(database)

    def by_reading(after: int, limit: int) -> list[int]:
        with database.autocommit() as cursor:
            return [event.position for event in read_after(cursor, after, limit)]

    def by_recorder(after: int, limit: int) -> list[int]:
        return [n.id for n in recorder.select_notifications(after, limit, inclusive_of_start=False)]

    with ThreadPoolExecutor(WRITERS + 5) as threads:
        readers = [
            threads.submit(tail, page, seed, lambda: end[0] if end else None)
            for seed, page in enumerate([by_reading, by_recorder, by_reading])
        ]
        writers = [threads.submit(write, writing, seed, until, written) for seed in range(WRITERS)]
        killer = threads.submit(kill_sessions, owner, 1, until)
        processes = threads.submit(kill_processes, database_url, until)
        for each in (*writers, killer):
            each.result()
        killed_processes = processes.result()
        final = eventually(lambda: _after_the_last_write(owner), what="that no transaction is in flight any more")
        end.append(final[-1])
        seen = [reader.result() for reader in readers]

    assert [final] * 3 == seen
    assert written.committed <= set(final)
    assert not written.undone & set(final)
    assert len(written.committed) > WRITERS
    assert written.undone
    assert written.killed
    assert killed_processes
    assert verify(database).intact
    assert [final[-1] + 1] <= append_now(database, made(UUID(int=0)))
    writing.close()


def _after_the_last_write(owner: Database) -> list[int]:
    """All positions in the log, once nobody can add one below the last; else nothing."""
    with owner.autocommit() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
            """
        )
        if cursor.fetchone() != (0,):
            return []
        cursor.execute("SELECT position FROM eventstore.events ORDER BY position")
        return [row[0] for row in cursor.fetchall()]


def _polled(database: Database, after: int) -> list[int]:
    with database.autocommit() as cursor:
        return [event.position for event in read_after(cursor, after, 10)]


@pytest.mark.parametrize("order", ["first opened ends first", "last opened ends first"])
def test_open_transactions_are_waited_for(database: Database, order: str) -> None:
    """Whichever of two open transactions ends first, a reader who polls in between sees their rows in order, once."""
    sessions = [database.connect(autocommit=False) for _ in range(2)]
    positions = [append(session.cursor(), made(UUID(int=number), 1, 2)) for number, session in enumerate(sessions)]
    first = order.startswith("first")
    expected = [positions[0], positions[1]] if first else [[], positions[0] + positions[1]]
    polls: list[list[int]] = []

    for session, due in zip(sessions if first else reversed(sessions), expected, strict=True):
        session.commit()
        after = polls[-1][-1] if polls and polls[-1] else 0
        # The server's own transactions may keep rows back for a moment longer; none may be seen too early.
        polls.append(eventually(lambda: _polled(database, after)) if due else _polled(database, after))  # noqa: B023

    assert expected == polls
    for session in sessions:
        session.close()
