"""What takes up the disk: bytes of each table and index for a complaint, and the most that there was at any time."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared.platform.database.pool import Database

_LOOK_SECONDS: Final = 2.0
_BLOCK: Final = 512
_RELATIONS: Final = """
    SELECT n.nspname, c.relname, coalesce(o.relname, ''), pg_total_relation_size(c.oid) -
           CASE WHEN c.relkind = 'r' THEN pg_indexes_size(c.oid) ELSE 0 END
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_index i ON i.indexrelid = c.oid
      LEFT JOIN pg_class o ON o.oid = i.indrelid
     WHERE c.relkind IN ('r', 'i') AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
     ORDER BY 4 DESC, 1, 2
"""


@dataclass(frozen=True)
class Relation:
    """A table without its indexes, or an index.

    :param table: whose index it is; empty for a table.
    :param bytes: with what is kept apart for it (TOAST).
    """

    schema: str
    name: str
    table: str
    bytes: int


def relations(owner: Database) -> list[Relation]:
    """Every table and index of ours, the largest first."""
    with owner.autocommit() as cursor:
        cursor.execute(_RELATIONS)
        return [Relation(*row) for row in cursor.fetchall()]


def used(directory: Path) -> int:
    """Bytes on the disk below a directory, whatever is being made or removed there meanwhile."""
    # Not `rglob`: it fails at a directory that goes while it looks into it.
    return sum(_blocks(Path(place, name)) for place, inner, files in os.walk(directory) for name in (*inner, *files))


@contextmanager
def watched(directory: Path) -> Iterator[list[int]]:
    """The most bytes that there are below a directory during the block, as the only item of a list."""
    most, over = [used(directory)], threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_SECONDS):
            most[0] = max(most[0], used(directory))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield most
    finally:
        over.set()
        looking.join()


def _blocks(file: Path) -> int:
    try:
        told = file.lstat()
    except OSError:  # it is gone, or its folder is
        return 0
    return told.st_blocks * _BLOCK
