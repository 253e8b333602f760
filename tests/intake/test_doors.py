"""Filing several complaints at once, and finding one again by what its reporter typed."""

import pytest

from services.intake.filing import Submission, file_all
from services.intake.reporter import act, resolve, track
from shared.base.errors import NotFound
from shared.domain.complaint.schema import load_submission
from tests.fixtures.office import CAUSE, Office


def _submission(number: int) -> Submission:
    whole = {"message": "Jalan rusak", "channel": "whatsapp", "external_id": f"w{number}"}
    return Submission("cilacap", load_submission(whole), CAUSE, user="whatsapp", trusted=True)


def test_of_equal_submissions_in_a_batch_one_is_new(office: Office) -> None:
    """The first says created, its repetitions get its receipt and say that it was filed before."""
    receipts = file_all(office.runtime, [_submission(each) for each in (1, 2, 1, 1, 2)])
    again = file_all(office.runtime, [_submission(each) for each in (1, 2)])

    assert [True, True, False, False, False] == [each.created for each in receipts]
    assert [False, False] == [each.created for each in again]
    assert 2 == len({each.ticket for each in [*receipts, *again]})
    assert [(2,)] == office.rows("SELECT count(*) FROM eventstore.events")


@pytest.mark.parametrize(
    "spell", [str.upper, str.lower, lambda text: f" # {text[:3]} {text[3:]} ".replace("-", "\u2013")]
)
def test_a_reporter_is_let_in_however_ticket_and_code_are_spelled(office: Office, spell: object) -> None:
    """To follow a complaint and to act on it."""
    assert callable(spell)
    receipt = office.file("cilacap")
    ticket, code = spell(receipt.ticket), spell(receipt.tracking_code)
    followed = track(office.runtime, "cilacap", ticket, code)
    withdrawn = act(office.runtime, "cilacap", ticket, code, "withdraw", {"reason": "Sudah selesai"}, CAUSE)

    assert (receipt.ticket, "withdrawn") == (followed["ticket"], withdrawn["status"])
    assert receipt.id == resolve(office.runtime, "cilacap", ticket)


def test_another_code_stays_a_wrong_one(office: Office) -> None:
    """Also one that differs in a single letter, or is empty."""
    receipt = office.file("cilacap")
    code = receipt.tracking_code
    for wrong in ("", "#", code[:-1], code + "2", ("2" if code[0] != "2" else "3") + code[1:], "\u0660" * 10):
        with pytest.raises(NotFound) as refused:
            track(office.runtime, "cilacap", receipt.ticket, wrong)
        assert "unknown_ticket" == refused.value.code
