"""Complaints filed over HTTP by eight clients at once, with everything running that a government runs.

A complaint counts when the letter with its receipt is out: until then the processes still have work to do for it.
Baseline: a bare Flask application on the same web server that does one INSERT and COMMIT.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from benchmarks.doors import CLIENTS, FORMS, Door, doors
from benchmarks.processes import Worker
from benchmarks.rounds import figure, ratio, table
from benchmarks.samples import keep
from benchmarks.servers import Servers, servers

_WARM_UP_SECONDS = 0.5


@dataclass
class Figures:
    """What was measured at one door, a figure for each round."""

    door: Door
    taken: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    """Processor milliseconds for each, of all processes."""
    by_process: dict[str, list[float]] = field(default_factory=dict)
    samples: list[list[float]] = field(default_factory=list)
    """Milliseconds of every single one, by round."""

    def note(self, samples: list[float], seconds: float, sustained: float, used: dict[str, float]) -> None:
        """Note a round.

        :param seconds: how long the clients were at it.
        :param sustained: until everything that followed was done.
        :param used: processor seconds by process.
        """
        many = len(samples)
        self.taken.append(many / seconds)
        self.rates.append(many / sustained)
        for name, spent in used.items():
            self.by_process.setdefault(name, []).append(1000 * spent / many)
        self.cost.append(1000 * sum(used.values()) / many)
        cuts = quantiles(samples, n=100)
        self.p50.append(cuts[49])
        self.p99.append(cuts[98])
        self.samples.append(samples)

    def spent(self) -> str:
        """What each process used for one."""
        by_process = ", ".join(f"{name} {median(spent):.2f}" for name, spent in self.by_process.items())
        return f"{self.door.name}: {by_process} ms"


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
        found = [Figures(each) for each in sides]
        for _ in range(rounds):
            for each in found:
                _round(each, clients, seconds)
    bare, *ours = found
    kept = keep("filings", {each.door.name: each.samples for each in found}, samples)
    rows = [
        [
            each.door.name,
            figure(each.rates, "/s"),
            figure(each.taken, "/s") if each is not bare else "",
            figure(each.p50, " ms"),
            figure(each.p99, " ms"),
            figure(each.cost, " ms"),
            ratio(each.rates, bare.rates) if each is not bare else "",
        ]
        for each in found
    ]
    return table(
        f"Filings over HTTP by {CLIENTS} clients, all services running, until the letters are out",
        ("", "filed and told", "filed", "p50", "p99", "processor", "this / bare"),
        rows,
        [
            f"{rounds} rounds of {seconds:g} s by turns; medians, with least and greatest.",
            "Processor: of all processes for a complaint, with PostgreSQL and RabbitMQ.",
            *(each.spent() for each in ours),
            f"Every filing's time: {kept}",
        ],
    )


def _round(at: Figures, clients: Worker, seconds: float) -> None:
    """Let the clients file and the letters go out, while all other sides stand still."""
    door = at.door
    with door.turn():
        file_for(door, clients, _WARM_UP_SECONDS)
        door.wait_for_letters()
        door.meter.reset()
        began = time.perf_counter()
        taken = file_for(door, clients, seconds)
        filed = time.perf_counter() - began
        door.wait_for_letters()
        at.note(taken, filed, time.perf_counter() - began, door.meter.used())


def file_for(door: Door, clients: Worker, seconds: float) -> list[float]:
    """Let the clients file for as long; the milliseconds that each filing took."""
    clients.tell(f"{door.address} {seconds}")
    return clients.samples()
