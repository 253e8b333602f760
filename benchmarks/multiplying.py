"""Many complaints out of few that were really played: each copy is a dossier of its own, weeks or years earlier.

A copy has its own id, ticket, key and chain of hashes; its texts are sealed anew, its instants lie whole weeks before
those of the original, so that a Monday stays a Monday. The log afterwards is what the services would have written: an
audit passes, and every projection can be made from it. Rows are copied into the tables as they are, a batch at a time,
in transactions and positions of their own, as an append draws them.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg2.extensions import connection

from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.randomness import SystemRandomness
from shared.base.times import from_iso, to_iso
from shared.domain.dossier.dossier import fold
from shared.domain.sealing import NONCE_BYTES, DataKey
from shared.platform.database.pool import Database
from shared.store.eventstore.hashing import NOTHING_BEFORE, row_hash
from shared.store.eventstore.reading import RecordedEvent, head, read_after, read_dossiers
from shared.store.projection.copying import copied, copy_in
from shared.store.vault.keys import MasterKey

WEEKS: Final = 156
"""Over how many weeks copies are spread: three years."""
_RECENT: Final = 4
"""Of so many weeks also what has not ended is copied; what is older had ended by now."""
_FIRST_NUMBER: Final = 500_000
"""Of copies' tickets: no government has drawn such a number by itself."""
_BATCH: Final = 5_000
_EVENTS: Final = ("position", "txid", "dossier", "version", "type", "state", "prev_hash", "hash")
_KEYS: Final = ("dossier", "wrapped", "master_key_id")
_INSTANT: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00"
_ID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_RANDOM_BITS: Final = int("ffffffff-ffff-0fff-3fff-ffffffffffff".replace("-", ""), 16)
"""Those of an id that say nothing of its kind."""


@dataclass(frozen=True)
class _Event:
    """One event of an original, ready to be copied.

    :param pieces: its text, with gaps for the ticket (``None``) and the sealed part (``...``).
    :param private: what was sealed.
    """

    version: int
    type: str
    pieces: tuple[Any, ...]
    private: Mapping[str, Any] | None


@dataclass(frozen=True)
class Original:
    """A dossier that was really played.

    :param ended: whether its history is over.
    :param number: among the originals.
    """

    dossier: UUID
    ticket: str
    secret: bytes
    ended: bool
    number: int
    events: tuple[_Event, ...]


def originals(runtime: Runtime) -> list[Original]:
    """Every dossier of an installation whose key is there."""
    with runtime.database.autocommit() as cursor:
        ids = sorted({event.dossier for event in read_after(cursor, 0, head(cursor))})
        keys = runtime.vault.keys(cursor, ids)
        known = frozenset(ids)
        found: list[Original] = []
        for dossier in ids:
            key = keys[dossier]
            if key is not None:
                found.append(_original(read_dossiers(cursor, [dossier]), key, known, len(found)))
    return found


def _original(events: Sequence[RecordedEvent], key: DataKey, known: frozenset[UUID], number: int) -> Original:
    typed = [decode(event) for event in events]
    state = fold(typed)
    assert state is not None
    copied = tuple(
        _Event(
            each.version,
            each.type,
            tuple(_pieces(each.state.decode(), state.ticket, told.sealed, known)),
            key.open(told.sealed, told.type) if told.sealed is not None else None,
        )
        for each, told in zip(events, typed, strict=True)
    )
    return Original(state.id, state.ticket, key.secret, state.ended, number, copied)


def _pieces(text: str, ticket: str, sealed: str | None, known: frozenset[UUID]) -> Iterator[Any]:
    gaps = [re.escape(f'"{ticket}"'), _INSTANT, _ID, *([re.escape(sealed)] if sealed else [])]
    for piece in re.split(f"({'|'.join(gaps)})", text):
        if piece == f'"{ticket}"':
            yield None
        elif sealed and piece == sealed:
            yield ...
        elif re.fullmatch(_INSTANT, piece):
            yield from_iso(piece)
        elif re.fullmatch(_ID, piece) and UUID(piece) in known:
            yield UUID(piece)
        else:
            yield piece


def multiply(runtime: Runtime, owner: Database, played: Sequence[Original], complaints: int) -> int:
    """Add copies to the log, with their keys.

    :param owner: who may write to the log's table itself.
    :param complaints: about so many, the originals included: whole copies of what was played.
    :returns: how many were added.
    """
    source = random.Random(len(played))  # which mask a copy has; its secrets come from the system's generator
    rounds = max(0, complaints - len(played)) / max(1, sum(each.ended for each in played))
    master = MasterKey.from_text(runtime.settings.master_key)
    added = 0
    with closing(owner.connect(autocommit=False)) as session:
        copying = _Copying(session, master)
        number = 0
        while number < rounds:
            weeks = 1 + int(number * WEEKS / rounds)
            chosen = [each for each in played if each.ended or weeks <= _RECENT]
            mask = source.getrandbits(128) & _RANDOM_BITS
            copying.add(chosen, -timedelta(weeks=weeks), mask, _FIRST_NUMBER + number * len(played))
            added += len(chosen)
            number += 1
        copying.write()
        copying.settle()
    return added


class _Copying:
    """Rows that wait to be written, and where the log stands."""

    def __init__(self, session: connection, master: MasterKey) -> None:
        self._session = session
        self._master = master
        self._randomness = SystemRandomness()
        with session, session.cursor() as cursor:
            cursor.execute("SELECT last_value FROM eventstore.position")
            self._position = int(cursor.fetchall()[0][0])
        self._events: list[list[Any]] = []
        self._keys: list[list[Any]] = []

    def add(self, chosen: Sequence[Original], shift: timedelta, mask: int, first: int) -> None:
        """One copy of each."""
        texts: dict[datetime, str] = {}
        for original in chosen:
            dossier = UUID(int=original.dossier.int ^ mask)
            key = DataKey(dossier, original.secret, self._randomness)
            wrapped = self._master.wrap(dossier, original.secret, self._randomness.bytes(NONCE_BYTES))
            self._keys.append([dossier, wrapped, self._master.id])
            ticket = _ticket(original.ticket, shift, first + original.number)
            before = NOTHING_BEFORE
            for event in original.events:
                self._position += 1
                sealed = key.seal(event.private, event.type) if event.private is not None else ""
                text = "".join([_told(piece, shift, texts, mask, ticket, sealed) for piece in event.pieces]).encode()
                own = row_hash(before, self._position, dossier, event.version, event.type, text)
                self._events.append([self._position, 0, dossier, event.version, event.type, text, before, own])
                before = own
        if len(self._events) >= _BATCH:
            self.write()

    def write(self) -> None:
        """Write what waits, in one transaction."""
        with self._session, self._session.cursor() as cursor:
            cursor.execute(
                "SELECT pg_current_xact_id()::text::bigint, setval('eventstore.position', %s)", (self._position,)
            )
            txid = cursor.fetchall()[0][0]
            for row in self._events:
                row[1] = txid
            copy_in(cursor, "eventstore.events", _EVENTS, copied(_EVENTS, self._events))
            copy_in(cursor, "vault.keys", _KEYS, copied(_KEYS, self._keys))
        self._events.clear()
        self._keys.clear()

    def settle(self) -> None:
        """All of it was told long ago: nothing of it is to be published, and the tables come by rebuilds."""
        with self._session, self._session.cursor() as cursor:
            cursor.execute("UPDATE eventstore.relay SET position = %s", (self._position,))
            cursor.execute("UPDATE messaging.followers SET position = %s", (self._position,))


def _ticket(ticket: str, shift: timedelta, number: int) -> str:
    prefix, _, _ = ticket.rsplit("-", 2)
    year = 2026 + shift.days // 365
    return f"{prefix}-{year}-{number:06}"


def _told(piece: Any, shift: timedelta, texts: dict[datetime, str], mask: int, ticket: str, sealed: str) -> str:
    if type(piece) is str:
        return piece
    if piece is None:
        return f'"{ticket}"'
    if piece is ...:
        return sealed
    if isinstance(piece, UUID):
        return str(UUID(int=piece.int ^ mask))
    told = texts.get(piece)
    if told is None:
        told = texts[piece] = to_iso(piece + shift)
    return told
