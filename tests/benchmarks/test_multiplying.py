"""Complaints multiplied for a benchmark are complaints as the services write them."""

from collections.abc import Iterator

import pytest

from benchmarks.multiplying import multiply, originals
from services.sla.projection import ClockProjection
from shared.application.dossiers.codec import decode
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.dossier import fold
from shared.platform.database.pool import Database
from shared.store.eventstore.audit import verify
from shared.store.eventstore.reading import head, read_after
from shared.store.projection.bulk import alone
from shared.store.projection.rebuild import rebuild
from tests.fixtures.office import Office

COMPLAINTS = 120
PROCESSES = 2


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An installation with a few complaints, some of which have ended."""
    opened = Office(database_url)
    receipts = [opened.file(message=f"Aduan {number}") for number in range(6)]
    for receipt in receipts[:4]:
        opened.say(receipt, "withdraw", reason="sudah selesai")
    yield opened
    opened.close()


def test_a_multiplied_log_is_as_the_services_would_have_written_it(
    office: Office, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes copy: an audit passes, texts open, tickets differ, tables can be made, and the log goes on."""
    owner = Database(database_url)
    played = originals(office.runtime)

    monkeypatch.setattr("benchmarks.multiplying._PART", COMPLAINTS // 4)
    added = multiply(office.runtime, owner, played, COMPLAINTS, PROCESSES)

    with owner.autocommit() as cursor:
        events = [decode(each) for each in read_after(cursor, 0, head(cursor))]
    dossiers = {event.originator_id for event in events}
    keys = office.runtime.vault.keys(None, dossiers)
    told = {
        dossier: complaint_of([event for event in events if event.originator_id == dossier], keys[dossier])["message"]
        for dossier in dossiers
    }
    states = [fold([event for event in events if event.originator_id == dossier]) for dossier in dossiers]
    assert verify(owner).intact
    assert len(dossiers) == len(played) + added >= COMPLAINTS
    assert {f"Aduan {number}" for number in range(6)} == set(told.values())
    assert len(dossiers) == len({state.ticket for state in states if state is not None})
    by_position = rebuild(owner, ClockProjection(), decode)
    assert (
        by_position.events
        == rebuild(owner, ClockProjection(), decode, crew=alone(owner, [ClockProjection()], decode)).events
    )
    office.file(message="Aduan baru")
    assert verify(owner).intact
    owner.close()
