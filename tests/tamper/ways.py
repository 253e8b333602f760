"""Ten ways of tampering, each as somebody would go about it who owns the database."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg2

from shared.store.eventstore.hashing import NOTHING_BEFORE, row_hash

_OFF = "ALTER TABLE eventstore.events DISABLE TRIGGER append_only"
_ON = "ALTER TABLE eventstore.events ENABLE ALWAYS TRIGGER append_only"
_CHAIN = "SELECT position, version, type, state FROM eventstore.events WHERE dossier = %s ORDER BY version"
_WRITE = """
    UPDATE eventstore.events SET type = %s, state = %s, prev_hash = %s, hash = %s WHERE dossier = %s AND version = %s
"""
_DOSSIERS = "SELECT dossier FROM eventstore.events WHERE version = 3 ORDER BY position"


@dataclass(frozen=True)
class Way:
    """One way of tampering.

    :param what: in words.
    :param by: the command that must find it, and what it calls it.
    :param of_older: whether it is done to the older backup instead.
    """

    what: str
    spoil: Callable[[Any], None]
    by: dict[str, str]
    of_older: bool = False


def spoil(url: str, way: Way) -> None:
    """Do it, and leave the log's trigger as it was, so that nothing seems to have happened."""
    with closing(psycopg2.connect(url)) as session, session, session.cursor() as cursor:
        cursor.execute(_OFF)
        way.spoil(cursor)
        cursor.execute(_ON)


def _rehashed(cursor: Any, dossier: UUID, rows: list[tuple[int, int, str, bytes]]) -> None:
    """Write a dossier's chain anew with hashes that are right."""
    before = NOTHING_BEFORE
    for position, version, kind, state in rows:
        own = row_hash(before, position, UUID(str(dossier)), version, kind, state)
        cursor.execute(_WRITE, (kind, state, before, own, dossier, version))
        before = own


def _chain(cursor: Any, dossier: UUID) -> list[tuple[int, int, str, bytes]]:
    cursor.execute(_CHAIN, (dossier,))
    return [(position, version, kind, bytes(state)) for position, version, kind, state in cursor.fetchall()]


def _dossiers(cursor: Any) -> list[Any]:
    cursor.execute(_DOSSIERS)
    return [dossier for (dossier,) in cursor.fetchall()]


def _byte_changed(cursor: Any) -> None:
    cursor.execute(
        "UPDATE eventstore.events SET state = set_byte(state, 12, get_byte(state, 12) # 1) WHERE position = 2"
    )


def _row_removed(cursor: Any) -> None:
    cursor.execute("DELETE FROM eventstore.events WHERE position = 2")


def _rows_reordered(cursor: Any) -> None:
    for old, new in ((2, -2), (3, 2), (-2, 3)):
        cursor.execute("UPDATE eventstore.events SET position = %s WHERE position = %s", (new, old))


def _tail_cut(cursor: Any) -> None:
    cursor.execute("DELETE FROM eventstore.events WHERE position > (SELECT max(position) - 3 FROM eventstore.events)")
    cursor.execute("DELETE FROM vault.keys WHERE dossier NOT IN (SELECT dossier FROM eventstore.events)")


def _rewritten(cursor: Any) -> None:
    """Every dossier's chain is made anew: somebody else has done what is told of them, and every hash is right."""
    for dossier in _dossiers(cursor):
        rows = [
            (position, version, kind, state.replace(b'"coordinator"', b'"koordinator"'))
            for position, version, kind, state in _chain(cursor, dossier)
        ]
        _rehashed(cursor, dossier, rows)


def _forged(cursor: Any) -> None:
    """An event is put where an append was rolled back, at the end of a dossier, with the hash that it would have."""
    cursor.execute(
        "SELECT own.position + 1 FROM eventstore.events AS own LEFT JOIN eventstore.events AS next "
        "ON next.position = own.position + 1 WHERE next.position IS NULL ORDER BY own.position LIMIT 1"
    )
    [(gap,)] = cursor.fetchall()
    cursor.execute(
        "SELECT dossier, version, type, state, hash, txid FROM eventstore.events WHERE position = %s", (gap - 1,)
    )
    [(dossier, version, kind, state, before, txid)] = cursor.fetchall()
    own = row_hash(bytes(before), gap, UUID(str(dossier)), version + 1, kind, bytes(state))
    cursor.execute(
        "INSERT INTO eventstore.events VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (gap, txid, dossier, version + 1, kind, state, before, own),
    )


def _chain_of_another(cursor: Any) -> None:
    """What happened to one dossier is told of another, and the other way round."""
    one, other = _dossiers(cursor)[:2]
    of_one, of_other = _chain(cursor, one), _chain(cursor, other)
    for dossier, own, theirs in ((one, of_one, of_other), (other, of_other, of_one)):
        _rehashed(cursor, dossier, [(mine[0], mine[1], *hers[2:]) for mine, hers in zip(own, theirs, strict=True)])


def _keys_swapped(cursor: Any) -> None:
    one, other = _dossiers(cursor)[:2]
    cursor.execute(
        "UPDATE vault.keys SET wrapped = twin.wrapped FROM vault.keys AS twin "
        "WHERE (keys.dossier, twin.dossier) IN ((%s, %s), (%s, %s))",
        (one, other, other, one),
    )


def _nothing_more(_: Any) -> None:
    """The older backup is put back as it is."""


def _projection_edited(cursor: Any) -> None:
    cursor.execute("UPDATE reporting.cases SET ticket = 'CLP-2026-999999' WHERE ticket = 'CLP-2026-000001'")
    assert cursor.rowcount == 1


AUDIT, CHECKPOINT, PROJECTIONS = "audit verify", "checkpoint verify", "projections verify"

WAYS = (
    Way(
        "byte changed",
        _byte_changed,
        {AUDIT: "changed: ", CHECKPOINT: "position 2 does not match its own hash", PROJECTIONS: "cannot be read"},
    ),
    Way("row removed", _row_removed, {AUDIT: "removed: ", CHECKPOINT: "1 of its events between position 0"}),
    Way("rows reordered", _rows_reordered, {AUDIT: "changed: ", CHECKPOINT: "reordered or exchanged"}),
    Way("tail cut", _tail_cut, {CHECKPOINT: "the log ends at position"}),
    Way("whole log rewritten with right hashes", _rewritten, {CHECKPOINT: "they were rewritten"}),
    Way("forged row with a right-looking hash", _forged, {CHECKPOINT: "1 events between position 0"}),
    Way("another dossier's chain put in", _chain_of_another, {CHECKPOINT: "exchanged"}),
    Way("keys swapped in the vault", _keys_swapped, {AUDIT: "exchanged: the key of dossier"}),
    Way("older backup put back", _nothing_more, {CHECKPOINT: "an older backup was put back"}, of_older=True),
    Way("projection edited", _projection_edited, {PROJECTIONS: "reporting.cases is not what the log comes to"}),
)
