"""Promise 3 for the first part of a rebuild: what a crew fills in, in ranges, is what a clean pass comes to."""

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.base.errors import UnknownEventType
from shared.platform.database.pool import Database
from shared.store.eventstore.ranges import DossierRange, ranges
from shared.store.projection import bulk
from shared.store.projection.bulk import alone, named
from shared.store.projection.rebuild import rebuild
from tests.projection.test_rebuild import damage, schemas
from tests.projection.toy import Log, Noted, Opened, Toy, apply, decode, random_events, record, tables


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(page=st.integers(1, 60), parts=st.integers(1, 12))
def test_whatever_the_ranges_the_rows_are_those_of_a_clean_pass(
    database: Database, log: Log, page: int, parts: int
) -> None:
    """Pages smaller than a dossier, more ranges than dossiers: every event is in the rows once."""
    damage(database)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "PAGE", page)
        rebuilt = rebuild(database, Toy(), decode, crew=alone(database, [Toy()], decode), parts=parts)

    assert log.expected == tables(database)
    assert (len(log.events), log.events[-1].position) == (rebuilt.events, rebuilt.position)
    assert ["toy"] == schemas(database)


def test_ranges_are_all_dossiers_once(database: Database, log: Log) -> None:
    """No dossier lies in two of them, and none in no one's."""
    dossiers = {event.dossier for event in log.events}
    with database.autocommit() as cursor:
        parts = ranges(cursor, 5)

    assert all(1 == sum(_within(dossier, part) for part in parts) for dossier in dossiers)
    assert {log.events[-1].position} == {part.upto for part in parts}


@pytest.mark.parametrize("written", [3_000_000, 2**31 - 7, 5_000_000_000])
def test_a_log_of_any_length_is_divided_and_rebuilt(database: Database, written: int) -> None:
    """Behind millions of events, across the end of what 32 bits count, and behind billions."""
    with database.autocommit() as cursor:
        cursor.execute("SELECT setval('eventstore.position', %s)", (written,))
    events = record(database, *random_events(seed=3, count=30, dossiers=6))
    damage(database)

    rebuilt = rebuild(database, Toy(), decode, crew=alone(database, [Toy()], decode), parts=5)

    with database.autocommit() as cursor:
        parts = ranges(cursor, 5)
    assert (30, written + 30) == (rebuilt.events, rebuilt.position)
    assert all(1 == sum(_within(event.dossier, part) for part in parts) for event in events)
    assert len(parts) > 1


def test_what_comes_while_a_crew_is_at_it_is_applied_afterwards(database: Database) -> None:
    """New events of known and of new dossiers: those behind the end of the log as the crew was told it."""
    first = record(database, *random_events(seed=5, count=60, dossiers=6))
    here = alone(database, [Toy()], decode)
    later = []

    def meanwhile(schemas: Mapping[str, str], parts: Sequence[DossierRange], told: Callable[[int], None]) -> int:
        later.extend(record(database, *random_events(seed=6, count=30, dossiers=9)))
        return here(schemas, parts, told)

    rebuilt = rebuild(database, Toy(), decode, crew=meanwhile)
    rebuilt_tables = tables(database)
    rebuild(database, Toy(), decode)

    assert rebuilt_tables == tables(database)
    assert len(first) + len(later) == rebuilt.events


def test_a_crew_that_fails_changes_nothing(database: Database) -> None:
    """A type that this version does not know, met by the crew: the live tables are as before, and nothing is left."""
    events = record(database, (1, Opened("a")), (1, "FromTheFuture"), (1, Noted("x")))
    apply(database, events)
    before = tables(database)

    with pytest.raises(UnknownEventType, match="FromTheFuture"):
        rebuild(database, Toy(), decode, crew=alone(database, [Toy()], decode))

    assert before == tables(database)
    assert ["toy"] == schemas(database)


def test_what_a_dead_rebuild_left_filling_is_ended_by_the_next(database: Database) -> None:
    """Else it would go on in the new tables of the next."""
    record(database, *random_events(seed=1, count=20, dossiers=3))
    with closing(database.connect()) as leftover:
        named(leftover, [Toy()])

        rebuild(database, Toy(), decode, crew=alone(database, [Toy()], decode))

        with pytest.raises(Exception, match=r"terminat|closed"), leftover.cursor() as cursor:
            cursor.execute("SELECT 1")


def test_any_value_comes_back_as_it_went_in(database: Database) -> None:
    """Whatever stands in a text, a list, a JSON value or an instant, copied or inserted."""
    source = random.Random(3)
    signs = ["\t", "\n", "\r", "\\", "\\N", '"', "'", "{", "}", ",", "é", "😀", "%", "\\.", " "]
    words = ["".join(source.choices(signs, k=source.randrange(0, 6))) for _ in range(40)]
    events = [(number, Opened(word)) for number, word in enumerate(words, 1)]
    events += [(number, Noted(word[::-1])) for number, word in enumerate(words, 1)]  # type: ignore[misc]
    record(database, *events)
    rebuild(database, Toy(), decode)
    inserted = tables(database)

    rebuild(database, Toy(), decode, crew=alone(database, [Toy()], decode))

    assert inserted == tables(database)


def _within(dossier: UUID, part: DossierRange) -> bool:
    return (part.above is None or dossier > part.above) and (part.last is None or dossier <= part.last)
