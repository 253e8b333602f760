"""A breach climbs the SOP's chain for as long as the work is undone, one standard of the step at a time."""

from datetime import datetime

import pytest

from services.intake.receipts import Receipt
from shared.domain.dossier.events import ClockBreached, Escalated
from tests.fixtures.office import Office


def _wib(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}+07:00")


def _climbed(office: Office, receipt: Receipt) -> list[tuple[str, datetime]]:
    events = [event for event in office.history(receipt.id) if isinstance(event, Escalated) and event.target == "step"]
    return [(event.to_actor, event.occurred_at) for event in events]


def _bantul(office: Office, *actions: tuple[str, str]) -> Receipt:
    receipt = office.file("bantul", category="PERHUBUNGAN")
    office.run_system(receipt)
    for actor, action in actions:
        office.act(receipt, actor, action)
    return receipt


def _trenggalek(office: Office) -> Receipt:
    receipt = office.file("trenggalek")
    office.act(receipt, "coordinator", "forward")
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    return receipt


def _majalengka(office: Office) -> Receipt:
    receipt = office.file("majalengka")
    office.run_system(receipt)
    office.act(receipt, "coordinator", "dispose", agency="dputr")
    office.run_system(receipt)
    return receipt


def test_working_minutes(office: Office) -> None:
    """An hour for the operator: the Secretary is told at nine, the head at ten."""
    receipt = _bantul(office)
    office.later(hours=8)
    office.tick()

    assert [("liaison", _wib("10-05T09:00")), ("head", _wib("10-05T10:00"))] == _climbed(office, receipt)


def test_working_minutes_over_a_night(office: Office) -> None:
    """Eleven hours for the unit, from Monday eight o'clock: late on Tuesday at half past eleven, more on Wednesday."""
    receipt = _bantul(office, ("operator", "forward"), ("liaison", "forward"))
    office.later(days=5)
    office.tick()

    assert [("liaison", _wib("10-06T11:30")), ("head", _wib("10-07T16:00"))] == _climbed(office, receipt)


def test_working_days(office: Office) -> None:
    """Three working days, and three more: at closing times, with a week-end between."""
    receipt = _trenggalek(office)
    office.later(days=20)
    office.tick()

    assert [("head", _wib("10-08T16:00")), ("coordinator", _wib("10-13T16:00"))] == _climbed(office, receipt)


def test_calendar_days(office: Office) -> None:
    """Thirty days, and thirty more, at the time of day at which it was received."""
    receipt = _majalengka(office)
    office.later(days=70)
    office.tick()

    assert [("coordinator", _wib("11-04T08:00")), ("national_admin", _wib("12-04T08:00"))] == _climbed(office, receipt)


def test_not_before_its_time(office: Office) -> None:
    """At the breach one of the chain is told; the next not at, but after the instant, and then it is over."""
    receipt = _bantul(office)
    seen = []
    for time in ("10-05T09:00", "10-05T09:01", "10-05T10:00", "10-05T10:01", "10-05T15:00"):
        office.time.move_to(_wib(time))
        office.tick()
        seen.append(len(_climbed(office, receipt)))

    assert [0, 1, 1, 2, 2] == seen
    assert 1 == sum(isinstance(event, ClockBreached) for event in office.history(receipt.id))


def test_what_was_done_meanwhile_climbs_no_further(office: Office) -> None:
    """Late, but done before the next of the chain was to be told."""
    receipt = _bantul(office)
    office.later(minutes=90)
    office.tick()
    office.act(receipt, "operator", "forward")
    office.later(minutes=60)
    office.tick()

    assert [("liaison", _wib("10-05T09:00"))] == _climbed(office, receipt)


@pytest.mark.parametrize(("done_after", "told"), [(30, []), (60, []), (90, ["liaison"]), (150, ["liaison", "head"])])
def test_a_sleeping_scheduler_tells_whom_it_would_have_told(office: Office, done_after: int, told: list[str]) -> None:
    """What the work was still undone for, as of its own time, and nothing that it was done before."""
    receipt = _bantul(office)
    office.later(minutes=done_after)
    office.act(receipt, "operator", "forward")
    office.later(minutes=5)
    office.tick()

    assert told == [actor for actor, _ in _climbed(office, receipt)]


def test_a_withdrawn_complaint_bothers_nobody(office: Office) -> None:
    """Its breach stands, and climbs no further."""
    receipt = _bantul(office)
    office.later(minutes=61)
    office.tick()
    office.say(receipt, "withdraw", reason="Sudah selesai")
    office.later(days=30)
    office.tick()

    assert ["liaison"] == [actor for actor, _ in _climbed(office, receipt)]


def test_where_nobody_is_named_nobody_is_told(office: Office) -> None:
    """Cilacap's coordinator is late, and the SOP names nobody above."""
    receipt = office.file("cilacap")
    office.later(days=3)
    office.tick()

    assert [] == _climbed(office, receipt)
    assert "ClockBreached" in office.types(receipt.id)


def test_the_clock_counts_its_escalations(office: Office) -> None:
    """Before how many of the chain it was brought, in the table as in the fold."""
    receipt = _bantul(office)
    office.later(hours=8)
    office.tick()

    [(escalated, escalate_at)] = office.rows(
        "SELECT escalated, escalate_at FROM sla.clocks WHERE dossier = %s AND target = 'step' AND step = 'receive'",
        str(receipt.id),
    )
    assert (2, None) == (escalated, escalate_at)
