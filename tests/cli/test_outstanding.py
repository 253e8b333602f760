"""A simulated clock moves on when no service has anything left to do; each service says so of itself."""

import pytest

from cli.doors import OPERATOR, ask
from services.notify import planning
from services.reporting.monthly import Monthly
from services.routing import queries
from services.routing.projection import InboxProjection
from services.sla import timers
from services.sla.projection import ClockProjection
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.base.errors import Forbidden
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import Office
from tests.fixtures.owing import owed

TIMERS, MESSAGES, STEPS = "timers to be fired", "messages to be sent", "automatic steps to be taken"
RECAPS = "recaps to be drawn up"


def told(office: Office) -> set[str]:
    """What is outstanding once every service has heard of what happened."""
    news = office.news()
    for projection in (InboxProjection(), ClockProjection()):
        apply_batch(office.runtime.database, projection, decode, news)
    planning.apply(office.runtime, news)
    return owed(office.runtime) - {RECAPS}


def test_what_the_services_owe_is_outstanding(office: Office) -> None:
    """A step of the system's, a letter and a timer that is due each are, until they are done."""
    receipt = office.file("cirebon")
    before = told(office)
    office.run_system(receipt)
    stepped = told(office)
    office.later(days=30)
    late = told(office)
    timers.tick(office.runtime)

    assert {STEPS, MESSAGES} == before
    assert {MESSAGES} == stepped
    assert {MESSAGES, TIMERS} == late
    assert {MESSAGES} == told(office)


def test_a_recap_is_outstanding_until_it_is_drawn_up(office: Office) -> None:
    """On the first working day after a month; not once more before the next month is over."""
    drawing = Monthly()
    found = []
    for days in (0, 1, 31):
        office.later(days=days)
        found.append(drawing.outstanding(office.runtime, Caller.from_dict(OPERATOR)))
        drawing.tick(office.runtime)
        found.append(drawing.outstanding(office.runtime, Caller.from_dict(OPERATOR)))

    assert [True, False, False, False, True, False] == found


def test_it_is_no_government_s_business(office: Office) -> None:
    """It is asked about all governments at once, so nobody of one may."""
    with pytest.raises(Forbidden):
        ask(office.runtime, "reporting", "outstanding", caller=Caller("cilacap", "coordinator").to_dict())


def test_among_many_tasks_the_system_s_are_found_by_an_index(office: Office) -> None:
    """However many people's tasks there are, they are not gone through."""
    with office.runtime.database.transaction() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT {queries.OF_SYSTEM}")
        plan = " ".join(line for (line,) in cursor.fetchall())

    assert "inbox_of_system" in plan
