"""Nothing counts as told that was not, and what the reporter was never told cannot run out against them."""

from collections.abc import Callable
from typing import Any

import pytest

from services.notify.refused import Refused
from services.routing.commands import act
from services.sla import firing
from shared.base.caller import Caller
from shared.base.errors import Conflict, Invalid, NotFound
from shared.domain.dossier.clocks import DossierClock
from shared.domain.dossier.events import DeliveryFailed, NoticeDelivered
from tests.notify.house import CAUSE, EMAIL, House, Refusing, deliveries, failures

TELEPHONE_ONLY = {"email": None}
FOR_GOOD = Refusing(Refused("mailbox_refused", permanent=True))
WAYS_OF_NOT_ARRIVING: dict[str, tuple[dict[str, Any], Any]] = {
    "no address": (TELEPHONE_ONLY, None),
    "refused at the mailbox": ({}, FOR_GOOD),
    "refused after the text": ({}, Refusing(Refused("content_refused", permanent=True))),
    "put off, not given up yet": ({}, Refusing(Refused("mailbox_deferred"))),
    "server away": ({}, Refusing(Refused("server_unreachable", everywhere=True))),
}


def _returned(house: House, **fields: Any) -> Any:
    receipt = house.file(address=None, **fields)
    house.act(receipt, "return", reason="Alamat?")
    return receipt


def _answered(house: House, **fields: Any) -> Any:
    return house.answered(**fields)


def _wait(house: House, receipt: Any) -> DossierClock:
    found = house.runtime.dossiers("sla").load(receipt.id).open_clock("reply")
    assert found is not None
    return found


def _fired(house: House, receipt: Any) -> list[str]:
    """What the clocks of a dossier have due, but for warnings and breaches."""
    dossier = house.runtime.dossiers("sla").load(receipt.id)
    return [event.type for event in firing.due_events(house.runtime, dossier) if not event.type.startswith("Clock")]


def _tell(house: House, receipt: Any, **fields: Any) -> None:
    caller = Caller("cilacap", "coordinator", user="rini")
    act(house.runtime, caller, "cilacap", receipt.id, "deliver", fields, CAUSE)


@pytest.mark.parametrize("begun", [_returned, _answered])
@pytest.mark.parametrize("way", WAYS_OF_NOT_ARRIVING)
def test_what_was_never_told_does_not_run_out(house: House, begun: Callable[..., Any], way: str) -> None:
    """Whatever kept the letter from its reader: neither given up nor content, until somebody tells them."""
    fields, post = WAYS_OF_NOT_ARRIVING[way]
    receipt = begun(house, **fields)
    house.settle(post)
    house.later(days=400)

    assert [] == _fired(house, receipt)
    assert not _wait(house, receipt).told

    _tell(house, receipt, way="telephone", note="Ditelepon, sudah paham.")
    assert [] == _fired(house, receipt)
    house.later(days=31)
    assert ["Lapsed" if begun is _returned else "Closed"] == _fired(house, receipt)


@pytest.mark.parametrize("begun", [_returned, _answered])
def test_what_was_told_runs_out(house: House, begun: Callable[..., Any]) -> None:
    """On a carrier's word the time runs from the start, and no second clock is begun."""
    receipt = begun(house)
    house.settle()
    due_at = _wait(house, receipt).due_at

    house.later(days=31)

    assert due_at < house.clock.now()
    assert ["Lapsed" if begun is _returned else "Closed"] == _fired(house, receipt)


def test_time_begins_anew_when_the_reporter_is_told_late(house: House) -> None:
    """The whole of it, from then on; the clock from before is void, and the officer sees the new time."""
    receipt = _returned(house, email=None)
    house.settle()
    first = _wait(house, receipt)
    house.later(days=20)

    house.open_by_code(receipt)

    second = _wait(house, receipt)
    assert first.due_at - first.started_at == second.due_at - second.started_at
    assert house.clock.now() == second.started_at
    dossier = house.runtime.dossiers("sla").load(receipt.id)
    assert second.due_at == dossier.due_at
    assert ["cancelled", "running"] == [clock.state for clock in dossier.clocks if clock.target == "reply"]


def test_a_reporter_may_complete_however_late_what_nobody_told_them_was_missing(house: House) -> None:
    """Whoever acts has the page before them: too late is only who was told."""
    receipt = _returned(house, email=None)
    house.settle()
    house.later(days=400)

    house.reporter(receipt, "supplement", reporter={"address": "Jalan Melati 2"})

    assert ["NoticeDelivered", "Supplemented"] == house.types(receipt)[-2:]


@pytest.mark.parametrize("begun", [_returned, _answered])
def test_a_letter_that_comes_back_days_later_holds_the_time(house: House, begun: Callable[..., Any]) -> None:
    """A carrier took it; its word was wrong."""
    receipt = begun(house)
    house.settle()
    house.later(days=2)
    version = _wait(house, receipt).about or 0

    house.bounce(receipt, version)
    house.bounce(receipt, version)
    house.later(days=400)

    assert [] == _fired(house, receipt)
    failed = [event for event in house.history(receipt) if isinstance(event, DeliveryFailed)]
    assert [(version, "email", "bounced")] == [(event.answer, event.by, event.reason) for event in failed]


def test_a_bounce_takes_nothing_from_whoever_has_read_it_meanwhile(house: House) -> None:
    """The reporter opened it before the letter was told of: it has arrived."""
    receipt = house.answered()
    house.open_by_code(receipt)
    house.settle()

    house.bounce(receipt, house.history(receipt)[-1].originator_version - 1)

    assert "DeliveryFailed" not in house.types(receipt)
    assert ["portal"] == [by for _, by in deliveries(house, receipt)]


def test_a_notice_is_told_by_opening_it_once(house: House) -> None:
    """Of a return that no letter brought; what was sent by mail needs no second word."""
    receipt = _returned(house, email=None)
    house.settle()
    house.open_by_code(receipt)
    house.open_by_code(receipt)
    other = _returned(house)
    house.settle()
    house.open_by_code(other)

    ways = [[e.by for e in house.history(r) if isinstance(e, NoticeDelivered)] for r in (receipt, other)]
    assert [["portal"], ["email"]] == ways


def test_a_stranger_opens_nothing(house: House) -> None:
    """A wrong code tells nobody anything."""
    receipt = house.answered(email=None)
    house.settle()
    before = house.types(receipt)

    with pytest.raises(NotFound):
        house.open_by_code(_with_code(receipt, "SALAHSALAH"))

    assert before == house.types(receipt)


def test_officers_say_how_they_told_it(house: House) -> None:
    """By a way that is known; once; of what there is to tell."""
    receipt = house.answered(email=None)
    house.settle()
    answer = next(e for e in house.history(receipt) if e.type == "Answered").originator_version
    for wrong in ({}, {"way": "kabar burung"}, {"way": "telephone", "of": 2}, {"way": "telephone", "siapa": "x"}):
        with pytest.raises(Invalid):
            _tell(house, receipt, **wrong)

    _tell(house, receipt, way="counter", of=answer)

    assert [(answer, "counter")] == deliveries(house, receipt)
    with pytest.raises(Conflict, match="told_before"):
        _tell(house, receipt, way="counter", of=answer)
    with pytest.raises(Conflict, match="nothing_to_tell"):
        _tell(house, receipt, way="counter")


def test_a_new_code_ends_the_old_one(house: House) -> None:
    """Whoever lost theirs, or never had one, is given another; a finder of the old one reads nothing more."""
    receipt = house.file()
    caller = Caller("cilacap", "coordinator", user="rini")

    done = act(house.runtime, caller, "cilacap", receipt.id, "renew_code", {"via": "counter"}, CAUSE)

    code = done.said["tracking_code"]
    assert receipt.ticket == house.open_by_code(_with_code(receipt, code))["ticket"]
    with pytest.raises(NotFound):
        house.open_by_code(receipt)
    house.act(receipt, "return", reason="Alamat?")
    house.settle()
    letter = [each for each in house.letters() if each.to == EMAIL][-1]
    assert code in letter.text
    assert receipt.tracking_code not in letter.text
    assert code not in str(house.rows("SELECT convert_from(state, 'UTF8') FROM eventstore.events"))


def test_every_letter_that_rights_depend_on_is_seen_to_have_failed(house: House) -> None:
    """The receipt, the return, the answer, the closing: the desk is told of each."""
    receipt = _returned(house)
    house.settle(FOR_GOOD)
    house.reporter(receipt, "supplement", reporter={"address": "Jalan Melati 2"})
    house.reporter(receipt, "withdraw", reason="Sudah baik.")
    house.settle(FOR_GOOD)

    told = ["ComplaintFiled", "Returned", "Withdrawn"]
    assert [[("email", "mailbox_refused")]] * 3 == [failures(house, receipt, about) for about in told]


def _with_code(receipt: Any, code: str) -> Any:
    return type(receipt)(**{**receipt.__dict__, "tracking_code": code})


def test_a_reporter_is_told_how_it_ended(house: House) -> None:
    """Also after the end: the task is done when somebody has said so, and nothing comes back to life by it."""
    receipt = house.file(email=None)
    caller = Caller("cilacap", "coordinator", user="rini")
    rejecting = {"why": "advertisement", "reason": "Penawaran"}
    act(house.runtime, caller, "cilacap", receipt.id, "reject", rejecting, CAUSE)
    house.settle()
    assert [("none", "no_way")] == failures(house, receipt, "Rejected")

    _tell(house, receipt, way="telephone")

    dossier = house.runtime.dossiers("sla").load(receipt.id)
    assert ("NoticeDelivered", "rejected", ()) == (
        house.types(receipt)[-1],
        dossier.status,
        dossier.reaching.failed,
    )
    done = act(house.runtime, caller, "cilacap", receipt.id, "renew_code", {"via": "telephone"}, CAUSE)
    assert "rejected" == house.open_by_code(_with_code(receipt, done.said["tracking_code"]))["status"]
