"""Something has happened between an officer's look at a dossier and their deed: what stands in its way, what not."""

from collections.abc import Callable
from typing import Any

import pytest
from eventlet import GreenPool

from services.intake.receipts import Receipt
from services.routing.commands import act
from shared.application.dossiers.retrying import on_fresh_state
from shared.base.caller import Caller
from shared.base.errors import Conflict
from shared.domain.dossier.telling_desk import not_told
from tests.fixtures.office import CAUSE, Office

T = "cilacap"
RINI = Caller(T, "coordinator", user="rini")
BUDI = Caller(T, "coordinator", user="budi")
SYSTEM = Caller.system(T, "notify")


def do(
    office: Office, receipt: Receipt, action: str, version: int | None, caller: Caller = RINI, **fields: Any
) -> None:
    """An officer's action, as decided on a version."""
    on_fresh_state(lambda: act(office.runtime, caller, T, receipt.id, action, fields, CAUSE, version))


def filed(office: Office) -> Receipt:
    """Before the coordinator."""
    return office.file(T)


def answered(office: Office) -> Receipt:
    """Before its reporter, whom the letter has not reached yet."""
    receipt = filed(office)
    office.act(receipt, "coordinator", "transfer", to="PLN", reason="Milik PLN")
    office.act(receipt, "coordinator", "answer", text="PLN sudah memperbaiki")
    return receipt


def elsewhere(office: Office) -> Receipt:
    """With another authority, from which the coordinator waits to hear."""
    receipt = office.file(T)
    office.act(receipt, "coordinator", "transfer", to="PLN", reason="Milik PLN")
    return receipt


def clocks_run_out(office: Office, receipt: Receipt) -> None:
    """Warnings, breaches and what climbs from them; where another authority has it, the time to ask it again."""
    del receipt
    for _ in range(8):
        office.later(days=20)
        office.tick()


def letter_fails(office: Office, receipt: Receipt) -> None:
    """The reporter could not be told that it was filed."""
    dossiers, desk = office.runtime.dossiers("notify"), office.runtime.desk(T)

    def record() -> None:
        dossier, events = dossiers.open(receipt.id, T)
        dossiers.append([not_told(desk, dossier, events[0], "email", "mailbox_refused", SYSTEM, CAUSE)])

    on_fresh_state(record)


def letter_arrives(office: Office, receipt: Receipt) -> None:
    """A carrier says so of all that the reporter is to be told."""
    assert office.system_acts(receipt)


def colleague_tells(office: Office, receipt: Receipt) -> None:
    """Another officer has told the reporter of what they could not be told."""
    letter_fails(office, receipt)
    do(office, receipt, "deliver", None, BUDI, way="telephone")


@pytest.mark.parametrize(
    ("begun", "between", "action", "fields"),
    [
        (filed, clocks_run_out, "dispose", {"agency": "dpupr"}),
        (filed, clocks_run_out, "reject", {"why": "spam", "reason": "Iklan"}),
        (filed, clocks_run_out, "leave_note", {"note": "Sudah ditelepon"}),
        (filed, letter_fails, "dispose", {"agency": "dpupr"}),
        (filed, colleague_tells, "dispose", {"agency": "dpupr"}),
        (answered, letter_arrives, "reopen", {"reason": "Belum selesai", "via": "telephone"}),
        # The wait for the other authority ran out, and the question to it is due: what it has answered stays that.
        (elsewhere, clocks_run_out, "answer", {"text": "PLN sudah memperbaiki"}),
        (elsewhere, clocks_run_out, "interim", {"text": "PLN menjadwalkan"}),
        (elsewhere, clocks_run_out, "return", {"reason": "Ternyata milik kabupaten"}),
    ],
)
def test_what_happens_by_itself_stands_in_nobodys_way(
    office: Office,
    begun: Callable[[Office], Receipt],
    between: Callable[[Office, Receipt], None],
    action: str,
    fields: dict[str, Any],
) -> None:
    """Clocks, letters, what a colleague told the reporter: nothing on which the officer has decided is another."""
    receipt = begun(office)
    seen = office.load(receipt.id).version
    between(office, receipt)
    assert seen < office.load(receipt.id).version
    do(office, receipt, action, seen, **fields)


def test_a_step_of_the_systems_leaves_an_action_what_it_was(office: Office) -> None:
    """Looked at while the system was still sorting it: whoever throws spam out then meant it as it stands now too."""
    receipt = office.file("majalengka")
    seen = office.load(receipt.id).version
    office.run_system(receipt)
    fields = {"why": "spam", "reason": "Iklan"}
    rini = Caller("majalengka", "coordinator", user="rini")
    assert seen < office.load(receipt.id).version
    act(office.runtime, rini, "majalengka", receipt.id, "reject", fields, CAUSE, seen)

    assert "rejected" == office.load(receipt.id).status


def reporter_adds(office: Office, receipt: Receipt) -> None:
    """The reporter has more to say."""
    office.say(receipt, "withdraw", reason="Sudah beres")
    do(office, receipt, "reinstate", None, BUDI, reason="Ternyata belum")


def colleague_does(action: str, **fields: Any) -> Callable[[Office, Receipt], None]:
    """Something that another coordinator does."""
    return lambda office, receipt: do(office, receipt, action, None, BUDI, **fields)


@pytest.mark.parametrize(
    ("begun", "between", "action", "fields"),
    [
        (filed, colleague_does("leave_note", note="Tunggu, ini kembar"), "dispose", {"agency": "dpupr"}),
        (filed, colleague_does("classify", category="KESEHATAN"), "dispose", {"agency": "dpupr"}),
        (filed, colleague_does("renew_code", via="telephone"), "renew_code", {"via": "counter"}),
        (filed, reporter_adds, "dispose", {"agency": "dpupr"}),
    ],
)
def test_what_people_did_is_to_be_looked_at_first(
    office: Office,
    begun: Callable[[Office], Receipt],
    between: Callable[[Office, Receipt], None],
    action: str,
    fields: dict[str, Any],
) -> None:
    """A colleague's note, the reporter's word: who decides knowing it may decide otherwise."""
    receipt = begun(office)
    seen = office.load(receipt.id).version
    between(office, receipt)
    now = office.load(receipt.id).version
    with pytest.raises(Conflict, match="moved_on") as refused:
        do(office, receipt, action, seen, **fields)

    assert {"version": now} == refused.value.params
    assert now == office.load(receipt.id).version


def test_who_says_not_what_they_told_means_what_was_untold_then(office: Office) -> None:
    """Of the return they had read; that the letter of the filing failed meanwhile is another thing to be told."""
    receipt = filed(office)
    office.act(receipt, "coordinator", "return", reason="Alamat?")
    returned = office.load(receipt.id).version
    letter_fails(office, receipt)
    do(office, receipt, "deliver", returned, way="telephone", of=returned)
    with pytest.raises(Conflict, match="moved_on"):
        do(office, receipt, "deliver", returned, way="telephone")

    assert {returned} == office.load(receipt.id).reaching.told


def test_of_two_who_decide_on_one_version_one_is_heard(office: Office) -> None:
    """Whatever the clocks and letters do at the same time: neither overwrites what the other has not seen."""
    receipt = filed(office)
    seen = office.load(receipt.id).version
    office.later(days=20)
    heard: list[str] = []

    def decide(caller: Caller, category: str) -> None:
        try:
            do(office, receipt, "classify", seen, caller, category=category)
        except Conflict as refused:
            heard.append(refused.code)
        else:
            heard.append("done")

    pool = GreenPool()
    pool.spawn(office.tick)
    pool.spawn(letter_fails, office, receipt)
    pool.spawn(decide, RINI, "KESEHATAN")
    pool.spawn(decide, BUDI, "CORONA VIRUS")
    pool.waitall()

    assert ["done", "moved_on"] == sorted(heard)
    assert 1 == office.types(receipt.id).count("Classified")
