"""Where checkpoints are kept: in a table beside the log, and in a file that is carried away."""

import fcntl
import os
import time
from pathlib import Path
from typing import BinaryIO, Final

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from shared.store.eventstore.checkpoints.errors import LogChanged
from shared.store.eventstore.checkpoints.signed import SignedCheckpoint, read_checkpoint

_END_BYTES: Final = 65_536
"""More than two lines of a file."""
_PATIENCE_SECONDS: Final = 30.0
_PAUSE_SECONDS: Final = 0.05


def last_kept(cursor: Cursor) -> SignedCheckpoint | None:
    """The last one in the database.

    :raises LogChanged: if it cannot be read.
    """
    cursor.execute("SELECT number, document FROM eventstore.checkpoints ORDER BY number DESC LIMIT 1")
    row = cursor.fetchone()
    if row is None:
        return None
    number, document = row
    try:
        return read_checkpoint(document)
    except ValueError as error:
        raise LogChanged("checkpoint_forged", {"number": number}) from error


def keep(cursor: Cursor, made: SignedCheckpoint) -> None:
    """Put one beside the log.

    :raises psycopg2.IntegrityError: if there is one of its number.
    """
    cursor.execute(
        "INSERT INTO eventstore.checkpoints (number, position, document) VALUES (%s, %s, %s)",
        (made.number, made.position, made.line),
    )


def documents(cursor: Cursor, after: int = 0, most: int | None = None) -> list[str]:
    """All lines in the database, in their order.

    :param after: those of a higher number than this.
    :param most: so many of them; all by default.
    """
    cursor.execute(
        "SELECT document FROM eventstore.checkpoints WHERE number > %s ORDER BY number LIMIT %s", (after, most)
    )
    return [document for (document,) in cursor.fetchall()]


def copy_to(cursor: Cursor, file: Path) -> int:
    """Add to a file what it lacks of the database's checkpoints; made if it is not there.

    Only the file's end is read. A line that was cut off there when a machine went down is completed. Several may do so
    at once: the file is theirs one by one, from reading its end until all is written.

    :returns: how many were added.
    :raises LogChanged: if the file ends with one that the database does not know so, or with something else.
    :raises OSError: if it cannot be read or written.
    """
    with file.open("ab") as own:
        _hold(own)  # let go when it is closed
        return _add(cursor, file)


def _hold(own: BinaryIO) -> None:
    """Wait until the file is nobody else's; not in the call itself, which would stop all others of the process, too.

    :raises TimeoutError: if another keeps it.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise TimeoutError(f"another process keeps {own.name}") from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _add(cursor: Cursor, file: Path) -> int:
    whole, begun = _end_of(file)
    after = _number(whole, file) if whole else 0
    if whole and documents(cursor, after - 1, 1) != [whole]:
        raise LogChanged("checkpoint_copy_differs", {"file": str(file)})
    lacking = documents(cursor, after)
    if begun and not (lacking and lacking[0].startswith(begun)):
        raise LogChanged("checkpoint_copy_differs", {"file": str(file)})
    text = "".join(f"{line}\n" for line in lacking)[len(begun) :]
    if text:
        with file.open("a", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
    return len(lacking)


def _end_of(file: Path) -> tuple[str, str]:
    """The last whole line of a file, and what was begun after it."""
    with file.open("rb") as opened:
        opened.seek(max(0, opened.seek(0, os.SEEK_END) - _END_BYTES))
        *lines, begun = opened.read().decode(errors="replace").split("\n")
    return lines[-1] if lines else "", begun


def _number(line: str, file: Path) -> int:
    try:
        return read_checkpoint(line).number
    except ValueError as error:
        raise LogChanged("checkpoint_copy_differs", {"file": str(file)}) from error
