"""What a killed run left behind in a folder of an embedded server: files, and programs that still write them."""

import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

from shared.platform.database.embedded_error import EmbeddedPostgresError

_PROGRAMS: Final = frozenset({"initdb", "postgres"})
_MOST_SECONDS: Final = 30.0


def programs_in(folder: Path) -> list[psutil.Process]:
    """PostgreSQL's programs that work in a folder, or were told to make their data there."""
    found = []
    for process in psutil.process_iter(["name", "cwd", "cmdline"]):
        if process.info["name"] in _PROGRAMS:
            places = (process.info["cwd"], *(process.info["cmdline"] or ()))
            if any(place and Path(place).is_relative_to(folder) for place in places):
                found.append(process)
    return found


def throw_away(folder: Path) -> None:
    """Remove an unfinished folder, if it is there. What still runs in it is ended first: it would go on writing.

    :param folder: an absolute path; nobody else may work in it.
    :raises EmbeddedPostgresError: if a program does not end.
    """
    deadline = time.monotonic() + _MOST_SECONDS
    while left := programs_in(folder):
        if time.monotonic() > deadline:
            pids = ", ".join(str(process.pid) for process in left)
            raise EmbeddedPostgresError(f"processes {pids} do not end, which work in {folder}; end them, and try again")
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGQUIT)  # a server stops at once, and gives its shared memory back
        time.sleep(0.05)
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
