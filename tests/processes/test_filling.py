"""A rebuild by processes: one for each core, and what they come to is what one comes to alone."""

import random
from collections.abc import Callable, Mapping, Sequence

import pytest

from cli import filling
from cli.filling import fillers_for
from cli.projections import projection_of
from shared.application.dossiers.codec import decode
from shared.base.services import SERVICES
from shared.platform.database.pool import Database
from shared.store.eventstore.ranges import DossierRange
from shared.store.projection.errors import RebuildNotPossible
from shared.store.projection.rebuild import rebuild, rebuild_together
from tests.reporting.stories import random_story, record

pytestmark = pytest.mark.process


def test_processes_come_to_the_rows_of_one_event_after_the_other(database_url: str) -> None:
    """Every service's tables and sums: filled by two processes as they are by applying the log by position."""
    owner = Database(database_url)
    source = random.Random(11)
    record(owner, [random_story(source, number) for number in range(40)], source)
    expected, events = {}, set()
    for service in SERVICES:
        events.add(rebuild(owner, projection_of(service), decode).events)
        expected[service] = _rows(owner, service)

    together = rebuild_together(
        owner,
        [projection_of(service) for service in SERVICES],
        decode,
        crew=fillers_for(owner, *SERVICES, processes=2),
        parts=5,
    )

    assert expected == {service: _rows(owner, service) for service in SERVICES}
    assert events == {rebuilt.events for rebuilt in together}
    owner.close()


def test_processes_that_end_too_soon_change_nothing(database_url: str) -> None:
    """The live tables are as before, and whoever rebuilds is told."""
    owner = Database(database_url)
    source = random.Random(12)
    record(owner, [random_story(source, number) for number in range(6)], source)
    rebuild(owner, projection_of("intake"), decode)
    before = _rows(owner, "intake")

    def doomed(schemas: Mapping[str, str], parts: Sequence[DossierRange], told: Callable[[int], None]) -> int:
        return filling.together(database_url, {"nowhere": schemas["intake"]}, parts, 2, told)

    with pytest.raises(RebuildNotPossible):
        rebuild(owner, projection_of("intake"), decode, crew=doomed)

    assert before == _rows(owner, "intake")
    owner.close()


def _rows(owner: Database, service: str) -> dict[str, list[str]]:
    """The rows of a service's tables as text, each table's in one order."""
    projection = projection_of(service)
    found = {}
    with owner.autocommit() as cursor:
        for table in projection.tables:
            cursor.execute(f"SELECT told::text FROM {table} AS told ORDER BY 1")
            found[table.name] = [row for (row,) in cursor.fetchall()]
        for tally in projection.tallies:
            something = " OR ".join(f"{count} <> 0" for count in tally.counts)
            cursor.execute(f"SELECT told::text FROM {tally} AS told WHERE {something} ORDER BY 1")
            found[tally.name] = [row for (row,) in cursor.fetchall()]
        cursor.execute(f"SELECT (dossier, version, position)::text FROM {service}.applied ORDER BY 1")
        found["applied"] = [row for (row,) in cursor.fetchall()]
    return found
