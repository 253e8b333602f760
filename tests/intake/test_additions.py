"""What a reporter adds to a complaint that asks for nothing: it reaches whoever has it, and moves nothing."""

from typing import Any

import pytest
from nameko.exceptions import IncorrectSignature

from channels.services import reporter_acts
from services.intake.receipts import Receipt
from services.intake.reporter import act
from services.intake.standing import standing
from services.routing.projection import InboxProjection
from services.routing.queries import inbox
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.base.errors import Conflict, Invalid, NotFound
from shared.base.services import ServiceName
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.desk import Cause
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import Office

TENANTS = ("cilacap", "bantul", "majalengka", "trenggalek", "cirebon")


def add(office: Office, receipt: Receipt, mark: str | None = None, **fields: Any) -> dict[str, Any]:
    """The reporter adds something."""
    tenant, cause = office.load(receipt.id).tenant, Cause(correlation_id="test", causation_id=mark)
    return act(office.runtime, tenant, receipt.ticket, receipt.tracking_code, "add", fields, cause)


def calls(office: Office) -> list[int]:
    """Whom the coordinator is to call: the versions of what is to be said."""
    apply_batch(office.runtime.database, InboxProjection(), decode, office.news())
    items = inbox(office.runtime, Caller("cilacap", "coordinator", None, "dewi"), "cilacap")["items"]
    return [item["task_version"] for item in items if item["task"] == "call"]


@pytest.mark.parametrize("tenant", TENANTS)
def test_an_addition_moves_nothing_and_is_read(office: Office, tenant: str) -> None:
    """Whatever the SOP offers in its step, a word more is taken, stands with the complaint, and changes no clock."""
    receipt = office.file(tenant)
    office.run_system(receipt)
    before = office.load(receipt.id)
    office.later(minutes=1)
    add(office, receipt, text="Lubangnya sekarang dua.")
    after = office.load(receipt.id)
    assert (before.step, before.actor, before.due_at, before.clocks) == (
        after.step,
        after.actor,
        after.due_at,
        after.clocks,
    )
    key = office.runtime.vault.keys(None, [receipt.id])[receipt.id]
    [told] = complaint_of(office.history(receipt.id), key)["additions"]
    assert "Lubangnya sekarang dua." == told["message"]
    assert b"Lubangnya" not in str(office.history(receipt.id)).encode()


def test_an_addition_is_made_once(office: Office) -> None:
    """The same request again changes nothing, as with every other of the reporter's."""
    receipt = office.file()
    mark = f"request:{'a' * 32}.{'b' * 16}"
    first, again = (add(office, receipt, mark, text="Lagi.") for _ in range(2))
    assert first["position"] == again["position"]
    assert 1 == office.types(receipt.id).count("Added")


def test_who_asks_for_a_person_is_a_task_until_they_were_called(office: Office) -> None:
    """The coordinator has it in the inbox, whatever is written meanwhile; recording the call ends it."""
    receipt = office.file()
    add(office, receipt, text="Mohon saya ditelepon petugas.", wants="call")
    version = office.load(receipt.id).version
    office.act(receipt, "coordinator", "return", reason="Mohon alamatnya")
    office.run_system(receipt)
    office.say(receipt, "supplement", message="Rumah saya di sebelah pasar.")
    assert [version] == calls(office)
    office.act(receipt, "coordinator", "deliver", way="telephone", note="Sudah ditelepon", of=version)
    assert [] == calls(office)


def test_nothing_is_added_after_the_end(office: Office) -> None:
    """Nobody would read it: the reporter is told so instead."""
    receipt = office.file()
    office.say(receipt, "withdraw", reason="Sudah baik")
    with pytest.raises(Conflict, match="ended"):
        add(office, receipt, text="Ternyata belum.")
    assert "add" not in standing(office.runtime, "cilacap", [str(receipt.id)])[str(receipt.id)]["actions"]


@pytest.mark.parametrize("shown", [True, False])
def test_who_adds_something_by_a_channel_was_told_of_nothing(office: Office, shown: bool) -> None:
    """What they say is what was waited for; what they were to be told is still to be told, unless a page showed it."""
    receipt = office.file()
    office.act(receipt, "coordinator", "return", reason="Mohon alamatnya")
    own = ("cilacap", receipt.ticket, receipt.tracking_code)
    act(office.runtime, *own, "add", {"text": "Di sebelah pasar."}, Cause(correlation_id="test"), shown=shown)
    assert ["NoticeDelivered"] * shown + ["Supplemented"] == office.types(receipt.id)[-1 - shown :]
    assert "Returned" == office.types(receipt.id)[-2 - shown]


def test_intake_of_the_version_before_takes_what_is_added() -> None:
    """It knows of no such difference, and has done nothing then: it is asked as it was asked before."""
    asked: list[bool] = []

    def ask(service: ServiceName, method: str, **arguments: Any) -> None:
        assert ("intake", "reporter_act") == (service, method)
        asked.append("shown" in arguments)
        if "shown" in arguments:
            raise IncorrectSignature("shown")

    for action in ("add", "reply"):
        reporter_acts(ask, action, ticket="CLP-2026-000001")
    assert [True, False, False] == asked


@pytest.mark.parametrize(
    "fields", [{}, {"text": ""}, {"text": 3}, {"text": "x", "wants": "money"}, {"text": "x", "y": 1}]
)
def test_an_addition_says_something(office: Office, fields: dict[str, Any]) -> None:
    """What says nothing, or something unknown, is refused by its field."""
    receipt = office.file()
    with pytest.raises(Invalid):
        add(office, receipt, **fields)


def test_an_addition_needs_the_code(office: Office) -> None:
    """A ticket alone, which anybody may have read, is not enough."""
    receipt = office.file()
    with pytest.raises(NotFound):
        act(office.runtime, "cilacap", receipt.ticket, "SALAH12345", "add", {"text": "x"}, Cause(correlation_id="t"))
