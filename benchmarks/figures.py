"""What clients at one door came to, round by round: how many, how fast, and at what cost of all processes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles

from benchmarks.doors import Door


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

    def measure(self, work: Callable[[], list[float]]) -> None:
        """Measure a round, once everything before it is done, and note it.

        :param work: keeps the clients at it; the milliseconds that each of theirs took.
        """
        door = self.door
        door.wait_for_letters()
        door.meter.reset()
        began = time.perf_counter()
        samples = work()
        seconds = time.perf_counter() - began
        door.wait_for_letters()
        sustained = time.perf_counter() - began
        used = door.meter.used()
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
