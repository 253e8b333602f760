"""The writers of one contender of :mod:`benchmarks.appends`: a process each, with one connection each.

Run as ``python -m benchmarks.append_writers CONTENDER WRITERS URL``. For each line read, a number of seconds, all write
for so long, and the number of appends done is printed. Nothing here is monkey-patched.
"""

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.synchronize import Barrier
from typing import Any
from uuid import UUID, uuid4

import psycopg2
from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from psycopg2.extensions import parse_dsn

from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.store.eventstore.recorders import LogApplicationRecorder

Append = Callable[[UUID, int], Any]
STATE = b'{"sealed":"' + b"x" * 580 + b'"}'  # about what an event of a dossier weighs
EVENTS_PER_DOSSIER = 8


def ours(url: str) -> Append:
    """Our recorder, as services use it."""
    recorder = LogApplicationRecorder(Database(url, role=APPLICATION_ROLE, pool_size=1))
    return lambda dossier, version: recorder.insert_events([StoredEvent(dossier, version, "Forwarded", STATE)])


def library(url: str) -> Append:
    """The library's own recorder on psycopg 3, as it comes."""
    recorder = _library_recorder(url, create="no")
    return lambda dossier, version: recorder.insert_events([StoredEvent(dossier, version, "Forwarded", STATE)])


def make_library_tables(url: str) -> None:
    """Let the library make its tables, once."""
    _library_recorder(url, create="yes")


def _library_recorder(url: str, create: str) -> ApplicationRecorder:
    from eventsourcing.postgres import PostgresFactory  # noqa: PLC0415 - needs psycopg 3, which only developers have

    parts = parse_dsn(url)
    factory = PostgresFactory(
        {
            "POSTGRES_DBNAME": parts["dbname"],
            "POSTGRES_HOST": parts.get("host", ""),
            "POSTGRES_PORT": parts.get("port", "5432"),
            "POSTGRES_USER": parts.get("user", ""),
            "POSTGRES_PASSWORD": parts.get("password", ""),
            "POSTGRES_POOL_SIZE": "1",
            "POSTGRES_MAX_OVERFLOW": "0",
            "POSTGRES_SCHEMA": "library",
            "CREATE_TABLE": create,
        }
    )
    return factory.application_recorder()


def bare(url: str) -> Append:
    """One INSERT, committed by itself in one round trip: no faster way of writing a row with this driver."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    cursor = connection.cursor()
    statement = "INSERT INTO bare.events (dossier, version, type, state) VALUES (%s, %s, %s, %s) RETURNING position"

    def append(dossier: UUID, version: int) -> Any:
        cursor.execute(statement, (dossier, version, "Forwarded", STATE))
        return cursor.fetchone()

    return append


CONTENDERS: dict[str, Callable[[str], Append]] = {"bare": bare, "library": library, "ours": ours}


def write(contender: str, url: str, turns: Any, start: Barrier, done: Any) -> None:
    """One writer: for each turn write for so many seconds, and tell how often."""
    append = CONTENDERS[contender](url)
    places = _places()
    append(*next(places))
    while seconds := turns.get():
        start.wait()
        count, until = 0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            append(*next(places))
            count += 1
        done.put(count)


def _places() -> Iterator[tuple[UUID, int]]:
    while True:
        dossier = uuid4()
        for version in range(1, EVENTS_PER_DOSSIER + 1):
            yield dossier, version


def main() -> None:
    """All writers of one contender."""
    contender, number, url = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    context = multiprocessing.get_context("fork")
    turns, done, start = context.Queue(), context.Queue(), context.Barrier(number)
    writers = [
        context.Process(target=write, args=(contender, url, turns, start, done), daemon=True) for _ in range(number)
    ]
    for writer in writers:
        writer.start()
    for line in sys.stdin:
        for _ in writers:
            turns.put(float(line))
        print(sum(done.get(timeout=float(line) + 30) for _ in writers), flush=True)
    for _ in writers:
        turns.put(0)
    for writer in writers:
        writer.join(10)


if __name__ == "__main__":
    main()
