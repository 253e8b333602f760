"""What can happen to one process of an installation, or to what it stands on: each fault is made, and mended.

Every fault is a function of the installation and of a service. It comes back when all is mended, so that whoever calls
it can measure how long it takes until all is well again.
"""

import resource
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.fixtures.proxy import Proxy
from tests.fixtures.waiting import eventually
from tests.processes.cluster import READY_SECONDS, Member
from tests.processes.conftest import Running

PAUSE_SECONDS: Final = 12.0
"""Longer than a leader may be silent."""
AWAY_SECONDS: Final = 5.0
SLOW_SECONDS: Final = 8.0
_DELAY_SECONDS: Final = 0.1
_PIECE: Final = 1 << 20

_FAKETIME: Final = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")


@dataclass(frozen=True)
class Spoilt:
    """An installation of which each process has its own way to the broker and the database.

    :param running: the installation.
    :param ways: the proxies of each process to the broker and to the database, by its services.
    :param disk: what the database lies on, if that is a file system of its own, small enough to be filled.
    """

    running: Running
    ways: Mapping[str, tuple[Proxy, Proxy]] = field(default_factory=dict)
    disk: Path | None = None

    def member(self, service: str) -> Member:
        """The process of a service."""
        return self.running.cluster.of(service)[0]


Fault = Callable[[Spoilt, str], None]


def killed(spoilt: Spoilt, service: str) -> None:
    """Kill -9, and start again."""
    member = spoilt.member(service)
    member.tell(signal.SIGKILL)
    member.left()
    member.start()


def told_to_stop(spoilt: Spoilt, service: str) -> None:
    """SIGTERM: it leaves in good order; and starts again."""
    member = spoilt.member(service)
    member.tell(signal.SIGTERM)
    assert 0 == member.left(), member.tail()
    member.start()


def paused(spoilt: Spoilt, service: str) -> None:
    """SIGSTOP, for longer than others wait for it: a machine that sleeps, or swaps."""
    member = spoilt.member(service)
    member.tell(signal.SIGSTOP)
    time.sleep(PAUSE_SECONDS)
    member.tell(signal.SIGCONT)


def slow(spoilt: Spoilt, service: str) -> None:
    """Every answer of database and broker takes a tenth of a second more."""
    for way in spoilt.ways[service]:
        way.delay(_DELAY_SECONDS)
    time.sleep(SLOW_SECONDS)
    _heal(spoilt, service)


def cut(spoilt: Spoilt, service: str) -> None:
    """Connections end in the middle of whatever they say, again and again."""
    end, count = time.monotonic() + AWAY_SECONDS, 1
    while time.monotonic() < end:
        for way in spoilt.ways[service]:
            way.cut_after(count)
        time.sleep(0.3)
        count = count * 3 % 5000 + 1
    _heal(spoilt, service)


def without_broker(spoilt: Spoilt, service: str) -> None:
    """The broker cannot be reached: connections end, and new ones are not answered."""
    _without(spoilt, service, spoilt.ways[service][0])


def without_database(spoilt: Spoilt, service: str) -> None:
    """The database cannot be reached, likewise."""
    _without(spoilt, service, spoilt.ways[service][1])


def without_disk(spoilt: Spoilt, service: str) -> None:
    """The process can write no byte to any file more: letters, photos, log lines."""
    process = spoilt.member(service).process
    assert process is not None
    before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    time.sleep(AWAY_SECONDS)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)


def clock_ahead(spoilt: Spoilt, service: str) -> None:
    """Its machine's clock jumps two hours ahead, and back."""
    if not _FAKETIME.exists():
        pytest.skip("needs libfaketime (Debian: apt-get install libfaketime)")
    member = spoilt.member(service)
    usual = dict(member.environment)
    for environment in ({**usual, "LD_PRELOAD": str(_FAKETIME), "FAKETIME": "+2h"}, usual):
        member.tell(signal.SIGKILL)
        member.left()
        member.environment = environment
        member.start()
        if environment is not usual:
            eventually(member.comes, within=READY_SECONDS, every=0.1, what=f"{service} ready two hours ahead")
            time.sleep(SLOW_SECONDS / 4)


def broker_full(spoilt: Spoilt, service: str) -> None:
    """The broker's disk is full, as far as it knows: it takes no message more from anybody."""
    broker = spoilt.running.broker
    broker.evaluate("rabbit_disk_monitor:set_disk_free_limit(1000000000000000)")
    time.sleep(AWAY_SECONDS)
    broker.evaluate("rabbit_disk_monitor:set_disk_free_limit(50000000)")


def database_full(spoilt: Spoilt, service: str) -> None:
    """The database's disk is full to the last byte, until somebody makes room and starts it, if it has ended."""
    assert spoilt.disk is not None
    ballast = spoilt.disk / "ballast"
    with ballast.open("wb", buffering=0) as filling, suppress(OSError):
        while True:
            filling.write(bytes(_PIECE))
    with ballast.open("ab", buffering=0) as filling, suppress(OSError):
        while True:
            filling.write(b"x")
    time.sleep(AWAY_SECONDS)
    ballast.unlink()
    spoilt.running.database.start()


def _without(spoilt: Spoilt, service: str, way: Proxy) -> None:
    way.stall()
    way.cut()
    time.sleep(AWAY_SECONDS)
    _heal(spoilt, service)


def _heal(spoilt: Spoilt, service: str) -> None:
    for way in spoilt.ways[service]:
        way.heal()


EACH: Final[tuple[Fault, ...]] = (
    killed,
    told_to_stop,
    paused,
    slow,
    cut,
    without_broker,
    without_database,
    without_disk,
    clock_ahead,
)
"""What can happen to one process."""
