"""Who waits for the reporter hears them by every door: whoever has sent anything has not given up."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.intake.programs import add as program_adds
from services.intake.receipts import Receipt
from shared.base.caller import Caller
from shared.domain.dossier.contents import complaint_of, text_of
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.promise import REPLY
from shared.domain.dossier.waiting import WORDS_FOLLOW
from tests.fixtures.office import CAUSE, Office

LONG_AFTER_DAYS = 45
RETURNING = ("cilacap", "trenggalek")
ANSWERED = ("cilacap", "majalengka", "cirebon")
PROGRAM = "open311:0a1b2c3d"


def returned(office: Office, tenant: str) -> Receipt:
    """A complaint that is its reporter's to complete, and of which they know that."""
    external = {"channel": "open311", "external_id": f"{PROGRAM}-{uuid4()}"}
    receipt = office.file(tenant, **external)
    if tenant == "trenggalek":
        office.act(receipt, "coordinator", "forward")
    office.act(receipt, office.load(receipt.id).actor or "", "return", reason="Mohon foto dan alamatnya")
    office.run_system(receipt)
    assert "returned" == office.load(receipt.id).status
    return receipt


def answered(office: Office, tenant: str) -> Receipt:
    """A complaint whose reporter has the final answer."""
    receipt = office.file(tenant, channel="open311", external_id=f"{PROGRAM}-{uuid4()}")
    for _ in range(12):
        office.run_system(receipt)
        dossier = office.load(receipt.id)
        sop, step = office.sop_of(dossier), dossier.step or ""
        if dossier.open_clock(REPLY) is not None and dossier.status == "answered":
            return receipt
        own = [action for action in sop.step(step).actions if (action.actor or sop.step(step).actor) == dossier.actor]
        named = {action.name: action for action in own}
        usually = ("answer", "dispose", "receive", "follow_up", "forward", *named)
        onward = next(name for name in usually if name in named)
        needed = {"text": "Sudah kami perbaiki.", "agency": "dpupr", "response": "Sudah.", "note": "Mohon"}
        fields = {name: needed[name] for name in named[onward].needs if name in needed}
        office.act(receipt, dossier.actor or "", onward, **fields)
    raise AssertionError(f"{tenant} never answers")


def sends_a_photo(office: Office, receipt: Receipt) -> None:
    """The reporter adds a file, by whichever door it came."""
    dossier = office.load(receipt.id)
    own = {"file": uuid4(), "kind": "photo", "media_type": "image/jpeg", "size": 1, "sha256": "0" * 64}
    caller = Caller(dossier.tenant, "reporter", None, "reporter")
    event = office.runtime.desk(dossier.tenant).note(dossier, "FileAdded", caller, CAUSE, own)
    office.runtime.dossiers("intake").append([event])


def adds(office: Office, receipt: Receipt, **fields: Any) -> None:
    """They add a word."""
    office.say(receipt, "add", text="Alamatnya RT 02 Hanum.", **fields)


def program(office: Office, receipt: Receipt) -> None:
    """A program adds it for them, which holds no code."""
    tenant, cause = office.load(receipt.id).tenant, Cause(correlation_id="test")
    program_adds(office.runtime, tenant, receipt.ticket, PROGRAM, {"text": "Alamatnya RT 02 Hanum."}, cause)


def call(office: Office, receipt: Receipt) -> None:
    """They ask to be called."""
    adds(office, receipt, wants="call")


DOORS: tuple[Callable[[Office, Receipt], None], ...] = (adds, program, call, sends_a_photo)


def by_every_door(office: Office, receipts: Sequence[Receipt]) -> None:
    """Something comes to each of them by another door, and then nothing more until all times are over."""
    for door, receipt in zip(DOORS, receipts, strict=True):
        door(office, receipt)
    office.later(days=LONG_AFTER_DAYS)
    office.tick()


@pytest.mark.parametrize("tenant", RETURNING)
def test_who_sends_anything_has_completed_what_was_returned(office: Office, tenant: str) -> None:
    """By whatever door, it goes before the desk that asked for it, and lapses at no time."""
    receipts = [returned(office, tenant) for _ in DOORS]
    office.later(days=2)
    by_every_door(office, receipts)
    for receipt in receipts:
        dossier = office.load(receipt.id)
        scope = office.sop_of(dossier).actor(dossier.actor or "").scope
        assert ("in_progress", "tenant") == (dossier.status, scope), office.types(receipt.id)


@pytest.mark.parametrize("tenant", ANSWERED)
def test_who_sends_anything_after_the_answer_has_replied(office: Office, tenant: str) -> None:
    """It stands before a desk, and is not closed as if nobody had said anything."""
    receipts = [answered(office, tenant) for _ in DOORS]
    office.later(hours=2)
    by_every_door(office, receipts)
    for receipt in receipts:
        dossier = office.load(receipt.id)
        assert ("answered", True) == (dossier.status, dossier.reply is not None), office.types(receipt.id)


def test_the_words_stand_where_the_desk_reads_them(office: Office) -> None:
    """What was added is part of the complaint, or the text of the reply."""
    first, second = returned(office, "cilacap"), answered(office, "cilacap")
    keys = office.runtime.vault.keys(None, [first.id, second.id])
    adds(office, first)
    adds(office, second)
    [told] = complaint_of(office.history(first.id), keys[first.id])["additions"]
    reply = text_of(office.history(second.id), keys[second.id], office.load(second.id).reply)
    assert ("Alamatnya RT 02 Hanum.", "Alamatnya RT 02 Hanum.") == (told["message"], reply)


def test_words_may_follow_a_photo(office: Office) -> None:
    """Who sends photos first completes the complaint themselves; the desk has it once."""
    receipt = returned(office, "cilacap")
    sends_a_photo(office, receipt)
    office.later(minutes=30)
    sends_a_photo(office, receipt)
    office.later(minutes=50)
    office.tick()
    assert "Supplemented" not in office.types(receipt.id)
    office.say(receipt, "supplement", message="Ini fotonya.")
    office.later(days=LONG_AFTER_DAYS)
    office.tick()
    assert 1 == office.types(receipt.id).count("Supplemented")


def test_a_photo_goes_to_the_desk_within_the_hour(office: Office) -> None:
    """Nobody has to write beside it."""
    receipt = returned(office, "trenggalek")
    sends_a_photo(office, receipt)
    at = office.time.now() + WORDS_FOLLOW
    office.later(days=1)
    office.tick()
    [event] = [each for each in office.history(receipt.id) if each.type == "Supplemented"]
    assert at == event.occurred_at


def test_what_comes_too_late_changes_nothing(office: Office) -> None:
    """A photo after the time is over does not undo that it was over, however late the timer runs."""
    receipt = returned(office, "cilacap")
    wait = office.load(receipt.id).open_clock(REPLY)
    assert wait is not None
    office.later(seconds=(wait.due_at - office.time.now() + timedelta(minutes=1)).total_seconds())
    sends_a_photo(office, receipt)
    office.tick()
    assert "lapsed" == office.load(receipt.id).status
