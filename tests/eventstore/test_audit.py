from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from shared.platform.database.pool import Database
from shared.store.eventstore.audit import verify
from shared.store.eventstore.hashing import row_hash
from tests.eventstore.making import append_now, filled, made, seen
from tests.fixtures.waiting import eventually


@contextmanager
def tampering(owner: Database) -> Iterator[Any]:
    """A superuser who takes the trigger off and puts it back, so that nothing seems to have happened."""
    with owner.transaction() as cursor:
        cursor.execute("ALTER TABLE eventstore.events DISABLE TRIGGER append_only")
        yield cursor
        cursor.execute("ALTER TABLE eventstore.events ENABLE ALWAYS TRIGGER append_only")


def kinds(database: Database) -> set[str]:
    """What an audit complains about."""
    return {fault.what for fault in verify(database).faults}


def test_an_untouched_log_is_intact(database: Database) -> None:
    """An audit of what was only appended finds nothing, and counts what it read."""
    filled(database, dossiers=5, events=4)

    report = verify(database)

    assert report.intact
    assert (20, 5, 20) == (report.events, report.dossiers, report.position)
    assert f"digest: 20:{report.digest}" in str(report)


def test_an_empty_log_is_intact(database: Database) -> None:
    """There is nothing wrong with nothing."""
    assert verify(database).intact


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE eventstore.events SET state = '{}' WHERE position = 8", "changed"),
        ("UPDATE eventstore.events SET type = 'Answered' WHERE position = 20", "changed"),
        ("UPDATE eventstore.events SET hash = sha256('x') WHERE position = 8", "changed"),
        ("DELETE FROM eventstore.events WHERE position = 8", "removed"),
        ("DELETE FROM eventstore.events WHERE position <= 5", "removed"),
        ("UPDATE eventstore.events SET txid = '9223372036854775807' WHERE position = 20", "hidden"),
        ("UPDATE eventstore.events SET txid = '5' WHERE position = 20", "reordered"),
    ],
)
def test_tampering_shows(database: Database, owner: Database, change: str, kind: str) -> None:
    """A changed, a removed and a hidden row are found, though the trigger was back in place afterwards."""
    filled(database, dossiers=5, events=4)

    with tampering(owner) as cursor:
        cursor.execute(change)

    assert kind in kinds(database)


@pytest.mark.parametrize("column", ["position", "version"])
def test_reordering_shows(database: Database, owner: Database, column: str) -> None:
    """Two rows that changed places are found."""
    dossier = filled(database, dossiers=1, events=4)[0]

    with tampering(owner) as cursor:
        cursor.execute(f"SELECT {column} FROM eventstore.events WHERE version IN (2, 3) ORDER BY version")
        (second,), (third,) = cursor.fetchall()
        for old, new in [(second, -1), (third, second), (-1, third)]:
            cursor.execute(f"UPDATE eventstore.events SET {column} = %s WHERE {column} = %s", (new, old))

    assert "changed" in kinds(database)
    assert {dossier} == {fault.dossier for fault in verify(database).faults if fault.dossier}


def test_a_change_with_its_hash_made_anew_shows(database: Database, owner: Database) -> None:
    """Whoever computes the changed row's hash anew breaks the chain at the next row."""
    dossier = filled(database, dossiers=1, events=3)[0]

    with tampering(owner) as cursor:
        cursor.execute("SELECT prev_hash FROM eventstore.events WHERE position = 2")
        ((before,),) = cursor.fetchall()
        new = row_hash(bytes(before), 2, dossier, 2, "Noted", b"{}")
        cursor.execute("UPDATE eventstore.events SET state = '{}', hash = %s WHERE position = 2", (new,))

    assert [("broken", 3)] == [(fault.what, fault.position) for fault in verify(database).faults]


def test_a_cut_end_shows_against_an_earlier_audit(database: Database, owner: Database) -> None:
    """What no chain can show, the end of a dossier cut off, shows against the digest that was kept elsewhere."""
    filled(database, dossiers=3, events=3)
    kept = verify(database).checkpoint
    filled(database, dossiers=3, events=3)
    assert verify(database, kept).intact

    with tampering(owner) as cursor:
        cursor.execute("DELETE FROM eventstore.events WHERE position = %s", (kept.position,))

    assert verify(database).intact
    assert ["rewritten"] == [fault.what for fault in verify(database, kept).faults]


def test_many_faults_are_counted(database: Database, owner: Database) -> None:
    """A log that is wrong throughout gives a report of bounded length."""
    filled(database, dossiers=150, events=1)

    with tampering(owner) as cursor:
        cursor.execute("UPDATE eventstore.events SET state = '{}'")

    report = verify(database)
    assert (100, 150) == (len(report.faults), report.faults_found)
    assert "and 50 more" in str(report)


def test_a_log_restored_elsewhere_is_readable(database: Database, owner: Database) -> None:
    """On a new server, where the old one's transaction ids mean nothing, all is readable after the next migrate."""
    dossier = filled(database, dossiers=1, events=3)[0]
    with tampering(owner) as cursor:
        cursor.execute("UPDATE eventstore.events SET txid = '123456789012'")
    assert [] == seen(database)

    with owner.transaction() as cursor:
        cursor.execute("SELECT eventstore.adopt_restored()")

    append_now(database, made(dossier, 4))
    assert [1, 2, 3, 4] == eventually(lambda: (found := seen(database))[3:] and found)
    assert verify(database).intact
    with pytest.raises(Exception, match="append-only"), owner.transaction() as cursor:
        cursor.execute("DELETE FROM eventstore.events")
