from collections.abc import Iterator

import pytest

from shared.messaging.consuming.consumer import consume_log
from shared.messaging.publishing.catchup import catch_up
from shared.messaging.publishing.log_publisher import Relay
from shared.messaging.wire import memory
from shared.messaging.wire.outgoing import ConfirmedPublisher
from shared.platform.database.pool import Database
from shared.store.eventstore.reading import RecordedEvent
from tests.fixtures.applied_tables import applied_table_sql
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve, config_for, declare, record
from tests.messaging.test_relay import position_of, running

SCHEMAS = ("toy_one", "toy_two")


@pytest.fixture
def schemas(database_url: str) -> Iterator[tuple[str, ...]]:
    """Two projections, with the tables that tell what they have applied."""
    owner = Database(database_url)
    with owner.transaction() as cursor:
        for schema in SCHEMAS:
            cursor.execute(f"CREATE SCHEMA {schema}; GRANT USAGE ON SCHEMA {schema} TO aduan_app;")
            cursor.execute(applied_table_sql(schema))
            cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO aduan_app")
    yield SCHEMAS
    owner.close()


def apply(database: Database, schema: str, upto: int) -> None:
    """Note that a projection has applied everything up to a position."""
    with database.transaction() as cursor:
        cursor.execute(
            f"INSERT INTO {schema}.applied (dossier, version, position) "
            f"SELECT dossier, version, position FROM eventstore.events WHERE position <= %s ON CONFLICT DO NOTHING",
            (upto,),
        )


def publish_all(database: Database, url: str, last: int) -> None:
    """Let a relay publish everything."""
    with running(Relay(database, ConfirmedPublisher(url))):
        eventually(lambda: position_of(database) == last)


def test_the_slowest_projection_decides(memory_url: str, database: Database, schemas: tuple[str, ...]) -> None:
    """The log is published again from where the projection that is furthest behind has come to."""
    recorded = record(database, 10)
    publish_all(database, memory_url, recorded[-1])
    apply(database, "toy_one", recorded[-1])
    apply(database, "toy_two", recorded[3])

    assert recorded[3] == catch_up(database, schemas)
    assert recorded[3] == position_of(database)


def test_nothing_is_published_again_without_need(memory_url: str, database: Database, schemas: tuple[str, ...]) -> None:
    """When all have applied everything, the relay goes on where it was."""
    recorded = record(database, 10)
    publish_all(database, memory_url, recorded[-1])
    for schema in schemas:
        apply(database, schema, recorded[-1])

    assert recorded[-1] == catch_up(database, schemas)
    assert recorded[-1] == position_of(database)


def test_an_empty_log_needs_nothing(database: Database, schemas: tuple[str, ...]) -> None:
    """The first start of all."""
    assert 0 == catch_up(database, schemas)


def test_a_broker_that_lost_everything_loses_nothing(
    memory_url: str, database: Database, schemas: tuple[str, ...], serve: Serve
) -> None:
    """Events that were published and never taken come again after a catch-up on an empty broker."""
    seen: set[int] = set()

    class Reporting:
        name = "reporting"

        @consume_log("reporting")
        def project(self, events: list[RecordedEvent]) -> None:
            seen.update(each.position for each in events)

    recorded = record(database, 20)
    publish_all(database, memory_url, recorded[-1])
    memory.reset()
    declare(memory_url)
    catch_up(database, schemas)
    serve(Reporting, config_for(memory_url, database))
    with running(Relay(database, ConfirmedPublisher(memory_url))):
        eventually(lambda: seen == set(recorded))
