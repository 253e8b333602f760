"""Events to append, and the log as it stands, for the tests of this room."""

import json
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent

from shared.platform.database.pool import Database
from shared.store.eventstore.appending import append
from shared.store.eventstore.reading import head, read_after
from tests.fixtures.waiting import eventually


def made(dossier: UUID, first: int = 1, count: int = 1, note: str = "") -> list[StoredEvent]:
    """Consecutive events of one dossier."""
    return [
        StoredEvent(dossier, version, "Noted", json.dumps({"note": note or f"number {version}"}).encode())
        for version in range(first, first + count)
    ]


def append_now(database: Database, events: list[StoredEvent]) -> list[int]:
    """Append as a transaction of its own."""
    with database.autocommit() as cursor:
        return append(cursor, events)


def filled(database: Database, dossiers: int, events: int) -> list[UUID]:
    """Append some dossiers, turn by turn, and wait until readers see all of them."""
    ids = [uuid4() for _ in range(dossiers)]
    for version in range(1, events + 1):
        last = append_now(database, [event for each in ids for event in made(each, version)])[-1]
    eventually(lambda: settled(database) == last, what="that the log shows what was appended")
    return ids


def settled(database: Database) -> int:
    """The last position that readers see."""
    with database.autocommit() as cursor:
        return head(cursor)


def seen(database: Database, after: int = 0) -> list[int]:
    """The positions that a reader is given now."""
    with database.autocommit() as cursor:
        return [event.position for event in read_after(cursor, after, 1_000_000)]
