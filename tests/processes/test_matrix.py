"""Whatever happens to whichever process, soon afterwards nothing is outstanding, lost or there twice.

Each cell is a fault of :mod:`tests.processes.spoiling` and the service that it befalls. All cells share an
installation, so each begins with what the others have left behind. `make chaos` prints how soon all was well; a few
cells that differ most from what other tests do run with the ordinary tests.
"""

import shutil
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest
import requests

from shared.base.services import SERVICES
from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.database.pool import Database
from shared.platform.migrations import migrate
from shared.store.eventstore.audit import verify
from tests.fixtures.places import fast_directory
from tests.fixtures.proxy import Proxy
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.waiting import eventually
from tests.processes import spoiling
from tests.processes.cluster import ProcessCluster, cluster
from tests.processes.conftest import Running
from tests.processes.spoiling import Fault, Spoilt
from tests.processes.traffic import complaint, dead_letters, differing, end_leases, filed, gaps, head, submit, unsent

SETS = (*SERVICES, "channels", "portal")
WELL_SECONDS = 90.0
"""Until the slowest machine has made up for what it missed; what it took is printed."""
AT_ONCE, PACE_SECONDS = 5, 0.2
DISK_MEGABYTES = 640

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.rabbitmq]


def _disk(place: Path, stack: ExitStack) -> Path | None:
    """A small file system for the database, where one may be made."""
    disk = place / "disk"
    disk.mkdir()
    made = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m,mode=755", "aduan-chaos", str(disk)]
    if shutil.which("mount") is None or subprocess.run(made, capture_output=True, check=False).returncode != 0:
        return None
    stack.callback(subprocess.run, ["umount", "--lazy", str(disk)], check=True)
    return disk


@pytest.fixture(scope="module")
def spoilt() -> Iterator[Spoilt]:
    """Every process with ways of its own to broker and database."""
    place = fast_directory("aduan-matrix")
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        disk = _disk(place, stack)
        server = stack.enter_context(EmbeddedPostgres((disk or place) / "postgres"))
        broker = stack.enter_context(RabbitMQ())
        url = server.start()
        migrate(url)
        ways = {name: (stack.enter_context(Proxy(broker.url)), stack.enter_context(Proxy(url))) for name in SETS}

        members = stack.enter_context(cluster(url, broker.url, place, SETS))
        for member in members.members:
            to_broker, to_database = ways[member.name]
            member.environment = {
                **member.environment,
                "ADUAN_BROKER_URL": to_broker.url(broker.url),
                "ADUAN_DATABASE_URL": to_database.url(url),
            }
            member.tell(signal.SIGTERM)
        for member in members.members:
            member.left()
        members.revive()
        yield Spoilt(Running(members, broker, server, *ways["portal"]), ways, disk)


def _by_web(cluster: ProcessCluster) -> int:
    """File one as a form does: asked again, under the same key, until it is answered."""
    key, until = uuid.uuid4().hex, time.monotonic() + WELL_SECONDS
    given = {name: value for name, value in complaint("").items() if name not in {"tenant", "external_id"}}
    said: object = None
    while time.monotonic() < until:
        try:
            answer = requests.post(
                f"{cluster.api.address}/api/v1/cilacap/complaints",
                json=given,
                headers={"Idempotency-Key": key},
                timeout=20,
            )
        except requests.RequestException as error:
            said = error
        else:
            if answer.ok:
                return 1
            said = answer.text
            assert answer.status_code == 503, said
            assert "Retry-After" in answer.headers
        time.sleep(0.3)
    raise AssertionError(f"never filed: {said}")


@contextmanager
def _arriving(cluster: ProcessCluster) -> Iterator[Callable[[], int]]:
    """Complaints come in by adapter and by web during the block; gives how many there will be, once it has ended."""
    failed: list[BaseException] = []
    stop, counts = threading.Event(), {"adapter": 0, "web": 0}

    def keep_on(name: str, send: Callable[[], int]) -> None:
        try:
            while not stop.is_set():
                counts[name] += send()
                stop.wait(PACE_SECONDS)
        except BaseException as error:  # noqa: BLE001 - raised again below
            failed.append(error)

    def by_adapter() -> int:
        submit(cluster.broker_url, uuid.uuid4().hex, AT_ONCE)
        return AT_ONCE

    before = filed(cluster)
    senders = [
        threading.Thread(target=keep_on, args=given)
        for given in (("adapter", by_adapter), ("web", partial(_by_web, cluster)))
    ]
    for each in senders:
        each.start()
    try:
        eventually(lambda: failed or all(counts.values()), within=WELL_SECONDS, what="the first complaints")
        yield lambda: before + sum(counts.values())
    finally:
        stop.set()
        for each in senders:
            each.join()
    if failed:
        raise failed[0]


def _held(spoilt: Spoilt, fault: Fault, service: str) -> None:
    """Complaints come before, during and after a fault; soon after its end nothing is outstanding."""
    cluster = spoilt.running.cluster
    begun, so_far, before = time.monotonic(), head(cluster), filed(cluster)
    with _arriving(cluster) as count:
        fault(spoilt, service)
        mended = time.monotonic()
    expected, answered = count(), time.monotonic()

    def within(condition: Callable[[], bool], what: str) -> float:
        eventually(condition, within=WELL_SECONDS, every=0.2, what=f"{what} after {fault.__name__} {service}")
        return time.monotonic() - mended

    ready = within(lambda: all(each.ready() for each in cluster.members), "all ready")
    there = within(lambda: filed(cluster) >= expected, "all filed")
    equal = within(lambda: not differing(cluster, so_far), "every table equal to the log")
    end_leases(cluster)
    told = within(lambda: unsent(cluster) == 0, "all letters sent")
    within(lambda: not differing(cluster), "every table equal to the whole log")  # timers may fire at any time

    assert expected == filed(cluster)
    assert [] == gaps(cluster)
    assert [] == dead_letters(cluster)
    assert verify(Database(cluster.database_url, pool_size=1)).intact
    took = {"answered": answered - mended, "ready": ready, "filed": there, "equal": equal, "told": told}
    told_by = ", ".join(f"{what} {seconds:.1f}" for what, seconds in took.items())
    whole = time.monotonic() - begun
    print(f"{fault.__name__:>18} {service:10} {expected - before:4} filed; s after: {told_by}; in all {whole:.0f}")  # noqa: T201


SHORT: list[tuple[Fault, str]] = [
    (spoiling.without_disk, "notify"),
    (spoiling.broker_full, "all"),
]


@pytest.mark.parametrize(("fault", "service"), SHORT, ids=lambda each: getattr(each, "__name__", each))
def test_a_fault_leaves_nothing_behind(running: Running, fault: Fault, service: str) -> None:
    """All that came meanwhile is filed once and told, every table equals the log, and the log is intact."""
    _held(Spoilt(running), fault, service)


@pytest.mark.chaos
@pytest.mark.parametrize("service", SETS)
@pytest.mark.parametrize("fault", spoiling.EACH, ids=lambda each: each.__name__)
def test_any_fault_of_any_service_leaves_nothing_behind(spoilt: Spoilt, fault: Fault, service: str) -> None:
    """As above, for whatever can happen to whichever process."""
    _held(_whole(spoilt), fault, service)


@pytest.mark.chaos
@pytest.mark.parametrize("fault", [spoiling.broker_full, spoiling.database_full], ids=lambda each: each.__name__)
def test_a_full_disk_leaves_nothing_behind(spoilt: Spoilt, fault: Fault) -> None:
    """As above, where the disk of the broker or of the database is full for all."""
    if fault is spoiling.database_full and spoilt.disk is None:
        pytest.skip("no file system of its own can be made here: mount is for root")
    _held(_whole(spoilt), fault, "all")


def _whole(spoilt: Spoilt) -> Spoilt:
    """Everything up again, whatever an earlier cell that failed has left."""
    for way in (each for pair in spoilt.ways.values() for each in pair):
        way.heal()
    spoilt.running.database.start()
    spoilt.running.broker.start()
    spoilt.running.cluster.revive()
    return spoilt
