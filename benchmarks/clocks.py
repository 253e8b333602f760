"""The timer's tick over a million open clocks: with nothing due, and with ten thousand due at once for two instances.

Baselines: the same tick on an empty table; and two processes that claim as many clocks by the same kind of statement
and insert a row for each, without reading a dossier.
"""

import time
from contextlib import ExitStack, closing
from datetime import timedelta
from statistics import median

import psycopg2

from benchmarks.open_clocks import Wave, file_wave, fill, multiply
from benchmarks.parts import START, runtime_on
from benchmarks.processes import Worker
from benchmarks.rounds import figure, ratio, table
from benchmarks.servers import Postgres, place, postgres
from services.sla import timers
from shared.application.runtime import Runtime

INSTANCES = 2
_TICKS = 100
_BETWEEN = timedelta(minutes=20)
_NEAR = START + timedelta(days=300)
"""Before it lie the due times of the waves; after it those of all other clocks."""

_BARE = "CREATE SCHEMA bare; CREATE TABLE bare.events (LIKE eventstore.events INCLUDING ALL)"
_BREACHES = """
    SELECT count(*), count(DISTINCT dossier) FROM eventstore.events
     WHERE type = 'ClockBreached' AND convert_from(state, 'UTF8')::json ->> 'target' = 'step'
"""


def report(*, quick: bool = False) -> str:
    """Measure and tell.

    :param quick: fewer clocks, and fewer of them due.
    """
    with place() as directory, postgres(directory) as server:
        if quick:
            return measure(server, clocks=100_000, due=2_000, rounds=2)
        return measure(server, clocks=1_000_000, due=10_000, rounds=3)


def measure(server: Postgres, clocks: int, due: int, rounds: int) -> str:
    """The table.

    :param clocks: open and not due.
    :param due: so many come due in each round.
    """
    with ExitStack() as stack:
        database_url, empty_url = server.database("clocks_many"), server.database("clocks_none")
        runtime, empty = runtime_on(database_url), runtime_on(empty_url)
        stack.callback(runtime.database.close)
        stack.callback(empty.database.close)
        fill(database_url, file_wave(runtime, START), clocks)
        _retire(database_url)
        _run(database_url, _BARE)
        idle = [_idle(runtime, empty) for _ in range(rounds)]
        teams = {
            kind: [stack.enter_context(Worker("benchmarks.firing", kind, database_url)) for _ in range(INSTANCES)]
            for kind in ("bare", "ours")
        }
        rates: dict[str, list[float]] = {"bare": [], "ours": []}
        for number in range(rounds):
            for turn, (kind, team) in enumerate(teams.items(), start=1):
                wave = file_wave(runtime, START + (2 * number + turn) * _BETWEEN)
                multiply(runtime, wave, due, events=kind == "ours")
                rates[kind].append(_fire(team, wave, due))
                _retire(database_url)
        idle += [_idle(runtime, empty) for _ in range(rounds)]
        _check(database_url, due * rounds)
    before, after = idle[:rounds], idle[rounds:]
    return table(
        f"Clocks: {clocks:,} open ones",
        ("", "ours", "baseline", "ours / baseline"),
        [
            ["tick, nothing due", *_idle_cells(before)],
            ["the same, after all that fired", *_idle_cells(after)],
            [
                f"{due:,} due, {INSTANCES} instances",
                figure(rates["ours"], "/s"),
                figure(rates["bare"], "/s"),
                ratio(rates["ours"], rates["bare"]),
            ],
        ],
        [
            f"{rounds} rounds by turns; medians, with least and greatest. Goals: a tick < 10 ms; fired >= 2,000/s.",
            f"Each of the {due * rounds:,} clocks that came due has exactly one ClockBreached in the log.",
            "Baselines: the same tick on an empty table; claiming and inserting a row for each, no dossier read.",
        ],
    )


def _idle_cells(rounds: list[tuple[float, float]]) -> list[str]:
    ours, empty = zip(*rounds, strict=True)
    return [figure(ours, " ms"), figure(empty, " ms"), ratio(ours, empty)]


def _idle(runtime: Runtime, empty: Runtime) -> tuple[float, float]:
    """Milliseconds of a tick with nothing due: over the many clocks, and on the empty table, by turns."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(_TICKS):
        for each, times in zip((runtime, empty), taken, strict=True):
            began = time.perf_counter()
            found = timers.tick(each)
            times.append(1000 * (time.perf_counter() - began))
            if found:
                raise AssertionError(f"{found} clocks were due")
    return median(taken[0]), median(taken[1])


def _fire(team: list[Worker], wave: Wave, due: int) -> float:
    """Let all instances fire what is due, at once; clocks per second."""
    began = time.perf_counter()
    for each in team:
        each.tell(wave.at.isoformat())
    fired = [int(each.heard()) for each in team]
    seconds = time.perf_counter() - began
    if sum(fired) != due:
        raise AssertionError(f"{fired} clocks were fired, and {due} were due")
    return due / seconds


def _check(database_url: str, due: int) -> None:
    """Make sure that each dossier has its one breach."""
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute(_BREACHES)
        [found] = cursor.fetchall()
    if found != (due, due):
        raise AssertionError(f"{found[0]} breaches of {found[1]} dossiers, and {due} clocks were due")


def _retire(database_url: str) -> None:
    """Let nothing be due any more of what the waves have left: their case clocks."""
    _run(database_url, f"UPDATE sla.clocks SET fire_at = NULL WHERE fire_at < '{_NEAR.isoformat()}'")


def _run(database_url: str, statement: str) -> None:
    with closing(psycopg2.connect(database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
