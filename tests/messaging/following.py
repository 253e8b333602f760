"""Two small services that follow the log, each with a table of its own, together in a process or apart."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from shared.base.errors import UnknownEventType
from shared.messaging.consuming.consumer import consume_log
from shared.messaging.consuming.positions import positions_of
from shared.messaging.wire.backoff import Retries
from shared.platform.database.pool import Database
from shared.store.eventstore.appending import append
from shared.store.eventstore.reading import RecordedEvent, head
from shared.store.projection.projection import Projection, Row, Rows
from shared.store.projection.runner import apply_batch
from shared.store.projection.share import Share
from shared.store.projection.table import Table
from tests.fixtures.applied_tables import applied_table_sql
from tests.fixtures.waiting import eventually

NAMES = ("one", "two")
QUICK = Retries(times=1, first_seconds=0.01)
KINDS = ("Plain", "Concerns", "Bad")
Start = Callable[..., dict[str, Any]]
"""Starts services, and gives their containers by name."""


class Sums(Projection):
    """By dossier how many events there were, and their numbers in order."""

    name = "one"
    tables = (Table("one", "sums", key=("dossier",), columns=("dossier", "count", "numbers")),)
    bad: set[str] = set()  # noqa: RUF012 - set by the tests

    def evolve(self, rows: Rows, event: Any, recorded: RecordedEvent) -> Rows:
        """One more."""
        if recorded.type in self.bad:
            raise ValueError("it cannot be applied")
        before: Row = rows["sums"][0] if rows["sums"] else {"count": 0, "numbers": []}
        row = {
            "dossier": recorded.dossier,
            "count": before["count"] + 1,
            "numbers": [*before["numbers"], event["number"]],
        }
        return {"sums": [row]}


class OtherSums(Sums):
    """The same in another schema; takes everything."""

    name = "two"
    tables = (Table("two", "sums", key=("dossier",), columns=("dossier", "count", "numbers")),)
    bad: set[str] = set()  # noqa: RUF012 - none


def decode(recorded: RecordedEvent) -> Any:
    """The event's data."""
    if recorded.type not in KINDS:
        raise UnknownEventType(recorded.type)
    return {"type": recorded.type, **recorded.data}


@dataclass
class Seen:
    """What the services' methods were called with, and what they are to do then."""

    numbers: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in NAMES})
    act: Callable[[str, list[RecordedEvent]], object] = lambda *_: None

    def service(self, name: str) -> type:
        """A service that follows the log."""
        seen, projection = self, OtherSums() if name == "two" else Sums()

        def share(_: Any) -> Share:
            return Share(projection, decode, concerns=lambda event: event["type"] == "Concerns")

        def project(own: Any, events: list[RecordedEvent]) -> None:
            apply_batch(own.database, projection, decode, events)
            seen.act(name, events)
            seen.numbers[name] += [event.data["number"] for event in events]

        return type(name, (), {"name": name, "project": consume_log(name, retries=QUICK, share=share)(project)})


def make_tables(owner: Database) -> None:
    """The schemas of both services."""
    with owner.transaction() as cursor:
        for name in NAMES:
            cursor.execute(
                f"""
                CREATE SCHEMA {name};
                {applied_table_sql(name)}
                CREATE TABLE {name}.sums (dossier uuid PRIMARY KEY, count integer NOT NULL, numbers jsonb NOT NULL);
                GRANT USAGE ON SCHEMA {name} TO aduan_app;
                GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA {name} TO aduan_app;
                """
            )


class Writer:
    """Appends numbered events to dossiers.

    :param database: with the log.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._versions: dict[int, int] = {}
        self._number = 0

    def write(self, *dossiers: int, kind: str = "Plain") -> list[int]:
        """One event for each dossier named, all in one transaction; their numbers."""
        stored, numbers = [], []
        for dossier in dossiers:
            self._number += 1
            self._versions[dossier] = self._versions.get(dossier, 0) + 1
            state = json.dumps({"number": self._number}).encode()
            stored.append(StoredEvent(UUID(int=dossier + 1), self._versions[dossier], kind, state))
            numbers.append(self._number)
        with self._database.autocommit() as cursor:
            append(cursor, stored)
        return numbers


def sums(database: Database, name: str) -> dict[int, list[int]]:
    """By dossier what a service's table holds."""
    with database.autocommit() as cursor:
        cursor.execute(f"SELECT dossier, numbers FROM {name}.sums")
        return {dossier.int - 1: numbers for dossier, numbers in cursor.fetchall()}


def in_log(database: Database) -> dict[int, list[int]]:
    """By dossier what the log holds."""
    with database.autocommit() as cursor:
        cursor.execute("SELECT dossier, convert_from(state, 'UTF8')::json FROM eventstore.events ORDER BY position")
        found: dict[int, list[int]] = {}
        for dossier, data in cursor.fetchall():
            found.setdefault(dossier.int - 1, []).append(data["number"])
        return found


def saved(database: Database, name: str) -> int:
    """How far a service has come, as is written down."""
    with database.autocommit() as cursor:
        return positions_of(cursor, [name]).get(name, 0)


def head_of(database: Database) -> int:
    """The last settled position."""
    with database.autocommit() as cursor:
        return head(cursor)


def all_applied(log: Database, *names: str) -> None:
    """Wait until the services' tables tell what the log does."""
    for name in names or NAMES:
        eventually(partial(_is_applied, log, name), what=f"all applied by {name}")


def _is_applied(log: Database, name: str) -> bool:
    return sums(log, name) == in_log(log)
