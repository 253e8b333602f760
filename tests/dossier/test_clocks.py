"""Clocks follow from the dossier's events, and from nothing else."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from shared.domain.dossier.clocks import DossierClock, clocks_of, fold_clocks, next_firing
from shared.domain.sop import engine
from tests.dossier.story import Story


def _clock(story: Story, target: str, number: int = -1) -> DossierClock:
    assert story.dossier is not None
    return [clock for clock in story.dossier.clocks if clock.target == target][number]


def _wib(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def test_filing_starts_the_first_step_and_the_case() -> None:
    """A complaint in office hours has 15 minutes at the first desk and 135 for the whole case."""
    story = Story()

    dossier = story.file()

    assert [("step", _wib("2026-10-05T08:15")), ("case", _wib("2026-10-05T10:15"))] == [
        (clock.target, clock.due_at) for clock in dossier.clocks
    ]
    assert ("check", "coordinator", None) == (dossier.step, dossier.actor, dossier.held_by_agency)


def test_a_step_done_at_its_due_time_is_in_time() -> None:
    """The due instant itself still counts as in time."""
    story = Story()
    story.file()
    story.later(minutes=15)

    story.act("dispose")

    assert ("satisfied", 0) == (_clock(story, "step", 0).state, _clock(story, "step", 0).late_seconds)


def test_a_step_done_a_minute_late_is_breached_and_charged_to_its_holder() -> None:
    """No timer has run, and still the late desk is the one that is blamed, by 60 seconds."""
    story = Story()
    story.file()
    story.act("dispose")
    story.later(minutes=16)

    story.act("forward")

    late = _clock(story, "step", 1)
    assert ("breached", "receive", "operator", "dpupr", 60) == (
        late.state,
        late.step,
        late.actor,
        late.agency,
        late.late_seconds,
    )
    assert "running" == _clock(story, "case").state


def test_the_case_pauses_only_while_the_reporter_holds_the_dossier() -> None:
    """Returned for being incomplete, the case's due time moves by the working time until it was completed."""
    story = Story(start="2026-10-05T08:00:00+07:00")
    story.file(missing=("reporter.address",))
    story.later(minutes=10)
    story.act("return")
    assert "paused" == _clock(story, "case").state
    story.later(minutes=30)

    story.act("supplement", missing=())

    case = _clock(story, "case")
    assert ("running", _wib("2026-10-05T10:45"), _wib("2026-10-05T10:15")) == (
        case.state,
        case.due_at,
        case.promised_due_at,
    )


def test_a_wrong_disposition_does_not_stop_the_case() -> None:
    """The bounced time counts: the whole case runs on, and the next holder's clock starts when it receives."""
    story = Story()
    story.file()
    story.act("dispose")
    story.later(minutes=5)

    story.act("return", from_agency="dpupr", disposed_by="coordinator")

    assert story.dossier is not None
    assert (None, None) == (story.dossier.agency, story.dossier.held_by_agency)
    assert _wib("2026-10-05T10:15") == _clock(story, "case").due_at
    assert _wib("2026-10-05T08:20") == _clock(story, "step").due_at


def test_the_final_answer_fulfils_the_case_and_the_reporter_has_time_to_reply() -> None:
    """After the answer the case is done, and a wait of ten working days begins that ends in closing."""
    story = Story()
    story.file()
    story.act("dispose")
    for _ in range(4):
        story.act("forward")

    dossier = story.act("answer")

    assert ("satisfied", "answered", "reporter") == (_clock(story, "case").state, dossier.status, dossier.actor)
    wait = _clock(story, "reply")
    assert ("Closed", "running", _wib("2026-10-19T16:00")) == (wait.effect, wait.state, wait.due_at)


@pytest.mark.parametrize("came_back", [True, False], ids=["came back after the reopening", "had never arrived"])
def test_telling_of_the_former_answer_fulfils_no_reopened_case(came_back: bool) -> None:
    """The reporter is told of it on the telephone while they wait for the next one, and goes on waiting."""
    story = Story("majalengka")
    story.file()
    story.act("classify", classification=None, category=None, by="keyword")
    former = story.act("answer").answered
    story.act("forward")
    failed: dict[str, Any] = {"answer": former, "by": "email", "reason": "mailbox_refused"}
    if came_back:
        story.act("deliver", answer=former, by="email")
    else:
        story.note("DeliveryFailed", **failed)
    story.act("reopen")
    if came_back:
        story.note("DeliveryFailed", **failed)
    story.note("AnswerDelivered", answer=former, by="telephone")
    waiting = _clock(story, "case").state
    coming = story.act("answer").answered
    story.act("forward")
    story.act("deliver", answer=coming, by="email")

    assert ("running", "satisfied") == (waiting, _clock(story, "case").state)
    assert (2 if came_back else 1) == len([c for c in story.dossier.clocks if c.target == "case"])  # type: ignore[union-attr]


def test_a_case_that_rested_goes_on_when_it_is_reopened() -> None:
    """A procedure may reopen a complaint whose case stands still: by what the event says it runs from then on."""
    story = Story("majalengka")
    story.file()
    story.act("classify", classification=None, category=None, by="keyword")
    story.act("answer")
    story.act("forward")
    rested = replace(_clock(story, "case"), state="paused", paused_at=story.clock.now())
    story.act("reopen")
    going_on = replace(story.events[-1], case=story.events[0].case)
    (case,) = [each for each in fold_clocks((rested,), going_on) if each.target == "case"]

    assert story.events[0].case is not None
    assert ("running", story.events[0].case.due_at) == (case.state, case.due_at)


def test_reopening_starts_a_second_case_clock() -> None:
    """First and total resolution stay two figures."""
    story = Story()
    story.file()
    story.act("dispose")
    for _ in range(4):
        story.act("forward")
    story.act("answer")
    story.later(hours=1)

    story.act("reopen")

    assert story.dossier is not None
    assert ["satisfied", "running"] == [clock.state for clock in story.dossier.clocks if clock.target == "case"]
    assert "in_progress" == story.dossier.status


@pytest.mark.parametrize("steps", [0, 1])
def test_withdrawing_cancels_what_runs(steps: int) -> None:
    """A withdrawn complaint leaves no clock open, and an unbroken promise is no breach."""
    story = Story()
    story.file()
    for _ in range(steps):
        story.act("dispose")

    dossier = story.act("withdraw")

    assert {"cancelled"} == {
        clock.state for clock in dossier.clocks if not clock.ended_at or clock.state == "cancelled"
    }
    assert [] == [clock for clock in dossier.clocks if clock.open]
    assert (None, "withdrawn") == (dossier.step, dossier.status)


def test_a_clock_that_ended_late_unseen_still_has_its_warning_and_breach_to_record() -> None:
    """What a sleeping scheduler missed is recorded afterwards, as of its own time."""
    story = Story()
    story.file()
    story.later(minutes=20)
    story.act("dispose")
    late = _clock(story, "step", 0)

    assert late.warn_at == next_firing(late)
    story.note(
        "ClockWarned",
        late.warn_at,
        clock=late.id,
        target="step",
        holder="coordinator",
        holder_agency=None,
        due_at=late.due_at,
    )

    assert late.due_at == next_firing(_clock(story, "step", 0))


def test_folding_from_the_start_equals_folding_event_by_event() -> None:
    """The state kept incrementally is the state replayed."""
    story = Story()
    story.file(missing=("reporter.address",))
    story.act("return")
    story.later(hours=5)
    story.act("supplement")
    story.act("dispose")

    assert story.dossier is not None
    assert clocks_of(story.events) == story.dossier.clocks


def test_a_case_that_lapses_while_paused_was_never_late() -> None:
    """Cancelled in its pause, a case clock has no warning and no breach left to record from within it."""
    story = Story()
    story.file(missing=("reporter.address",))
    story.later(minutes=10)
    story.act("return")
    story.later(days=31)
    assert story.dossier is not None
    sop = story.desk.sop_of(story.dossier)
    lapse = engine.timeout_action(sop.step(story.dossier.step or ""))
    assert lapse is not None

    story.do(lapse)

    case = _clock(story, "case")
    assert ("cancelled", None) == (case.state, next_firing(case))
