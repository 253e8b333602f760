"""A small service of its own, with all that can be difficult: several tables, several rows, JSON, times, deletions."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from shared.base.errors import UnknownEventType
from shared.platform.database.pool import Database
from shared.store.eventstore.appending import append
from shared.store.eventstore.reading import RecordedEvent, head
from shared.store.projection.projection import Projection, Rows
from shared.store.projection.runner import Applied, apply_batch
from shared.store.projection.table import Table
from tests.fixtures.applied_tables import applied_table_sql
from tests.fixtures.waiting import eventually

SCHEMA = f"""
    CREATE SCHEMA toy;
    CREATE DOMAIN public.person AS text;
    {applied_table_sql("toy")}
    CREATE TABLE toy.cases (
        dossier uuid PRIMARY KEY,
        title text NOT NULL,
        notes integer NOT NULL CHECK (notes >= 0),
        last_note text,
        changed_at timestamptz NOT NULL,
        history jsonb NOT NULL,
        claimed_by public.person DEFAULT 'nobody'::public.person  -- written by no event
    ) WITH (fillfactor = 80);
    CREATE INDEX cases_by_change ON toy.cases (changed_at, dossier);
    CREATE INDEX cases_again ON toy.cases (changed_at, dossier);
    CREATE TABLE toy.notes (
        line serial,
        dossier uuid NOT NULL,
        number integer NOT NULL,
        text text NOT NULL,
        CONSTRAINT a_note_once UNIQUE (dossier, number)
    );
    CREATE VIEW toy.busy WITH (security_barrier = true) AS
        SELECT dossier, title || ' {{100%}}' AS title, notes FROM toy.cases WHERE notes > 1;
    CREATE VIEW public.busiest AS SELECT max(notes) AS notes FROM toy.busy;
    GRANT USAGE ON SCHEMA toy TO aduan_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA toy TO aduan_app;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA toy TO aduan_app;
"""


@dataclass(frozen=True)
class Opened:
    """A case begins."""

    title: str


@dataclass(frozen=True)
class Noted:
    """A note is added."""

    text: str


@dataclass(frozen=True)
class Struck:
    """The first note that is left is removed, if there is one."""


KNOWN: dict[str, type] = {"Opened": Opened, "Noted": Noted, "Struck": Struck}


def decode(recorded: RecordedEvent) -> Any:
    """The toy's typed events."""
    if recorded.type not in KNOWN:
        raise UnknownEventType(recorded.type)
    return KNOWN[recorded.type](**recorded.data)


class Toy(Projection):
    """Cases and their notes."""

    name = "toy"
    tables = (
        Table(
            "toy",
            "cases",
            key=("dossier",),
            columns=("dossier", "title", "notes", "last_note", "changed_at", "history"),
        ),
        Table("toy", "notes", key=("dossier", "number"), columns=("dossier", "number", "text")),
    )

    def evolve(self, rows: Rows, event: Any, recorded: RecordedEvent) -> Rows:
        """One more event."""
        case: dict[str, Any] = {"dossier": recorded.dossier, "title": "?", "notes": 0, "last_note": None, "history": []}
        if rows["cases"]:
            case = dict(rows["cases"][0])
        notes = list(rows["notes"])
        if isinstance(event, Opened):
            case["title"] = event.title
        elif isinstance(event, Noted):
            notes.append({"dossier": recorded.dossier, "number": recorded.version, "text": event.text})
        elif isinstance(event, Struck):
            notes = notes[1:]
        case |= {
            "notes": len(notes),
            "last_note": notes[-1]["text"] if notes else None,
            "changed_at": datetime.fromtimestamp(1_800_000_000 + recorded.position, UTC),
            "history": [*case["history"], {"type": recorded.type, "late": None}],
        }
        return {"cases": [case], "notes": notes}


def dossier(number: int) -> UUID:
    """The toy's dossiers are numbered."""
    return UUID(int=number + 1)


def record(database: Database, *events: tuple[int, object]) -> list[RecordedEvent]:
    """Append events to the log, given as (number of the dossier, event); a text is the name of an unknown type.

    :returns: the events as the log has them, once it shows them to those who follow it.
    """
    recorded = record_unsettled(database, *events)
    eventually(lambda: _head(database) >= recorded[-1].position, what="that the log shows what was appended")
    return recorded


def record_unsettled(database: Database, *events: tuple[int, object]) -> list[RecordedEvent]:
    """The same without waiting."""
    with database.transaction() as cursor:
        cursor.execute("SELECT dossier, max(version) FROM eventstore.events GROUP BY dossier")
        versions: dict[UUID, int] = dict(cursor.fetchall())
        stored: list[tuple[UUID, StoredEvent]] = []
        for number, event in events:
            owner = dossier(number)
            versions[owner] = versions.get(owner, 0) + 1
            name = event if isinstance(event, str) else type(event).__name__
            data = {} if isinstance(event, str) else vars(event)
            stored.append((owner, StoredEvent(owner, versions[owner], name, json.dumps(data).encode())))
        positions = append(cursor, [each for _, each in stored])
    return [
        RecordedEvent(position, owner, each.originator_version, each.topic, each.state)
        for position, (owner, each) in zip(positions, stored, strict=True)
    ]


def _head(database: Database) -> int:
    with database.autocommit() as cursor:
        return head(cursor)


def random_events(seed: int, count: int, dossiers: int) -> list[tuple[int, object]]:
    """A reproducible mixture."""
    source = random.Random(seed)
    makers = (
        lambda n: Opened(f"case {n}"),
        lambda n: Noted(f"note {n}"),
        lambda n: Noted(f"more {n}"),
        lambda _: Struck(),
    )
    return [(source.randrange(dossiers), source.choice(makers)(n)) for n in range(count)]


def apply(database: Database, events: Sequence[RecordedEvent]) -> Applied:
    """A batch on the live tables."""
    return apply_batch(database, Toy(), decode, events)


def tables(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All that the projection has written."""
    with database.autocommit() as cursor:
        found = {}
        for table, columns in (
            ("applied", "dossier, version, position"),
            *((table.name, ", ".join(table.columns)) for table in Toy.tables),
        ):
            cursor.execute(f"SELECT {columns} FROM toy.{table} ORDER BY 1, 2")
            found[table] = cursor.fetchall()
        return found


def empty(database: Database) -> None:
    """Throw all rows away."""
    with database.autocommit() as cursor:
        cursor.execute("TRUNCATE toy.applied, toy.cases, toy.notes; UPDATE toy.low_water SET position = 0")


def clean_pass(database: Database, events: Sequence[RecordedEvent]) -> dict[str, list[tuple[Any, ...]]]:
    """What the tables hold after every event was applied once, alone and in order; then they are emptied again."""
    empty(database)
    for event in events:
        apply(database, [event])
    expected = tables(database)
    empty(database)
    return expected


@dataclass(frozen=True)
class Log:
    """What was recorded, and the rows of one clean pass over it."""

    events: list[RecordedEvent]
    expected: dict[str, list[tuple[Any, ...]]]
