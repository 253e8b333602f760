"""An upgrade without an outage: the version before on the new schema, then both beside each other, then the new one."""

import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from benchmarks.soaking import Filer
from shared.base.services import SERVICES
from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.database.pool import Database
from shared.platform.migrations import migrate
from shared.platform.secret import new_secret
from shared.platform.settings import PROJECT, Settings
from shared.store.eventstore.audit import verify
from tests.fixtures.places import fast_directory
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.waiting import eventually, free_ports
from tests.journey.installation import Api
from tests.processes.cluster import READY_SECONDS, Member, ProcessCluster
from tests.processes.traffic import dead_letters, differing, end_leases, filed, gaps, unsent

CLIENTS, PER_SECOND = 2, 6.0
TOGETHER_SECONDS = 3.0
SETTLE_SECONDS = 120.0
BEFORE = {
    "the schema": ["-1", "--", "*/migrations/versions/*.sql"],
    "how calls travel": ["--diff-filter=A", "--", "shared/messaging/calling/call_queue.py"],
}
"""What was changed last, and by which files git knows the change."""
UNAWARE = {"how calls travel"}
"""Before which a version did not know that tables were made anew, and went on writing them in its own form."""

FEW = [("portal", *SERVICES, "channels")]
APART = [("portal",), *((service,) for service in SERVICES), ("channels",)]

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.rabbitmq]


def _git(*arguments: str) -> bytes:
    done = subprocess.run(["git", "-C", str(PROJECT), *arguments], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"git cannot tell: {done.stderr.decode(errors='replace').strip()[:200]}")
    return done.stdout


@dataclass
class Two:
    """A database and a broker, and processes of two versions on them, none of which runs yet; the portal's first.

    :param unaware: whether the version before writes tables in its own form, so that they are to be made anew.
    """

    before: list[Member]
    now: list[Member]
    url: str
    broker: str
    environment: dict[str, str]
    unaware: bool


@pytest.fixture(
    params=[
        pytest.param(("the schema", FEW), id="few, the schema"),
        *(pytest.param((what, APART), id=f"apart, {what}", marks=pytest.mark.chaos) for what in BEFORE),
    ]
)
def two(request: pytest.FixtureRequest) -> Iterator[Two]:
    """The schema is the present one."""
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    changed, processes = request.param
    commit = _git("log", "--format=%H", *BEFORE[changed]).decode().split()
    if not commit:
        pytest.skip("the history does not reach back so far")
    place = fast_directory("aduan-versions")
    with tarfile.open(fileobj=BytesIO(_git("archive", f"{commit[-1]}^"))) as tree:
        tree.extractall(place / "before", filter="data")
    with EmbeddedPostgres(place / "postgres") as server, RabbitMQ() as broker:
        url = server.start()
        migrate(url)
        common = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ADUAN_")},
            "ADUAN_DATABASE_URL": url,
            "ADUAN_BROKER_URL": broker.url,
            "ADUAN_MASTER_KEY": new_secret(),
            "ADUAN_DATA_DIR": str(place),
            "ADUAN_POOL_SIZE": "4",
        }
        before, now = (_members(tree, processes, place, common) for tree in (place / "before", PROJECT))
        made = Two(before, now, url, broker.url, common, changed in UNAWARE)
        try:
            yield made
        finally:
            for member in [*made.before, *made.now]:
                if member.process is not None:
                    member.process.kill()
                    member.process.wait()
    shutil.rmtree(place, ignore_errors=True)


def _members(tree: Path, processes: Sequence[tuple[str, ...]], place: Path, common: dict[str, str]) -> list[Member]:
    members = []
    for names, port in zip(processes, free_ports(len(processes)), strict=True):
        own = {"ADUAN_PORTAL_PORT": str(port), "ADUAN_HEALTH_PORT": "0"} if "portal" in names else {}
        environment = {**common, "ADUAN_HEALTH_PORT": str(port), **own, "PYTHONPATH": str(tree)}
        command = [sys.executable, "-P", "-m", "cli.main", "serve", *names]
        members.append(Member(names[0], port, command, environment, place / f"{tree.name}-{names[0]}.log"))
    return members


def _start(members: list[Member]) -> None:
    for member in members:
        member.start()
    for member in members:
        eventually(member.comes, within=READY_SECONDS, every=0.2, what=f"{member.name} ready")


def test_two_versions_share_the_work_and_no_client_meets_an_error(two: Two) -> None:
    """Complaints go on while the new version joins the old one and the old one leaves: each is filed once.

    What the operators of so old a version are told to do when it has left is done here too.
    """
    _start(two.before)
    addresses = [f"http://127.0.0.1:{members[0].port}" for members in (two.before, two.now)]
    served = iter(addresses)
    filer = Filer(next(served), CLIENTS, PER_SECOND)
    with filer.filing():
        eventually(lambda: filer.ids, within=60, what="the first complaint")
        _start(two.now)
        time.sleep(TOGETHER_SECONDS)
        filer.turn_to(next(served))  # as a load balancer does before it lets a portal go
        time.sleep(TOGETHER_SECONDS)
        for member in two.before:
            member.tell(signal.SIGTERM)
        statuses = {member.name: member.left() for member in two.before}
        time.sleep(TOGETHER_SECONDS)
    settings = Settings.from_environment({k: v for k, v in two.environment.items() if k.startswith("ADUAN_")})
    api = Api(addresses[-1], settings.token_key)
    running = ProcessCluster(two.now, api, two.url, two.broker, settings, two.environment)
    if two.unaware:
        running.aduan("rebuild", "all")
    eventually(lambda: not differing(running), within=SETTLE_SECONDS, every=0.5, what="all events applied")
    end_leases(running)
    eventually(lambda: unsent(running) == 0, within=SETTLE_SECONDS, every=0.2, what="all letters sent")

    assert dict.fromkeys(statuses, 0) == statuses
    assert (0, len(filer.ids)) == (filer.refused + filer.told_to_come_again, filed(running))
    assert [] == gaps(running)
    assert [] == dead_letters(running)
    assert verify(Database(two.url, pool_size=1)).intact
