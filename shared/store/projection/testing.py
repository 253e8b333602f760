"""The sentence in which a projection is specified: given these events, when this one happens, then these are the rows.

    given(InboxProjection(), filed, classified).when(dispositioned).then({"tasks": [{...}]})

No database: this proves what `evolve` says, and holds its rows to what the runner would demand of them.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.fold import checked
from shared.store.projection.projection import Projection, Row, Rows

DOSSIER_ID = UUID("00000000-0000-4000-8000-000000000001")
"""The dossier to which events belong that do not say so themselves."""


@dataclass(frozen=True)
class ProjectionStory:
    """A projection and the rows that a dossier's events have made so far.

    :param version: of the last event; positions in the log are counted alike.
    """

    projection: Projection
    dossier: UUID
    rows: Rows
    version: int = 0

    def when(self, *events: object) -> "ProjectionStory":
        """The story with these events added.

        :raises BadRows: if the projection returns rows that its tables cannot hold.
        :raises AssertionError: if it is not pure.
        """
        story = self
        for event in events:
            story = story._next(event)
        return story

    def then(self, expected: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Assert the rows of the named tables, whole and all of them, in whatever order."""
        actual = {name: _unordered(self.rows[name]) for name in expected}

        assert {name: _unordered(rows) for name, rows in expected.items()} == actual  # noqa: S101 - that is its purpose

    def only(self, table: str) -> Row:
        """The one row of a table, for asserting a part of it."""
        (row,) = self.rows[table]
        return row

    def _next(self, event: object) -> "ProjectionStory":
        version = self.version + 1
        recorded = RecordedEvent(
            position=version, dossier=self.dossier, version=version, type=type(event).__name__, state=b"{}"
        )
        given_rows = deepcopy(self.rows)
        rows = self.projection.evolve(given_rows, event, recorded)
        again = self.projection.evolve(deepcopy(self.rows), event, recorded)
        if given_rows != self.rows or again != rows:
            raise AssertionError(f"{type(self.projection).__name__} changes its rows in place, or heeds more than them")
        return ProjectionStory(self.projection, self.dossier, checked(self.projection.tables, rows, recorded), version)


def given(projection: Projection, *events: object, dossier: UUID = DOSSIER_ID) -> ProjectionStory:
    """The beginning of a sentence: what has happened to a dossier so far.

    :param events: typed events of one dossier, in order.
    :param dossier: whose they are; taken from the first event's `originator_id` when it has one.
    """
    owner = getattr(events[0], "originator_id", dossier) if events else dossier
    return ProjectionStory(projection, owner, {table.name: () for table in projection.tables}).when(*events)


def _unordered(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return sorted((dict(row) for row in rows), key=lambda row: repr(sorted(row.items())))
