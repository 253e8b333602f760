"""Promise 4, its last moment: the exchange of the tables, and what must be the same afterwards."""

from typing import Any

import eventlet
import psycopg2
import pytest

from shared.platform.database.pool import Database
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.catalog import shape
from shared.store.projection.errors import RebuildNotPossible, Superseded, SwitchTimedOut
from shared.store.projection.projection import Rows
from shared.store.projection.rebuild import rebuild
from shared.store.projection.runner import apply_batch
from shared.store.projection.shadow import Shadow
from tests.fixtures.waiting import eventually
from tests.projection.toy import Noted, Opened, Toy, apply, decode, dossier, record, record_unsettled, tables

VIEWS = """
    SELECT c.oid::regclass::text, c.relacl::text, c.reloptions, pg_get_viewdef(c.oid)
    FROM pg_class c WHERE relkind = 'v' AND (relnamespace = 'toy'::regnamespace OR relname = 'busiest') ORDER BY 1
"""

WAITING = "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted"


def look(database: Database, statement: str) -> list[tuple[Any, ...]]:
    """What a statement returns."""
    with database.autocommit() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def shapes(database: Database) -> dict[str, list[str]]:
    """Everything about the tables but their rows."""
    with database.autocommit() as cursor:
        return {name: shape(cursor, f"toy.{name}") for name in ("applied", "cases", "notes")}


@pytest.fixture
def filled(database: Database) -> list[RecordedEvent]:
    """A few cases, applied."""
    events = record(database, (1, Opened("a")), (1, Noted("x")), (1, Noted("y")), (2, Noted("z")), (3, Opened("c")))
    apply(database, events)
    return events


def test_tables_look_the_same_however_often_they_are_rebuilt(
    database: Database, application: Database, filled: list[RecordedEvent]
) -> None:
    """Names of indexes and constraints, defaults, options, owner and grants outlast any number of rebuilds."""
    look(database, "GRANT SELECT (title) ON toy.cases TO PUBLIC; GRANT UPDATE (claimed_by) ON toy.cases TO aduan_app")
    before = shapes(database)

    for _ in range(3):
        rebuild(database, Toy(), decode)

        assert before == shapes(database)

    assert 1 == apply(application, record(database, (2, Noted("later")))).applied
    assert len(filled) == len(tables(database)["notes"]) + 1


def test_a_batch_of_another_version_is_refused_after_the_exchange(
    database: Database, application: Database, filled: list[RecordedEvent]
) -> None:
    """One that waited for the exchange, too; what is there already does not matter, and to go back is a rebuild."""

    class Newer(Toy):
        generation = 2  # as a later migration would have it

    [late] = record(database, (2, Noted("late")))
    with database.connect(autocommit=False) as slow, slow.cursor() as cursor:
        cursor.execute("LOCK TABLE toy.applied IN ACCESS EXCLUSIVE MODE")
        refused = eventlet.spawn(apply, application, [late])
        eventually(lambda: look(database, "SELECT 1 FROM pg_locks WHERE NOT granted"), what="that the batch waits")
        cursor.execute("UPDATE toy.low_water SET made_by = 2")
        slow.commit()
    with pytest.raises(Superseded):
        refused.wait()
    assert 1 == apply_batch(application, Newer(), decode, [late]).applied
    assert 1 == apply(application, [late]).duplicates

    rebuild(database, Newer(), decode)
    [more] = record(database, (2, Noted("more")))
    with pytest.raises(Superseded):
        apply(application, [more])
    rebuild(database, Toy(), decode)
    assert 1 == apply(application, record(database, (2, Noted("again")))).applied


def test_views_read_the_new_tables(database: Database, application: Database, filled: list[RecordedEvent]) -> None:
    """Views of any schema, and views upon views, show the new rows and keep their options and grants."""
    look(
        database, "GRANT SELECT ON toy.busy TO PUBLIC; CREATE ROLE onlooker; GRANT SELECT ON public.busiest TO onlooker"
    )
    look(database, "UPDATE toy.cases SET notes = 50")
    before = look(database, VIEWS)

    rebuild(database, Toy(), decode)

    assert [(dossier(1), "a {100%}", 2)] == look(application, "SELECT * FROM toy.busy")
    assert [(2,)] == look(database, "SELECT notes FROM public.busiest")
    assert before == look(database, VIEWS)
    look(database, "DROP OWNED BY onlooker; DROP ROLE onlooker")


def test_only_what_is_exchanged_is_locked(database: Database, filled: list[RecordedEvent]) -> None:
    """A view may join the tables with the log, and whoever is reading the log does not hold up the switch."""
    look(
        database,
        "CREATE VIEW toy.told AS SELECT e.type, c.title FROM toy.cases c JOIN eventstore.events e USING (dossier)",
    )

    with database.transaction() as reader:
        reader.execute("SELECT count(*) FROM eventstore.events")

        assert 1 == rebuild(database, Toy(), decode, patience_seconds=0).attempts

    assert len(filled) == len(look(database, "SELECT * FROM toy.told"))


def test_columns_that_no_event_writes_begin_anew(database: Database, filled: list[RecordedEvent]) -> None:
    """A column outside the projection has its default again; a counter of the table goes on counting."""
    look(database, "UPDATE toy.cases SET claimed_by = 'somebody'")
    highest = look(database, "SELECT max(line) FROM toy.notes")[0][0]

    rebuild(database, Toy(), decode)

    assert [("nobody",)] == look(database, "SELECT DISTINCT claimed_by FROM toy.cases")
    assert highest < look(database, "SELECT min(line) FROM toy.notes")[0][0]
    assert [("toy.notes_line_seq",)] == look(database, "SELECT pg_get_serial_sequence('toy.notes', 'line')")


def test_a_runner_is_never_half_in_the_old_tables(database: Database, filled: list[RecordedEvent]) -> None:
    """The switch waits for a batch in progress, and the next batch waits for the switch."""
    events = record(database, (1, Noted("slow")), (2, Noted("next")))
    within, go_on = eventlet.Event(), eventlet.Event()

    class Slow(Toy):
        def evolve(self, rows: Rows, event: Any, recorded: RecordedEvent) -> Rows:
            within.send()
            go_on.wait()
            return super().evolve(rows, event, recorded)

    runner = eventlet.spawn(apply_batch, database, Slow(), decode, events[:1])
    within.wait()
    rebuilding = eventlet.spawn(rebuild, database, Toy(), decode)
    eventually(lambda: look(database, WAITING))
    second = eventlet.spawn(apply, database, events[1:])
    go_on.send()

    assert 1 == runner.wait().applied
    rebuilding.wait()
    assert 1 == second.wait().applied + second.wait().duplicates
    assert ["x", "y", "slow", "z", "next"] == [row[2] for row in tables(database)["notes"]]


def test_no_event_falls_between_the_tables(
    database: Database, filled: list[RecordedEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that comes when the last events have been read for the new tables is applied to them, not to the old."""
    exchange = Shadow.exchange
    runners: list[Any] = []

    def late(shadow: Shadow, cursor: Any, position: int, generation: int) -> None:
        runners.append(eventlet.spawn(apply, database, record_unsettled(database, (1, Noted("late")))))
        waiting = "SELECT 1 FROM pg_locks WHERE mode = 'RowExclusiveLock' AND NOT granted"
        eventually(lambda: runners[0].dead or look(database, waiting))
        exchange(shadow, cursor, position, generation)

    monkeypatch.setattr(Shadow, "exchange", late)
    rebuilt = rebuild(database, Toy(), decode)

    assert (1, len(filled)) == (rebuilt.attempts, rebuilt.events)
    assert 1 == runners[0].wait().applied
    assert "late" in [row[2] for row in tables(database)["notes"]]


def test_a_reader_that_holds_on_is_not_overrun(database: Database, filled: list[RecordedEvent]) -> None:
    """The switch gives up after its patience, changes nothing, and lets others read in between; later it works."""
    before = tables(database)

    with database.transaction() as reader:
        reader.execute("SELECT * FROM toy.cases")
        with pytest.raises(SwitchTimedOut):
            rebuild(database, Toy(), decode, patience_seconds=0.5)

    assert before == tables(database)
    assert 1 == rebuild(database, Toy(), decode).attempts


def test_the_switch_tries_again(database: Database, filled: list[RecordedEvent]) -> None:
    """A reader that lets go in time only delays the switch, and what was recorded meanwhile is not missing."""
    holding, let_go = eventlet.Event(), eventlet.Event()

    def read() -> None:
        with database.transaction() as cursor:
            cursor.execute("SELECT * FROM toy.busy")
            holding.send()
            let_go.wait()

    reader = eventlet.spawn(read)
    holding.wait()
    rebuilding = eventlet.spawn(rebuild, database, Toy(), decode)
    eventually(lambda: look(database, WAITING))
    meanwhile = record(database, (7, Opened("meanwhile")))
    eventually(lambda: not look(database, WAITING))
    let_go.send()
    reader.wait()

    assert 1 < rebuilding.wait().attempts
    assert (dossier(7), 1, meanwhile[0].position) in tables(database)["applied"]


@pytest.mark.parametrize(
    ("hindrance", "told"),
    [
        ("CREATE MATERIALIZED VIEW toy.kept AS SELECT * FROM toy.cases", "toy.kept is a materialized view"),
        ("ALTER TABLE toy.notes ADD FOREIGN KEY (dossier) REFERENCES toy.cases", "foreign key notes_dossier_fkey"),
        ("CREATE STATISTICS toy.more ON title, notes FROM toy.cases", "statistics more"),
        ("CREATE RULE none AS ON DELETE TO toy.notes DO NOTHING", "rule none"),
        (
            "CREATE FUNCTION toy.many() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM toy.cases; END",
            r"function toy.many\(\) depends",
        ),
    ],
)
def test_what_would_be_lost_is_refused(
    database: Database, filled: list[RecordedEvent], hindrance: str, told: str
) -> None:
    """If something hangs on the tables that the exchange would break, it is named and nothing is changed."""
    look(database, hindrance)
    before = tables(database), shapes(database)

    with pytest.raises(RebuildNotPossible, match=told):
        rebuild(database, Toy(), decode)

    assert before == (tables(database), shapes(database))


def test_a_migration_in_between_wins(database: Database, filled: list[RecordedEvent]) -> None:
    """Tables changed while the new ones were filled are not replaced by copies of what they were."""

    def migrate(_position: int, _last: int) -> None:
        look(database, "ALTER TABLE toy.cases ADD COLUMN IF NOT EXISTS more text")

    with pytest.raises(RebuildNotPossible, match=r"changed meanwhile: toy.cases;"):
        rebuild(database, Toy(), decode, progress=migrate)

    assert [(None,)] == look(database, "SELECT DISTINCT more FROM toy.cases")
    assert 1 == rebuild(database, Toy(), decode).attempts


def test_a_service_may_not_rebuild(application: Database, filled: list[RecordedEvent]) -> None:
    """Exchanging tables takes their owner: the services' own role is refused, and nothing is changed."""
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        rebuild(application, Toy(), decode)

    assert len(filled) > len(tables(application)["cases"]) > 0
