"""The rows of the log as they are held against checkpoints: from a database, or from an export of its hashes.

An export names no dossier and no type, and holds no data: a position and two hashes for each event. Whoever is given it
learns how much happened, and nothing else.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO, cast

from shared.platform.database.pool import Database
from shared.store.eventstore.hashing import NOTHING_BEFORE, row_hash

_HEAD: Final = "aduan log hashes 1"
_NOTHING: Final = "-"
_BATCH: Final = 2_000
_ROWS: Final = """
    SELECT position, dossier, version, type, state, prev_hash, hash, txid >= pg_snapshot_xmax(pg_current_snapshot())
    FROM eventstore.events
    WHERE txid < pg_snapshot_xmin(pg_current_snapshot()) OR txid >= pg_snapshot_xmax(pg_current_snapshot())
    ORDER BY position
"""
_HASHES: Final = _ROWS.replace("dossier, version, type, state, ", "")


@dataclass(frozen=True)
class HashedRow:
    """An event, as far as the tree knows it.

    :param before: the hash of the row before it in its dossier; 32 zero bytes for the first.
    :param own: its own hash.
    :param fault: what is wrong with it by itself, if anything: ``changed``, ``hidden`` or ``unreadable``.
    """

    position: int
    before: bytes
    own: bytes
    fault: str | None = None


def rows_of_log(database: Database) -> Iterator[HashedRow]:
    """Every settled event of a database, in the order of the log, its hash computed anew."""
    with closing(database.unlimited().connect(autocommit=False)) as session:
        session.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with session.cursor("checkpoints") as cursor:
            cursor.itersize = _BATCH
            cursor.execute(_ROWS)
            for position, dossier, version, kind, state, before, own, hidden in cursor:
                right = bytes(own) == row_hash(bytes(before), position, dossier, version, kind, state)
                fault = "hidden" if hidden else None if right else "changed"
                yield HashedRow(position, bytes(before), bytes(own), fault)


def export_hashes(database: Database, file: Path) -> int:
    """Write the hashes of all settled events into a file; packed by gzip if its name ends with ``.gz``.

    :returns: how many there are.
    """
    count = 0
    with closing(database.unlimited().connect(autocommit=False)) as session, _opened(file, "wt") as out:
        session.set_session(isolation_level="REPEATABLE READ", readonly=True)
        out.write(f"{_HEAD}\n")
        with session.cursor("hashes") as cursor:
            cursor.itersize = _BATCH
            cursor.execute(_HASHES)
            for position, before, own, _ in cursor:
                told = _NOTHING if bytes(before) == NOTHING_BEFORE else before.hex()
                out.write(f"{position} {told} {own.hex()}\n")
                count += 1
    return count


def rows_of_export(file: Path) -> Iterator[HashedRow]:
    """Every event of an export. One that cannot be read is a row at fault, and the last.

    :raises ValueError: if the file is no export at all. The text is a sentence.
    :raises OSError: if it cannot be read.
    """
    with _opened(file, "rt") as given:
        lines = _lines(given)
        if next(lines, None) != _HEAD:
            raise ValueError(f"{file} is no export of the log's hashes: `aduan checkpoint export` makes one")
        last = 0
        for line in lines:
            row = None if line is None else _read(line)
            if row is None:
                yield HashedRow(last + 1, NOTHING_BEFORE, NOTHING_BEFORE, "unreadable")
                return
            last = row.position
            yield row


def _lines(given: TextIO) -> Iterator[str | None]:
    """The lines; None for what is damaged, after which there is nothing more."""
    try:
        for line in given:
            yield line.rstrip("\n")
    except (EOFError, gzip.BadGzipFile, zlib.error, UnicodeDecodeError):
        yield None


def _read(line: str) -> HashedRow | None:
    try:
        position, before, own = line.split(" ")
        row = HashedRow(
            int(position), NOTHING_BEFORE if before == _NOTHING else bytes.fromhex(before), bytes.fromhex(own)
        )
    except ValueError:
        return None
    whole = len(row.before) == len(row.own) == len(NOTHING_BEFORE) and -(2**63) <= row.position < 2**63
    return row if whole else None


def _opened(file: Path, mode: str) -> TextIO:
    if file.suffix == ".gz":
        return cast("TextIOWrapper", gzip.open(file, mode, encoding="ascii"))
    return cast("TextIO", file.open(mode, encoding="ascii"))
