"""Time that two holders share, breaches that climb, cases that end otherwise than by an answer in time."""

import json
from datetime import datetime, timedelta

import pytest

from shared.application.dossiers.codec import from_data, to_bytes
from shared.domain.dossier.clocks import DossierClock, next_firing
from tests.dossier.world import World


def _wib(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-10-05T{text}+07:00")


def _clock(world: World, target: str, step: str | None = None) -> DossierClock:
    assert world.dossier is not None
    return [clock for clock in world.dossier.clocks if clock.target == target and step in (None, clock.step)][-1]


def _at_pic() -> World:
    world = World(tenant="cirebon")
    world.file(category="KESEHATAN")
    world.act("classify", classification=None, category=None, by="keyword")
    world.act("dispose", to_agency="dinkes")
    world.act("forward")
    return world


def test_the_second_holder_has_what_the_first_has_left() -> None:
    """Due when the first one's time was, counted from when that began, and warned of no earlier than it came."""
    world = _at_pic()
    world.later(minutes=150)

    world.act("answer", has_response=True)

    pic, gate = _clock(world, "step", "respond"), _clock(world, "step", "gate")
    assert (pic.due_at, pic.started_at, _wib("10:30")) == (gate.due_at, gate.runs_from, gate.started_at)
    assert ("3 h", None) == (gate.within, gate.warn_at)


def test_where_nothing_is_left_the_second_is_late_from_receipt_on() -> None:
    """The first holder's lateness is the first holder's: nobody is charged with what was used up before."""
    world = _at_pic()
    world.later(minutes=225)
    world.act("answer", has_response=True)
    world.later(minutes=5)
    world.act("approve", kind="final")

    late = [_clock(world, "step", step).late_seconds for step in ("respond", "gate")]
    assert [2700, 300] == late


def test_what_is_shared_survives_the_store() -> None:
    """Since when the standard runs is part of the promise that is kept."""
    world = _at_pic()
    world.act("answer", has_response=True)
    event = world.events[-1]

    data = json.loads(to_bytes(event))

    assert event == from_data(event.type, event.originator_id, event.originator_version, data)
    assert "2026-10-05T01:00:00+00:00" == data["promise"]["runs_from"]
    assert "runs_from" not in json.loads(to_bytes(world.events[0]))["promise"]


def test_a_breach_climbs_at_the_instants_that_its_events_name() -> None:
    """The fold counts, and says when to look again; a clock that ended before that instant is not looked at."""
    world = World()
    world.file()
    world.act("dispose")
    clock = _clock(world, "step", "receive")
    about = {
        "clock": clock.id,
        "target": "step",
        "holder": clock.actor,
        "holder_agency": clock.agency,
        "due_at": clock.due_at,
    }
    world.later(minutes=20)
    world.note("ClockWarned", clock.warn_at, **about)
    world.note("ClockBreached", clock.due_at, **about)
    assert next_firing(_clock(world, "step", "receive")) is None
    further = clock.due_at + timedelta(minutes=15)
    world.note("Escalated", clock.due_at, **about, to_actor="liaison", next_at=further)

    climbing = _clock(world, "step", "receive")
    assert (1, further) == (climbing.escalated, next_firing(climbing))

    world.act("forward")

    assert next_firing(_clock(world, "step", "receive")) is None


@pytest.mark.parametrize(("kind", "state"), [("interim", "running"), ("final", "satisfied")])
def test_delivering_an_interim_answer_fulfils_nothing(kind: str, state: str) -> None:
    """Where the case ends with the delivery, it is the final answer's."""
    world = _at_pic()
    world.note("AnswerDelivered", answer=4, by="email", kind=kind)

    assert state == _clock(world, "case").state


def test_an_answer_that_cannot_be_delivered_ends_no_case() -> None:
    """It comes before the coordinator; the case ends when the reporter has been told, whoever told them."""
    world = _at_pic()
    world.note("DeliveryFailed", answer=4, by="email", reason="bad_address")
    assert "running" == _clock(world, "case").state
    world.act("answer", has_response=True)
    world.act("approve", kind="final")
    world.act("undelivered", answer=6, by="email", reason="bad_address")

    assert ("running", "contact") == (_clock(world, "case").state, world.dossier and world.dossier.step)

    world.act("deliver", answer=6, by="telephone")

    assert ("satisfied", "receive_answer") == (_clock(world, "case").state, world.dossier and world.dossier.step)


def test_a_case_withdrawn_late_says_how_late() -> None:
    """In its own kind of time, like one that was answered late; one withdrawn in time has no lateness to tell."""
    late, in_time = World(), World()
    for world, minutes in ((late, 145), (in_time, 60)):
        world.file()
        world.later(minutes=minutes)
        world.act("withdraw")

    assert ("breached", 600) == (_clock(late, "case").state, _clock(late, "case").late_seconds)
    assert ("cancelled", None) == (_clock(in_time, "case").state, in_time.events[-1].case_late_seconds)


def test_what_an_officer_has_classified_is_no_longer_missing() -> None:
    """A complaint without a category is complete in that as soon as it has one."""
    world = World(tenant="trenggalek")
    world.file(missing=("attachments", "category"))

    dossier = world.act("classify", classification=None, category="PERHUBUNGAN", by="officer")

    assert ("attachments",) == dossier.missing
