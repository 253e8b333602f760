"""A stretch of the nation's year at a hundred times its speed: what lags, what grows, what a complaint costs.

SP4N-LAPOR!, the national system, takes some one and a half million reports a year. Complaints arrive by chance, as many
in an hour as there; each goes the whole way through a procedure, over HTTP, with all services running and letters going
out, each service in a process of its own: once, and twice. Then the same without a pace, as fast as it goes.

Run when it is named. The stretch is short unless said otherwise: what a complaint takes does not hang on how many there
are, what a page takes does (`aduan bench scale`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import psutil

from benchmarks.costs import Meter
from benchmarks.desks import STEPS
from benchmarks.nation_installation import A_YEAR, CLIENTS, SPEED, Nation
from benchmarks.percentile import percentile
from benchmarks.processes import side
from benchmarks.rounds import table
from benchmarks.servers import Servers, servers

HOURS: Final = 0.5
INSTANCES: Final = (1, 2)

_BURST_SECONDS: Final = 8.0
_MEGABYTE: Final = 1 << 20
_GIGABYTE: Final = 10**9


@dataclass
class Stretch:
    """What was found of one number of instances.

    :param late: seconds by which each thing done was later than the nation would have had it.
    :param behind: positions of the log that the slowest service lay behind, at each look.
    :param settled: seconds after the last action until all tables and letters were done.
    :param burst: actions a second without a pace.
    :param sizes: bytes of tables and of indexes that were added, by schema.
    """

    instances: int
    complaints: int = 0
    events: int = 0
    late: list[float] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)
    settled: float = 0.0
    burst: float = 0.0
    cost: float = 0.0
    memory: int = 0
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)


def report(*, quick: bool = False, hours: float | None = None) -> str:
    """Replay and tell.

    :param quick: a few minutes of the nation's time, unless said otherwise.
    :param hours: of the nation's time; half of one unless given, which takes some twenty seconds for each side.
    """
    with servers() as given:
        return measure(given, hours or (0.1 if quick else HOURS), burst_seconds=2.0 if quick else _BURST_SECONDS)


def measure(given: Servers, hours: float, *, burst_seconds: float, instances: Sequence[int] = INSTANCES) -> str:
    """Replay with each number of instances by turns, and tell."""
    return told([_replay(given, hours, burst_seconds, each) for each in instances], hours)


def told(found: Sequence["Stretch"], hours: float) -> str:
    """What was found, as a table."""
    rows = [
        [
            str(each.instances),
            str(each.complaints),
            f"{percentile(each.late, 50):.2f} / {percentile(each.late, 99):.2f} s",
            f"{max(each.behind, default=0)}",
            f"{each.settled:.1f} s",
            f"{1000 * each.cost:.1f} ms",
            f"{each.memory / _MEGABYTE:.0f} MB",
            f"{each.burst:.0f}/s",
        ]
        for each in found
    ]
    return table(
        f"{hours:g} hours of {A_YEAR:,} reports a year, at {SPEED} times their speed",
        (
            *("instances", "complaints", "late, p50 / p99", "behind, most", "all done after"),
            *("processor a complaint", "memory", "without a pace"),
        ),
        rows,
        [
            f"{SPEED * A_YEAR / (365 * 86400):.1f} complaints a second, each filed, then {len(STEPS)} actions",
            f"by {CLIENTS} clients, on the machine that runs everything else. Late: after it would have been there.",
            *_bytes(found),
            *_a_year(found),
        ],
    )


def _bytes(found: Sequence[Stretch]) -> Iterator[str]:
    """What a complaint adds, by where it lies: of the longest log, in which a page more or less counts least."""
    of = max(found, key=lambda each: each.complaints)
    if not of.complaints:
        return
    yield f"A complaint with its whole way is {of.events / of.complaints:.1f} events, and adds on the disk:"
    for name, (tables, indexes) in sorted(of.sizes.items(), key=lambda each: -sum(each[1])):
        if tables + indexes > 0:
            yield f"  {name}: {tables / of.complaints:,.0f} bytes of tables, {indexes / of.complaints:,.0f} of indexes"


def _a_year(found: Sequence[Stretch]) -> Iterator[str]:
    """What a whole year of such complaints would come to, reckoned from those that there were."""
    of = max(found, key=lambda each: each.complaints)
    if not of.complaints:
        return
    many = A_YEAR / of.complaints
    tables, indexes = (many * sum(size[kind] for size in of.sizes.values()) / _GIGABYTE for kind in (0, 1))
    yield (
        f"A year of them, reckoned: {many * of.events / 1e6:.1f} million events, {tables:.0f} GB of tables and "
        f"{indexes:.0f} GB of indexes, {A_YEAR * of.cost / 3600:.0f} hours of one processor"
    )
    if of.burst:
        yield f"As fast as it goes here a year takes {A_YEAR * (1 + len(STEPS)) / of.burst / 3600:.0f} hours."


def _replay(given: Servers, hours: float, burst_seconds: float, instances: int) -> Stretch:
    found = Stretch(instances)
    with side(given.directory / f"nation-{instances}.log") as processes:
        nation = Nation(given, processes, instances)
        nation.wait_ready()
        before, events = nation.sizes(), nation.ask("SELECT count(*) FROM eventstore.events")
        meter = Meter(nation.pids)
        meter.reset()
        with nation.watched(found.behind):
            found.late = nation.paced(hours)
        found.settled = nation.settle()
        found.complaints = nation.ask("SELECT count(*) FROM intake.tickets") - 1  # by the one it was ready with
        spent = meter.used()
        found.cost = sum(spent.values()) / max(1, found.complaints)
        found.events = nation.ask("SELECT count(*) FROM eventstore.events") - events
        after = nation.sizes()
        found.sizes = {
            name: (size[0] - before.get(name, (0, 0))[0], size[1] - before.get(name, (0, 0))[1])
            for name, size in after.items()
        }
        found.burst = nation.burst(burst_seconds)
        found.memory = sum(psutil.Process(pid).memory_info().rss for _, pid in processes.pids())
        nation.settle()
    return found
