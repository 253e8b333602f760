"""Complaints filed over HTTP by eight clients at once, with everything running that a government runs.

A complaint counts when the letter with its receipt is out: until then the processes still have work to do for it. Ours
in three forms: few processes (portal and intake in one, the rest in another), one process for each service, both on
RabbitMQ, and everything in one process as by ``aduan up``. Baseline: a bare Flask application on the same web server
that does one INSERT and COMMIT.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import psycopg2
import requests

from benchmarks.complaints import TENANT, complaints
from benchmarks.costs import Meter, server_of
from benchmarks.processes import Side, Worker, side
from benchmarks.rounds import figure, ratio, table
from benchmarks.samples import keep
from benchmarks.servers import Servers, servers
from shared.base.services import SERVICES
from shared.platform.database.embedded_postgres import running_url
from shared.platform.secret import new_secret
from tests.fixtures.waiting import free_ports

CLIENTS = 8
FEW, APART, UP = "few processes", "one per service", "aduan up"
FORMS = (FEW, APART, UP)
SETS: Mapping[str, Sequence[Sequence[str]]] = {
    FEW: (("portal", "intake"), ("routing", "sla", "notify", "reporting")),
    APART: tuple((name,) for name in ("portal", *SERVICES)),
}

_READY_SECONDS = 90.0
_LETTERS_SECONDS = 120.0
_WARM_UP_SECONDS = 0.5
_LOOK_SECONDS = 0.02
# The ways of a letter end with it being settled; version 1 is the filing.
_OUT = "SELECT count(*) FROM notify.messages WHERE version = 1 AND recipient = 'reporter' AND settled"
_FILED = "SELECT count(*) FROM intake.tickets"


@dataclass
class Door:
    """One side: where complaints are filed, and by what processes they are taken.

    :param address: where to post.
    :param meter: of all processes that have a part in it.
    :param database_url: where its letters are told; asked when it runs. None for who sends none.
    """

    name: str
    processes: Side
    address: str
    meter: Meter
    database_url: Callable[[], str] | None
    taken: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    """Processor milliseconds for a complaint, of all processes."""
    by_process: dict[str, list[float]] = field(default_factory=dict)
    samples: list[list[float]] = field(default_factory=list)
    """Milliseconds of every filing, by round."""

    def wait(self) -> None:
        """Wait until a complaint can be filed.

        The same one is sent each time: if an answer was missed, the next try is told that it was filed before.

        :raises TimeoutError: if that takes too long.
        """
        deadline = time.monotonic() + _READY_SECONDS
        [complaint] = complaints(1)
        said: object = None
        while time.monotonic() < deadline:
            self.processes.check()
            try:
                answer = requests.post(self.address, json=complaint, timeout=5)
            except requests.RequestException as error:
                said = type(error).__name__  # does not listen yet
            else:
                if answer.status_code in (200, 201):
                    return
                said = answer.status_code
            time.sleep(0.1)
        raise TimeoutError(f"{self.name} takes no complaint: {said}")

    def round(self, clients: Worker, seconds: float) -> None:
        """Let the clients file and the letters go out, while all other sides stand still."""
        self.processes.thaw()
        try:
            self._file(clients, _WARM_UP_SECONDS)
            self._wait_for_letters()
            self.meter.reset()
            began = time.perf_counter()
            taken = self._file(clients, seconds)
            filed = time.perf_counter() - began
            self._wait_for_letters()
            sustained = time.perf_counter() - began
            used = self.meter.used()
        finally:
            self.processes.freeze()
        self.taken.append(len(taken) / filed)
        self.rates.append(len(taken) / sustained)
        for name, spent in used.items():
            self.by_process.setdefault(name, []).append(1000 * spent / len(taken))
        self.cost.append(1000 * sum(used.values()) / len(taken))
        cuts = quantiles(taken, n=100)
        self.p50.append(cuts[49])
        self.p99.append(cuts[98])
        self.samples.append(taken)

    def _file(self, clients: Worker, seconds: float) -> list[float]:
        clients.tell(f"{self.address} {seconds}")
        taken: list[float] = json.loads(clients.heard())
        return taken

    def _wait_for_letters(self) -> None:
        """Wait until the letter of every complaint is out.

        :raises TimeoutError: if that takes too long.
        """
        if self.database_url is None:
            return
        deadline = time.monotonic() + _LETTERS_SECONDS
        with closing(psycopg2.connect(self.database_url())) as database, database.cursor() as cursor:
            database.autocommit = True
            while (missing := _count(cursor, _FILED) - _count(cursor, _OUT)) > 0:
                self.processes.check()
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{self.name}: {missing} letters are not out")
                time.sleep(_LOOK_SECONDS)


def report(*, quick: bool = False) -> str:
    """Measure and tell.

    :param quick: fewer and shorter rounds.
    """
    with servers() as given:
        return measure(given, rounds=2, seconds=2.0) if quick else measure(given, rounds=3, seconds=10.0)


def measure(
    given: Servers, rounds: int, seconds: float, *, forms: Sequence[str] = FORMS, samples: Path | None = None
) -> str:
    """The table.

    :param seconds: how long the clients file on each side in a round.
    :param forms: of ours.
    :param samples: where to keep every single figure; in the usual place unless given.
    """
    with doors(given, forms) as sides, Worker("benchmarks.clients", str(CLIENTS)) as clients:
        for _ in range(rounds):
            for each in sides:
                each.round(clients, seconds)
    bare, *ours = sides
    kept = keep("filings", {each.name: each.samples for each in sides}, samples)
    rows = [
        [
            each.name,
            figure(each.rates, "/s"),
            figure(each.taken, "/s") if each is not bare else "",
            figure(each.p50, " ms"),
            figure(each.p99, " ms"),
            figure(each.cost, " ms"),
            ratio(each.rates, bare.rates) if each is not bare else "",
        ]
        for each in sides
    ]
    return table(
        f"Filings over HTTP by {CLIENTS} clients, all services running, until the letters are out",
        ("", "filed and told", "filed", "p50", "p99", "processor", "this / bare"),
        rows,
        [
            f"{rounds} rounds of {seconds:g} s by turns; medians, with least and greatest.",
            "Processor: of all processes for a complaint, with PostgreSQL and RabbitMQ.",
            *(f"{each.name}: {_spent(each)}" for each in ours),
            f"Every filing's time: {kept}",
        ],
    )


@contextmanager
def doors(given: Servers, forms: Sequence[str] = FORMS) -> Iterator[Sequence[Door]]:
    """All sides, started and standing still: the bare one first."""
    with ExitStack() as stack:
        bare_port, *ports = free_ports(1 + len(forms))
        bare = stack.enter_context(side(given.directory / "bare.log"))
        bare_url = given.postgres.database("filings_bare")
        bare.start("web", ["-m", "benchmarks.bare_web", str(bare_port), bare_url], {})
        made = [
            Door(
                "bare",
                bare,
                f"http://127.0.0.1:{bare_port}/{TENANT}/complaints",
                Meter(lambda: [*bare.pids(), ("postgresql", server_of(bare_url))]),
                None,
            )
        ]
        for name, port in zip(forms, ports, strict=True):
            processes = stack.enter_context(side(given.directory / f"{name}.log"))
            sets = SETS.get(name)
            made.append(up(given, processes, port) if sets is None else served(given, processes, name, sets, port))
        for each in made:
            each.wait()
            each.processes.freeze()
        yield made


def served(given: Servers, processes: Side, name: str, sets: Sequence[Sequence[str]], port: int) -> Door:
    """A side on RabbitMQ: a process for each set of services."""
    url = given.postgres.database(f"filings_{name.replace(' ', '_')}")
    environment = {
        "ADUAN_DATABASE_URL": url,
        "ADUAN_BROKER_URL": given.virtual_host(),
        "ADUAN_MASTER_KEY": new_secret(),
        "ADUAN_DATA_DIR": str(given.directory / name),
        "ADUAN_PORTAL_PORT": str(port),
        "ADUAN_LOG_LEVEL": "WARNING",
    }
    for each in sets:
        processes.serve(each, environment)

    def all_pids() -> list[tuple[str, int]]:
        return [*processes.pids(), ("postgresql", server_of(url)), ("rabbitmq", given.broker.pid)]

    return Door(name, processes, f"http://127.0.0.1:{port}/api/v1/{TENANT}/complaints", Meter(all_pids), lambda: url)


def up(given: Servers, processes: Side, port: int) -> Door:
    """The side that has everything in one process, with a PostgreSQL of its own."""
    data = given.directory / "together"
    processes.start(
        "up",
        ["-m", "cli.main", "up", "--port", str(port), "--data", str(data)],
        {"ADUAN_LOG_LEVEL": "WARNING"},
    )

    def url() -> str:
        found = running_url(data / "postgres")
        if found is None:
            raise LookupError(f"no PostgreSQL runs in {data}")
        return found

    def all_pids() -> list[tuple[str, int]]:
        return [*processes.pids(), ("postgresql", server_of(url()))]

    return Door(
        UP,
        processes,
        f"http://127.0.0.1:{port}/api/v1/{TENANT}/complaints",
        Meter(all_pids),
        url,
    )


def _count(cursor: psycopg2.extensions.cursor, statement: str) -> int:
    cursor.execute(statement)
    [(count,)] = cursor.fetchall()
    return int(count)


def _spent(door: Door) -> str:
    return ", ".join(f"{name} {median(spent):.2f}" for name, spent in door.by_process.items()) + " ms"
