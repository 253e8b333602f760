"""Whoever files and then asks for a person finds the complaint, whatever else goes on at that moment."""

from collections.abc import Iterator
from dataclasses import replace

import eventlet
import pytest

from services.reporting.keyed_index import follow_together
from services.reporting.likeness_index import INDEX as LIKENESS
from services.reporting.people import INDEX, follow
from services.reporting.projection import RecapProjection
from services.reporting.search import search
from shared.application.dossiers.codec import decode
from shared.base import turns
from shared.base.caller import Caller
from shared.platform.database.locks import Lock, wait_for_now
from shared.store.projection.runner import apply_batch
from tests.fixtures.log import somebody_waits
from tests.fixtures.office import Office
from tests.fixtures.waiting import eventually

_DESK = Caller("cilacap", "coordinator")
_MANY = 30
_BOTH = (INDEX, LIKENESS)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """A government with one complaint, which its lists have and its index of people has not."""
    opened = Office(database_url)
    opened.file(reporter={"name": "Siti Rahayu", "address": "Hanum", "phone": "0812-3456-7777"})
    apply_batch(opened.runtime.database, RecapProjection(), decode, opened.news())
    yield opened
    opened.close()


def test_a_search_waits_for_whoever_is_indexing(office: Office) -> None:
    """What another is about to index is not taken for what nobody filed."""
    with office.runtime.database.transaction() as cursor:
        wait_for_now(cursor, Lock.INDEXING, INDEX.position)
        asked = eventlet.spawn(search, office.runtime, _DESK, "cilacap", {"phone": "+62 812 3456 7777"})
        eventually(lambda: asked.dead or somebody_waits(cursor), what="that the search waits")
        assert not asked.dead

    assert 1 == len(asked.wait()["items"])


def test_a_tick_leaves_the_index_to_whoever_is_at_it(office: Office) -> None:
    """It has other things to do, and comes again."""
    with office.runtime.database.transaction() as cursor:
        wait_for_now(cursor, Lock.INDEXING, INDEX.position)
        assert not follow(office.runtime)


def test_many_complaints_are_indexed_by_turns(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for something meanwhile waits for one complaint that is read, not for all of them."""
    monkeypatch.setattr(turns, "TURN_SECONDS", 0.0)
    for number in range(_MANY):
        office.file(reporter={"name": f"Warga {number}", "phone": f"0812-3456-{number:04}"})
    indexing = eventlet.spawn(follow, office.runtime)
    taken = 0
    while not indexing.dead:
        eventlet.sleep(0)
        taken += 1

    assert not indexing.wait()
    assert taken > 2 * _MANY


def test_two_indexes_are_made_together_as_each_by_itself(office: Office) -> None:
    """What both have to read is read once, and says the same to both."""
    office.file(reporter={"name": "Agus"})
    while follow_together(office.runtime, _BOTH):
        pass
    together = _indexed(office)
    for each in _BOTH:
        office.rows(f"UPDATE {each.position} SET key_id = ''")
        each.catch_up(office.runtime)

    assert together == _indexed(office)
    assert all(together)


def test_an_index_that_was_asked_alone_waits_until_the_other_is_there(office: Office) -> None:
    """Else the two would read everything twice from then on."""
    follow_together(office.runtime, _BOTH)
    office.file(reporter={"name": "Agus"})
    follow(office.runtime)
    office.file(reporter={"name": "Dewi"})

    assert follow_together(office.runtime, _BOTH)
    assert len(set(_places(office))) == 1
    follow_together(office.runtime, _BOTH)
    assert len(set(_places(office))) == 1
    assert office.rows("SELECT count(*) FROM reporting.likeness") == [(3,)]


def test_an_index_that_is_far_behind_holds_up_no_other(office: Office) -> None:
    """One that is made anew may be at it for an hour."""
    office.file(reporter={"name": "Agus"})
    follow_together(office.runtime, _BOTH)
    office.rows("UPDATE reporting.likeness_position SET position = 0")
    office.file(reporter={"name": "Dewi"})

    assert follow_together(office.runtime, (INDEX, replace(LIKENESS, batch=1)))
    people, likeness = _places(office)
    assert people > likeness
    assert office.rows("SELECT count(DISTINCT dossier) FROM reporting.people") == [(3,)]


def _places(office: Office) -> list[int]:
    return [office.rows(f"SELECT position FROM {each.position}")[0][0] for each in _BOTH]


def _indexed(office: Office) -> tuple[object, ...]:
    people = "SELECT dossier, kind, hash FROM reporting.people ORDER BY 1, 2, 3"
    return (
        office.rows(people),
        office.rows("SELECT dossier, hashes FROM reporting.likeness ORDER BY 1"),
        _places(office),
    )


def test_whoever_reads_for_the_index_holds_up_nobody_who_follows_the_log(office: Office) -> None:
    """The log's readers wait for the oldest transaction that has written: the index's writes only when it has read."""
    follow(office.runtime)
    with office.runtime.database.transaction() as cursor:
        assert INDEX.position_in(cursor, INDEX.key(office.runtime), wait=True)
        cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
        assert cursor.fetchone() == (True,)


def test_what_a_former_version_indexes_meanwhile_is_indexed_once(office: Office) -> None:
    """It knows no such lock: whoever comes second finds the position moved on, writes nothing, and looks again."""
    follow(office.runtime)
    before = office.rows("SELECT count(*) FROM reporting.people")
    office.file()
    with office.runtime.database.transaction() as cursor:
        cursor.execute("SELECT position FROM reporting.people_position FOR UPDATE")
        indexing = eventlet.spawn(follow, office.runtime)
        eventually(lambda: indexing.dead or somebody_waits(cursor), what="that the second waits with its writes")
        assert not indexing.dead
        cursor.execute("UPDATE reporting.people_position SET position = 1000000")

    assert indexing.wait()
    assert office.rows("SELECT count(*) FROM reporting.people") == before


@pytest.mark.parametrize("privacy", ["open", "anonymous", "secret"])
def test_an_agency_finds_nobody_who_is_not_named_to_it(office: Office, privacy: str) -> None:
    """Neither by name nor by telephone: else to search would tell who is behind a complaint."""
    receipt = office.file(privacy=privacy, reporter={"name": "Wulan Sari", "address": "Hanum", "phone": "081355557777"})
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())
    asked: tuple[dict[str, str], ...] = ({"name": "Wulan Sari"}, {"phone": "081355557777"})
    agency = Caller("cilacap", "operator", "dpupr", "dewi")
    told = [len(search(office.runtime, agency, "cilacap", each)["items"]) for each in asked]

    assert [int(privacy == "open")] * 2 == told
    assert [1, 1] == [len(search(office.runtime, _DESK, "cilacap", each)["items"]) for each in asked]
