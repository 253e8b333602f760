"""What an installation holds while it is soaked: weighed again and again, and what of it grows without an end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import psutil

from benchmarks.soaking import named
from tests.fixtures.rabbitmq import RabbitMQ
from tests.processes.cluster import ProcessCluster
from tests.processes.traffic import query

_CONNECTIONS: Final = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
_OF_THE_BROKER: Final = {
    "queues of RabbitMQ": "length(rabbit_amqqueue:list())",
    "connections of RabbitMQ": "length(rabbit_networking:connections())",
    "channels of RabbitMQ": "length(rabbit_channel:list())",
}
_SERVERS: Final = ("outbox", "postgres", "rabbitmq")
"""Folders beside the installation's own files: letters are to be there, and servers keep house by themselves."""
_MEMORY: Final = 0.03
"""A process that has grown by no more of its memory grows no further: so much comes and goes."""
_COUNT: Final = 4
"""Neither does what has grown by no more: connections of a pool are opened when they are first wanted."""


@dataclass
class Scales:
    """What was weighed, each time in its turn.

    :param memory: bytes, by process.
    :param held: how many: open files and connections of each process, connections and queues of the servers, files.
    """

    memory: dict[str, list[int]] = field(default_factory=dict)
    held: dict[str, list[int]] = field(default_factory=dict)

    def weigh(self, running: ProcessCluster, broker: RabbitMQ) -> None:
        """Once more. All processes run."""
        for name, member in named(running.members).items():
            assert member.process is not None
            process = psutil.Process(member.process.pid)
            self.memory.setdefault(name, []).append(process.memory_info().rss)
            self._note(f"files and connections of {name}", process.num_fds())
        self._note("connections of PostgreSQL", int(query(running, _CONNECTIONS)[0][0]))
        for name, expression in _OF_THE_BROKER.items():
            self._note(name, int(broker.evaluate(expression)))
        self._note("files in the data folder", sum(1 for _ in _files(running)))

    def growing(self) -> list[str]:
        """What was more each time than the time before, and more in the end than what comes and goes."""
        grown = [f"memory of {name}" for name, each in self.memory.items() if grows(each, _MEMORY * each[0])]
        return [*grown, *(name for name, each in self.held.items() if grows(each, _COUNT))]

    def _note(self, name: str, count: int) -> None:
        self.held.setdefault(name, []).append(count)


def grows(weighed: Sequence[float], more: float) -> bool:
    """Whether something has grown each time, and by more than this in all."""
    rising = all(after > before for before, after in pairwise(weighed))
    return rising and weighed[-1] - weighed[0] > more


def _files(running: ProcessCluster) -> Iterator[object]:
    for place in running.settings.data_dir.iterdir():
        if place.name not in _SERVERS:
            yield from (each for each in ([place] if place.is_file() else place.rglob("*")) if each.is_file())
