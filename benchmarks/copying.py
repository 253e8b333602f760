"""Copies of played dossiers, written into the log: ``python -m benchmarks.copying``, one process for each core.

Who writes a part of the log must draw its transaction's id after the parts before it have drawn theirs, as an append
does. The sequence of positions tells whose turn that is: whoever has drawn sets it to the end of the own part.
"""

import base64
import pickle
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg2.extensions import connection

from benchmarks.originals import Original
from cli.workers import FINISH, Told, serve
from shared.base.randomness import SystemRandomness
from shared.base.times import to_iso
from shared.domain.sealing import NONCE_BYTES, DataKey
from shared.platform.database.pool import Database
from shared.store.eventstore.hashing import NOTHING_BEFORE, row_hash
from shared.store.projection.copying import copied, copy_in
from shared.store.vault.keys import MasterKey

WEEKS: Final = 156
"""Over how many weeks copies are spread: three years."""
_RECENT: Final = 4
"""Of so many weeks also what has not ended is copied; what is older had ended by now."""
_FIRST_NUMBER: Final = 500_000
"""Of copies' tickets: no government has drawn such a number by itself."""
_EVENTS: Final = ("position", "txid", "dossier", "version", "type", "state", "prev_hash", "hash")
_KEYS: Final = ("dossier", "wrapped", "master_key_id")
_RANDOM_BITS: Final = int("ffffffff-ffff-0fff-3fff-ffffffffffff".replace("-", ""), 16)
"""Those of an id that say nothing of its kind."""
_LOOK_SECONDS: Final = 0.002


def weeks_of(number: int, rounds: float) -> int:
    """How many weeks before the originals the copies of a round lie."""
    return 1 + int(number * WEEKS / rounds)


def chosen(played: Sequence[Original], weeks: int) -> list[Original]:
    """Which of the originals are copied so long before them."""
    return [each for each in played if each.ended or weeks <= _RECENT]


class Copier:
    """Writes copies.

    :param session: of who may write to the log's table itself.
    :param master: wraps the copies' keys.
    :param rounds: into which all copies are divided.
    """

    def __init__(self, session: connection, played: Sequence[Original], master: MasterKey, rounds: float) -> None:
        self._session = session
        self._played = played
        self._master = master
        self._rounds = rounds
        self._randomness = SystemRandomness()

    def copy(self, first: int, upto: int, position: int) -> int:
        """Write the copies of some rounds, in one transaction.

        :param upto: the first round that is left to others.
        :param position: after which they stand in the log.
        :returns: how many dossiers they are.
        """
        events: list[list[Any]] = []
        keys: list[list[Any]] = []
        for number in range(first, upto):
            self._add(number, position + len(events), events, keys)
        self._write(events, keys, position)
        return len(keys)

    def _add(self, number: int, position: int, events: list[list[Any]], keys: list[list[Any]]) -> None:
        """One copy of each."""
        weeks = weeks_of(number, self._rounds)
        shift = -timedelta(weeks=weeks)
        # Which mask a copy has is told by its number; its secrets come from the system's generator.
        mask = random.Random(f"{len(self._played)}:{number}").getrandbits(128) & _RANDOM_BITS
        first = _FIRST_NUMBER + number * len(self._played)
        texts: dict[datetime, str] = {}
        for original in chosen(self._played, weeks):
            dossier = UUID(int=original.dossier.int ^ mask)
            key = DataKey(dossier, original.secret, self._randomness)
            wrapped = self._master.wrap(dossier, original.secret, self._randomness.bytes(NONCE_BYTES))
            keys.append([dossier, wrapped, self._master.id])
            ticket = _ticket(original.ticket, shift, first + original.number)
            before = NOTHING_BEFORE
            for event in original.events:
                position += 1
                sealed = key.seal(event.private, event.type) if event.private is not None else ""
                text = "".join([_told(piece, shift, texts, mask, ticket, sealed) for piece in event.pieces]).encode()
                own = row_hash(before, position, dossier, event.version, event.type, text)
                events.append([position, 0, dossier, event.version, event.type, text, before, own])
                before = own

    def _write(self, events: list[list[Any]], keys: list[list[Any]], position: int) -> None:
        with self._session, self._session.cursor() as cursor:
            self._await_turn(position)
            cursor.execute(
                "SELECT pg_current_xact_id()::text::bigint, setval('eventstore.position', %s)",
                (position + len(events),),
            )
            [(txid, _)] = cursor.fetchall()
            for row in events:
                row[1] = txid
            copy_in(cursor, "eventstore.events", _EVENTS, copied(_EVENTS, events))
            copy_in(cursor, "vault.keys", _KEYS, copied(_KEYS, keys))

    def _await_turn(self, position: int) -> None:
        """Come back when everybody before has drawn. Nothing is held meanwhile but a snapshot."""
        with self._session.cursor() as cursor:
            while True:
                cursor.execute("SELECT last_value FROM eventstore.position")
                if cursor.fetchall() == [(position,)]:
                    return
                time.sleep(_LOOK_SECONDS)


def order_for(owner: Database, played: Sequence[Original], master: str, rounds: float) -> Told:
    """What processes that copy are told first.

    :param master: the master key, as text: it goes to them by their input, as nobody else reads it.
    """
    pickled = base64.b64encode(pickle.dumps(list(played))).decode()
    return {"url": owner.url, "played": pickled, "master": master, "rounds": rounds}


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


def _work(order: Told, parts: Iterable[Any]) -> Iterator[Told]:
    played = pickle.loads(base64.b64decode(order["played"]))  # noqa: S301 - from the process that started this one
    owner = Database(order["url"], pool_size=1, statement_seconds=0, idle_in_transaction_seconds=0)
    with closing(owner.connect(autocommit=False)) as session:
        copier = Copier(session, played, MasterKey.from_text(order["master"]), order["rounds"])
        for part in parts:
            if part == FINISH:
                yield {"added": 0}
                return
            yield {"added": copier.copy(*part)}


if __name__ == "__main__":
    serve(_work)
