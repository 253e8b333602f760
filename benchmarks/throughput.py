"""Complaints per second, from a channel adapter's message to rows in all four projections, and to letters sent.

Ours: the services as processes of their own. Baseline: five bare workers that do the same inserts, publishes and
consumes by hand, one message at a time. A second baseline batches as ours does, to show what the layers cost beyond
what batching gains.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field

import psycopg2

from benchmarks.bare_pipeline import INTAKE, ROLES, Publisher, declare
from benchmarks.complaints import CHANNEL, TENANT, complaints
from benchmarks.costs import Meter, server_of
from benchmarks.processes import Side, side
from benchmarks.rounds import figure, ratio, table
from benchmarks.servers import Servers, servers
from shared.base.services import SERVICES
from shared.messaging.wire.connections import connected
from shared.messaging.wire.topology import SUBMISSIONS, declare_all
from shared.platform.secret import new_secret

FORMS: Mapping[str, Sequence[Sequence[str]]] = {
    "few processes": (("intake",), ("routing", "sla", "notify", "reporting")),
    "one per service": tuple((name,) for name in SERVICES),
}
"""Of ours, the sets of services that have a process."""
SEEN_IN = ("routing.inbox", "sla.tickets", "notify.notices", "reporting.cases")
"""One row for each complaint in each of them."""

_TOLD = "notify.messages WHERE version = 1 AND recipient = 'reporter' AND settled"

_WARM_UP = 30
_FEWEST = 100
_PATIENCE_SECONDS = 90.0
_LOOK_SECONDS = 0.02


@dataclass
class Pipeline:
    """One side: its processes, where it is fed, and where its rows appear.

    :param meter: of its processes and of the servers.
    :param letters: whether it sends letters.
    """

    name: str
    processes: Side
    database_url: str
    broker_url: str
    exchange: str
    meter: Meter
    letters: bool = False
    done: int = 0
    measured: int = 0
    rates: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    """A second, until the letters are out."""
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
            warm = _WARM_UP / self._pass(_WARM_UP)[0]
            count = max(_FEWEST, round(seconds * (self.rates[-1] if self.rates else warm)))
            self.meter.reset()
            seen, told = self._pass(count)
            self.rates.append(count / seen)
            self.told.append(count / told)
            self.measured += count
            for name, used in self.meter.used().items():
                self.used[name] = self.used.get(name, 0) + used
        finally:
            self.processes.freeze()

    def milliseconds_used(self) -> dict[str, float]:
        """Processor time for a complaint, by process."""
        return {name: 1000 * seconds / self.measured for name, seconds in self.used.items()}

    def spent(self) -> str:
        """What each process used for a complaint."""
        by_process = ", ".join(f"{name} {used:.2f}" for name, used in self.milliseconds_used().items())
        return f"{self.name}: {by_process} ms"

    def _pass(self, count: int) -> tuple[float, float]:
        """Let so many through; seconds until their rows are there, and until their letters are out."""
        bodies = [json.dumps({"tenant": TENANT, **each}).encode() for each in complaints(count)]
        with (
            closing(Publisher(self.broker_url, self.exchange)) as publisher,
            closing(psycopg2.connect(self.database_url)) as database,
        ):
            database.autocommit = True
            began = time.perf_counter()
            publisher.publish(bodies, f"submission.{CHANNEL}")
            self.done += count
            self._wait(database, SEEN_IN)
            seen = time.perf_counter() - began
            if self.letters:
                self._wait(database, [_TOLD])
            return seen, time.perf_counter() - began

    def _wait(self, database: psycopg2.extensions.connection, places: Sequence[str]) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        missing = list(places)
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
    with _pipelines(given) as sides:
        for _ in range(rounds):
            for each in sides:
                each.round(seconds)
    ours, batched = [each for each in sides if each.letters], sides[-1]
    rows = [
        [
            each.name,
            figure(each.rates, "/s"),
            ratio(each.rates, batched.rates) if each is not batched else "",
            figure(each.told, "/s") if each.letters else "",
            ratio(each.told, batched.rates) if each.letters else "",
            f"{sum(each.milliseconds_used().values()):.2f} ms",
        ]
        for each in sides
    ]
    return table(
        "Throughput: from AMQP submission to visible in all four projections, and to letters sent",
        ("", "in all four", "/ batched", "and told", "/ batched", "processor"),
        rows,
        [
            f"{rounds} rounds by turns; medians, with least and greatest. Goal: told >= 0.60 of bare, batched.",
            "Processor: of all processes for a complaint, with PostgreSQL and RabbitMQ; in ours with the letters.",
            *(each.spent() for each in ours),
        ],
    )


@contextmanager
def _pipelines(given: Servers) -> Iterator[Sequence[Pipeline]]:
    """All sides, started and standing still."""
    with ExitStack() as stack:
        names = [*FORMS, "bare, one at a time", "bare, batched"]
        sides = [stack.enter_context(side(given.directory / f"{name}.log")) for name in names]
        made = [
            *(_ours(given, processes, name) for name, processes in zip(FORMS, sides[:2], strict=True)),
            _bare(given, sides[2], names[2], 1),
            _bare(given, sides[3], names[3], 100),
        ]
        for each in made:
            each.get_ready()
        yield made


def _ours(given: Servers, processes: Side, name: str) -> Pipeline:
    database_url, broker_url = given.postgres.database(f"throughput_{name.replace(' ', '_')}"), given.virtual_host()
    with connected(broker_url) as connection:
        declare_all(connection)
    environment = {
        "ADUAN_DATABASE_URL": database_url,
        "ADUAN_BROKER_URL": broker_url,
        "ADUAN_MASTER_KEY": new_secret(),
        "ADUAN_DATA_DIR": str(given.directory / name),
        "ADUAN_LOG_LEVEL": "WARNING",
    }
    for each in FORMS[name]:
        processes.serve(each, environment)
    meter = _meter(given, processes, database_url)
    return Pipeline(name, processes, database_url, broker_url, SUBMISSIONS.name, meter, letters=True)


def _bare(given: Servers, processes: Side, name: str, batch: int) -> Pipeline:
    database_url, broker_url = given.postgres.database(f"throughput_bare_{batch}"), given.virtual_host()
    with closing(Publisher(broker_url, INTAKE)) as publisher:
        declare(publisher.channel)
    for role in ROLES:
        processes.start(role, ["-m", "benchmarks.bare_pipeline", role, database_url, broker_url, str(batch)], {})
    return Pipeline(name, processes, database_url, broker_url, INTAKE, _meter(given, processes, database_url))


def _meter(given: Servers, processes: Side, database_url: str) -> Meter:
    servers = [("postgresql", server_of(database_url)), ("rabbitmq", given.broker.pid)]
    return Meter(lambda: [*processes.pids(), *servers])
