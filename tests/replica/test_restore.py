"""A machine is lost, and an empty one goes on from a base backup and the archived log: by the documented commands."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from shared.platform.database.pool import Database
from shared.platform.migrations import migrate
from shared.platform.settings import PROJECT
from shared.store.eventstore.audit import verify
from tests.fixtures.broker import OutsideBroker
from tests.fixtures.office import Office
from tests.fixtures.places import fast_directory
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.waiting import eventually
from tests.processes.cluster import ProcessCluster, cluster
from tests.processes.traffic import differing_at, filed, gaps, query, unsent
from tests.replica.postgres import PostgresNode, as_account, open_to_all, own_folder

ALL = ("portal intake routing sla notify reporting",)
SETTLE_SECONDS = 120.0
_BLOCK = re.compile(r"```sh (\w+)\n(.*?)```", re.DOTALL)

_WHERE_THE_LOG_LIES = """
    SELECT pg_tablespace_location(reltablespace) FROM pg_class WHERE oid = 'eventstore.events'::regclass
"""

pytestmark = [pytest.mark.slow, pytest.mark.process]


class BackupPage:
    """The commands of docs/backup.md, run as they stand there, but for where things lie.

    :param place: in the place of the root directory.
    :param node: whose programs are on the path, and whose user runs what PostgreSQL's user is to run.
    """

    def __init__(self, place: Path, node: PostgresNode) -> None:
        self._place = place
        self._blocks = dict(_BLOCK.findall((PROJECT / "docs" / "backup.md").read_text()))
        self._path = f"{node.bin}:/usr/bin:/bin"

    def as_postgres(self, block: str, **given: str) -> str:
        """Run one as PostgreSQL's user; what it printed."""
        return as_account(["sh", "-euc", self._written(block, given)], env={"PATH": self._path, **given}).stdout

    def as_operator(self, block: str, environment: dict[str, str], **given: str) -> str:
        """Run one where the `aduan` command is configured."""
        done = subprocess.run(
            [
                "sh",
                "-euc",
                f'aduan() {{ {shlex.quote(sys.executable)} -m cli.main "$@"; }}\n{self._written(block, given)}',
            ],
            env={**environment, **given},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            cwd=PROJECT,
        )
        assert 0 == done.returncode, done.stdout + done.stderr
        return done.stdout

    def _written(self, block: str, given: dict[str, str]) -> str:
        text = self._blocks[block].replace("/srv/aduan/deploy", str(self._place / "deploy"))
        text = re.sub(r"(?<![\w/])/(backup|keys|srv)/", f"{self._place}/\\1/", text)
        text = re.sub(r"base-\d{8}T\d{6}Z", given.get("BASE", ""), text)
        return re.sub(r"2026-11-26 08:00:00\+00", given.get("TIME", ""), text)


@pytest.fixture
def place() -> Path:
    """Where everything lies, which PostgreSQL's user may reach."""
    made = fast_directory("aduan-backup")
    open_to_all(made)
    for name in ("backup/base", "backup/wal"):
        own_folder(made / name)
    for name in ("keys", "first", "second"):
        (made / name).mkdir()
    for script in (PROJECT / "deploy" / "backup").glob("*.sh"):
        (made / "deploy" / "backup").mkdir(parents=True, exist_ok=True)
        (made / "deploy" / "backup" / script.name).write_text(script.read_text())
    return made


def _to_another_disk(node: PostgresNode, folder: Path) -> None:
    """What docs/scale.md says."""
    own_folder(folder)
    [block] = re.findall(r"```sql\n(.*?)```", (PROJECT / "docs" / "scale.md").read_text(), re.DOTALL)
    for each in block.strip().split("\n"):
        node.ask(each.replace("/mnt/cold/aduan", str(folder)))


def _settled(running: ProcessCluster) -> None:
    eventually(lambda: not differing_at(running.database_url), within=SETTLE_SECONDS, every=0.3, what="all equal")
    eventually(lambda: unsent(running) == 0, within=SETTLE_SECONDS, every=0.2, what="all letters sent")


def _file(running: ProcessCluster, count: int) -> list[dict[str, str]]:
    reporter = {"name": "Agus", "address": "Hanum", "email": "agus@warga.example", "phone": "0812"}
    return [running.api.file("cilacap", message="Lampu jalan mati.", reporter=reporter) for _ in range(count)]


def _letters(place: Path) -> set[str]:
    return {each.name for each in place.glob("outbox/*.eml")}


def test_an_instant_is_restored_by_the_documented_commands(place: Path) -> None:
    """The short form: complaints up to then are there, later ones are not, and the log is held against its digest.

    It lies on another disk than its indexes, as docs/scale.md says, and on one of its own after it was restored.
    """
    lost, found = (PostgresNode(place / name, "pg_verifybackup") for name in ("lost", "srv/postgres"))
    page = BackupPage(place, lost)
    try:
        waiting = {"synchronous_standby_names": "standby", "synchronous_commit": "local"}
        lost.make(wal_level="replica", archive_mode="on", archive_command=_archive(place), **waiting)
        lost.start()
        migrate(lost.url)
        with closing(Office(lost.url)) as office:
            first = office.file()
            _to_another_disk(lost, place / "another disk=1")
            base = Path(page.as_postgres("base", DATABASE=lost.url).strip()).name
            second = office.file()
            stood = verify(office.runtime.database).checkpoint
            [(instant,)] = lost.ask("SELECT clock_timestamp()::text")
            office.file()
            key = office.runtime.settings.master_key
        _all_archived(lost)
        lost.kill()
        page.as_postgres("restore", BASE=base, TIME=instant)
        found.start()
        eventually(lambda: found.ask("SELECT NOT pg_is_in_recovery()") == [(True,)], within=60, what="all read")
        given = {"ADUAN_DATABASE_URL": found.url, "ADUAN_BROKER_URL": "amqp://nobody//", "ADUAN_MASTER_KEY": key}
        checked = page.as_operator("check", {**os.environ, **given}, DIGEST=f"{stood.position}:{stood.digest}")
        page.as_postgres("settle", DATABASE=found.url)
        left = {name for (name,) in found.ask("SELECT name FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf'")}
        [(laid,)] = found.ask(_WHERE_THE_LOG_LIES)
        there = {UUID(str(each)) for (each,) in found.ask("SELECT DISTINCT dossier FROM eventstore.events")}
        page.as_postgres("wait", DATABASE=found.url)
        names = "SHOW synchronous_standby_names"
        eventually(lambda: found.ask(names) == [("standby",)], within=60, what="commits wait for the standby again")
    finally:
        for node in (lost, found):
            node.stop()
        shutil.rmtree(place, ignore_errors=True)

    assert {first.id, second.id} == there
    assert laid.startswith(f"{place}/srv/postgres/data.tablespaces/")
    assert {"synchronous_standby_names"} == left
    assert "intact" in checked


@pytest.mark.chaos
@pytest.mark.rabbitmq
def test_an_empty_machine_goes_on_from_an_instant(place: Path, rabbitmq: RabbitMQ | OutsideBroker) -> None:
    """Log, tables, ledger and numbers are those of then; who was erased since is erased again; no letter twice."""
    lost, found = (PostgresNode(place / name, "pg_verifybackup") for name in ("lost", "srv/postgres"))
    vhosts = [rabbitmq.new_vhost(), rabbitmq.new_vhost()]
    try:
        before = _lost(place, lost, rabbitmq.url_of(vhosts[0]))
        after = _found(place, found, rabbitmq.url_of(vhosts[1]), before)
    finally:
        for node in (lost, found):
            node.stop()
        for each in vhosts:
            rabbitmq.drop_vhost(each)
        shutil.rmtree(place, ignore_errors=True)

    erased = before.receipts[1]["ticket"]
    assert "intact" in after.checked
    assert f"{erased} of cilacap is erased again\n1 were erased again\n" == after.erased
    assert {each["ticket"] for each in before.receipts} == after.tickets
    assert (11, []) == (after.filed, after.gaps)
    assert [each["ticket"] != erased for each in before.receipts] == after.opened
    assert 10 <= len(before.letters)
    assert set() == before.letters & after.letters
    assert after.intact


@dataclass(frozen=True)
class AtTheInstant:
    """How it stood at the instant.

    :param environment: the installation's settings.
    :param base: the name of the base backup.
    """

    environment: dict[str, str]
    base: str
    instant: str
    digest: str
    receipts: list[dict[str, str]]
    letters: set[str]


@dataclass(frozen=True)
class AsRestored:
    """How it stands on the empty machine, after one more complaint.

    :param checked: what the documented check said.
    :param erased: what erasing again said.
    :param opened: of each receipt, whether it opens its complaint.
    """

    checked: str
    erased: str
    tickets: set[str]
    filed: int
    gaps: list[tuple[object, ...]]
    opened: list[bool]
    letters: set[str]
    intact: bool


def _lost(place: Path, node: PostgresNode, broker_url: str) -> AtTheInstant:
    """An installation that is backed up, until its machine is lost some time after the instant."""
    page = BackupPage(place, node)
    node.make(wal_level="replica", archive_mode="on", archive_command=_archive(place), archive_timeout="60")
    node.start()
    migrate(node.url)
    with cluster(node.url, broker_url, place / "first", ALL) as running:
        early = _file(running, 3)
        base = Path(page.as_postgres("base", DATABASE=node.url).strip()).name
        receipts = [*early, *_file(running, 7)]
        _settled(running)
        letters = _letters(place / "first")
        digest = page.as_operator("audit", running.environment).rpartition("digest: ")[2].split()[0]
        [(instant,)] = node.ask("SELECT clock_timestamp()::text")
        _file(running, 4)
        running.aduan("erase", receipts[1]["ticket"], "--tenant", "cilacap", "--reason", "asked", "--yes")
        _older_keys(node)
        page.as_operator("keys", running.environment)
        _all_archived(node)
    node.kill()
    return AtTheInstant(running.environment, base, instant, digest, receipts, letters)


def _found(place: Path, node: PostgresNode, broker_url: str, before: AtTheInstant) -> AsRestored:
    """The same on an empty machine."""
    page = BackupPage(place, node)
    page.as_postgres("restore", BASE=before.base, TIME=before.instant)
    node.start()
    eventually(lambda: node.ask("SELECT NOT pg_is_in_recovery()") == [(True,)], within=60, what="all of the log read")
    environment = {**before.environment, "ADUAN_DATABASE_URL": node.url}
    _older_keys(node)
    checked = page.as_operator("check", environment, DIGEST=before.digest)
    erased = page.as_operator("gone", environment)
    key = environment["ADUAN_MASTER_KEY"]
    with cluster(node.url, broker_url, place / "second", ALL, master_key=key) as running:
        page.as_operator("catchup", running.environment)
        _settled(running)
        tickets = {ticket for (ticket,) in query(running, "SELECT ticket FROM intake.tickets")}
        _file(running, 1)
        _settled(running)
        opened = [_opens(running, each) for each in before.receipts]
        intact = verify(Database(node.url, pool_size=1)).intact
        letters = _letters(place / "second")
        return AsRestored(checked, erased, tickets, filed(running), gaps(running), opened, letters, intact)


def _archive(place: Path) -> str:
    return f'sh {place}/deploy/backup/archive.sh "%p" "%f" {place}/backup/wal'


def _older_keys(node: PostgresNode) -> None:
    """As if the complaints had come in an hour ago: only older keys are judged."""
    node.ask("UPDATE vault.keys SET created_at = created_at - interval '1 hour'")


def _all_archived(node: PostgresNode) -> None:
    """Wait until the archive holds the log up to now."""
    [(name,)] = node.ask("SELECT pg_walfile_name(pg_switch_wal())")
    eventually(
        lambda: node.ask("SELECT last_archived_wal >= %s FROM pg_stat_archiver", name) == [(True,)],
        within=60,
        what="the log archived",
    )


def _opens(running: ProcessCluster, receipt: dict[str, str]) -> bool:
    """Whether a receipt still opens its complaint."""
    code = {"code": receipt["tracking_code"]}
    return bool(running.api.call("GET", f"/cilacap/complaints/{receipt['ticket']}", params=code).ok)
