"""Sending under adverse conditions: processes that die, faults of one message, several at once."""

import shutil
from pathlib import Path
from typing import Any

import eventlet
import psycopg2
import pytest

from services.notify import batch, commands, sending
from services.notify.outbox import OpenOutbox
from services.notify.refused import LetterRefused
from services.notify.tries import ATTEMPTS
from shared.domain.dossier import telling_desk
from shared.platform.settings import PROJECT
from tests.fixtures.logged import logged_by
from tests.notify.letter_office import EMAIL, LetterOffice, Refusing, deliveries, failures


def test_dying_before_the_delivery_is_recorded_sends_nothing_again(
    office: LetterOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent is written down first; the entry in the log is made up for by whoever comes next."""
    receipt = office.answered()
    office.told()
    sent: list[str] = []
    real = OpenOutbox.send

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    def counting(self: OpenOutbox, letter: Any, name: str) -> None:
        sent.append(name)
        real(self, letter, name)

    monkeypatch.setattr(OpenOutbox, "send", counting)
    with monkeypatch.context() as patched:
        patched.setattr("services.notify.batch.follow_up", dying)
        with pytest.raises(KeyboardInterrupt):
            sending.tick(office.runtime)
    assert [] == deliveries(office, receipt)

    office.leases_run_out()
    office.send_all()

    assert 1 == len(deliveries(office, receipt))
    assert len(sent) == len(set(sent))


def test_dying_after_the_delivery_is_recorded_records_it_once(
    office: LetterOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes next finds it in the dossier."""
    receipt = office.answered()
    office.told()

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("services.notify.batch.close", dying)
        with pytest.raises(KeyboardInterrupt):
            sending.tick(office.runtime)
    office.leases_run_out()

    office.send_all()

    assert 1 == len(deliveries(office, receipt))
    assert not office.outstanding


def test_somebody_else_s_event_in_between_is_no_obstacle(office: LetterOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reporter rates at the very moment, and so has read it: that is found, and the delivery told once."""
    receipt = office.answered()
    real = telling_desk.told
    rated: list[bool] = []

    def meanwhile(*given: Any) -> Any:
        event = real(*given)
        if not rated:
            rated.append(True)
            office.reporter(receipt, "rate", score=5)
        return event

    monkeypatch.setattr(commands, "told", meanwhile)

    office.send_all()

    assert ["AnswerDelivered", "Rated"] == office.types(receipt)[-2:]
    assert 1 == len(deliveries(office, receipt))


def test_a_fault_of_one_message_harms_no_other(database_url: str, tmp_path: Path, caplog: Any) -> None:
    """A text that cannot be worded is logged and tried again, in vain until it is mended; its neighbours go out."""
    shutil.copytree(PROJECT / "tenants", tmp_path / "tenants")
    broken = tmp_path / "tenants" / "cilacap" / "messages" / "reporter" / "complaint_filed.txt"
    broken.parent.mkdir(parents=True)
    broken.write_text("Aduan {{ nomor }}\n")
    office = LetterOffice(database_url, tmp_path, tenants_dir=tmp_path / "tenants")
    receipt = office.file()

    office.send_all()

    assert ["laporbup@cilacapkab.example"] == [letter.to for letter in office.letters()]
    assert ("reporter", "complaint_filed", None, None, "internal_error") in office.messages(receipt.id)
    assert ["a message could not be dealt with"] == [record.message for record in logged_by(caplog, batch)]
    broken.write_text("Aduan {{ ticket }}\n\nTerima kasih.\n")
    office.later(minutes=2)
    office.send_all()
    office.close()
    assert {EMAIL, "laporbup@cilacapkab.example"} == {letter.to for letter in office.letters()}


def test_a_message_that_kills_whoever_takes_it_up_is_given_up(office: LetterOffice) -> None:
    """Each time the process died counts as an attempt, so that it does not die for ever."""
    receipt = office.answered()
    office.told()
    office.rows("UPDATE notify.messages SET attempts = %s RETURNING 1", ATTEMPTS)

    office.send_all()

    assert {"Pelapor aduan"} == {" ".join(letter.subject.split()[:2]) for letter in office.letters()}
    assert [("email", "internal_error")] == failures(office, receipt)


def test_no_transaction_is_open_while_a_letter_is_on_its_way(office: LetterOffice) -> None:
    """A mail server may take its time: the readers of the log do not wait for it."""
    open_transactions = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"  # nobody's vacuum
    )
    seen: list[int] = []

    class Watching(Refusing):
        """Looks around while it sends."""

        def send(self, *_: object) -> None:
            """As slow as it likes."""
            seen.append(office.rows(open_transactions)[0][0])

    office.answered()

    office.send_all(Watching(LetterRefused("")))

    assert [0] * 9 == seen


def test_two_instances_record_one_delivery(office: LetterOffice) -> None:
    """Whoever is second finds it recorded, and leaves it at that."""
    receipts = [office.answered() for _ in range(4)]
    office.told()
    pool = eventlet.GreenPool()

    for _ in range(4):
        pool.spawn(lambda: [sending.tick(office.runtime, limit=5) for _ in range(20)])
    pool.waitall()

    assert [1] * 4 == [len(deliveries(office, receipt)) for receipt in receipts]


def test_who_writes_now_does_not_wait_behind_an_import(office: LetterOffice) -> None:
    """Of many letters that are due some of the latest go with some of the earliest, and none of them twice."""
    first = office.file()
    office.told()
    office.later(minutes=1)
    for _ in range(30):
        office.file()
    office.told()
    office.later(minutes=1)
    now = office.file()
    office.told()
    due = len(office.rows("SELECT FROM notify.messages WHERE NOT settled"))

    sending.tick(office.runtime, limit=4)
    sent = {dossier for (dossier,) in office.rows("SELECT dossier FROM notify.messages WHERE outcome = 'sent'")}
    ticks = 1
    while sending.tick(office.runtime, limit=4):
        ticks += 1

    assert now.id in sent
    assert first.id in sent
    assert due // 4 <= ticks <= due
    assert [] == office.rows("SELECT FROM notify.messages WHERE NOT settled OR attempts > 1")


def test_a_later_letter_does_not_overtake_an_earlier_one_to_the_same(office: LetterOffice) -> None:
    """However many wait between the two."""
    first = office.file()
    office.told()
    for _ in range(20):
        office.later(minutes=1)
        office.file()
        office.told()
    office.later(minutes=1)
    office.act(first, "return", reason="Mohon sebutkan patokannya")
    office.told()
    own = "SELECT version FROM notify.messages WHERE dossier = %s AND recipient = 'reporter' AND outcome = 'sent'"
    seen = []
    while sending.tick(office.runtime, limit=2):
        seen.append(sorted(version for (version,) in office.rows(own, first.id)))

    assert [1] in seen
    assert [1] == next(each for each in seen if each)


def test_what_a_failing_tick_had_not_begun_goes_out_with_the_next(
    office: LetterOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the letter in hand, of which nobody knows how far it came, waits for its lease to run out."""
    for _ in range(4):
        office.file()
    office.told()
    real = OpenOutbox.send
    sent: list[str] = []

    def cut_off(self: OpenOutbox, letter: Any, name: str) -> None:
        if sent:
            raise psycopg2.OperationalError
        sent.append(name)
        real(self, letter, name)

    with monkeypatch.context() as patched:
        patched.setattr(OpenOutbox, "send", cut_off)
        with pytest.raises(psycopg2.OperationalError):
            sending.tick(office.runtime)
    claimed = "SELECT count(*) FROM notify.messages WHERE leased_until IS NOT NULL AND NOT settled"

    assert [(2,)] == office.rows(claimed)
    office.settle_what_is_free()
    assert [(2,)] == office.rows("SELECT count(*) FROM notify.messages WHERE NOT settled")
