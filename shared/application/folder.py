"""A data directory belongs to one installation at a time, and to one kind of clock for good."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from shared.base.errors import Conflict
from shared.base.whole_numbers import whole_number

SIMULATED: Final = "simulated"
REAL: Final = "real"

FILES: Final = "files"
"""Its folder of sealed files."""

_LOCK: Final = "in-use"
_KIND: Final = "clock"
_OLDER_SIMULATED: Final = "simulated-clock"  # all that the version before kept


@contextmanager
def held(data_dir: Path) -> Iterator[None]:
    """Have the directory alone, as long as the process lives at most: however it ends, the system lets go of it.

    Commands that only look, or that act through the database, need not ask: they join the installation that runs.

    :param data_dir: made if it is not there.
    :raises Conflict: if another process has it, naming that process.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / _LOCK).open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Conflict("folder_in_use", {"folder": str(data_dir), "pid": file.read().strip() or "?"}) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
        file.truncate(0)


def user_of(data_dir: Path) -> int | None:
    """The number of the process that has the directory; none if nobody is noted. One that was killed stays so."""
    try:
        noted = (data_dir / _LOCK).read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    return whole_number(noted)


def keep_clock(data_dir: Path, kind: str, *, used: bool) -> None:
    """Note which clock makes what lies in the directory, and refuse the other.

    Events of two clocks in one log would have no order, and due times no meaning.

    :param kind: :data:`REAL` or :data:`SIMULATED`.
    :param used: whether anything has happened there, if nothing was noted, or a loss of power has taken the note: the
        version before noted simulated ones only.
    :raises Conflict: if another kind of clock made it.
    """
    file = data_dir / _KIND
    noted = file.read_text(encoding="ascii", errors="replace").strip() if file.exists() else ""
    if noted in (SIMULATED, REAL):
        made_by = noted
    elif (data_dir / _OLDER_SIMULATED).exists():
        made_by = SIMULATED
    else:
        made_by = REAL if used else kind
    if made_by != kind:
        raise Conflict("folder_of_another_clock", {"folder": str(data_dir), "made_by": made_by, "kind": kind})
    if noted != kind:
        draft = file.with_suffix(".new")
        draft.write_text(f"{kind}\n", encoding="ascii")
        draft.replace(file)  # half of it would be taken for another clock by every later start


def gather_files(data_dir: Path) -> None:
    """Fetch the sealed files that an earlier version laid beside the directory, where a copy of it had missed them.

    It took the address of a folder for its path: ``/srv/Aduan Kita`` became ``/srv/Aduan%20Kita``.

    :param data_dir: which this process has for itself.
    """
    own = data_dir.absolute() / FILES
    astray = Path(own.as_uri().removeprefix("file://"))
    if astray == own or not astray.is_dir() or (astray.parent / _LOCK).exists():  # that is another installation
        return
    for each in [found for found in astray.rglob("*") if found.is_file()]:
        place = own / each.relative_to(astray)
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            shutil.move(each, place)
    shutil.rmtree(astray)
    with suppress(OSError):  # somebody else keeps something there
        astray.parent.rmdir()
