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
from tests.notify.house import EMAIL, House


def test_the_edge_answers_officers(house: House) -> None:
    """What was told of a dossier, and how much waits; what is no dossier's id is not found."""
    receipt = house.file()
    house.told()
    edge = NotifyService()
    edge.runtime = house.runtime
    admin = Caller("*", "admin", admin=True).to_dict()

    assert edge.outstanding(admin)
    edge.send()
    assert not edge.outstanding(admin)
    assert {"sent"} == {each["state"] for each in edge.messages("cilacap", str(receipt.id), admin)["items"]}
    with pytest.raises(NotFound):
        edge.messages("cilacap", "nobody", admin)


def test_a_warning_that_was_overtaken_is_not_sent(house: House) -> None:
    """Whoever has done the step by then need not be hurried."""
    receipt = house.file()
    house.settle()
    house.later(minutes=14)
    apply_batch(house.runtime.database, ClockProjection(), decode, house.recorded(receipt))
    timers.tick(house.runtime)
    house.act(receipt, "dispose", agency="dpupr")

    house.settle()

    warned = [each for each in house.messages(receipt.id) if each[1] == "clock_warned"]
    assert [("actor:coordinator", "clock_warned", "dropped", None, "overtaken")] == warned


def test_officers_may_ask_what_was_told(house: House) -> None:
    """To whom, when and with what outcome; without address and text, and only whoever may read the dossier."""
    receipt = house.answered()
    house.settle()

    for caller in (
        Caller("*", "admin", admin=True),
        Caller("cilacap", "coordinator"),
        Caller("cilacap", "head", agency="dpupr"),
    ):
        items = queries.messages(house.runtime, caller, "cilacap", receipt.id)["items"]

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
            queries.messages(house.runtime, caller, "cilacap", receipt.id)


def test_another_government_s_dossier_is_not_there(house: House) -> None:
    """Whoever asks for it in the wrong house learns nothing of it."""
    receipt = house.file()

    with pytest.raises(NotFound):
        queries.messages(house.runtime, Caller("bantul", "coordinator"), "bantul", receipt.id)
