"""What each event does to a case and its holdings."""

import random
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.reporting.almanac import Almanac
from services.reporting.projection import PASSED_OVER, RecapProjection
from shared.domain.all_tenants import Tenants
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import EVENT_TYPES, DossierEvent
from shared.domain.sop.vocabulary import MOVES, SIDE_NOTES, TIMEOUT_EVENTS
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.projection import Rows
from shared.store.projection.testing import given
from tests.reporting.stories import TimedStory, random_story, started

MONDAY = "2026-10-05T08:00:00+07:00"
MINUTE = timedelta(minutes=1)
_PROMISED = ("promise", "wait", "case", "late_seconds", "case_late_seconds", "sealed")


def _case(story: TimedStory) -> Any:
    return given(RecapProjection(), *story.events).only("cases")


def _hands(story: TimedStory) -> list[Any]:
    rows = given(RecapProjection(), *story.events).rows["holdings"]
    return [(row["step"], row["actor"], row["late_seconds"], row["imposed"], row["charged_actor"]) for row in rows]


def _in_cilacap(**filed: Any) -> TimedStory:
    return started("cilacap", MONDAY, **filed)


def _as_far_as_the_answer(story: TimedStory) -> None:
    story.act("dispose", to_agency="dpupr")
    for _ in range(4):
        story.act("forward")


def test_a_filing_opens_a_case_in_the_first_desk_s_hands() -> None:
    """What is known at the filing is noted, everything else is not there yet."""
    story = _in_cilacap(category="KESEHATAN", kecamatan="Kroya")

    case = _case(story)

    assert ("cilacap", "whatsapp", "KESEHATAN", "Kroya", "in_progress", 0) == tuple(
        case[name] for name in ("tenant", "channel", "category", "kecamatan", "status", "dispositions")
    )
    assert (None, None, None) == (case["answered_at"], case["case_met"], case["agency"])
    assert [("check", "coordinator", None, False, "coordinator")] == _hands(story)


def test_the_desk_that_lets_go_late_is_late_itself() -> None:
    """Sixteen minutes in a step of fifteen are sixty seconds of the holder's own lateness."""
    story = _in_cilacap()
    story.later(16 * MINUTE, timers=False)

    story.act("dispose", to_agency="dpupr")

    assert ("check", "coordinator", 60, False, "coordinator") == _hands(story)[0]
    assert ("receive", "operator", None, False, "operator") == _hands(story)[1]


def test_a_breach_is_known_before_the_desk_lets_go() -> None:
    """What a timer has seen counts at once, without a figure yet."""
    story = _in_cilacap()

    story.later(20 * MINUTE)

    [holding] = given(RecapProjection(), *story.events).rows["holdings"]
    assert (True, None) == (holding["breached"], holding["late_seconds"])


def test_time_with_the_wrong_agency_is_charged_to_whoever_disposed() -> None:
    """The operator held a dossier that was not theirs: their time, and their lateness, is the coordinator's."""
    story = _in_cilacap()
    story.act("dispose", to_agency="dpupr")
    story.later(20 * MINUTE)

    story.act("return")

    assert [
        ("check", "coordinator", 0, False, "coordinator"),
        ("receive", "operator", 300, True, "coordinator"),
        ("check", "coordinator", None, False, "coordinator"),
    ] == _hands(story)
    assert (1, None) == (_case(story)["returned_wrong_agency"], _case(story)["agency"])


def test_reviewing_a_draft_that_must_be_mended_is_charged_to_whoever_wrote_it() -> None:
    """Rework likewise: the head's time with an inadequate draft is the unit's."""
    story = started("trenggalek", MONDAY)
    for action in ("forward", "dispose", "forward", "forward", "forward", "answer"):
        story.act(action)
    assert "review" == story.state.step

    story.act("return")

    *_, draft, review, again = _hands(story)
    assert ("draft", "unit", False) == (draft[0], draft[1], draft[3])
    assert ("review", "head", True, "unit") == (review[0], review[1], review[3], review[4])
    assert ("draft", "unit", False, "unit") == (again[0], again[1], again[3], again[4])


def test_a_return_to_the_reporter_is_charged_to_nobody_else() -> None:
    """Checking was the desk's own work."""
    story = _in_cilacap(missing=("reporter.address",))

    story.act("return")

    assert [False, False] == [row[3] for row in _hands(story)]
    assert ("returned", 1) == (_case(story)["status"], _case(story)["returned_incomplete"])


def test_an_interim_answer_answers_nothing() -> None:
    """It is counted, and the case stays unanswered."""
    story = started("majalengka", MONDAY)
    story.act("classify")

    story.act("interim")

    assert (1, None) == (_case(story)["interims"], _case(story)["answered_at"])


def test_first_and_total_resolution_are_two_figures() -> None:
    """A reopened case keeps its first answer, and its standard is decided by that."""
    story = _in_cilacap()
    _as_far_as_the_answer(story)
    story.act("answer")
    first = story.clock.now()
    story.act("reopen")
    story.later(timedelta(days=2))
    _as_far_as_the_answer(story)

    story.act("answer")

    case = _case(story)
    assert (first, story.clock.now()) == (case["answered_at"], case["last_answered_at"])
    assert (True, 0, 1) == (case["case_met"], case["case_late_seconds"], case["reopened"])


@pytest.mark.parametrize(("minutes", "met"), [(15, True), (121, False)])
def test_the_standard_is_that_of_the_whole_case(minutes: int, met: bool) -> None:
    """Each desk may be in time or late: the case is within its standard if the answer is."""
    story = _in_cilacap()
    story.act("dispose", to_agency="dpupr")
    for _ in range(4):
        story.later(minutes / 4 * MINUTE, timers=False)
        story.act("forward")
    story.later(14 * MINUTE if met else 20 * MINUTE, timers=False)

    story.act("answer")

    assert (met, met or minutes + 20 - 135) == (
        _case(story)["case_met"],
        met or _case(story)["case_late_seconds"] // 60,
    )


def test_a_late_case_is_known_before_it_is_answered() -> None:
    """A timer's word suffices; how late it was is told when it ends."""
    story = _in_cilacap()
    story.later(timedelta(hours=5))
    seen = _case(story)
    _as_far_as_the_answer(story)

    story.act("answer")

    assert (False, None) == (seen["case_met"], seen["case_late_seconds"])
    assert (False, True) == (_case(story)["case_met"], _case(story)["case_late_seconds"] > 0)


def test_an_answer_counts_as_delivered_when_the_final_one_arrived() -> None:
    """Failures are counted too."""
    story = _in_cilacap()
    _as_far_as_the_answer(story)
    story.act("answer")
    story.note("DeliveryFailed", answer=story.state.version, by="email", reason="mailbox_refused")
    failed = _case(story)

    story.note("AnswerDelivered", answer=story.state.answered, by="portal")

    assert (None, 1) == (failed["delivered_at"], failed["delivery_failures"])
    assert story.clock.now() == _case(story)["delivered_at"]


def test_a_rating_and_the_end_are_noted() -> None:
    """The last score counts; without a word from the reporter the case is closed by its time-out."""
    story = _in_cilacap()
    _as_far_as_the_answer(story)
    story.act("answer")
    story.note("AnswerDelivered", answer=story.state.answered, by="email")
    story.act("rate", score=2)
    story.act("rate", score=4)

    story.later(timedelta(days=30))

    case = _case(story)
    assert (4, "closed", "timeout") == (case["rating"], case["status"], case["closed_by"])
    assert datetime.fromisoformat("2026-10-19T16:00+07:00") == case["ended_at"]


def test_a_reporter_who_stays_silent_lets_the_case_lapse() -> None:
    """It ends unanswered."""
    story = _in_cilacap(missing=("reporter.address",))
    story.act("return")
    story.note("NoticeDelivered", notice=story.state.version, about="Returned", by="email")

    story.later(timedelta(days=31))

    case = _case(story)
    assert ("lapsed", None, 1) == (case["status"], case["answered_at"], case["returned_incomplete"])


def test_what_is_learned_later_replaces_what_was_guessed() -> None:
    """An officer's class and category overrule those of the filing; an agency is the last one responsible."""
    story = _in_cilacap(category="PERHUBUNGAN", classification="question")

    story.act("classify", classification="complaint", category="KESEHATAN")
    story.act("dispose", to_agency="dinkes")

    case = _case(story)
    assert ("complaint", "KESEHATAN", "dinkes", 1) == tuple(
        case[name] for name in ("classification", "category", "agency", "dispositions")
    )


def test_months_and_working_time_are_the_governments_own() -> None:
    """Filed at seven in the evening of the 30th in UTC, it is October in Cilacap; a night holds no working time."""
    story = started("cilacap", "2026-09-30T19:00:00+00:00")
    story.later(timedelta(hours=4))
    story.act("dispose", to_agency="dpupr")

    case = given(RecapProjection(), *story.events).only("cases")
    [first, *_] = given(RecapProjection(), *story.events).rows["holdings"]

    assert ("2026-10", "2026-10") == (case["month"], first["month"])
    assert story.tenant.calendar.between(first["since"], first["until"]) == first["working_seconds"]


def test_a_government_without_its_folder_is_counted_all_the_same(tmp_path: Path) -> None:
    """By UTC, and without working time, which nobody can tell."""
    story = started("cilacap", "2026-09-30T19:00:00+00:00")
    story.later(timedelta(hours=4))
    story.act("dispose", to_agency="dpupr")
    projection = RecapProjection(Almanac(Tenants(tmp_path)))

    told = given(projection, *story.events)

    assert "2026-09" == told.only("cases")["month"]
    assert {None} == {holding["working_seconds"] for holding in told.rows["holdings"]}


def test_what_a_rebuild_passes_over_moves_nothing_in_any_procedure() -> None:
    """A type that an action may bring about can move a dossier, in a procedure that nobody has written yet."""
    assert not PASSED_OVER & (MOVES | TIMEOUT_EVENTS)
    assert PASSED_OVER <= SIDE_NOTES


@pytest.mark.parametrize("name", sorted(PASSED_OVER))
def test_what_a_rebuild_passes_over_changes_no_row(name: EventName) -> None:
    """Whatever stands in it, before and after the end."""
    for story in (_in_cilacap(), _ended()):
        last = story.events[-1]
        own = {each.name: getattr(last, each.name) for each in fields(DossierEvent)}
        unsaid = {each.name: None for each in fields(EVENT_TYPES[name]) if each.name not in own}
        said = own | unsaid | dict.fromkeys(_PROMISED) | {"originator_version": last.originator_version + 1}
        before = given(RecapProjection(), *story.events)

        before.when(EVENT_TYPES[name](**said)).then(before.rows)


def test_a_dossier_comes_to_the_same_without_what_is_passed_over() -> None:
    """Over random legal lives, with everything that the services note beside."""
    source = random.Random(7)
    passed = 0
    for number in range(60):
        events = random_story(source, number)
        heeded = [event for event in events if event.type not in PASSED_OVER]
        passed += len(events) - len(heeded)

        assert _rebuilt(heeded) == _rebuilt(events)
    assert passed > 0


def _rebuilt(events: Sequence[DossierEvent]) -> Rows:
    recorded = (
        RecordedEvent(each.originator_version, each.originator_id, each.originator_version, each.type, b"{}")
        for each in events
    )
    return RecapProjection().history(list(zip(events, recorded, strict=True)))


def _ended() -> TimedStory:
    story = _in_cilacap()
    _as_far_as_the_answer(story)
    story.act("answer")
    story.note("Erased", reason="request")
    return story
