"""Proving that nobody has touched the log: every dossier's chain of hashes is computed anew and compared.

A change, a removal inside a dossier and a reordering break a chain. What no chain can show is that the *end* of a
dossier, or all of it, was cut off, for nothing is left that points there. For that, keep the digest that an audit
prints somewhere else, and hold the next audit against it.
"""

import hashlib
import struct
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from psycopg2.extensions import connection

from shared.platform.database.copy_out import copy_out
from shared.platform.database.pool import Database
from shared.store.eventstore.audit_report import AuditReport, Checkpoint, LogFault
from shared.store.eventstore.chain import Chain
from shared.store.eventstore.ranges import DossierRange, ranges

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
    with closing(database.unlimited().connect(autocommit=False)) as session:
        session.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with session.cursor() as cursor:
            # The snapshot is this session's, which has nothing to do while a crew comes and takes it.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
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
    _each_row(session, _BY_DOSSIER.format(bounds=part.bounds), part.parameters, chains.row)
    return Chains(chains.dossiers, tuple(chains.faults[:_MOST_FAULTS]), len(chains.faults))


def order_of(session: connection, since: Checkpoint | None) -> "Ordered":
    """Check the order of the whole log, and sum it up."""
    order = _Order(since)
    _each_row(session, _BY_POSITION, {}, order.row)
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
    SELECT position, txid::text::bigint AS txid, txid >= pg_snapshot_xmax(pg_current_snapshot()) AS hidden, hash
    FROM eventstore.events
    WHERE txid < pg_snapshot_xmin(pg_current_snapshot()) OR txid >= pg_snapshot_xmax(pg_current_snapshot())
    ORDER BY position
"""
_BY_DOSSIER = """
    SELECT dossier, version, position, prev_hash, hash, type, state FROM eventstore.events
    WHERE {bounds}
          (txid < pg_snapshot_xmin(pg_current_snapshot()) OR txid >= pg_snapshot_xmax(pg_current_snapshot()))
    ORDER BY dossier, version
"""
# The log is larger than what can be sorted in memory, and lies in both orders already, by its indexes.
_UNSORTED = "SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"
_ORDERED = struct.Struct(">hi q i q i ? i")
"""Of a row: how many fields, then position, transaction and whether it is hidden, each after its length, and how long
the hash is."""
_POSITION = slice(6, 14)
_HASH = slice(_ORDERED.size, None)


class _Order:
    """Checks the rows in the order of the log, and sums them up in the digest."""

    def __init__(self, since: Checkpoint | None) -> None:
        self.faults: list[LogFault] = []
        self.events = 0
        self.position = 0
        self.digest = hashlib.sha256()
        self._txid = 0
        self._since = since

    def row(self, row: bytes) -> None:
        """One row, as it is copied."""
        _, _, position, _, txid, _, hidden, _ = _ORDERED.unpack_from(row)
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
        self.digest.update(row[_POSITION] + row[_HASH])

    def end(self) -> None:
        """Hold what was read so far against the earlier audit, once."""
        if self._since is not None and self.digest.hexdigest() != self._since.digest:
            self.faults.append(LogFault(None, None, self._since.position, "rewritten"))
        self._since = None


def _each_row(
    session: connection, statement: str, parameters: Mapping[str, Any], each: Callable[[bytes], object]
) -> None:
    with session.cursor() as cursor:
        cursor.execute(_UNSORTED)
        copy_out(cursor, statement, parameters, each)
