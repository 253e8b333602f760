"""How many appends a second: ours, the `eventsourcing` library's own PostgreSQL recorder, and a bare INSERT+COMMIT.

Run as ``python -m benchmarks.appends [--url URL] [--seconds 3]``, or by ``aduan bench``. Without a URL an embedded
PostgreSQL is started for it, with its safe settings: every commit waits for the disk.

How it is made fair:

* Every writer is a process of its own with one connection and one append in flight, for all contenders alike. psycopg 3
  needs real threads and ours works with greenlets too, but with processes neither is held back by Python's one lock.
* Each append is one event of some 600 bytes, in dossiers of eight, through the recorder's own ``insert_events``.
* The bare table has the same keys as ours, and is written in the fastest way the driver has: autocommit, so that INSERT
  and COMMIT are one round trip. It checks nothing, promises no order and chains no hashes.
* Contenders take turns in short slices, so that a machine that is slow for a while is slow for all.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg2

from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.migrations import migrate, rooms

WRITERS = (1, 4, 16)
SLICES = 6
ROOT = Path(__file__).resolve().parent.parent

_TABLES = """
    CREATE SCHEMA library;
    CREATE SCHEMA bare;
    CREATE TABLE bare.events (
        position bigserial PRIMARY KEY,
        dossier uuid NOT NULL,
        version integer NOT NULL,
        type text NOT NULL,
        state bytea NOT NULL,
        UNIQUE (dossier, version)
    );
"""


@dataclass(frozen=True)
class Row:
    """One number of writers.

    :param bare: bare INSERT+COMMIT, per second.
    :param library: appends per second by the library's recorder.
    :param ours: appends per second by ours.
    """

    writers: int
    bare: float
    library: float
    ours: float

    @property
    def to_library(self) -> float:
        """Ours as a multiple of the library's. Goal: at least 2 at 16 writers."""
        return self.ours / self.library

    @property
    def to_bare(self) -> float:
        """Ours as a share of the bare INSERT+COMMIT. Goal: at least 0.70."""
        return self.ours / self.bare


def run(url: str, seconds: float = 3.0, writers: Sequence[int] = WRITERS) -> list[Row]:
    """Measure, in a database made for it on the given server and dropped afterwards.

    :param url: of a login that may create databases.
    :param seconds: per contender and number of writers.
    """
    with _database(url) as own:
        return [_row(own, number, seconds) for number in writers]


def table(rows: Sequence[Row]) -> str:
    """The result as text."""
    lines = [f"{'writers':>7} {'bare/s':>9} {'library/s':>9} {'ours/s':>9} {'ours:library':>13} {'ours:bare':>10}"]
    lines += [
        f"{row.writers:>7} {row.bare:>9,.0f} {row.library:>9,.0f} {row.ours:>9,.0f}"
        f" {row.to_library:>12.2f}x {row.to_bare:>10.0%}"
        for row in rows
    ]
    lines.append("goals: ours at least 2 times the library's at 16 writers, and at least 70% of bare INSERT+COMMIT")
    return "\n".join(["appends per second, each writer one at a time", *lines])


def report(*, quick: bool = False) -> str:
    """Measure on an embedded server of its own.

    :param quick: a third of the time, coarser figures.
    :returns: the table, with the goals.
    """
    with tempfile.TemporaryDirectory(prefix="aduan-bench-") as directory, EmbeddedPostgres(directory) as server:
        return table(run(server.start(), 1.0 if quick else 3.0))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Appends per second, as ratios.")
    parser.add_argument("--url", help="a PostgreSQL server; an embedded one by default")
    parser.add_argument("--seconds", type=float, default=3.0, help="per contender and number of writers")
    given = parser.parse_args()
    print(table(run(given.url, given.seconds)) if given.url else report(quick=given.seconds < 2))


@contextmanager
def _database(url: str) -> Iterator[str]:
    name = f"aduan_bench_{uuid4().hex[:12]}"
    own = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    _execute(url, f"CREATE DATABASE {name}")
    try:
        migrate(own, [room for room in rooms() if room.name == "eventstore"])
        _execute(own, _TABLES)
        _make_library_tables(own)
        yield own
    finally:
        _execute(url, f"DROP DATABASE {name} WITH (FORCE)")


def _make_library_tables(url: str) -> None:
    program = "import sys; from benchmarks.append_writers import make_library_tables as make; make(sys.argv[1])"
    subprocess.run([sys.executable, "-c", program, url], cwd=ROOT, check=True)


def _execute(url: str, statements: str) -> None:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statements)


def _row(url: str, writers: int, seconds: float) -> Row:
    done = {"bare": 0, "library": 0, "ours": 0}
    with ExitStack() as stack:
        teams = {name: stack.enter_context(_team(name, writers, url)) for name in done}
        for _ in range(SLICES):
            for name, team in teams.items():
                done[name] += _turn(team, seconds / SLICES)
    return Row(writers, **{name: count / seconds for name, count in done.items()})


@contextmanager
def _team(contender: str, writers: int, url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.append_writers", contender, str(writers), url]
    team = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        _turn(team, 0.1)  # connected and warm
        yield team
        assert team.stdin is not None
        team.stdin.close()
        team.wait(30)
    finally:
        team.kill()
        team.wait()


def _turn(team: subprocess.Popen[str], seconds: float) -> int:
    assert team.stdin is not None
    assert team.stdout is not None
    team.stdin.write(f"{seconds}\n")
    team.stdin.flush()
    return int(team.stdout.readline())


if __name__ == "__main__":
    main()
