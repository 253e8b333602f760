"""What the log learns of an answer: that it arrived or did not, once."""

from typing import Any

import pytest

from services.intake.erasing import erase
from services.intake.filing import Submission, file
from services.intake.receipts import Receipt
from services.notify import planning
from services.notify.refused import LetterRefused
from shared.base.caller import Caller
from tests.notify.letter_office import CAUSE, LetterOffice, Refusing, deliveries, failures


def test_an_answer_that_was_sent_counts_as_delivered_by_e_mail(office: LetterOffice) -> None:
    """The entry names the answer and follows from it."""
    receipt = office.answered()

    office.send_all()

    answered, delivered = office.history(receipt)[-2:]
    assert [(answered.originator_version, "email")] == deliveries(office, receipt)
    assert answered.event_id == delivered.causation_id


def test_without_an_address_nothing_is_delivered(office: LetterOffice) -> None:
    """There is no way, and that is on record at once; the receipt was shown when the complaint was filed."""
    receipt = office.answered(email=None)

    office.send_all()

    assert ([], [("none", "no_way")]) == (deliveries(office, receipt), failures(office, receipt))
    assert [] == [letter for letter in office.letters() if "warga" in letter.to]
    assert ("reporter", "complaint_filed", "dropped", None, "known") in office.messages(receipt.id)
    assert [] == failures(office, receipt, "ComplaintFiled")


def test_whoever_opens_the_answer_has_it(office: LetterOffice) -> None:
    """By the code, once; a second look tells nothing new."""
    receipt = office.answered(email=None)
    office.send_all()

    office.open_by_code(receipt)
    office.open_by_code(receipt)

    assert ["portal"] == [by for _, by in deliveries(office, receipt)]


def test_an_address_given_later_counts(office: LetterOffice) -> None:
    """Whoever supplements an e-mail address is answered there."""
    receipt = office.file(email=None, address=None)
    office.act(receipt, "return", reason="Alamat?")
    office.reporter(receipt, "supplement", reporter={"address": "Jalan Melati 2", "email": "baru@warga.example"})
    office.act(receipt, "dispose", agency="dpupr")
    for _ in range(4):
        office.act(receipt, "forward")
    office.act(receipt, "answer", text="Selesai.")

    office.send_all()

    assert ["email"] == [by for _, by in deliveries(office, receipt)]
    assert "baru@warga.example" in {letter.to for letter in office.letters()}


@pytest.mark.parametrize("times", [1, 3])
def test_redelivered_events_tell_nothing_twice(office: LetterOffice, times: int) -> None:
    """However often the broker brings an event, in whatever order: one letter for each recipient, one delivery."""
    receipt = office.answered()
    events = office.recorded(receipt)
    for _ in range(times):
        planning.apply(office.runtime, events[::-1])
        planning.apply(office.runtime, events[2:5])
    office.send_all()
    planning.apply(office.runtime, events)
    office.send_all()

    messages = office.messages(receipt.id)
    assert (9, 9) == (len(messages), len(office.letters()))
    assert 1 == len(deliveries(office, receipt))


def test_a_failed_delivery_is_told_with_a_code_and_no_address(office: LetterOffice) -> None:
    """The desk learns of it where the SOP says so."""
    receipt = office.answered()

    office.send_all(Refusing(LetterRefused("mailbox_refused", permanent=True)))

    assert [("email", "mailbox_refused")] == failures(office, receipt)
    assert [] == deliveries(office, receipt)


def test_a_letter_that_a_lost_key_keeps_from_being_written_has_failed(office: LetterOffice) -> None:
    """A dossier that goes on without its key must not wait for ever for a letter: the reason is noted."""
    receipt = office.answered()
    office.told()
    office.runtime.vault.destroy(receipt.id)

    office.send_all()

    assert [] == office.letters()
    assert {"erased"} == {reason for *_, reason in office.messages(receipt.id)}
    assert [("email", "erased")] == failures(office, receipt)


def test_an_erased_dossiers_letters_are_dropped(office: LetterOffice) -> None:
    """Whoever was erased is to be told of nothing any more: no delivery has failed, and nothing is added to the log."""
    receipt = office.answered()
    office.told()
    _erase(office, receipt)

    office.send_all()

    assert [] == office.letters()
    assert {("dropped", "erased")} == {(outcome, reason) for _, _, outcome, _, reason in office.messages(receipt.id)}
    assert "Erased" == office.types(receipt)[-1]


def test_what_is_refused_while_its_reporter_is_erased_has_not_failed(office: LetterOffice) -> None:
    """A mail server's late no about somebody who is to be told of nothing any more is nobody's task."""
    receipt = office.answered()

    office.send_all(_ErasingMeanwhile(office, receipt))

    assert "Erased" == office.types(receipt)[-1]
    assert {"failed", "dropped"} == {outcome for _, _, outcome, *_ in office.messages(receipt.id)}


def test_what_comes_back_after_an_erasure_is_nobodys_task(office: LetterOffice) -> None:
    """The letter's entry says that it bounced; the log says no more of whoever was erased."""
    receipt = office.answered()
    office.send_all()
    version = office.types(receipt).index("Answered") + 1
    _erase(office, receipt)

    office.bounce(receipt, version)

    assert "Erased" == office.types(receipt)[-1]
    assert "bounced" in {reason for *_, reason in office.messages(receipt.id)}


def test_an_address_that_is_none_fails_for_good(office: LetterOffice) -> None:
    """What slipped through the schema is not tried for two days."""
    receipt = _with_address(office, "siti warga@x")

    office.send_all()

    assert [("email", "bad_address")] == failures(office, receipt)


class _ErasingMeanwhile(Refusing):
    """A mail server that refuses a letter when its reporter has just been erased."""

    def __init__(self, office: LetterOffice, receipt: Receipt) -> None:
        super().__init__(LetterRefused("mailbox_refused", permanent=True))
        self._house, self._receipt = office, receipt

    def send(self, *_: object) -> None:
        """Never."""
        if "Erased" not in self._house.types(self._receipt):
            _erase(self._house, self._receipt)
        super().send()


def _erase(office: LetterOffice, receipt: Receipt) -> None:
    erase(office.runtime, Caller("*", "admin", admin=True), "cilacap", receipt.ticket, "asked", CAUSE)


def _with_address(office: LetterOffice, address: str) -> Any:
    """A complaint from a time when addresses were not checked."""
    complaint = {"reporter": {"email": address}, "message": "x", "privacy": "open", "channel": "web"}
    receipt = file(office.runtime, Submission("cilacap", complaint, CAUSE))
    office.act(receipt, "dispose", agency="dpupr")
    for _ in range(4):
        office.act(receipt, "forward")
    office.act(receipt, "answer", text="Selesai.")
    return receipt
