"""Whether an action is still the one that was decided on, where the dossier stands elsewhere by now."""

from dataclasses import replace

import pytest

from shared.base.caller import Caller
from shared.domain.dossier.deciding import as_seen, is_another
from shared.domain.dossier.dossier import Dossier
from shared.domain.sop.authority import authorise
from shared.domain.sop.vocabulary import Status
from tests.dossier.story import Story

Place = tuple[str | None, Status]

CHECK: Place = ("check", "in_progress")
COORDINATE: Place = ("coordinate", "in_progress")
RELAY: Place = ("relay", "in_progress")
WRITE_BACK: Place = ("write_back", "answered")
ELSEWHERE: Place = ("elsewhere", "transferred")
ASK: Place = ("ask", "transferred")
CLOSED: Place = (None, "closed")


def at(story: Story, place: Place) -> Dossier:
    """A dossier of Cilacap's public works, as it would stand there."""
    assert story.dossier is not None
    step, status = place
    return replace(story.dossier, step=step, status=status, agency="dpupr", answered=2 if place == CLOSED else None)


@pytest.mark.parametrize(
    ("actor", "action", "seen", "now", "another"),
    [
        ("coordinator", "answer", ELSEWHERE, ASK, False),
        # Waiting for the other authority is where both lead: one stays there, the other goes back.
        ("coordinator", "interim", ELSEWHERE, ASK, False),
        ("coordinator", "ask", ELSEWHERE, ASK, False),
        ("coordinator", "renew_code", WRITE_BACK, CLOSED, False),
        ("coordinator", "return", CHECK, ELSEWHERE, True),
        ("coordinator", "answer", ELSEWHERE, WRITE_BACK, True),
        ("coordinator", "answer", CHECK, WRITE_BACK, True),
        ("liaison", "forward", COORDINATE, RELAY, True),
    ],
)
def test_what_makes_another_action_of_it(actor: str, action: str, seen: Place, now: Place, another: bool) -> None:
    """What is recorded otherwise, leads elsewhere, or was nobody's to do then is another; else it is the same."""
    story = Story()
    story.file()
    sop = story.desk.sop_of(at(story, now))
    caller = Caller("cilacap", actor, "dpupr" if actor == "liaison" else None)
    found = authorise(sop, now[0], "dpupr", now[1], caller, action, answered=now == CLOSED)

    assert another == is_another(sop, at(story, seen), at(story, now), caller, found)


def test_nobody_saw_what_never_was() -> None:
    """A version that the dossier has not had yet, or none at all, is no version to decide on."""
    story = Story()
    filed = story.file()

    assert [None, filed, None] == [as_seen(story.events, version) for version in (0, 1, 2)]
