"""What officers are told, and what they may ask."""

import pytest

from services.notify import queries
from services.notify.service import NotifyService
from services.sla import timers
from services.sla.projection import ClockProjection
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.base.errors import Forbidden, NotFound
from shared.store.projection.runner import apply_batch
from tests.notify.letter_office import EMAIL, LetterOffice


def test_the_edge_answers_officers(office: LetterOffice) -> None:
    """What was told of a dossier, and how much waits; what is no dossier's id is not found."""
    receipt = office.file()
    office.told()
    edge = NotifyService()
    edge.runtime = office.runtime
    admin = Caller("*", "admin", admin=True).to_dict()

    assert office.outstanding
    edge.send()
    assert not office.outstanding
    assert {"sent"} == {each["state"] for each in edge.messages("cilacap", str(receipt.id), admin)["items"]}
    with pytest.raises(NotFound):
        edge.messages("cilacap", "nobody", admin)


def test_a_warning_that_was_overtaken_is_not_sent(office: LetterOffice) -> None:
    """Whoever has done the step by then need not be hurried."""
    receipt = office.file()
    office.send_all()
    office.later(minutes=14)
    apply_batch(office.runtime.database, ClockProjection(), decode, office.recorded(receipt))
    timers.tick(office.runtime)
    office.act(receipt, "dispose", agency="dpupr")

    office.send_all()

    warned = [each for each in office.messages(receipt.id) if each[1] == "clock_warned"]
    assert [("actor:coordinator", "clock_warned", "dropped", None, "overtaken")] == warned


def test_officers_may_ask_what_was_told(office: LetterOffice) -> None:
    """To whom, when and with what outcome; without address and text, and only whoever may read the dossier."""
    receipt = office.answered()
    office.send_all()

    for caller in (
        Caller("*", "admin", admin=True),
        Caller("cilacap", "coordinator"),
        Caller("cilacap", "head", agency="dpupr"),
    ):
        items = queries.messages(office.runtime, caller, "cilacap", receipt.id)["items"]

        assert ("reporter", "answered_final", "sent", "email") in {
            (each["recipient"], each["message"], each["state"], each["by"]) for each in items
        }
        assert EMAIL not in repr(items)
    for caller in (
        Caller("cilacap", "head", agency="dinkes"),
        Caller("bantul", "coordinator"),
        Caller("cilacap", "reporter"),
    ):
        with pytest.raises(Forbidden):
            queries.messages(office.runtime, caller, "cilacap", receipt.id)


def test_another_government_s_dossier_is_not_there(office: LetterOffice) -> None:
    """Whoever asks for it in the wrong office learns nothing of it."""
    receipt = office.file()

    with pytest.raises(NotFound):
        queries.messages(office.runtime, Caller("bantul", "coordinator"), "bantul", receipt.id)
