"""What a recap tells of the present comes from the present; what it tells of the past stays told."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.reporting.projection import RecapProjection
from services.reporting.queries import recap
from services.reporting.register import register
from services.reporting.search import search
from services.reporting.tallies import STATE
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.store.projection.runner import apply_batch
from tests.reporting.stories import TimedStory, record, started

ADMIN = Caller("*", "admin", admin=True)
MONDAY = "2026-10-05T08:00:00+07:00"


def _answered(story: TimedStory) -> None:
    story.act("dispose", to_agency="dpupr")
    for _ in range(4):
        story.act("forward")
    story.act("answer")


def _reopened(story: TimedStory) -> None:
    _answered(story)
    story.act("reopen")


def _returned_after_reopening(story: TimedStory) -> None:
    _reopened(story)
    story.act("return")


def _withdrawn_after_reopening(story: TimedStory) -> None:
    _reopened(story)
    story.act("withdraw")


def _answered_again(story: TimedStory) -> None:
    _reopened(story)
    _answered(story)


@pytest.mark.parametrize(
    ("life", "part", "ever"),
    [
        (lambda _: None, "open", 0),
        (_answered, "answered", 1),
        (_reopened, "open", 1),
        (_returned_after_reopening, "open", 1),
        (_withdrawn_after_reopening, "withdrawn", 1),
        (_answered_again, "answered", 1),
    ],
)
def test_a_complaint_is_counted_as_what_it_is_now(
    runtime: Runtime, life: Callable[[TimedStory], None], part: str, ever: int
) -> None:
    """In exactly one part of those filed, whatever it was before; that it was answered once is told apart."""
    story = started("cilacap", MONDAY)
    life(story)

    told = _told(runtime, story)

    assert {"filed": 1, **{name: int(name == part) for name in STATE[1:]}} == {name: told[name] for name in STATE}
    assert ever == told["ever_answered"]


def test_a_desk_that_never_lets_go_gets_later_while_it_holds_on(runtime: Runtime) -> None:
    """Its lateness grows with the working day, without any timer, and its steps are not in time."""
    story = started("cilacap", MONDAY)
    story.later(timedelta(minutes=16), timers=False)
    record_of = _told(runtime, story)

    [holder] = record_of["holders"]

    assert 1 == holder["own_breached"]
    assert record_of["all_steps_in_time"]["missed"] == 1
    late = runtime.tenants.get("cilacap").calendar.between(story.state.due_at, runtime.clock.now())  # type: ignore[arg-type]
    assert late == holder["own_late_seconds"]


def _told(runtime: Runtime, story: TimedStory) -> Any:
    apply_batch(runtime.database, RecapProjection(), decode, record(runtime.database, [story.events], random.Random(1)))
    return recap(runtime, ADMIN, "cilacap", "2026-10")


def test_one_name_is_one_row_however_it_was_written(runtime: Runtime) -> None:
    """In the list's own spelling; and what the lists do not know is told by nobody's words."""
    names = ["KESEHATAN", "Kesehatan", " kesehatan ", "Bu Siti 081234567890", None]
    for number, name in enumerate(names, 1):
        story = started("cilacap", MONDAY, number, category=name, kecamatan=name)
        _told(runtime, story)

    told = recap(runtime, ADMIN, "cilacap", "2026-10")

    assert {"KESEHATAN": 3, "(other)": 1, None: 1} == {row["id"]: row["filed"] for row in told["by_category"]}
    assert {"(other)": 4, None: 1} == {row["id"]: row["filed"] for row in told["by_kecamatan"]}
    assert "Siti" not in str(told)
    assert "Siti" not in str(register(runtime, ADMIN, "cilacap", "2026-10"))
    assert "Siti" not in str(search(runtime, ADMIN, "cilacap", {}))
