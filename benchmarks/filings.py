"""Complaints filed over HTTP by eight clients at once: how many a second, and how long each takes.

Ours twice: portal and intake as processes of their own with a RabbitMQ between them, and everything in one process as
by ``aduan up``. Baseline: a bare Flask application on the same web server that does one INSERT and COMMIT.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import quantiles

import requests

from benchmarks.complaints import TENANT, complaints
from benchmarks.processes import Side, Worker, side
from benchmarks.rounds import figure, ratio, table
from benchmarks.servers import Servers, servers
from shared.platform.secret import new_secret
from tests.fixtures.waiting import free_ports

CLIENTS = 8
_READY_SECONDS = 90.0
_WARM_UP_SECONDS = 0.5


@dataclass
class Door:
    """One side: where complaints are filed, and by what processes they are taken.

    :param address: where to post.
    """

    name: str
    processes: Side
    address: str
    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)

    def wait(self) -> None:
        """Wait until a complaint can be filed.

        The same one is sent each time: if an answer was missed, the next try is told that it was filed before.

        :raises TimeoutError: if that takes too long.
        """
        deadline = time.monotonic() + _READY_SECONDS
        [complaint] = complaints(1)
        while time.monotonic() < deadline:
            self.processes.check()
            try:
                if requests.post(self.address, json=complaint, timeout=5).ok:
                    return
            except requests.RequestException:
                pass  # does not listen yet
            time.sleep(0.1)
        raise TimeoutError(f"{self.name} takes no complaint")

    def round(self, clients: Worker, seconds: float) -> None:
        """Let the clients file, while all other sides stand still."""
        self.processes.thaw()
        try:
            self._file(clients, _WARM_UP_SECONDS)
            began = time.perf_counter()
            taken = self._file(clients, seconds)
            self.rates.append(len(taken) / (time.perf_counter() - began))
        finally:
            self.processes.freeze()
        cuts = quantiles(taken, n=100)
        self.p50.append(cuts[49])
        self.p99.append(cuts[98])

    def _file(self, clients: Worker, seconds: float) -> list[float]:
        clients.tell(f"{self.address} {seconds}")
        taken: list[float] = json.loads(clients.heard())
        return taken


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
    with _doors(given) as doors, Worker("benchmarks.clients", str(CLIENTS)) as clients:
        for _ in range(rounds):
            for each in doors:
                each.round(clients, seconds)
    bare = doors[0]
    rows = [
        [
            each.name,
            figure(each.rates, "/s"),
            figure(each.p50, " ms"),
            figure(each.p99, " ms"),
            ratio(each.rates, bare.rates) if each is not bare else "",
        ]
        for each in doors
    ]
    return table(
        f"Filings over HTTP by {CLIENTS} clients",
        ("", "filed", "p50", "p99", "this / bare"),
        rows,
        [
            f"{rounds} rounds by turns; medians, with least and greatest.",
            "The bare application checks, seals, promises and publishes nothing: the ratio is the layers' price.",
        ],
    )


@contextmanager
def _doors(given: Servers) -> Iterator[Sequence[Door]]:
    """All sides, started and standing still."""
    with ExitStack() as stack:
        ports = free_ports(3)
        doors = []
        for name, port in zip(("bare", "portal, intake, RabbitMQ", "aduan up"), ports, strict=True):
            path = f"/{TENANT}/complaints" if name == "bare" else f"/api/v1/{TENANT}/complaints"
            processes = stack.enter_context(side(given.directory / f"{name}.log"))
            doors.append(Door(name, processes, f"http://127.0.0.1:{port}{path}"))
        bare, served, together = (each.processes for each in doors)
        bare.start("web", ["-m", "benchmarks.bare_web", str(ports[0]), given.postgres.database("filings_bare")], {})
        served.serve(
            ("portal", "intake"),
            {
                "ADUAN_DATABASE_URL": given.postgres.database("filings_ours"),
                "ADUAN_BROKER_URL": given.virtual_host(),
                "ADUAN_MASTER_KEY": new_secret(),
                "ADUAN_DATA_DIR": str(given.directory / "served"),
                "ADUAN_PORTAL_PORT": str(ports[1]),
                "ADUAN_LOG_LEVEL": "WARNING",
            },
        )
        together.start(
            "up",
            ["-m", "cli.main", "up", "--port", str(ports[2]), "--data", str(given.directory / "together")],
            {"ADUAN_LOG_LEVEL": "WARNING"},
        )
        for each in doors:
            each.wait()
            each.processes.freeze()
        yield doors
