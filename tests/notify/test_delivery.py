"""What the log learns of a message: an answer arrived or did not, a step of the system's goes on; each once."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import eventlet
import pytest

from services.intake.classifying import automate as classify
from services.intake.filing import Submission, file
from services.notify import commands, planning, queries, sending
from services.notify.outbox import Outbox
from services.notify.refused import Refused
from services.routing.automation import automate as dispose
from services.sla import timers
from services.sla.projection import ClockProjection
from shared.caller import Caller
from shared.dossier.codec import decode
from shared.dossier.events import AnswerDelivered, DeliveryFailed
from shared.errors import Forbidden, NotFound
from shared.projection.runner import apply_batch
from shared.settings import PROJECT
from shared.tenants import Tenants
from tests.notify.house import CAUSE, EMAIL, House


def _deliveries(house: House, receipt: Any) -> list[tuple[int, str]]:
    return [(event.answer, event.by) for event in house.history(receipt) if isinstance(event, AnswerDelivered)]


class _Refusing:
    """A way out that takes nothing."""

    repeatable = False

    def __init__(self, refused: Refused) -> None:
        self._refused = refused

    def session(self) -> Self:
        """Itself."""
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def send(self, *_: object) -> None:
        """Never."""
        raise self._refused


def test_an_answer_that_was_sent_counts_as_delivered_by_e_mail(house: House) -> None:
    """The entry names the answer and follows from it."""
    receipt = house.answered()

    house.settle()

    answered, delivered = house.history(receipt)[-2:]
    assert [(answered.originator_version, "email")] == _deliveries(house, receipt)
    assert answered.event_id == delivered.causation_id


def test_without_an_address_the_tracking_page_delivers(house: House) -> None:
    """It is there already, so the answer arrived at once; the other messages are dropped, with the reason."""
    receipt = house.answered(email=None)

    house.settle()

    assert ["portal"] == [by for _, by in _deliveries(house, receipt)]
    assert [] == [letter for letter in house.letters() if "warga" in letter.to]
    assert ("reporter", "complaint_filed", "dropped", None, "no_address") in house.messages(receipt.id)


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

    assert ["email"] == [by for _, by in _deliveries(house, receipt)]
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
    assert 1 == len(_deliveries(house, receipt))


def test_dying_before_the_delivery_is_recorded_sends_nothing_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent is written down first; the entry in the log is made up for by whoever comes next."""
    receipt = house.answered()
    house.told()
    sent: list[str] = []
    real = Outbox.send

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    def counting(self: Outbox, letter: Any, name: str) -> None:
        sent.append(name)
        real(self, letter, name)

    monkeypatch.setattr(Outbox, "send", counting)
    with monkeypatch.context() as patched:
        patched.setattr("services.notify.batch.follow_up", dying)
        with pytest.raises(KeyboardInterrupt):
            sending.tick(house.runtime)
    assert [] == _deliveries(house, receipt)

    house.leases_run_out()
    house.settle()

    assert 1 == len(_deliveries(house, receipt))
    assert len(sent) == len(set(sent))


def test_dying_after_the_delivery_is_recorded_records_it_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes next finds it in the dossier."""
    receipt = house.answered()
    house.told()

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("services.notify.batch.settle", dying)
        with pytest.raises(KeyboardInterrupt):
            sending.tick(house.runtime)
    house.leases_run_out()

    house.settle()

    assert 1 == len(_deliveries(house, receipt))
    assert 0 == queries.pending(house.runtime)


def test_somebody_else_s_event_in_between_is_no_obstacle(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reporter rates at the very moment: the delivery is decided anew, on what the dossier has become."""
    receipt = house.answered()
    real = commands._delivered
    rated: list[bool] = []

    def meanwhile(*given: Any) -> Any:
        event = real(*given)
        if not rated:
            rated.append(True)
            house.reporter(receipt, "rate", score=5)
        return event

    monkeypatch.setattr(commands, "_delivered", meanwhile)

    house.settle()

    assert ["Rated", "AnswerDelivered"] == house.types(receipt)[-2:]


def test_a_failed_delivery_is_told_with_a_code_and_no_address(house: House) -> None:
    """The desk learns of it where the SOP says so."""
    receipt = house.answered()

    house.settle(_Refusing(Refused("mailbox_refused", permanent=True)))

    [failed] = [event for event in house.history(receipt) if isinstance(event, DeliveryFailed)]
    assert ("email", "mailbox_refused") == (failed.by, failed.reason)
    assert [] == _deliveries(house, receipt)


def test_an_erased_dossier_s_letters_are_dropped(house: House) -> None:
    """With the key gone there is nothing to write and nobody to write to; the reason is noted."""
    receipt = house.answered()
    house.told()
    house.runtime.vault.destroy(receipt.id)

    house.settle()

    assert [] == house.letters()
    assert {"erased"} == {reason for *_, reason in house.messages(receipt.id)}
    assert ["erased"] == [event.reason for event in house.history(receipt) if isinstance(event, DeliveryFailed)]


def test_an_address_that_is_none_fails_for_good(house: House) -> None:
    """What slipped through the schema is not tried for two days."""
    receipt = _with_address(house, "siti warga@x")

    house.settle()

    assert ["bad_address"] == [event.reason for event in house.history(receipt) if isinstance(event, DeliveryFailed)]


def _with_address(house: House, address: str) -> Any:
    """A complaint from a time when addresses were not checked."""
    complaint = {"reporter": {"email": address}, "message": "x", "privacy": "open", "channel": "web"}
    receipt = file(house.runtime, Submission("cilacap", complaint, CAUSE))
    house.act(receipt, "dispose", agency="dpupr")
    for _ in range(4):
        house.act(receipt, "forward")
    house.act(receipt, "answer", text="Selesai.")
    return receipt


def test_a_fault_of_one_message_harms_no_other(database_url: str, tmp_path: Path, caplog: Any) -> None:
    """A text that cannot be worded is logged and tried again, in vain until it is mended; its neighbours go out."""
    shutil.copytree(PROJECT / "tenants", tmp_path / "tenants")
    broken = tmp_path / "tenants" / "cilacap" / "messages" / "reporter" / "complaint_filed.txt"
    broken.parent.mkdir(parents=True)
    broken.write_text("Aduan {{ nomor }}\n")
    house = House(database_url, tmp_path, tenants_dir=tmp_path / "tenants")
    receipt = house.file()

    house.settle()

    assert ["laporbup@cilacapkab.example"] == [letter.to for letter in house.letters()]
    assert ("reporter", "complaint_filed", None, None, "internal_error") in house.messages(receipt.id)
    assert ["a message could not be dealt with"] == [record.message for record in caplog.records]
    broken.write_text("Aduan {{ ticket }}\n\nTerima kasih.\n")
    house.later(minutes=1)
    house.settle()
    house.close()
    assert {EMAIL, "laporbup@cilacapkab.example"} == {letter.to for letter in house.letters()}


def _as_far_as_step(house: House, tenant: str, automatic: str) -> Any:
    """A dossier that waits in a step of the system's of that kind."""
    receipt = house.file(tenant, category="KESEHATAN")
    for _ in range(10):
        dossier = house.runtime.dossiers("routing").load(receipt.id)
        sop = house.runtime.tenants.get(tenant).sop
        step = sop.step(dossier.step or "")
        if step.automatic == automatic:
            return receipt
        if step.automatic in ("classify", "dispose"):
            events = house.recorded(receipt)[-1:]
            (classify if step.automatic == "classify" else dispose)(house.runtime, events)
        elif step.automatic == "notify":
            house.settle()
        else:
            _work(house, receipt, step)
    raise AssertionError(f"{tenant} never came to a step of the kind {automatic}")


def _work(house: House, receipt: Any, step: Any) -> None:
    wanted = ("answer", "publish", "approve", "forward", "dispose")
    action = next(a for name in wanted for a in step.actions if a.name == name)
    given = {"agency": "dinkes", "text": "Sudah kami tangani.", "response": "Sudah kami tangani."}
    house.act(receipt, action.name, **{name: given[name] for name in action.needs})


def _tenants_with(automatic: str) -> list[str]:
    tenants = Tenants(PROJECT / "tenants").all()
    return [tenant.id for tenant in tenants if any(step.automatic == automatic for step in tenant.sop.steps)]


@pytest.mark.parametrize("tenant", _tenants_with("notify"))
def test_a_step_that_notifies_goes_on_by_itself(house: House, tenant: str) -> None:
    """Once, when its messages are out, to the step that the SOP names."""
    receipt = _as_far_as_step(house, tenant, "notify")
    before = house.runtime.dossiers("notify").load(receipt.id)

    house.settle()

    sop = house.runtime.tenants.get(tenant).sop
    [action] = sop.step(before.step or "").actions
    after = house.runtime.dossiers("notify").load(receipt.id)
    assert action.to == after.step
    assert [action.event] == [
        event.type for event in house.history(receipt) if event.step == before.step and event.promise is not None
    ]


@pytest.mark.parametrize("tenant", _tenants_with("notify")[:1])
def test_trouble_with_the_mail_holds_nobody_up(house: House, tenant: str) -> None:
    """A message that has been tried suffices for the step to go on: it lies in the inbox anyway."""
    receipt = _as_far_as_step(house, tenant, "notify")

    house.settle(_Refusing(Refused("server_unreachable", everywhere=True)))

    sop = house.runtime.tenants.get(tenant).sop
    assert sop.step(house.runtime.dossiers("notify").load(receipt.id).step or "").automatic != "notify"


@pytest.mark.parametrize("tenant", _tenants_with("deliver"))
@pytest.mark.parametrize(
    ("refused", "last"), [(None, "AnswerDelivered"), (Refused("mailbox_refused", permanent=True), "DeliveryFailed")]
)
def test_a_step_that_delivers_ends_with_the_delivery(
    house: House, tenant: str, refused: Refused | None, last: str
) -> None:
    """Whether it arrived or not: the SOP says where each leads, and no dossier stays with the system."""
    receipt = _as_far_as_step(house, tenant, "deliver")

    house.settle(_Refusing(refused) if refused else None)

    dossier = house.runtime.dossiers("notify").load(receipt.id)
    assert last == house.types(receipt)[-1]
    assert "system" != dossier.actor


def test_a_step_that_can_but_deliver_goes_on_by_the_tracking_page(house: House) -> None:
    """Without a way out for failures, an answer whose letter failed has still arrived where its reporter looks."""
    receipt = _as_far_as_step(house, "bantul", "deliver")
    tenant = house.runtime.tenants.get("bantul")
    sop = tenant.sop
    bare = [replace(s, actions=s.actions[:1], otherwise=None) if s.automatic == "deliver" else s for s in sop.steps]
    changed = replace(sop, steps=tuple(bare))
    house.runtime.tenants._known["bantul"] = replace(tenant, sop=changed, sops={sop.version: changed})

    house.settle(_Refusing(Refused("mailbox_refused", permanent=True)))

    assert ["DeliveryFailed", "AnswerDelivered"] == house.types(receipt)[-2:]
    assert ["portal"] == [by for _, by in _deliveries(house, receipt)]
    assert "reporter" == house.runtime.dossiers("notify").load(receipt.id).actor


def test_an_interim_answer_is_delivered_and_ends_no_case(house: House) -> None:
    """The reporter gets it; the clock of the case runs on, whatever the SOP says ends it."""
    receipt = _as_far_as_step(house, "majalengka", "classify")
    classify(house.runtime, house.recorded(receipt)[-1:])
    house.act(receipt, "interim", text="Sedang kami periksa.")

    house.settle()

    [letter] = [each for each in house.letters() if each.subject.startswith("Tanggapan sementara")]
    assert "Sedang kami periksa." in letter.text
    assert ["interim"] == [event.kind for event in house.history(receipt) if isinstance(event, AnswerDelivered)]
    dossier = house.runtime.dossiers("notify").load(receipt.id)
    assert [True] == [clock.open for clock in dossier.clocks if clock.target == "case"]


def test_two_instances_record_one_delivery(house: House) -> None:
    """Whoever is second finds it recorded, and settles for that."""
    receipts = [house.answered() for _ in range(4)]
    house.told()
    pool = eventlet.GreenPool()

    for _ in range(4):
        pool.spawn(lambda: [sending.tick(house.runtime, limit=5) for _ in range(20)])
    pool.waitall()

    assert [1] * 4 == [len(_deliveries(house, receipt)) for receipt in receipts]


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
