"""The chain of one dossier, link by link: for whoever looks at it, beside the audit of the whole log."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg2 import extensions as pg

from shared.store.eventstore.chain import Chain

_ROWS = """
    SELECT dossier, version, position, type, state, prev_hash, hash FROM eventstore.events
    WHERE dossier = %s ORDER BY version
"""
_HASH = "SELECT hash FROM eventstore.events WHERE dossier = %s AND version = %s"


@dataclass(frozen=True)
class Link:
    """One event in its chain.

    :param hash: hexadecimal digits, as the log holds it.
    :param state: as stored: what is private in it is sealed.
    :param faults: what does not fit there, as :class:`shared.store.eventstore.audit_report.LogFault` calls it.
    """

    version: int
    position: int
    type: str
    hash: str
    state: bytes
    faults: tuple[str, ...]


def chain_of_dossier(cursor: pg.cursor, dossier: UUID) -> list[Link]:
    """Every event of a dossier, with its hash computed anew and compared.

    That its end was cut off no chain can show: see :mod:`shared.store.eventstore.audit`.
    """
    cursor.execute(_ROWS, (str(dossier),))
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    checking = Chain()
    links = []
    for row in rows:
        before = len(checking.faults)
        checking.check(*row)
        _, version, position, kind, state, _, own = row
        faults = tuple(fault.what for fault in checking.faults[before:])
        links.append(Link(version, position, kind, bytes(own).hex(), bytes(state), faults))
    return links


def hash_of(cursor: pg.cursor, dossier: UUID, version: int) -> str | None:
    """The hash of one event, in hexadecimal digits, as the log holds it; none if there is no such event."""
    cursor.execute(_HASH, (str(dossier), version))
    found = cursor.fetchone()
    return bytes(found[0]).hex() if found else None
