"""Nothing counts as told that was not, and what the reporter was never told cannot run out against them."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from services.notify.refused import LetterRefused
from services.routing.commands import act
from services.routing.tasks import after
from services.sla import firing
from shared.base.caller import Caller
from shared.base.errors import Conflict, Invalid, NotFound
from shared.domain.dossier.clocks import DossierClock
from shared.domain.dossier.events import DeliveryFailed, DossierEvent, NoticeDelivered
from tests.notify.letter_office import CAUSE, EMAIL, LetterOffice, Refusing, deliveries, failures

TELEPHONE_ONLY = {"email": None}
FOR_GOOD = Refusing(LetterRefused("mailbox_refused", permanent=True))
WAYS_OF_NOT_ARRIVING: dict[str, tuple[dict[str, Any], Any]] = {
    "no address": (TELEPHONE_ONLY, None),
    "refused at the mailbox": ({}, FOR_GOOD),
    "refused after the text": ({}, Refusing(LetterRefused("content_refused", permanent=True))),
    "put off, not given up yet": ({}, Refusing(LetterRefused("mailbox_deferred"))),
    "server away": ({}, Refusing(LetterRefused("server_unreachable", everywhere=True))),
}


def _returned(office: LetterOffice, **fields: Any) -> Any:
    receipt = office.file(address=None, **fields)
    office.act(receipt, "return", reason="Alamat?")
    return receipt


def _answered(office: LetterOffice, **fields: Any) -> Any:
    return office.answered(**fields)


def _wait(office: LetterOffice, receipt: Any) -> DossierClock:
    found = office.runtime.dossiers("sla").load(receipt.id).open_clock("reply")
    assert found is not None
    return found


def _fired(office: LetterOffice, receipt: Any) -> list[str]:
    """What the clocks of a dossier have due, but for warnings and breaches."""
    dossier = office.runtime.dossiers("sla").load(receipt.id)
    return [event.type for event in firing.due_events(office.runtime, dossier) if not event.type.startswith("Clock")]


def _tell(office: LetterOffice, receipt: Any, **fields: Any) -> None:
    caller = Caller("cilacap", "coordinator", user="rini")
    act(office.runtime, caller, "cilacap", receipt.id, "deliver", fields, CAUSE)


@pytest.mark.parametrize("begun", [_returned, _answered])
@pytest.mark.parametrize("way", WAYS_OF_NOT_ARRIVING)
def test_what_was_never_told_does_not_run_out(office: LetterOffice, begun: Callable[..., Any], way: str) -> None:
    """Whatever kept the letter from its reader: neither given up nor content, until somebody tells them."""
    fields, post = WAYS_OF_NOT_ARRIVING[way]
    receipt = begun(office, **fields)
    office.send_all(post)
    office.later(days=400)

    assert [] == _fired(office, receipt)
    assert not _wait(office, receipt).told

    _tell(office, receipt, way="telephone", note="Ditelepon, sudah paham.")
    assert [] == _fired(office, receipt)
    office.later(days=31)
    assert ["Lapsed" if begun is _returned else "Closed"] == _fired(office, receipt)


@pytest.mark.parametrize("begun", [_returned, _answered])
def test_what_was_told_runs_out(office: LetterOffice, begun: Callable[..., Any]) -> None:
    """On a carrier's word the time runs from the start, and no second clock is begun."""
    receipt = begun(office)
    office.send_all()
    due_at = _wait(office, receipt).due_at

    office.later(days=31)

    assert due_at < office.clock.now()
    assert ["Lapsed" if begun is _returned else "Closed"] == _fired(office, receipt)


def test_time_begins_anew_when_the_reporter_is_told_late(office: LetterOffice) -> None:
    """The whole of it, from then on; the clock from before is void, and the officer sees the new time."""
    receipt = _returned(office, email=None)
    office.send_all()
    first = _wait(office, receipt)
    office.later(days=20)

    office.open_by_code(receipt)

    second = _wait(office, receipt)
    assert first.due_at - first.started_at == second.due_at - second.started_at
    assert office.clock.now() == second.started_at
    dossier = office.runtime.dossiers("sla").load(receipt.id)
    assert second.due_at == dossier.due_at
    assert ["cancelled", "running"] == [clock.state for clock in dossier.clocks if clock.target == "reply"]


def test_a_reporter_may_complete_however_late_what_nobody_told_them_was_missing(office: LetterOffice) -> None:
    """Whoever acts has the page before them: too late is only who was told."""
    receipt = _returned(office, email=None)
    office.send_all()
    office.later(days=400)

    office.reporter(receipt, "supplement", reporter={"address": "Jalan Melati 2"})

    assert ["NoticeDelivered", "Supplemented"] == office.types(receipt)[-2:]


@pytest.mark.parametrize("begun", [_returned, _answered])
def test_a_letter_that_comes_back_days_later_holds_the_time(office: LetterOffice, begun: Callable[..., Any]) -> None:
    """A carrier took it; its word was wrong."""
    receipt = begun(office)
    office.send_all()
    office.later(days=2)
    version = _wait(office, receipt).about or 0

    office.bounce(receipt, version)
    office.bounce(receipt, version)
    office.later(days=400)

    assert [] == _fired(office, receipt)
    failed = [event for event in office.history(receipt) if isinstance(event, DeliveryFailed)]
    told = [(event.answer, event.by, event.reason, event.after) for event in failed]
    assert [(version, "email", "bounced", "accepted")] == told


def test_a_bounce_takes_nothing_from_whoever_has_read_it_meanwhile(office: LetterOffice) -> None:
    """The reporter opened it before the letter was told of: it has arrived."""
    receipt = office.answered()
    office.open_by_code(receipt)
    office.send_all()

    office.bounce(receipt, office.history(receipt)[-1].originator_version - 1)

    assert "DeliveryFailed" not in office.types(receipt)
    assert ["portal"] == [by for _, by in deliveries(office, receipt)]


def test_a_notice_is_told_by_opening_it_once(office: LetterOffice) -> None:
    """Of a return that no letter brought; what was sent by mail needs no second word."""
    receipt = _returned(office, email=None)
    office.send_all()
    office.open_by_code(receipt)
    office.open_by_code(receipt)
    other = _returned(office)
    office.send_all()
    office.open_by_code(other)

    ways = [[e.by for e in office.history(r) if isinstance(e, NoticeDelivered)] for r in (receipt, other)]
    assert [["portal"], ["email"]] == ways


def test_a_stranger_opens_nothing(office: LetterOffice) -> None:
    """A wrong code tells nobody anything."""
    receipt = office.answered(email=None)
    office.send_all()
    before = office.types(receipt)

    with pytest.raises(NotFound):
        office.open_by_code(_with_code(receipt, "SALAHSALAH"))

    assert before == office.types(receipt)


def test_officers_say_how_they_told_it(office: LetterOffice) -> None:
    """By a way that is known; once; of what there is to tell."""
    receipt = office.answered(email=None)
    office.send_all()
    answer = next(e for e in office.history(receipt) if e.type == "Answered").originator_version
    for wrong in ({}, {"way": "kabar burung"}, {"way": "telephone", "of": 2}, {"way": "telephone", "siapa": "x"}):
        with pytest.raises(Invalid):
            _tell(office, receipt, **wrong)

    _tell(office, receipt, way="counter", of=answer)

    assert [(answer, "counter")] == deliveries(office, receipt)
    with pytest.raises(Conflict, match="told_before"):
        _tell(office, receipt, way="counter", of=answer)
    with pytest.raises(Conflict, match="nothing_to_tell"):
        _tell(office, receipt, way="counter")


def test_a_new_code_ends_the_old_one(office: LetterOffice) -> None:
    """Whoever lost theirs, or never had one, is given another; a finder of the old one reads nothing more."""
    receipt = office.file()
    caller = Caller("cilacap", "coordinator", user="rini")

    done = act(office.runtime, caller, "cilacap", receipt.id, "renew_code", {"via": "counter"}, CAUSE)

    code = done.said["tracking_code"]
    assert receipt.ticket == office.open_by_code(_with_code(receipt, code))["ticket"]
    with pytest.raises(NotFound):
        office.open_by_code(receipt)
    office.act(receipt, "return", reason="Alamat?")
    office.send_all()
    letter = [each for each in office.letters() if each.to == EMAIL][-1]
    assert code in letter.text
    assert receipt.tracking_code not in letter.text
    assert code not in str(office.rows("SELECT convert_from(state, 'UTF8') FROM eventstore.events"))


def test_every_letter_that_rights_depend_on_is_seen_to_have_failed(office: LetterOffice) -> None:
    """The receipt, the return, the answer, the closing: the desk is told of each."""
    receipt = _returned(office)
    office.send_all(FOR_GOOD)
    office.reporter(receipt, "supplement", reporter={"address": "Jalan Melati 2"})
    office.reporter(receipt, "withdraw", reason="Sudah baik.")
    office.send_all(FOR_GOOD)

    told = ["ComplaintFiled", "Returned", "Withdrawn"]
    assert [[("email", "mailbox_refused")]] * 3 == [failures(office, receipt, about) for about in told]


def _with_code(receipt: Any, code: str) -> Any:
    return type(receipt)(**{**receipt.__dict__, "tracking_code": code})


def test_a_reporter_is_told_how_it_ended(office: LetterOffice) -> None:
    """Also after the end: the task is done when somebody has said so, and nothing comes back to life by it."""
    receipt = office.file(email=None)
    caller = Caller("cilacap", "coordinator", user="rini")
    rejecting = {"why": "advertisement", "reason": "Penawaran"}
    act(office.runtime, caller, "cilacap", receipt.id, "reject", rejecting, CAUSE)
    office.send_all()
    assert [("none", "no_way")] == failures(office, receipt, "Rejected")

    _tell(office, receipt, way="telephone")

    dossier = office.runtime.dossiers("sla").load(receipt.id)
    assert ("NoticeDelivered", "rejected", ()) == (
        office.types(receipt)[-1],
        dossier.status,
        dossier.reaching.failed,
    )
    done = act(office.runtime, caller, "cilacap", receipt.id, "renew_code", {"via": "telephone"}, CAUSE)
    assert "rejected" == office.open_by_code(_with_code(receipt, done.said["tracking_code"]))["status"]


@pytest.mark.parametrize("kind", ["access", "correction"])
def test_what_the_law_owes_a_reporter_is_told_or_is_a_task(office: LetterOffice, kind: str) -> None:
    """Who has no mailbox is told by a person what became of their question about their data, also after the end."""
    receipt = office.file(email=None)
    office.send_all()
    office.reporter(receipt, "withdraw", reason="Sudah beres")
    office.reporter(receipt, "ask-about-data", kind=kind, text="Nama saya salah")
    fields = {"asked": office.runtime.dossiers("routing").load(receipt.id).version, "outcome": "done", "text": "Sudah."}
    coordinator = Caller("cilacap", "coordinator", user="rini")
    act(office.runtime, coordinator, "cilacap", receipt.id, "answer_about_data", fields, CAUSE)
    answered = office.runtime.dossiers("routing").load(receipt.id).version
    office.send_all()
    events = office.runtime.dossiers("routing").history(receipt.id)
    failed = [each for each in events if isinstance(each, DeliveryFailed) and each.answer == answered]

    assert ["coordinator"] == [each.task_for for each in failed]
    assert [{"task": "contact", "task_version": answered}] == _tasks(events, answered)

    _tell(office, receipt, way="telephone", note="Dibacakan.", of=answered)
    assert [] == _tasks(office.runtime.dossiers("routing").history(receipt.id), answered)


def _tasks(events: Sequence[DossierEvent], version: int) -> list[dict[str, Any]]:
    """What is to be done about that event."""
    tasks: list[Any] = []
    for event in events:
        tasks = after(tasks, event)
    found = [{name: task[name] for name in ("task", "task_version")} for task in tasks]
    return [task for task in found if task["task_version"] == version]
