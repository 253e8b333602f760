"""The steps that an SOP gives to the system: to notify, and to deliver."""

from dataclasses import replace
from typing import Any

import pytest

from services.intake.classifying import classify_dossier
from services.notify.refused import LetterRefused
from services.routing.commands import dispose_by_category
from shared.application.automation import automate
from shared.domain.all_tenants import Tenants
from shared.domain.dossier.events import AnswerDelivered
from shared.platform.settings import PROJECT
from shared.store.projection.runner import Applied
from tests.notify.letter_office import LetterOffice, Refusing, deliveries

NOTHING_FILLED = Applied(applied=1, duplicates=0, filled=0, unknown=0)


def _as_far_as_step(office: LetterOffice, tenant: str, automatic: str) -> Any:
    """A dossier that waits in a step of the system's of that kind."""
    receipt = office.file(tenant, category="KESEHATAN")
    for _ in range(10):
        dossier = office.runtime.dossiers("routing").load(receipt.id)
        sop = office.runtime.tenants.get(tenant).sop
        step = sop.step(dossier.step or "")
        if step.automatic == automatic:
            return receipt
        if step.automatic in ("classify", "dispose"):
            events = office.recorded(receipt)[-1:]
            act = classify_dossier if step.automatic == "classify" else dispose_by_category
            automate(office.runtime, events, NOTHING_FILLED, step.automatic, act)
        elif step.automatic == "notify":
            office.send_all()
        else:
            _work(office, receipt, step)
    raise AssertionError(f"{tenant} never came to a step of the kind {automatic}")


def _work(office: LetterOffice, receipt: Any, step: Any) -> None:
    wanted = ("answer", "publish", "approve", "forward", "dispose")
    action = next(a for name in wanted for a in step.actions if a.name == name)
    given = {"agency": "dinkes", "text": "Sudah kami tangani.", "response": "Sudah kami tangani."}
    office.act(receipt, action.name, **{name: given[name] for name in action.needs})


def _tenants_with(automatic: str) -> list[str]:
    tenants = Tenants(PROJECT / "tenants").all()
    return [tenant.id for tenant in tenants if any(step.automatic == automatic for step in tenant.sop.steps)]


@pytest.mark.parametrize("tenant", _tenants_with("notify"))
def test_a_step_that_notifies_goes_on_by_itself(office: LetterOffice, tenant: str) -> None:
    """Once, when its messages are out, to the step that the SOP names."""
    receipt = _as_far_as_step(office, tenant, "notify")
    before = office.runtime.dossiers("notify").load(receipt.id)

    office.send_all()

    sop = office.runtime.tenants.get(tenant).sop
    [action] = sop.step(before.step or "").actions
    after = office.runtime.dossiers("notify").load(receipt.id)
    assert action.to == after.step
    assert [action.event] == [
        event.type for event in office.history(receipt) if event.step == before.step and event.promise is not None
    ]


@pytest.mark.parametrize("tenant", _tenants_with("notify")[:1])
def test_trouble_with_the_mail_holds_nobody_up(office: LetterOffice, tenant: str) -> None:
    """A message that has been tried suffices for the step to go on: it lies in the inbox anyway."""
    receipt = _as_far_as_step(office, tenant, "notify")

    office.send_all(Refusing(LetterRefused("server_unreachable", everywhere=True)))

    sop = office.runtime.tenants.get(tenant).sop
    assert sop.step(office.runtime.dossiers("notify").load(receipt.id).step or "").automatic != "notify"


@pytest.mark.parametrize("tenant", _tenants_with("deliver"))
@pytest.mark.parametrize(
    ("refused", "last"),
    [(None, "AnswerDelivered"), (LetterRefused("mailbox_refused", permanent=True), "DeliveryFailed")],
)
def test_a_step_that_delivers_ends_with_the_delivery(
    office: LetterOffice, tenant: str, refused: LetterRefused | None, last: str
) -> None:
    """Whether it arrived or not: the SOP says where each leads, and no dossier stays with the system."""
    receipt = _as_far_as_step(office, tenant, "deliver")

    office.send_all(Refusing(refused) if refused else None)

    dossier = office.runtime.dossiers("notify").load(receipt.id)
    assert last == office.types(receipt)[-1]
    assert "system" != dossier.actor


def test_a_step_that_can_but_deliver_waits_for_somebody_s_word(office: LetterOffice) -> None:
    """Without a way out for failures nothing counts as delivered: opening it, or an officer, leads on."""
    receipt = _as_far_as_step(office, "bantul", "deliver")
    tenant = office.runtime.tenants.get("bantul")
    sop = tenant.sop
    bare = [replace(s, actions=s.actions[:1], otherwise=None) if s.automatic == "deliver" else s for s in sop.steps]
    changed = replace(sop, steps=tuple(bare))
    office.runtime.tenants._known["bantul"] = replace(tenant, sop=changed, sops={sop.version: changed})

    office.send_all(Refusing(LetterRefused("mailbox_refused", permanent=True)))
    assert ("DeliveryFailed", []) == (office.types(receipt)[-1], deliveries(office, receipt))
    assert "system" == office.runtime.dossiers("notify").load(receipt.id).actor
    office.open_by_code(receipt)

    assert ["portal"] == [by for _, by in deliveries(office, receipt)]
    assert "reporter" == office.runtime.dossiers("notify").load(receipt.id).actor


def test_an_interim_answer_is_delivered_and_ends_no_case(office: LetterOffice) -> None:
    """The reporter gets it; the clock of the case runs on, whatever the SOP says ends it."""
    receipt = _as_far_as_step(office, "majalengka", "classify")
    automate(office.runtime, office.recorded(receipt)[-1:], NOTHING_FILLED, "classify", classify_dossier)
    office.act(receipt, "interim", text="Sedang kami periksa.")

    office.send_all()

    [letter] = [each for each in office.letters() if each.subject.startswith("Tanggapan sementara")]
    assert "Sedang kami periksa." in letter.text
    assert ["interim"] == [event.kind for event in office.history(receipt) if isinstance(event, AnswerDelivered)]
    dossier = office.runtime.dossiers("notify").load(receipt.id)
    assert [True] == [clock.open for clock in dossier.clocks if clock.target == "case"]
