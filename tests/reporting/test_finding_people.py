"""Whoever files and then asks for a person finds the complaint, whatever else goes on at that moment."""

from collections.abc import Iterator

import eventlet
import pytest

from services.reporting.people import follow
from services.reporting.projection import RecapProjection
from services.reporting.search import search
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.store.projection.runner import apply_batch
from tests.fixtures.log import somebody_waits
from tests.fixtures.office import Office
from tests.fixtures.waiting import eventually

_DESK = Caller("cilacap", "coordinator")
_AT_IT = "SELECT FROM reporting.people_position FOR UPDATE"


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
        cursor.execute(_AT_IT)
        asked = eventlet.spawn(search, office.runtime, _DESK, "cilacap", {"phone": "+62 812 3456 7777"})
        eventually(lambda: asked.dead or somebody_waits(cursor), what="that the search waits")
        assert not asked.dead

    assert 1 == len(asked.wait()["items"])


def test_a_tick_leaves_the_index_to_whoever_is_at_it(office: Office) -> None:
    """It has other things to do, and comes again."""
    with office.runtime.database.transaction() as cursor:
        cursor.execute(_AT_IT)
        assert not follow(office.runtime)
