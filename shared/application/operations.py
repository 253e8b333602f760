"""What administrators did to messages that were put aside: recorded, with who and why, before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.platform.database.pool import Database

_RECORD: Final = """
    INSERT INTO identity.operations (done_at, account, deed, place, ids, why) VALUES (%s, %s, %s, %s, %s, %s)
"""
_LATEST: Final = """
    SELECT done_at, account, deed, place, ids, why FROM identity.operations ORDER BY id DESC LIMIT %s
"""


@dataclass(frozen=True)
class Operation:
    """One deed.

    :param deed: ``retry`` or ``discard``.
    :param place: whose messages: the service, and the governments of its database where there are several.
    :param ids: of the messages, see :class:`shared.messaging.consuming.dead_letters.DeadLetter`.
    """

    done_at: datetime
    account: str
    deed: str
    place: str
    ids: tuple[str, ...]
    why: str


def record(database: Database, operation: Operation) -> None:
    """Keep it for ever."""
    row = (operation.done_at, operation.account, operation.deed, operation.place, list(operation.ids), operation.why)
    with database.autocommit() as cursor:
        cursor.execute(_RECORD, row)


def latest(database: Database, most: int) -> Sequence[Operation]:
    """The last ones, the latest first."""
    with database.autocommit() as cursor:
        cursor.execute(_LATEST, (most,))
        return [
            Operation(at, account, deed, place, tuple(ids), why)
            for at, account, deed, place, ids, why in cursor.fetchall()
        ]
