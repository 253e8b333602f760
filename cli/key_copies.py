"""Copies of the dossiers' keys, kept apart from the database's backups, and what they are for after a restore.

A copy is a file of lines: the first says when it was made, each other is a dossier's key, wrapped by the master key. It
is a second chance should the table be lost; and since an erasure destroys a key, it tells what was erased before it was
made, which a database that was restored to an earlier instant does not know any more.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click
from psycopg2.extensions import connection

from cli.outputs import draft_of, naming, private
from shared.application.runtime import Runtime
from shared.domain.dossier.events import Erased

_FORMAT: Final = "aduan keys 1"
_BATCH: Final = 5000
_UNDER_WAY: Final = "10 minutes"
"""A key that is younger may belong to a transaction that the copy could not see yet."""
_TAKEN: Final = f"SELECT now() - interval '{_UNDER_WAY}'"
_KEYS: Final = "SELECT dossier, encode(wrapped, 'hex'), master_key_id FROM vault.keys ORDER BY dossier"
_OLDER: Final = "SELECT dossier FROM vault.keys WHERE created_at < %s"
_TICKETS: Final = "SELECT tenant, ticket FROM intake.tickets WHERE dossier = ANY(%s::uuid[]) ORDER BY tenant, ticket"
_KEYLESS: Final = """SELECT dossier, tenant, ticket FROM intake.tickets
    WHERE dossier NOT IN (SELECT dossier FROM vault.keys) ORDER BY tenant, ticket"""


@dataclass(frozen=True)
class KeyCopy:
    """What a copy says.

    :param before: keys that were made before this instant, and that it lacks, had been destroyed when it was made.
    :param dossiers: whose keys it holds.
    """

    before: datetime
    dossiers: frozenset[UUID]


def write_copy(runtime: Runtime, to: Path) -> int:
    """Write a copy in place of an older one; whole or not at all, and readable by its owner only.

    :returns: how many keys it holds.
    """
    draft = draft_of(to)
    try:
        with naming(draft):
            count = _write(runtime, draft)
        draft.replace(to)
    finally:
        draft.unlink(missing_ok=True)  # of keys that may be destroyed meanwhile
    return count


def _write(runtime: Runtime, draft: Path) -> int:
    count = 0
    with closing(runtime.database.unlimited().connect(autocommit=False)) as session:
        session.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with session.cursor() as cursor:
            cursor.execute(_TAKEN)
            [(before,)] = cursor.fetchall()
        with open(draft, "w", encoding="ascii", opener=private) as file:
            file.write(f"{_FORMAT} {before.isoformat()}\n")
            for row in _rows(session, _KEYS):
                file.write("\t".join(map(str, row)) + "\n")
                count += 1
            file.flush()
            os.fsync(file.fileno())
    return count


def read_copy(file: Path) -> KeyCopy:
    """What a copy says.

    :raises click.UsageError: if the file is no such copy.
    """
    try:
        with file.open(encoding="ascii") as lines:
            before = datetime.fromisoformat(next(lines, "").rstrip("\n").removeprefix(f"{_FORMAT} "))
            return KeyCopy(before, frozenset(UUID(line.split("\t")[0]) for line in lines))
    except ValueError as error:
        raise click.UsageError(f"{file} is no copy that 'aduan key copy' has made, or not all of it") from error


def destroyed(runtime: Runtime, copy: KeyCopy) -> Sequence[tuple[str, str]]:
    """The government and ticket of each dossier whose key lies here and was destroyed when the copy was made."""
    with closing(runtime.database.unlimited().connect(autocommit=False)) as session:
        gone = [dossier for (dossier,) in _rows(session, _OLDER, copy.before) if dossier not in copy.dossiers]
        with session.cursor() as cursor:
            cursor.execute(_TICKETS, ([str(each) for each in gone],))
            return list(cursor.fetchall())


def erased(runtime: Runtime) -> Sequence[tuple[str, str]]:
    """The government and ticket of each dossier that was erased, for whatever reason.

    A key that is not there says nothing by itself: it may be lost, or have gone to another database.
    """
    with closing(runtime.database.unlimited().connect(autocommit=True)) as session, session.cursor() as cursor:
        cursor.execute(_KEYLESS)
        found = list(cursor.fetchall())
    known = runtime.dossiers("intake").open_all([dossier for dossier, _, _ in found], [Erased])
    return [(tenant, ticket) for dossier, tenant, ticket in found if dossier in known]


def _rows(session: connection, statement: str, *values: object) -> Iterator[tuple[Any, ...]]:
    """The rows of a whole table, of which only a batch is held at a time."""
    with session.cursor("keys") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(statement, values)
        yield from cursor
