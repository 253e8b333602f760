"""Proving that nobody has touched the log: every dossier's chain of hashes is computed anew and compared.

A change, a removal inside a dossier and a reordering break a chain. What no chain can show is that the *end* of a
dossier, or all of it, was cut off, for nothing is left that points there. For that, keep the digest that an audit
prints somewhere else, and hold the next audit against it.
"""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

from psycopg2.extensions import connection

from shared.platform.database.pool import Database
from shared.store.eventstore.audit_report import AuditReport, Checkpoint, Fault
from shared.store.eventstore.hashing import NOTHING_BEFORE, row_hash

_BATCH = 2000
_MOST_FAULTS = 100  # told one by one; the rest is counted


def verify(database: Database, since: Checkpoint | None = None) -> AuditReport:
    """Audit the whole log as it stands now: all settled events. Writers and readers are not held up.

    :param since: what an earlier audit printed, to show also what was cut off.
    """
    with closing(database.connect(autocommit=False)) as session:
        session.set_session(isolation_level="REPEATABLE READ", readonly=True)
        order = _Order(since)
        for row in _rows(session, _BY_POSITION):
            order.check(*row)
        order.end()
        chains = _Chains()
        for row in _rows(session, _BY_DOSSIER):
            chains.check(*row)
    faults = (*order.faults, *chains.faults)
    return AuditReport(
        events=order.events,
        dossiers=chains.dossiers,
        position=order.position,
        digest=order.digest.hexdigest(),
        faults=faults[:_MOST_FAULTS],
        faults_found=len(faults),
    )


# A row that is not settled yet is left to the next audit; one whose transaction was never given out never settles.
_BY_POSITION = """
    SELECT position, txid::text::bigint, hash, txid >= pg_snapshot_xmax(pg_current_snapshot())
    FROM eventstore.events
    WHERE txid < pg_snapshot_xmin(pg_current_snapshot()) OR txid >= pg_snapshot_xmax(pg_current_snapshot())
    ORDER BY position
"""
_BY_DOSSIER = """
    SELECT dossier, version, position, type, state, prev_hash, hash FROM eventstore.events
    WHERE txid < pg_snapshot_xmin(pg_current_snapshot()) OR txid >= pg_snapshot_xmax(pg_current_snapshot())
    ORDER BY dossier, version
"""


class _Order:
    """Checks the rows in the order of the log, and sums them up in the digest."""

    def __init__(self, since: Checkpoint | None) -> None:
        self.faults: list[Fault] = []
        self.events = 0
        self.position = 0
        self.digest = hashlib.sha256()
        self._txid = 0
        self._since = since

    def check(self, position: int, txid: int, row_hash: memoryview, hidden: bool) -> None:  # noqa: FBT001 - a row
        if self._since is not None and position > self._since.position:
            self.end()
        if hidden:
            self.faults.append(Fault(None, None, position, "hidden"))
        elif txid < self._txid:
            self.faults.append(Fault(None, None, position, "reordered"))
        else:
            self._txid = txid
        self.events += 1
        self.position = position
        self.digest.update(position.to_bytes(8) + row_hash)

    def end(self) -> None:
        """Hold what was read so far against the earlier audit, once."""
        if self._since is not None and self.digest.hexdigest() != self._since.digest:
            self.faults.append(Fault(None, None, self._since.position, "rewritten"))
        self._since = None


class _Chains:
    """Checks the rows dossier by dossier, each against the one before it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.dossiers = 0
        self._last: tuple[UUID, int, int, bytes] | None = None

    def check(
        self,
        dossier: UUID,
        version: int,
        position: int,
        kind: str,
        state: memoryview,
        prev_hash: memoryview,
        own_hash: memoryview,
    ) -> None:
        if self._last is not None and self._last[0] == dossier:
            _, last_version, last_position, last_hash = self._last
            follows = version == last_version + 1
        else:
            self.dossiers += 1
            last_position, last_hash = 0, NOTHING_BEFORE
            follows = version in {0, 1}
        if not follows:
            self._fault(dossier, version, position, "removed")
        elif bytes(prev_hash) != last_hash:
            self._fault(dossier, version, position, "broken")
        if bytes(own_hash) != row_hash(bytes(prev_hash), position, dossier, version, kind, bytes(state)):
            self._fault(dossier, version, position, "changed")
        if position <= last_position:
            self._fault(dossier, version, position, "reordered")
        self._last = (dossier, version, position, bytes(own_hash))

    def _fault(self, dossier: UUID, version: int, position: int, what: str) -> None:
        self.faults.append(Fault(dossier, version, position, what))


def _rows(session: connection, statement: str) -> Iterator[tuple[Any, ...]]:
    with session.cursor("audit") as cursor:  # a cursor of the server's: the log does not fit into memory
        cursor.itersize = _BATCH
        cursor.execute(statement)
        yield from cursor
