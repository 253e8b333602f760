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
KEEPER: Final = Path(__file__).with_name("keeper.py")
"""What runs a server, and stops it when nobody uses it any more."""

_MOST_SECONDS: Final = 30.0


def programs_in(folder: Path) -> list[psutil.Process]:
    """Programs that make a server's data in a folder, run it there, or keep it."""
    return [
        process
        for process in psutil.process_iter(["name", "cwd", "cmdline"])
        if _is_one(process) and any(Path(place).is_relative_to(folder) for place in _places(process))
    ]


def _is_one(process: psutil.Process) -> bool:
    return process.info["name"] in _PROGRAMS or str(KEEPER) in (process.info["cmdline"] or ())


def _places(process: psutil.Process) -> list[str]:
    """Where it works, and what it was told: none of what the system does not tell us of somebody else's."""
    return [place for place in (process.info["cwd"], *(process.info["cmdline"] or ())) if place]


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
