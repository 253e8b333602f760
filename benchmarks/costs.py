"""What a measurement costs in processor time, of all processes that had a part in it."""

import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

import psutil
import psycopg2

_FILES: Final = 100
_LETTER_BYTES: Final = 1500


def file_seconds(place: Path) -> float:
    """The processor time that a letter's file takes: made, written, and given its name.

    It says more about the file system than about us: ext4 passes over whatever was deleted in the last minutes, so that
    to make a file may take thirty times as long while other programs delete many.

    :param place: a directory on the disk that is measured.
    """
    with tempfile.TemporaryDirectory(dir=place) as directory:
        began = time.process_time()
        for number in range(_FILES):
            draft = Path(directory, f".{number}")
            draft.write_bytes(b"x" * _LETTER_BYTES)
            draft.rename(Path(directory, str(number)))
        return (time.process_time() - began) / _FILES


def seconds_of(pid: int) -> float:
    """The processor time that a process and all below it have used so far, those included that have ended."""
    return sum(_own(each) for each in family(pid))


def family(pid: int) -> list[psutil.Process]:
    """A process and all below it."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def server_of(database_url: str) -> int:
    """The process id of the PostgreSQL that answers there, on this machine."""
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [(own,)] = cursor.fetchall()
        return psutil.Process(own).ppid()


class Meter:
    """How much processor time was used since it was last set to nought.

    :param pids: whom to look at, by name; asked anew each time, since a process may be started again.
    """

    def __init__(self, pids: Callable[[], Iterable[tuple[str, int]]]) -> None:
        self._pids = pids
        self._before: dict[str, float] = {}

    def reset(self) -> None:
        """Count from now."""
        self._before = self._now()

    def used(self) -> dict[str, float]:
        """Seconds by name, since it was reset."""
        return {name: seconds - self._before.get(name, 0.0) for name, seconds in self._now().items()}

    def _now(self) -> dict[str, float]:
        families = {name: {each.pid: each for each in family(pid)} for name, pid in self._pids()}
        found = {}
        for name, members in families.items():
            # One that is looked at by itself, such as an embedded database, does not count with its parent too.
            inner = [each for other, each in families.items() if other != name and each.keys() < members.keys()]
            counted = members.keys() - {pid for each in inner for pid in each}
            found[name] = sum(_own(members[pid]) for pid in counted)
        return found


def _own(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    # Of children that have ended the parent keeps the account.
    return float(times.user + times.system + times.children_user + times.children_system)
