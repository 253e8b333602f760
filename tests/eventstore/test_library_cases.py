"""The recorder cases that the `eventsourcing` library ships, run against our recorders.

Run: every case for aggregate, application, tracking and process recorders, the optional one for subscriptions, the one
for ids that do not interleave, and the factory's.

Not run, because they are about parts of other modules that ours does not have: the library's own PostgreSQL and SQLite
tests (``eventsourcing.tests.postgres_utils`` and what uses it) check table names, multi-row tracking tables, text ids,
pool options and connection timeouts of those modules. Snapshots are refused (see the last test), and so the factory's
aggregate recorder exists for events only.
"""

# ruff: noqa: D102 - the methods that a case asks for are told by the library

from collections.abc import Sequence
from typing import Any

import pytest
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    NotSupportedError,
    ProcessRecorder,
    StoredEvent,
    TrackingRecorder,
)
from eventsourcing.tests import persistence as cases
from eventsourcing.utils import Environment

from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.store.eventstore.factory import LogFactory
from shared.store.eventstore.recorders import (
    LogAggregateRecorder,
    LogApplicationRecorder,
    LogProcessRecorder,
    LogTrackingRecorder,
)
from tests.fixtures.log import settled_after


class _Settling(LogApplicationRecorder):
    """Goes on when followers see what was inserted: the library's cases read at once, and know of nobody else."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        positions = super().insert_events(stored_events, **kwargs)
        with self.database.autocommit() as cursor:
            settled_after(cursor, max(positions or [0]))
        return positions


class _SettlingProcess(_Settling, LogProcessRecorder):
    """The same for a recorder that also notes the position it follows from."""


class OnTheLog:
    """Gives each case a fresh, migrated database, as the application's role."""

    database: Database

    @pytest.fixture(autouse=True)
    def _fresh(self, database_url: str) -> Any:
        self.url = database_url
        self.database = Database(database_url, role=APPLICATION_ROLE)
        yield
        self.database.close()


class TestAggregateRecorder(OnTheLog, cases.AggregateRecorderTestCase):
    """The library's promises for a recorder of aggregates."""

    def create_recorder(self) -> AggregateRecorder:
        return LogAggregateRecorder(self.database)


class TestApplicationRecorder(OnTheLog, cases.ApplicationRecorderTestCase[ApplicationRecorder]):
    """The library's promises for a recorder that can be followed."""

    def create_recorder(self) -> ApplicationRecorder:
        return _Settling(self.database)

    def test_insert_subscribe(self) -> None:
        """Subscriptions yield what was recorded and what will be."""
        self.optional_test_insert_subscribe()


class TestNonInterleaving(OnTheLog, cases.NonInterleavingNotificationIDsBaseCase):
    """The positions of one append are never mixed with another's."""

    def create_recorder(self) -> ApplicationRecorder:
        return _Settling(self.database)


class TestTrackingRecorder(OnTheLog, cases.TrackingRecorderTestCase):
    """The library's promises for a recorder of positions."""

    def create_recorder(self) -> TrackingRecorder:
        return LogTrackingRecorder(self.database)


class TestProcessRecorder(OnTheLog, cases.ProcessRecorderTestCase):
    """The library's promises for a recorder of events with the position they follow from."""

    def create_recorder(self) -> ProcessRecorder:
        return _SettlingProcess(self.database)


class OwnTrackingRecorder(LogTrackingRecorder):
    """An application's own."""


class TestFactory(OnTheLog, cases.InfrastructureFactoryTestCase[LogFactory]):
    """The library's promises for a factory, found by the persistence module's name."""

    def setUp(self) -> None:
        self.env = Environment(
            env={"PERSISTENCE_MODULE": "shared.store.eventstore.persistence", "ADUAN_DATABASE_URL": self.url}
        )
        super().setUp()

    def tearDown(self) -> None:
        super().tearDown()
        self.factory.database.close()

    def expected_factory_class(self) -> type[LogFactory]:
        return LogFactory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return LogAggregateRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return LogApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return LogTrackingRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return OwnTrackingRecorder

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return LogProcessRecorder


def test_factory_names_what_is_missing() -> None:
    """Without a database's address the factory says which variable to set."""
    with pytest.raises(OSError, match="ADUAN_DATABASE_URL"):
        InfrastructureFactory.construct({"PERSISTENCE_MODULE": "shared.store.eventstore.persistence"})


def test_snapshots_are_refused() -> None:
    """There is no table for snapshots, and asking for one says so."""
    factory = LogFactory({"ADUAN_DATABASE_URL": "postgresql:///nowhere"})

    with pytest.raises(NotSupportedError, match="snapshots"):
        factory.aggregate_recorder(purpose="snapshots")
