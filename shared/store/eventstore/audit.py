"""Proving that nobody has touched the log: every dossier's chain of hashes is computed anew and compared.

A change, a removal inside a dossier and a reordering break a chain. What no chain can show is that the *end* of a
dossier, or all of it, was cut off, for nothing is left that points there. For that, keep the digest that an audit
prints somewhere else, and hold the next audit against it.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg2.extensions import connection

from shared.platform.database.pool import Database
from shared.store.eventstore.audit_report import AuditReport, Checkpoint, LogFault
from shared.store.eventstore.hashing import NOTHING_BEFORE, row_hash
from shared.store.eventstore.ranges import DossierRange, ranges

_BATCH = 2000
_ALL = DossierRange(None, None, 0)
_MOST_FAULTS = 100  # told one by one; the rest is counted


def verify(
    database: Database, since: Checkpoint | None = None, crew: "AuditCrew | None" = None, parts: int = 32
) -> AuditReport:
    """Audit the whole log as it stands now: all settled events. Writers and readers are not held up.

    :param since: what an earlier audit printed, to show also what was cut off.
    :param crew: who goes along the log and through the dossiers' chains; this process, if left out.
    :param parts: into how many ranges of dossiers a crew's work is divided.
    """
    with closing(database.connect(autocommit=False)) as session:
        session.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with session.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            [(snapshot,)] = cursor.fetchall()
            work = ranges(cursor, parts)
        if crew is not None and work:
            ordered, found = crew(snapshot, work, since)
        else:
            ordered, found = order_of(session, since), [chains_of(session, _ALL)]
    faults = [*ordered.faults, *(fault for each in found for fault in each.faults)]
    return AuditReport(
        events=ordered.events,
        dossiers=sum(each.dossiers for each in found),
        position=ordered.position,
        digest=ordered.digest,
        faults=tuple(faults[:_MOST_FAULTS]),
        faults_found=ordered.faults_found + sum(each.faults_found for each in found),
    )


def of_snapshot(session: connection, snapshot: str) -> None:
    """Let a session see the log exactly as the audit does that has exported its snapshot."""
    session.set_session(isolation_level="REPEATABLE READ", readonly=True)
    with session.cursor() as cursor:
        cursor.execute("SET TRANSACTION SNAPSHOT %s", (snapshot,))


def chains_of(session: connection, part: DossierRange) -> "Chains":
    """Check the chains of a part of the dossiers."""
    chains = Chain()
    for row in _rows(session, _BY_DOSSIER.format(bounds=part.bounds), part.parameters):
        chains.check(*row)
    return Chains(chains.dossiers, tuple(chains.faults[:_MOST_FAULTS]), len(chains.faults))


def order_of(session: connection, since: Checkpoint | None) -> "Ordered":
    """Check the order of the whole log, and sum it up."""
    order = _Order(since)
    for row in _rows(session, _BY_POSITION):
        order.check(*row)
    order.end()
    faults = tuple(order.faults[:_MOST_FAULTS])
    return Ordered(order.events, order.position, order.digest.hexdigest(), faults, len(order.faults))


@dataclass(frozen=True)
class Ordered:
    """What became of the order of the log.

    :param faults: the first hundred.
    """

    events: int
    position: int
    digest: str
    faults: tuple[LogFault, ...]
    faults_found: int


@dataclass(frozen=True)
class Chains:
    """What became of a part of the dossiers.

    :param dossiers: how many.
    :param faults: the first hundred.
    """

    dossiers: int
    faults: tuple[LogFault, ...]
    faults_found: int


AuditCrew = Callable[[str, Sequence[DossierRange], Checkpoint | None], tuple[Ordered, Sequence[Chains]]]
"""Checks the order and the chains of all parts as a snapshot shows them, however it shares them out. The chains come in
the order of the parts."""


# A row that is not settled yet is left to the next audit; one whose transaction was never given out never settles.
_BY_POSITION = """
    SELECT position, txid::text::bigint, hash, txid >= pg_snapshot_xmax(pg_current_snapshot())
    FROM eventstore.events
    WHERE txid < pg_snapshot_xmin(pg_current_snapshot()) OR txid >= pg_snapshot_xmax(pg_current_snapshot())
    ORDER BY position
"""
_BY_DOSSIER = """
    SELECT dossier, version, position, type, state, prev_hash, hash FROM eventstore.events
    WHERE {bounds}
          (txid < pg_snapshot_xmin(pg_current_snapshot()) OR txid >= pg_snapshot_xmax(pg_current_snapshot()))
    ORDER BY dossier, version
"""


class _Order:
    """Checks the rows in the order of the log, and sums them up in the digest."""

    def __init__(self, since: Checkpoint | None) -> None:
        self.faults: list[LogFault] = []
        self.events = 0
        self.position = 0
        self.digest = hashlib.sha256()
        self._txid = 0
        self._since = since

    def check(self, position: int, txid: int, row_hash: memoryview, hidden: bool) -> None:  # noqa: FBT001 - a row
        if self._since is not None and position > self._since.position:
            self.end()
        if hidden:
            self.faults.append(LogFault(None, None, position, "hidden"))
        elif txid < self._txid:
            self.faults.append(LogFault(None, None, position, "reordered"))
        else:
            self._txid = txid
        self.events += 1
        self.position = position
        self.digest.update(position.to_bytes(8) + row_hash)

    def end(self) -> None:
        """Hold what was read so far against the earlier audit, once."""
        if self._since is not None and self.digest.hexdigest() != self._since.digest:
            self.faults.append(LogFault(None, None, self._since.position, "rewritten"))
        self._since = None


class Chain:
    """Checks the rows dossier by dossier, each against the one before it."""

    def __init__(self) -> None:
        self.faults: list[LogFault] = []
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
        """Hold one row against the one before it."""
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
        if bytes(own_hash) != row_hash(bytes(prev_hash), position, dossier, version, kind, state):
            self._fault(dossier, version, position, "changed")
        if position <= last_position:
            self._fault(dossier, version, position, "reordered")
        self._last = (dossier, version, position, bytes(own_hash))

    def _fault(self, dossier: UUID, version: int, position: int, what: str) -> None:
        self.faults.append(LogFault(dossier, version, position, what))


def _rows(
    session: connection, statement: str, parameters: Mapping[str, Any] | None = None
) -> Iterator[tuple[Any, ...]]:
    with session.cursor("audit") as cursor:  # a cursor of the server's: the log does not fit into memory
        cursor.itersize = _BATCH
        cursor.execute(statement, parameters)
        yield from cursor
