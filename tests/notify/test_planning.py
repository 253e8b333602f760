"""Which messages are due is decided once: by live events, never by a rebuild, whatever became of rules meanwhile."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import eventlet
import pytest

from services.notify import planning
from services.notify.projection import NoticeProjection
from shared.application.dossiers.codec import decode
from shared.domain.sop.model import NotifyRule
from shared.platform.database.pool import Database
from shared.store.projection.rebuild import rebuild
from tests.notify.house import House


@pytest.fixture
def owner(database_url: str) -> Iterator[Database]:
    """The tables' owner, who alone may rebuild them."""
    opened = Database(database_url)
    yield opened
    opened.close()


def _rebuild(owner: Database) -> None:
    rebuild(owner, NoticeProjection(), decode)


def _notices(house: House) -> list[tuple[Any, ...]]:
    return house.rows("SELECT * FROM notify.notices ORDER BY dossier, version")


def _planned(house: House) -> list[tuple[Any, ...]]:
    return house.rows("SELECT dossier, version, recipient, template FROM notify.messages ORDER BY 1, 2, 3, 4")


def _tell_everybody_everything(house: House) -> None:
    """The administrator edits the SOP's rules."""
    tenant = house.runtime.tenants.get("cilacap")
    rules = (*tenant.sop.notify, NotifyRule(on="ComplaintFiled", tell=("coordinator", "reporter"), template="other"))
    sop = replace(tenant.sop, notify=rules[::-1])
    house.runtime.tenants._known["cilacap"] = replace(tenant, sop=sop, sops={sop.version: sop})


def test_a_rebuild_gives_the_same_notices_and_sends_nothing(house: House, owner: Database) -> None:
    """What has left the house is known apart from what can be told again from the log."""
    house.answered()
    house.settle()
    before, letters = _notices(house), len(house.letters())

    _rebuild(owner)
    house.settle()

    assert before == _notices(house)
    assert letters == len(house.letters())


def test_a_changed_rule_holds_from_now_on(house: House, owner: Database) -> None:
    """Neither a rebuild nor a redelivered event writes to anybody by a new rule about the past."""
    receipt = house.file()
    house.settle()
    planned = _planned(house)
    _tell_everybody_everything(house)

    _rebuild(owner)
    planning.apply(house.runtime, house.recorded(receipt))
    house.act(receipt, "dispose", agency="dpupr")
    house.settle()

    assert planned == [row for row in _planned(house) if row[1] == 1]
    assert {2} == {row[1] for row in _planned(house)} - {1}


def test_what_a_rebuild_applied_first_is_told_when_its_event_arrives(house: House, owner: Database) -> None:
    """The live service meets only duplicates then, and still nobody is forgotten."""
    receipt = house.file()
    house.settle()
    house.act(receipt, "dispose", agency="dpupr")
    new = house.file()

    _rebuild(owner)
    house.settle()

    assert "agency:dpupr" in {recipient for recipient, *_ in house.messages(receipt.id)}
    assert "reporter" in {recipient for recipient, *_ in house.messages(new.id)}


def test_what_a_rebuild_applied_and_the_broker_lost_is_told_at_the_next_start(house: House, owner: Database) -> None:
    """The event never comes; looking through the dossiers finds it."""
    receipt = house.file()
    house.settle()
    house.act(receipt, "dispose", agency="dpupr")
    lost = house.news()
    _rebuild(owner)

    planning.plan_missed(house.runtime)
    house.settle()

    assert 1 == len(lost)
    assert "agency:dpupr" in {recipient for recipient, *_ in house.messages(receipt.id)}


def test_only_what_a_rebuild_has_left_a_note_of_is_looked_through(house: House, owner: Database) -> None:
    """A rebuild on a log that all was planned of notes next to nothing, and what was looked through is not again."""
    for _ in range(3):
        house.answered()
    house.settle()
    _rebuild(owner)
    [(after, position)] = house.rows("SELECT after, position FROM notify.remade")

    planning.plan_missed(house.runtime)

    assert after == position == house.rows("SELECT max(position) FROM eventstore.events")[0][0]
    assert [] == house.rows("SELECT after FROM notify.remade")


def test_a_service_set_up_by_a_rebuild_writes_to_nobody_about_the_past(house: House, owner: Database) -> None:
    """On a log older than itself it begins with what happens from then on."""
    receipt = house.answered()
    house.news()
    _rebuild(owner)
    planning.plan_missed(house.runtime)
    assert [] == _planned(house)

    house.reporter(receipt, "reply", text="Terima kasih.")
    house.settle()

    assert "Replied" == house.types(receipt)[-1]
    assert {len(house.types(receipt))} == {row[1] for row in _planned(house)}


def test_a_gap_is_filled_and_told_of(house: House) -> None:
    """Events that the broker lost are read from the log when a later one arrives, and their messages are sent."""
    receipt = house.answered()
    events = house.news()

    planning.apply(house.runtime, events[-1:])
    house.settle()

    assert ("reporter", "complaint_filed", "sent", "email", None) in house.messages(receipt.id)
    assert 9 == len(house.letters())


@pytest.mark.parametrize("seed", range(2))
def test_delivery_does_not_matter(house: House, seed: int) -> None:
    """Once, twice or three times, shuffled, by several instances at once: the messages are those of one clean pass."""
    source = random.Random(seed)
    for _ in range(4):
        house.answered()
    events = house.news()
    planning.apply(house.runtime, events)
    expected, notices = _planned(house), _notices(house)
    house.runtime.database.close()
    emptied = House(house.runtime.database.url, house.runtime.settings.data_dir)
    emptied.rows("TRUNCATE notify.applied, notify.notices, notify.planned, notify.messages; SELECT 1")
    delivered = [event for event in events for _ in range(source.randrange(1, 4))]
    source.shuffle(delivered)

    pool = eventlet.GreenPool()
    for start in range(0, len(delivered), 7):
        pool.spawn(planning.apply, emptied.runtime, delivered[start : start + 7])
    pool.waitall()

    assert expected == _planned(emptied)
    assert notices == _notices(emptied)
    emptied.close()


def test_nothing_is_planned_of_a_batch_that_fails(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notices and messages are one transaction: after a crash both are missing, and the redelivery makes both."""
    house.file()
    events = house.news()

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(planning, "_plan", dying)
        with pytest.raises(KeyboardInterrupt):
            planning.apply(house.runtime, events)
    assert ([], []) == (_notices(house), _planned(house))

    planning.apply(house.runtime, events)

    assert (1, 2) == (len(_notices(house)), len(_planned(house)))


def test_nothing_is_outstanding_when_nothing_is_due(house: House) -> None:
    """A simulated clock asks before it moves on."""
    assert not house.outstanding
    house.file()
    house.told()
    assert house.outstanding

    house.settle()

    assert not house.outstanding
