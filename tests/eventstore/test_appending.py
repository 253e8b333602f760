import hashlib
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg2
import pytest
from eventsourcing.persistence import IntegrityError, OperationalError, ProgrammingError

from shared.platform.database.pool import Database
from shared.store.eventstore.appending import append
from shared.store.eventstore.hashing import NOTHING_BEFORE, row_hash
from shared.store.eventstore.reading import read_dossier, settling_seconds
from tests.eventstore.making import append_now, made, seen
from tests.fixtures.waiting import eventually

LOCK = 1633973614  # as in the migration


def test_positions_of_one_append_follow_one_another(database: Database) -> None:
    """An append of several dossiers answers its positions in the order of its events."""
    one, other = uuid4(), uuid4()
    mixed = [*made(one, 1, 2), *made(other, 1, 2), *made(one, 3), *made(other, 3)]

    positions = append_now(database, mixed)

    assert list(range(positions[0], positions[0] + 6)) == positions
    with database.autocommit() as cursor:
        recorded = [*read_dossier(cursor, one), *read_dossier(cursor, other)]
    assert {(e.originator_id, e.originator_version): p for e, p in zip(mixed, positions, strict=True)} == {
        (event.dossier, event.version): event.position for event in recorded
    }


def test_nothing_appended_is_nothing_done(database: Database) -> None:
    """An append of no events draws no position."""
    with database.autocommit() as cursor:
        assert [] == append(cursor, [])

    assert [1] == append_now(database, made(uuid4()))


def test_a_version_is_taken_once(database: Database) -> None:
    """Of two who append the same version of a dossier at the same time, one is told that it came late."""
    dossier = uuid4()

    def attempt(note: str) -> bool:
        try:
            return append_now(database, made(dossier, note=note)) != []
        except IntegrityError:
            return False

    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(attempt, [f"writer {number}" for number in range(8)]))

    assert 1 == sum(won)
    with database.autocommit() as cursor:
        assert [f"writer {won.index(True)}"] == [event.data["note"] for event in read_dossier(cursor, dossier)]


def test_all_or_none(database: Database) -> None:
    """One stale version among several dossiers undoes the whole append."""
    old, new = uuid4(), uuid4()
    append_now(database, made(old))

    with pytest.raises(IntegrityError):
        append_now(database, [*made(new), *made(old)])

    with database.autocommit() as cursor:
        assert [] == read_dossier(cursor, new)


@pytest.mark.parametrize("version", [2, 3, 7])
def test_versions_have_no_gap(database: Database, version: int) -> None:
    """A version that does not follow the dossier's last is refused: the chain would have a hole."""
    with pytest.raises(IntegrityError, match="does not follow"):
        append_now(database, made(uuid4(), version))


def test_append_comes_first(database: Database) -> None:
    """A transaction that has written before may not append: its id would be older than its position."""
    with database.transaction() as cursor:
        cursor.execute("INSERT INTO eventstore.relay VALUES ('other', 0)")
        with pytest.raises(ProgrammingError, match="first write"):
            append(cursor, made(uuid4()))

    with database.transaction() as cursor:
        append(cursor, made(uuid4()))
        with pytest.raises(ProgrammingError, match="first write"):
            append(cursor, made(uuid4()))


def test_other_rows_commit_with_the_append(database: Database) -> None:
    """What a caller writes after the append stands or falls with it."""
    with database.transaction() as cursor:
        append(cursor, made(uuid4()))
        cursor.execute("INSERT INTO eventstore.relay VALUES ('kept', 1)")
    with database.transaction() as cursor:
        append(cursor, made(uuid4()))
        cursor.execute("INSERT INTO eventstore.relay VALUES ('lost', 1)")
        cursor.connection.rollback()

    with database.autocommit() as cursor:
        cursor.execute("SELECT name FROM eventstore.relay")
        assert [("kept",)] == cursor.fetchall()
        cursor.execute("SELECT count(*) FROM eventstore.events")
        assert (1,) == cursor.fetchone()


def test_each_row_continues_the_one_before(database: Database) -> None:
    """A row's hash covers the hash before it and all that the row says."""
    dossier = uuid4()
    append_now(database, made(dossier, 1, 2))
    append_now(database, made(dossier, 3))

    with database.autocommit() as cursor:
        cursor.execute("SELECT prev_hash, hash FROM eventstore.events ORDER BY version")
        chain = [(bytes(before), bytes(own)) for before, own in cursor.fetchall()]
        rows = read_dossier(cursor, dossier)

    last = NOTHING_BEFORE
    for row, (before, own) in zip(rows, chain, strict=True):
        assert last == before
        assert row_hash(before, row.position, dossier, row.version, row.type, row.state) == own
        last = own


def test_the_hash_is_what_it_is_said_to_be() -> None:
    """The bytes that are hashed are written down here, for whoever must check a log by other means."""
    dossier = uuid4()
    expected = hashlib.sha256(
        bytes(32) + (7).to_bytes(8, "big") + dossier.bytes + (1).to_bytes(4, "big") + b"\0\0\0\5Noted" + b"{}"
    ).digest()

    assert expected == row_hash(bytes(32), 7, dossier, 1, "Noted", b"{}")


def test_a_cancelled_wait_leaves_no_lock(database: Database, owner: Database) -> None:
    """An append cancelled while it waits for its turn closes its connection, and the next one is not held up."""
    hasty = Database(database.url, role=database.role, statement_seconds=0.1)
    holder = owner.connect()
    holder.cursor().execute("SELECT pg_advisory_lock(%s)", (LOCK,))

    with pytest.raises(OperationalError), hasty.autocommit() as cursor:
        append(cursor, made(uuid4()))
    assert cursor.connection.closed

    holder.close()
    assert append_now(database, made(uuid4()))
    hasty.close()


def test_no_session_keeps_the_lock_after_a_cancel(database: Database, owner: Database) -> None:
    """Whenever a cancel strikes, before, while or after the lock is granted, the session does not keep it."""
    holder, session = owner.connect(), owner.connect()
    waiting, holding = session.cursor(), holder.cursor()
    waiting.execute("SET statement_timeout = 4")  # may strike whatever this session is told: it is told nothing else
    outcomes = set()
    for turn in range(60):
        holding.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        with ThreadPoolExecutor(1) as other:
            # Let go at about the moment at which the wait is cancelled.
            pause = 0.003 + 0.00005 * turn
            other.submit(holding.execute, "SELECT pg_sleep(%s), pg_advisory_unlock(%s)", (pause, LOCK))
            try:
                waiting.execute("SELECT eventstore.append(%s, 1, 'Noted', '{}')", (str(uuid4()),))
                outcomes.add("appended")
            except psycopg2.errors.QueryCanceled:
                outcomes.add("cancelled")
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = %s"
        holding.execute(held, (session.info.backend_pid,))
        assert (0,) == holding.fetchone(), f"turn {turn}"

    assert "cancelled" in outcomes
    holder.close()
    session.close()


def test_a_dead_writer_holds_nobody_up(database: Database, owner: Database) -> None:
    """The server lets go of everything a killed session held; the others append and read on."""
    victim = owner.connect(autocommit=False)
    append(victim.cursor(), made(uuid4()))
    after = append_now(database, made(uuid4()))
    assert [] == seen(database)

    with owner.autocommit() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", (victim.info.backend_pid,))

    assert after == eventually(lambda: seen(database))


def test_the_delay_of_readers_is_told(database: Database, owner: Database) -> None:
    """How long the oldest writer has been in flight is known to the application: readers lag by so much."""
    with database.transaction() as writing:
        append(writing, made(uuid4()))
        writing.execute("SELECT pg_sleep(0.2)")

        with database.autocommit() as cursor:
            assert settling_seconds(cursor) > 0.15
