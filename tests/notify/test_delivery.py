"""What the log learns of an answer: that it arrived or did not, once."""

from typing import Any

import pytest

from services.intake.erasing import erase
from services.intake.filing import Submission, file
from services.intake.receipts import Receipt
from services.notify import planning
from services.notify.refused import Refused
from shared.base.caller import Caller
from tests.notify.house import CAUSE, House, Refusing, deliveries, failures


def test_an_answer_that_was_sent_counts_as_delivered_by_e_mail(house: House) -> None:
    """The entry names the answer and follows from it."""
    receipt = house.answered()

    house.settle()

    answered, delivered = house.history(receipt)[-2:]
    assert [(answered.originator_version, "email")] == deliveries(house, receipt)
    assert answered.event_id == delivered.causation_id


def test_without_an_address_nothing_is_delivered(house: House) -> None:
    """There is no way, and that is on record at once; the receipt was shown when the complaint was filed."""
    receipt = house.answered(email=None)

    house.settle()

    assert ([], [("none", "no_way")]) == (deliveries(house, receipt), failures(house, receipt))
    assert [] == [letter for letter in house.letters() if "warga" in letter.to]
    assert ("reporter", "complaint_filed", "dropped", None, "known") in house.messages(receipt.id)
    assert [] == failures(house, receipt, "ComplaintFiled")


def test_whoever_opens_the_answer_has_it(house: House) -> None:
    """By the code, once; a second look tells nothing new."""
    receipt = house.answered(email=None)
    house.settle()

    house.open_by_code(receipt)
    house.open_by_code(receipt)

    assert ["portal"] == [by for _, by in deliveries(house, receipt)]


def test_an_address_given_later_counts(house: House) -> None:
    """Whoever supplements an e-mail address is answered there."""
    receipt = house.file(email=None, address=None)
    house.act(receipt, "return", reason="Alamat?")
    house.reporter(receipt, "supplement", reporter={"address": "Jalan Melati 2", "email": "baru@warga.example"})
    house.act(receipt, "dispose", agency="dpupr")
    for _ in range(4):
        house.act(receipt, "forward")
    house.act(receipt, "answer", text="Selesai.")

    house.settle()

    assert ["email"] == [by for _, by in deliveries(house, receipt)]
    assert "baru@warga.example" in {letter.to for letter in house.letters()}


@pytest.mark.parametrize("times", [1, 3])
def test_redelivered_events_tell_nothing_twice(house: House, times: int) -> None:
    """However often the broker brings an event, in whatever order: one letter for each recipient, one delivery."""
    receipt = house.answered()
    events = house.recorded(receipt)
    for _ in range(times):
        planning.apply(house.runtime, events[::-1])
        planning.apply(house.runtime, events[2:5])
    house.settle()
    planning.apply(house.runtime, events)
    house.settle()

    messages = house.messages(receipt.id)
    assert (9, 9) == (len(messages), len(house.letters()))
    assert 1 == len(deliveries(house, receipt))


def test_a_failed_delivery_is_told_with_a_code_and_no_address(house: House) -> None:
    """The desk learns of it where the SOP says so."""
    receipt = house.answered()

    house.settle(Refusing(Refused("mailbox_refused", permanent=True)))

    assert [("email", "mailbox_refused")] == failures(house, receipt)
    assert [] == deliveries(house, receipt)


def test_a_letter_that_a_lost_key_keeps_from_being_written_has_failed(house: House) -> None:
    """A dossier that goes on without its key must not wait for ever for a letter: the reason is noted."""
    receipt = house.answered()
    house.told()
    house.runtime.vault.destroy(receipt.id)

    house.settle()

    assert [] == house.letters()
    assert {"erased"} == {reason for *_, reason in house.messages(receipt.id)}
    assert [("email", "erased")] == failures(house, receipt)


def test_an_erased_dossiers_letters_are_dropped(house: House) -> None:
    """Whoever was erased is to be told of nothing any more: no delivery has failed, and nothing is added to the log."""
    receipt = house.answered()
    house.told()
    _erase(house, receipt)

    house.settle()

    assert [] == house.letters()
    assert {("dropped", "erased")} == {(outcome, reason) for _, _, outcome, _, reason in house.messages(receipt.id)}
    assert "Erased" == house.types(receipt)[-1]


def test_what_is_refused_while_its_reporter_is_erased_has_not_failed(house: House) -> None:
    """A mail server's late no about somebody who is to be told of nothing any more is nobody's task."""
    receipt = house.answered()

    house.settle(_ErasingMeanwhile(house, receipt))

    assert "Erased" == house.types(receipt)[-1]
    assert {"failed", "dropped"} == {outcome for _, _, outcome, *_ in house.messages(receipt.id)}


def test_what_comes_back_after_an_erasure_is_nobodys_task(house: House) -> None:
    """The letter's entry says that it bounced; the log says no more of whoever was erased."""
    receipt = house.answered()
    house.settle()
    version = house.types(receipt).index("Answered") + 1
    _erase(house, receipt)

    house.bounce(receipt, version)

    assert "Erased" == house.types(receipt)[-1]
    assert "bounced" in {reason for *_, reason in house.messages(receipt.id)}


def test_an_address_that_is_none_fails_for_good(house: House) -> None:
    """What slipped through the schema is not tried for two days."""
    receipt = _with_address(house, "siti warga@x")

    house.settle()

    assert [("email", "bad_address")] == failures(house, receipt)


class _ErasingMeanwhile(Refusing):
    """A mail server that refuses a letter when its reporter has just been erased."""

    def __init__(self, house: House, receipt: Receipt) -> None:
        super().__init__(Refused("mailbox_refused", permanent=True))
        self._house, self._receipt = house, receipt

    def send(self, *_: object) -> None:
        """Never."""
        if "Erased" not in self._house.types(self._receipt):
            _erase(self._house, self._receipt)
        super().send()


def _erase(house: House, receipt: Receipt) -> None:
    erase(house.runtime, Caller("*", "admin", admin=True), "cilacap", receipt.ticket, "asked", CAUSE)


def _with_address(house: House, address: str) -> Any:
    """A complaint from a time when addresses were not checked."""
    complaint = {"reporter": {"email": address}, "message": "x", "privacy": "open", "channel": "web"}
    receipt = file(house.runtime, Submission("cilacap", complaint, CAUSE))
    house.act(receipt, "dispose", agency="dpupr")
    for _ in range(4):
        house.act(receipt, "forward")
    house.act(receipt, "answer", text="Selesai.")
    return receipt
