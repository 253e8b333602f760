"""What each event leaves to be told."""

from services.notify.projection import NoticeProjection
from shared.domain.dossier.events import DossierEvent
from shared.store.projection.testing import given
from tests.dossier.story import Story


def _last(events: list[DossierEvent]) -> dict[str, object]:
    return dict(given(NoticeProjection(), *events).rows["notices"][-1])


def test_a_filing_is_the_first_desk_s() -> None:
    """The notice says who holds the dossier now, and that no agency is responsible."""
    story = Story()
    story.file()

    notice = _last(story.events)

    assert ("ComplaintFiled", "check", "coordinator", None) == (
        notice["event"],
        notice["to_step"],
        notice["holder"],
        notice["agency"],
    )
    assert story.events[0].recorded_at == notice["recorded_at"]


def test_a_disposition_names_the_agency() -> None:
    """It is responsible from then on, whatever happens within it."""
    story = Story()
    story.file()
    story.act("dispose")
    story.act("forward")

    notice = _last(story.events)

    assert ("dpupr", "liaison", "dpupr") == (notice["agency"], notice["holder"], notice["holder_agency"])


def test_a_returned_disposition_frees_the_agency() -> None:
    """It is the coordinator's again."""
    story = Story()
    story.file()
    story.act("dispose")
    story.act("return")

    notice = _last(story.events)

    assert ("wrong_agency", None, "coordinator") == (notice["why"], notice["agency"], notice["holder"])


def test_what_moves_nothing_leaves_the_desk_as_it_is() -> None:
    """A classification is told of beside whoever holds the dossier."""
    story = Story()
    story.file()
    story.act("classify", classification="complaint", category=None, by="officer")

    notice = _last(story.events)

    assert ("coordinator", None) == (notice["holder"], notice["to_step"])


def test_a_breach_is_about_whoever_held_the_dossier_then() -> None:
    """Also if it has moved on since: the timer may have been late."""
    story = Story()
    story.file()
    story.later(minutes=20)
    story.act("dispose")
    clock = story.events[0].promise
    assert clock is not None
    about = {
        "clock": "step:1",
        "target": "step",
        "holder": "coordinator",
        "holder_agency": None,
        "due_at": clock.due_at,
    }
    story.note("ClockBreached", clock.due_at, **about)
    breached = _last(story.events)
    story.note("Escalated", clock.due_at, **about, to_actor="head")

    escalated = _last(story.events)

    assert ("coordinator", "operator") == (breached["holder"], breached["desk"])
    assert ("head", "operator") == (escalated["holder"], escalated["desk"])


def test_a_breach_of_the_whole_case_is_about_whoever_holds_it_now() -> None:
    """The desk at which the case began may long be done with it."""
    story = Story()
    story.file()
    story.act("dispose")
    case = story.events[0].case
    assert case is not None
    about = {"clock": "case:1", "target": "case", "holder": "coordinator", "holder_agency": None, "due_at": case.due_at}
    story.note("ClockBreached", case.due_at, **about)

    notice = _last(story.events)

    assert ("operator", "dpupr") == (notice["holder"], notice["holder_agency"])


def test_a_dossier_that_has_ended_is_held_by_nobody() -> None:
    """There is nobody left who must act."""
    story = Story()
    story.file()
    story.act("withdraw")

    notice = _last(story.events)

    assert ("withdrawn", None, None) == (notice["status"], notice["holder"], notice["desk"])
