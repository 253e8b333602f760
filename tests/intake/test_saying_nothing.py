"""A text that nobody can see counts as none, wherever a blank does."""

import pytest

from services.intake.receipts import Receipt
from shared.base.errors import Invalid
from shared.domain.complaint.schema import load_submission
from shared.domain.dossier.contents import opened
from shared.domain.sop import engine
from shared.domain.sop.fields import check_fields
from shared.domain.sop.model import Action
from tests.dossier.story import TENANTS
from tests.fixtures.office import Office
from tests.intake.talking import filed, filing, seen

UNSEEN = (
    *("", " \n", "\u200b", "\u3164", "\u2800", "\u115f\u1160", "\ufe0f", "\u00ad\u2060", "\U000e0020", "\x00"),
    *("\ue000\uf8ff", "\U000f0000", "\U0010fffd", "\u0301", " \u20dd\u0903", "\u0378", "\U0001ffff", "\u2028\u2029"),
)


def _with_operator(office: Office) -> Receipt:
    receipt = filed(office)
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    for actor, action in (("operator", "forward"), ("liaison", "forward")):
        office.act(receipt, actor, action)
    office.act(receipt, "head", "forward", response="Segera ditambal")
    office.act(receipt, "liaison", "forward")
    return receipt


@pytest.mark.parametrize("text", UNSEEN)
def test_no_complaint_is_made_of_it(text: str) -> None:
    """A message is needed."""
    with pytest.raises(Invalid) as caught:
        load_submission({"message": text})

    assert {"message": ["required"]} == caught.value.fields


@pytest.mark.parametrize("text", UNSEEN)
def test_no_needed_field_is_filled_by_it(text: str) -> None:
    """Whichever field an action needs: texts, reasons, agencies, names of authorities."""
    needs = ("text", "reason", "response", "note", "agency", "to", "category")
    action = Action(name="x", event="Answered", to="end", needs=needs)

    assert {name: ["required"] for name in needs} == check_fields(action, dict.fromkeys(needs, text))


@pytest.mark.parametrize("text", UNSEEN)
def test_no_classification_is_made_of_it(text: str) -> None:
    """One that says neither class nor category is none."""
    action = Action(name="x", event="Classified", to="same", optional=("classification", "category"))

    assert {"classification", "category"} == set(check_fields(action, {"classification": text, "category": text}))


@pytest.mark.parametrize("text", UNSEEN)
def test_no_requirement_of_the_sop_is_met_by_it(text: str) -> None:
    """In all five: what is required and not seen is missing."""
    for tenant in TENANTS.all():
        complaint = {
            "message": text,
            "title": text,
            "category": text,
            "attachments": [],
            "reporter": {"name": text, "address": text, "identity": text},
        }
        assert tenant.sop.requires == engine.missing(tenant.sop, complaint)


@pytest.mark.parametrize("text", UNSEEN)
def test_nobody_is_answered_with_it(office: Office, text: str) -> None:
    """The case stays open, and its draft is what goes out."""
    receipt = filed(office)
    with pytest.raises(Invalid):
        office.act(receipt, "coordinator", "return", reason=text)
    receipt = _with_operator(office)
    allowed = {action["action"]: action for action in seen(office, receipt)["allowed"]}
    if "text" in allowed["answer"]["needs"]:
        with pytest.raises(Invalid):
            office.act(receipt, "operator", "answer", text=text)
        assert "in_progress" == office.load(receipt.id).status
        return
    office.act(receipt, "operator", "answer", text=text)
    key = office.runtime.vault.keys(None, [receipt.id])[receipt.id]
    assert "Segera ditambal" == opened(office.history(receipt.id)[-1], key)["text"]


@pytest.mark.parametrize("text", UNSEEN)
def test_no_reporter_says_it(office: Office, text: str) -> None:
    """Replies and reasons need something to read."""
    receipt = filed(office)
    with pytest.raises(Invalid) as caught:
        office.say(receipt, "withdraw", reason=text)

    assert ["reason"] == list(caught.value.fields)


@pytest.mark.parametrize("text", UNSEEN)
def test_no_side_field_holds_it(office: Office, text: str) -> None:
    """It is as if it had not been given."""
    receipt = filed(
        office,
        title=text,
        category=text,
        reporter={"name": text, "address": text},
        location={"desa": text},
        attachments=[text],
        external_id=text,
    )
    complaint = seen(office, receipt)["complaint"]

    assert ("reporter.name", "reporter.address") == filing(office, receipt).missing
    assert {"title", "message", "privacy", "channel", "reporter"} == set(complaint)
    assert ("Jalan rusak", {}) == (complaint["title"], complaint["reporter"])
