"""Complaints filed over HTTP by eight clients at once, with everything running that a government runs.

A complaint counts when the letter with its receipt is out: until then the processes still have work to do for it.
Baseline: a bare Flask application on the same web server that does one INSERT and COMMIT.
"""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.costs import file_seconds
from benchmarks.doors import CLIENTS, FORMS, Door, doors
from benchmarks.figures import Figures
from benchmarks.processes import Worker
from benchmarks.rounds import figure, ratio, table
from benchmarks.samples import keep
from benchmarks.servers import Servers, servers

_WARM_UP_SECONDS = 0.5


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
    file_ms = 1000 * file_seconds(given.directory)
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
            f"Two letters follow a complaint, a file each; one takes {file_ms:.2f} ms of processor time on this disk.",
            f"Every filing's time: {kept}",
        ],
    )


def _round(at: Figures, clients: Worker, seconds: float) -> None:
    """Let the clients file and the letters go out, while all other sides stand still."""
    with at.door.turn():
        file_for(at.door, clients, _WARM_UP_SECONDS)
        at.measure(lambda: file_for(at.door, clients, seconds))


def file_for(door: Door, clients: Worker, seconds: float) -> list[float]:
    """Let the clients file for as long; the milliseconds that each filing took."""
    clients.tell(f"{door.address} {seconds}")
    return clients.samples()
