"""Complaints per second, from a channel adapter's message to rows in all four projections.

Ours: the services as processes of their own. Baseline: five bare workers that do the same inserts, publishes and
consumes by hand, one message at a time. A second baseline batches as ours does, to show what the layers cost beyond
what batching gains.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field

import psycopg2

from benchmarks.bare_pipeline import INTAKE, ROLES, Publisher, declare
from benchmarks.complaints import CHANNEL, TENANT, complaints
from benchmarks.processes import Side, side
from benchmarks.rounds import figure, ratio, table
from benchmarks.servers import Servers, servers
from shared.messaging.wire.connections import connected
from shared.messaging.wire.topology import SUBMISSIONS, declare_all
from shared.platform.secret import new_secret

SERVICES = ("intake", "routing", "sla", "notify", "reporting")
SEEN_IN = ("routing.inbox", "sla.tickets", "notify.notices", "reporting.cases")
"""One row for each complaint in each of them."""

_WARM_UP = 30
_FEWEST = 100
_PATIENCE_SECONDS = 90.0
_LOOK_SECONDS = 0.02


@dataclass
class Pipeline:
    """One side: its processes, where it is fed, and where its rows appear."""

    name: str
    processes: Side
    database_url: str
    broker_url: str
    exchange: str
    done: int = 0
    measured: int = 0
    rates: list[float] = field(default_factory=list)
    used: dict[str, float] = field(default_factory=dict)
    """Processor seconds by process."""

    def get_ready(self) -> None:
        """Let the first complaints through, then stand still."""
        self._pass(_WARM_UP)
        self.processes.freeze()

    def round(self, seconds: float) -> None:
        """Let complaints through, while all other sides stand still, and note how many a second.

        :param seconds: how long it is to take, by the rate of the round before.
        """
        self.processes.thaw()
        try:
            warm = _WARM_UP / self._pass(_WARM_UP)
            count = max(_FEWEST, round(seconds * (self.rates[-1] if self.rates else warm)))
            before = self.processes.processor_seconds()
            self.rates.append(count / self._pass(count))
            self.measured += count
            for name, used in self.processes.processor_seconds().items():
                self.used[name] = self.used.get(name, 0) + used - before[name]
        finally:
            self.processes.freeze()

    def milliseconds_used(self) -> dict[str, float]:
        """Processor time for a complaint, by process."""
        return {name: 1000 * seconds / self.measured for name, seconds in self.used.items()}

    def _pass(self, count: int) -> float:
        bodies = [json.dumps({"tenant": TENANT, **each}).encode() for each in complaints(count)]
        with (
            closing(Publisher(self.broker_url, self.exchange)) as publisher,
            closing(psycopg2.connect(self.database_url)) as database,
        ):
            database.autocommit = True
            began = time.perf_counter()
            publisher.publish(bodies, f"submission.{CHANNEL}")
            self.done += count
            self._wait(database)
            return time.perf_counter() - began

    def _wait(self, database: psycopg2.extensions.connection) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        missing = list(SEEN_IN)
        with database.cursor() as cursor:
            while missing:
                cursor.execute(f"SELECT count(*) FROM {missing[-1]}")
                [(seen,)] = cursor.fetchall()
                if seen >= self.done:
                    missing.pop()
                    continue
                self.processes.check()
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{self.name}: {seen} of {self.done} in {missing[-1]}")
                time.sleep(_LOOK_SECONDS)


def report(*, quick: bool = False) -> str:
    """Measure and tell.

    :param quick: fewer and shorter rounds.
    """
    with servers() as given:
        return measure(given, rounds=2, seconds=1.0) if quick else measure(given, rounds=5, seconds=3.0)


def measure(given: Servers, rounds: int, seconds: float) -> str:
    """The table.

    :param seconds: how long each side's turn lasts in a round.
    """
    with _pipelines(given) as (ours, bare, batched):
        for _ in range(rounds):
            for each in (bare, ours, batched):
                each.round(seconds)
    rows = [
        [
            each.name,
            figure(each.rates, "/s"),
            ratio(ours.rates, each.rates) if each is not ours else "",
            f"{sum(each.milliseconds_used().values()):.2f} ms",
        ]
        for each in (ours, bare, batched)
    ]
    by_process = ", ".join(f"{name} {used:.2f}" for name, used in ours.milliseconds_used().items())
    return table(
        "Throughput: from AMQP submission to visible in all four projections",
        ("", "complaints", "ours / this", "processor"),
        rows,
        [
            f"{rounds} rounds by turns; medians, with least and greatest. Goal: ours / one at a time >= 0.50.",
            f"Processor: the workers' own time for a complaint, servers not counted. Ours: {by_process} ms.",
        ],
    )


@contextmanager
def _pipelines(given: Servers) -> Iterator[Sequence[Pipeline]]:
    """All sides, started and standing still."""
    with ExitStack() as stack:
        sides = [stack.enter_context(side(given.directory / f"{name}.log")) for name in ("ours", "single", "batched")]
        made = [
            _ours(given, sides[0]),
            _bare(given, sides[1], "bare, one at a time", 1),
            _bare(given, sides[2], "bare, batched", 100),
        ]
        for each in made:
            each.get_ready()
        yield made


def _ours(given: Servers, processes: Side) -> Pipeline:
    database_url, broker_url = given.postgres.database("throughput_ours"), given.virtual_host()
    with connected(broker_url) as connection:
        declare_all(connection)
    environment = {
        "ADUAN_DATABASE_URL": database_url,
        "ADUAN_BROKER_URL": broker_url,
        "ADUAN_MASTER_KEY": new_secret(),
        "ADUAN_DATA_DIR": str(given.directory / "ours"),
        "ADUAN_LOG_LEVEL": "WARNING",
    }
    for service in SERVICES:
        processes.serve([service], environment)
    return Pipeline("ours", processes, database_url, broker_url, SUBMISSIONS.name)


def _bare(given: Servers, processes: Side, name: str, batch: int) -> Pipeline:
    database_url, broker_url = given.postgres.database(f"throughput_bare_{batch}"), given.virtual_host()
    with closing(Publisher(broker_url, INTAKE)) as publisher:
        declare(publisher.channel)
    for role in ROLES:
        processes.start(role, ["-m", "benchmarks.bare_pipeline", role, database_url, broker_url, str(batch)], {})
    return Pipeline(name, processes, database_url, broker_url, INTAKE)
