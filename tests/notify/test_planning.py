"""Which messages are due is decided once: by live events, never by a rebuild, whatever became of rules meanwhile."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import eventlet
import pytest

from services.notify import planning
from services.notify.projection import NoticeProjection
from shared.application.dossiers.codec import decode
from shared.domain.sop.model import NotifyRule
from shared.platform.database.pool import Database
from shared.store.projection.rebuild import rebuild
from tests.notify.letter_office import LetterOffice


@pytest.fixture
def owner(database_url: str) -> Iterator[Database]:
    """The tables' owner, who alone may rebuild them."""
    opened = Database(database_url)
    yield opened
    opened.close()


def _rebuild(owner: Database) -> None:
    rebuild(owner, NoticeProjection(), decode)


def _notices(office: LetterOffice) -> list[tuple[Any, ...]]:
    return office.rows("SELECT * FROM notify.notices ORDER BY dossier, version")


def _planned(office: LetterOffice) -> list[tuple[Any, ...]]:
    return office.rows("SELECT dossier, version, recipient, template FROM notify.messages ORDER BY 1, 2, 3, 4")


def _tell_everybody_everything(office: LetterOffice) -> None:
    """The administrator edits the SOP's rules."""
    tenant = office.runtime.tenants.get("cilacap")
    rules = (*tenant.sop.notify, NotifyRule(on="ComplaintFiled", tell=("coordinator", "reporter"), template="other"))
    sop = replace(tenant.sop, notify=rules[::-1])
    office.runtime.tenants._known["cilacap"] = replace(tenant, sop=sop, sops={sop.version: sop})


def test_a_rebuild_gives_the_same_notices_and_sends_nothing(office: LetterOffice, owner: Database) -> None:
    """What has left the house is known apart from what can be told again from the log."""
    office.answered()
    office.send_all()
    before, letters = _notices(office), len(office.letters())

    _rebuild(owner)
    office.send_all()

    assert before == _notices(office)
    assert letters == len(office.letters())


def test_a_changed_rule_holds_from_now_on(office: LetterOffice, owner: Database) -> None:
    """Neither a rebuild nor a redelivered event writes to anybody by a new rule about the past."""
    receipt = office.file()
    office.send_all()
    planned = _planned(office)
    _tell_everybody_everything(office)

    _rebuild(owner)
    planning.apply(office.runtime, office.recorded(receipt))
    office.act(receipt, "dispose", agency="dpupr")
    office.send_all()

    assert planned == [row for row in _planned(office) if row[1] == 1]
    assert {2} == {row[1] for row in _planned(office)} - {1}


def test_what_a_rebuild_applied_first_is_told_when_its_event_arrives(office: LetterOffice, owner: Database) -> None:
    """The live service meets only duplicates then, and still nobody is forgotten."""
    receipt = office.file()
    office.send_all()
    office.act(receipt, "dispose", agency="dpupr")
    new = office.file()

    _rebuild(owner)
    office.send_all()

    assert "agency:dpupr" in {recipient for recipient, *_ in office.messages(receipt.id)}
    assert "reporter" in {recipient for recipient, *_ in office.messages(new.id)}


def test_what_a_rebuild_applied_and_the_broker_lost_is_told_at_the_next_start(
    office: LetterOffice, owner: Database
) -> None:
    """The event never comes; looking through the dossiers finds it."""
    receipt = office.file()
    office.send_all()
    office.act(receipt, "dispose", agency="dpupr")
    lost = office.news()
    _rebuild(owner)

    planning.plan_missed(office.runtime)
    office.send_all()

    assert 1 == len(lost)
    assert "agency:dpupr" in {recipient for recipient, *_ in office.messages(receipt.id)}


def test_only_what_a_rebuild_has_left_a_note_of_is_looked_through(office: LetterOffice, owner: Database) -> None:
    """A rebuild on a log that all was planned of notes next to nothing, and what was looked through is not again."""
    for _ in range(3):
        office.answered()
    office.send_all()
    _rebuild(owner)
    [(after, position)] = office.rows("SELECT after, position FROM notify.remade")

    planning.plan_missed(office.runtime)

    assert after == position == office.rows("SELECT max(position) FROM eventstore.events")[0][0]
    assert [] == office.rows("SELECT after FROM notify.remade")


def test_a_service_set_up_by_a_rebuild_writes_to_nobody_about_the_past(office: LetterOffice, owner: Database) -> None:
    """On a log older than itself it begins with what happens from then on."""
    receipt = office.answered()
    office.news()
    _rebuild(owner)
    planning.plan_missed(office.runtime)
    assert [] == _planned(office)

    office.reporter(receipt, "reply", text="Terima kasih.")
    office.send_all()

    assert "Replied" == office.types(receipt)[-1]
    assert {len(office.types(receipt))} == {row[1] for row in _planned(office)}


def test_a_gap_is_filled_and_told_of(office: LetterOffice) -> None:
    """Events that the broker lost are read from the log when a later one arrives, and their messages are sent."""
    receipt = office.answered()
    events = office.news()

    planning.apply(office.runtime, events[-1:])
    office.send_all()

    assert ("reporter", "complaint_filed", "sent", "email", None) in office.messages(receipt.id)
    assert 9 == len(office.letters())


@pytest.mark.parametrize("seed", range(2))
def test_delivery_does_not_matter(office: LetterOffice, seed: int) -> None:
    """Once, twice or three times, shuffled, by several instances at once: the messages are those of one clean pass."""
    source = random.Random(seed)
    for _ in range(4):
        office.answered()
    events = office.news()
    planning.apply(office.runtime, events)
    expected, notices = _planned(office), _notices(office)
    office.runtime.database.close()
    emptied = LetterOffice(office.runtime.database.url, office.runtime.settings.data_dir)
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


def test_nothing_is_planned_of_a_batch_that_fails(office: LetterOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notices and messages are one transaction: after a crash both are missing, and the redelivery makes both."""
    office.file()
    events = office.news()

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(planning, "_plan", dying)
        with pytest.raises(KeyboardInterrupt):
            planning.apply(office.runtime, events)
    assert ([], []) == (_notices(office), _planned(office))

    planning.apply(office.runtime, events)

    assert (1, 2) == (len(_notices(office)), len(_planned(office)))


def test_nothing_is_outstanding_when_nothing_is_due(office: LetterOffice) -> None:
    """A simulated clock asks before it moves on."""
    assert not office.outstanding
    office.file()
    office.told()
    assert office.outstanding

    office.send_all()

    assert not office.outstanding


def test_a_letter_does_not_wait_for_another_machines_clock(
    office: LetterOffice, database_url: str, tmp_path: Path
) -> None:
    """What was recorded by a machine whose clock was hours ahead is told at once, not when that hour has come."""
    ahead = LetterOffice(database_url, tmp_path)
    ahead.later(hours=2)
    ahead.file()
    ahead.close()
    office.send_all()

    assert [(True,)] == office.rows("SELECT DISTINCT settled FROM notify.messages")
