"""Time that two holders share, breaches that climb, cases that end otherwise than by an answer in time."""

import json
from datetime import datetime, timedelta

import pytest

from shared.application.dossiers.codec import from_data, to_bytes
from shared.domain.dossier.clocks import DossierClock, next_firing
from tests.dossier.story import Story


def _wib(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-10-05T{text}+07:00")


def _clock(story: Story, target: str, step: str | None = None) -> DossierClock:
    assert story.dossier is not None
    return [clock for clock in story.dossier.clocks if clock.target == target and step in (None, clock.step)][-1]


def _at_pic() -> Story:
    story = Story(tenant="cirebon")
    story.file(category="KESEHATAN")
    story.act("classify", classification=None, category=None, by="keyword")
    story.act("dispose", to_agency="dinkes")
    story.act("forward")
    return story


def test_the_second_holder_has_what_the_first_has_left() -> None:
    """Due when the first one's time was, counted from when that began, and warned of no earlier than it came."""
    story = _at_pic()
    story.later(minutes=150)

    story.act("answer", has_response=True)

    pic, gate = _clock(story, "step", "respond"), _clock(story, "step", "gate")
    assert (pic.due_at, pic.started_at, _wib("10:30")) == (gate.due_at, gate.runs_from, gate.started_at)
    assert ("3 h", None) == (gate.within, gate.warn_at)


def test_where_nothing_is_left_the_second_is_late_from_receipt_on() -> None:
    """The first holder's lateness is the first holder's: nobody is charged with what was used up before."""
    story = _at_pic()
    story.later(minutes=225)
    story.act("answer", has_response=True)
    story.later(minutes=5)
    story.act("approve", kind="final")

    late = [_clock(story, "step", step).late_seconds for step in ("respond", "gate")]
    assert [2700, 300] == late


def test_what_is_shared_survives_the_store() -> None:
    """Since when the standard runs is part of the promise that is kept."""
    story = _at_pic()
    story.act("answer", has_response=True)
    event = story.events[-1]

    data = json.loads(to_bytes(event))

    assert event == from_data(event.type, event.originator_id, event.originator_version, data)
    assert "2026-10-05T01:00:00+00:00" == data["promise"]["runs_from"]
    assert "runs_from" not in json.loads(to_bytes(story.events[0]))["promise"]


def test_a_breach_climbs_at_the_instants_that_its_events_name() -> None:
    """The fold counts, and says when to look again; a clock that ended before that instant is not looked at."""
    story = Story()
    story.file()
    story.act("dispose")
    clock = _clock(story, "step", "receive")
    about = {
        "clock": clock.id,
        "target": "step",
        "holder": clock.actor,
        "holder_agency": clock.agency,
        "due_at": clock.due_at,
    }
    story.later(minutes=20)
    story.note("ClockWarned", clock.warn_at, **about)
    story.note("ClockBreached", clock.due_at, **about)
    assert next_firing(_clock(story, "step", "receive")) is None
    further = clock.due_at + timedelta(minutes=15)
    story.note("Escalated", clock.due_at, **about, to_actor="liaison", next_at=further)

    climbing = _clock(story, "step", "receive")
    assert (1, further) == (climbing.escalated, next_firing(climbing))

    story.act("forward")

    assert next_firing(_clock(story, "step", "receive")) is None


@pytest.mark.parametrize(("kind", "state"), [("interim", "running"), ("final", "satisfied")])
def test_delivering_an_interim_answer_fulfils_nothing(kind: str, state: str) -> None:
    """Where the case ends with the delivery, it is the final answer's."""
    story = _at_pic()
    story.note("AnswerDelivered", answer=4, by="email", kind=kind)

    assert state == _clock(story, "case").state


def test_an_answer_that_cannot_be_delivered_ends_no_case() -> None:
    """It comes before the coordinator; the case ends when the reporter has been told, whoever told them."""
    story = _at_pic()
    story.note("DeliveryFailed", answer=4, by="email", reason="bad_address")
    assert "running" == _clock(story, "case").state
    story.act("answer", has_response=True)
    story.act("approve", kind="final")
    story.act("undelivered", answer=6, by="email", reason="bad_address")

    assert ("running", "contact") == (_clock(story, "case").state, story.dossier and story.dossier.step)

    story.act("deliver", answer=6, by="telephone")

    assert ("satisfied", "receive_answer") == (_clock(story, "case").state, story.dossier and story.dossier.step)


def test_a_case_withdrawn_late_says_how_late() -> None:
    """In its own kind of time, like one that was answered late; one withdrawn in time has no lateness to tell."""
    late, in_time = Story(), Story()
    for story, minutes in ((late, 145), (in_time, 60)):
        story.file()
        story.later(minutes=minutes)
        story.act("withdraw")

    assert ("breached", 600) == (_clock(late, "case").state, _clock(late, "case").late_seconds)
    assert ("cancelled", None) == (_clock(in_time, "case").state, in_time.events[-1].case_late_seconds)


def test_what_an_officer_has_classified_is_no_longer_missing() -> None:
    """A complaint without a category is complete in that as soon as it has one."""
    story = Story(tenant="trenggalek")
    story.file(missing=("attachments", "category"))

    dossier = story.act("classify", classification=None, category="PERHUBUNGAN", by="officer")

    assert ("attachments",) == dossier.missing
