"""Making the next checkpoint: from the last one and what has been appended since, never from the whole log again."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from shared.platform.database.locks import Lock, try_for_now
from shared.platform.database.pool import Database
from shared.store.eventstore.checkpoints.errors import LogChanged
from shared.store.eventstore.checkpoints.keeping import keep, last_kept
from shared.store.eventstore.checkpoints.signed import NONE_BEFORE, SignedCheckpoint
from shared.store.eventstore.checkpoints.tree import HashTree, leaf
from shared.store.eventstore.hashing import NOTHING_BEFORE, row_hash

MOST: Final = 50_000
"""Events that one checkpoint adds at most: a longer log is signed in several, and each span is judged by itself."""
_BATCH: Final = 2_000
_NEXT: Final = """
    SELECT own.position, own.dossier, own.version, own.type, own.state, own.prev_hash, own.hash, prior.hash,
           own.txid < pg_snapshot_xmin(pg_current_snapshot()), own.txid >= pg_snapshot_xmax(pg_current_snapshot())
    FROM (SELECT * FROM eventstore.events WHERE position > %s ORDER BY position LIMIT %s) AS own
         LEFT JOIN eventstore.events prior ON prior.dossier = own.dossier AND prior.version = own.version - 1
    ORDER BY own.position
"""
_TIP: Final = "SELECT position, hash FROM eventstore.events WHERE position >= %s ORDER BY position LIMIT 1"


def make_checkpoint(
    database: Database,
    key: Ed25519PrivateKey,
    now: datetime,
    *,
    former: Sequence[Ed25519PublicKey] = (),
    most: int = MOST,
) -> SignedCheckpoint | None:
    """Sign what has been appended since the last checkpoint, and keep it beside the log.

    What is new is held against its own hashes first: nothing is signed that an audit would complain of.

    :param key: what signs.
    :param now: what the checkpoint says when it was made.
    :param former: other keys by which the last checkpoint may have been signed, after a change of keys.
    :param most: events that it adds at most. Call again until nothing is made.
    :returns: None if there is nothing new, or another process is making one.
    :raises LogChanged: if the log is not what the last checkpoint says, or what is new is not what its hashes say.
    """
    with database.transaction() as cursor:
        if not try_for_now(cursor, Lock.CHECKPOINTING, "log"):
            return None
        last = last_kept(cursor)
        if last is not None:
            _require_same(cursor, last, [key.public_key(), *former])
        made = _next(cursor, last, most, now)
        if made is None:
            return None
        signed = made.signed(key)
        keep(cursor, signed)
        return signed


def _require_same(cursor: Cursor, last: SignedCheckpoint, keys: Sequence[Ed25519PublicKey]) -> None:
    """The last event that was signed must still be where it was."""
    if not any(last.is_by(each) for each in keys):
        raise LogChanged("checkpoint_by_another", {"number": last.number, "key": last.key})
    cursor.execute(_TIP, (last.position,))
    row = cursor.fetchone()
    if row is None:
        raise LogChanged("log_shorter", {"number": last.number, "position": last.position})
    if (row[0], bytes(row[1]).hex()) != (last.position, last.tip):
        raise LogChanged("log_differs", {"number": last.number, "position": last.position})


def _next(cursor: Cursor, last: SignedCheckpoint | None, most: int, now: datetime) -> SignedCheckpoint | None:
    tree = last.tree if last else HashTree()
    position, tip = (last.position, bytes.fromhex(last.tip)) if last else (0, b"")
    whole = tree.size + most
    begun = tree.size
    for row in _settled_rows(cursor, position, most):
        position, tip = row[0], _checked(*row)
        tree.add(leaf(position, bytes(row[5]), tip))
        if tree.size == whole:
            break
    if tree.size == begun:
        return None
    return SignedCheckpoint(
        number=last.number + 1 if last else 1,
        size=tree.size,
        position=position,
        tip=tip.hex(),
        root=tree.root.hex(),
        peaks=tuple(each.hex() for each in tree.peaks),
        previous=last.hash if last else NONE_BEFORE,
        made_at=now.isoformat(timespec="seconds"),
        key="",
    )


def _settled_rows(cursor: Cursor, position: int, most: int) -> Iterator[tuple[Any, ...]]:
    """The rows after a position, up to the first that an older transaction may still come before."""
    full = True
    while full:
        cursor.execute(_NEXT, (position, min(most, _BATCH)))
        rows = cursor.fetchall()
        for *row, settled, hidden in rows:
            if hidden:
                raise LogChanged("log_row_changed", {"position": row[0], "what": "hidden"})
            if not settled:
                return
            yield tuple(row)
            position = row[0]
        full = len(rows) == min(most, _BATCH)


def _checked(
    position: int,
    dossier: UUID,
    version: int,
    kind: str,
    state: memoryview,
    before: memoryview,
    own: memoryview,
    prior: memoryview | None,
) -> bytes:
    """The hash of a row, if it and the row before it in its dossier are what it says."""
    if bytes(own) != row_hash(bytes(before), position, dossier, version, kind, state):
        raise LogChanged("log_row_changed", {"position": position, "what": "changed"})
    if prior is None and version not in {0, 1}:
        raise LogChanged("log_row_changed", {"position": position, "what": "removed"})
    if bytes(before) != (NOTHING_BEFORE if prior is None else bytes(prior)):
        raise LogChanged("log_row_changed", {"position": position, "what": "broken"})
    return bytes(own)
