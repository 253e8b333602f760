"""Half of the full load for a while, everything restarted in turn: what is outstanding, lost, there twice, or grows.

Run when it is named. Each service in a process of its own, on a PostgreSQL and a RabbitMQ as durable as in use. First
the full load is measured. In the first half of the time every process, the broker and the database are restarted one
after the other; the second half is quiet, and shows whether memory, open files, connections or queues grow. Clients do
what a form or an adapter does: they ask again under the same key until they are answered.
"""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from benchmarks.growing import Scales
from benchmarks.percentile import percentile
from benchmarks.rounds import table
from benchmarks.soaking import Filer, Restarted, restart_all
from shared.base.services import SERVICES
from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.database.pool import Database
from shared.platform.migrations import migrate
from shared.store.eventstore.audit import verify
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.waiting import eventually
from tests.processes.cluster import ProcessCluster, cluster
from tests.processes.traffic import dead_letters, differing, end_leases, query, unsent

CLIENTS = 4
SETS = (*SERVICES, "channels", "portal")

_PROBE_SECONDS = 10.0
_WEIGHINGS = 5
_SETTLE_SECONDS = 600.0
_LONG_SECONDS = 600.0
_MEGABYTE = 1 << 20


@dataclass
class Found:
    """What a soak came to.

    :param outstanding: tables that differ from the log, letters not sent, dead letters.
    :param lost: complaints that were answered and are not in the log.
    :param doubled: complaints in the log for which nobody has an answer.
    :param intact: whether the chains of the log are whole.
    :param scales: what each process and server held, from the middle, when all had been restarted, to the end, equally
        far apart.
    """

    filed: int = 0
    refused: int = 0
    outstanding: list[str] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    intact: bool = False
    restarts: list[Restarted] = field(default_factory=list)
    scales: Scales = field(default_factory=Scales)

    @property
    def well(self) -> bool:
        """Whether nothing is outstanding, lost, there twice, refused or changed."""
        return not self.outstanding and self.lost == self.doubled == self.refused == 0 and self.intact


def report(*, quick: bool = False, minutes: float | None = None, per_second: float | None = None) -> str:
    """Soak and tell.

    :param quick: two minutes, unless said otherwise.
    :param minutes: how long the load lasts; 20 unless given.
    :param per_second: complaints; half of the full load unless given, which a machine that others use too cannot tell.
    :raises SystemExit: with what was found, if anything is outstanding, lost, there twice or refused, or grows all the
        while: of the last a soak of less than ten minutes only tells, since pools and caches may be filling.
    """
    place = Path(mkdtemp(prefix="aduan-soak-"))
    place.chmod(0o755)
    (place / "rabbitmq").mkdir()
    try:
        with EmbeddedPostgres(place / "postgres") as database, RabbitMQ(place / "rabbitmq") as broker:
            url = database.start()
            migrate(url)
            seconds = 60 * (minutes or (2 if quick else 20))
            with cluster(url, broker.url, place, SETS) as running:
                told, found = soak(
                    running, broker, database, seconds, min(_PROBE_SECONDS, seconds / 10), per_second=per_second
                )
    finally:
        shutil.rmtree(place, ignore_errors=True)
    if not found.well or (seconds >= _LONG_SECONDS and found.scales.growing()):
        raise SystemExit(told)
    return told


def soak(
    running: ProcessCluster,
    broker: RabbitMQ,
    database: EmbeddedPostgres,
    seconds: float,
    probe_seconds: float,
    parts: Sequence[str] | None = None,
    per_second: float | None = None,
) -> tuple[str, Found]:
    """Soak an installation that is up.

    :param seconds: how long the half load lasts.
    :param probe_seconds: how long the full load is measured.
    :param parts: what is restarted; everything unless given.
    :param per_second: complaints; half of the full load unless given.
    :returns: what to print, and what was found.
    """
    address = running.api.address
    before = _filed(running)
    probe = Filer(address, CLIENTS)
    if per_second is None:
        with probe.filing():
            time.sleep(probe_seconds)
    rate = per_second or len(probe.ids) / probe_seconds / 2
    found = Found()
    steady = Filer(address, CLIENTS, per_second=rate)
    began = time.monotonic()
    with steady.filing():
        found.restarts = restart_all(running, broker, database, seconds / 2, parts)
        _until(began + seconds / 2)
        stirred = steady.samples_so_far()
        found.scales.weigh(running, broker)
        middle = time.monotonic()  # as long as that also where restarts took longer than their half
        for number in range(1, _WEIGHINGS):
            _until(middle + number * seconds / 2 / (_WEIGHINGS - 1))
            found.scales.weigh(running, broker)
    quiet = steady.samples_so_far()[len(stirred) :]
    _look(running, {*probe.ids, *steady.ids}, before, found)
    found.refused = probe.refused + steady.refused
    load = f"{rate:.1f}/s" + ("" if per_second else ", half of the full load")
    return _told(load, seconds, stirred, quiet, found), found


def _until(instant: float) -> None:
    time.sleep(max(0.0, instant - time.monotonic()))


def _filed(running: ProcessCluster) -> set[str]:
    found = query(running, "SELECT dossier FROM eventstore.events WHERE type = 'ComplaintFiled'")
    return {str(dossier) for [dossier] in found}


def _look(running: ProcessCluster, ids: set[str], before: set[str], found: Found) -> None:
    """Wait until all is done, and compare what was answered with what is there."""
    end_leases(running)
    try:
        eventually(lambda: not _outstanding(running), within=_SETTLE_SECONDS, every=2.0)
    except AssertionError:
        found.outstanding = _outstanding(running)
    there = _filed(running) - before
    found.filed = len(there)
    found.lost = len(ids - there)
    found.doubled = len(there - ids)
    found.intact = verify(Database(running.database_url, pool_size=1)).intact


def _outstanding(running: ProcessCluster) -> list[str]:
    letters = unsent(running)
    if letters:
        return [f"{letters} letters"]
    dead = dead_letters(running)
    return [*([f"{len(dead)} dead letters"] if dead else []), *differing(running)]


def _told(load: str, seconds: float, stirred: Sequence[float], quiet: Sequence[float], found: Found) -> str:
    restarts = {each.name: each for each in found.restarts}
    rows = []
    memory = found.scales.memory
    for name in (*restarts, *(each for each in memory if each not in restarts)):
        weighed = memory.get(name, [])
        again = restarts.get(name)
        rows.append(
            [
                name,
                f"{again.seconds:.1f} s" if again else "not restarted",
                ", ".join(f"{each / _MEGABYTE:.0f}" for each in weighed),
                f"{100 * (weighed[-1] - weighed[0]) / weighed[0]:+.1f} %" if weighed else "",
                f"{100 * (weighed[-1] - weighed[-2]) / weighed[-2]:+.1f} %" if weighed else "",
            ]
        )
    among, alone = (
        f"p50 {percentile(each, 50):.0f} ms, p99 {percentile(each, 99):.0f} ms" for each in (stirred, quiet)
    )
    counts = {
        "filed": found.filed,
        "outstanding": ", ".join(found.outstanding) or 0,
        "lost": found.lost,
        "there twice": found.doubled,
        "refused": found.refused,
        "the log": "intact" if found.intact else "NOT INTACT",
    }
    return table(
        f"{seconds / 60:.3g} minutes at {load}, everything restarted in turn",
        ("", "well after restart", "MB, middle to end", "growth", "in the last eighth"),
        rows,
        [
            ", ".join(f"{name}: {count}" for name, count in counts.items()),
            *(f"{name}: {', '.join(map(str, each))}" for name, each in found.scales.held.items()),
            f"grows all the while: {', '.join(found.scales.growing()) or 'nothing'}",
            f"{CLIENTS} clients. Until answered, with all that was asked again: among restarts {among}; then {alone}.",
        ],
    )
