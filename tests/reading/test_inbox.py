"""What an inbox and a dossier tell of a task and of who reported it."""

from typing import Any

import pytest

from services.routing.queries import dossier, inbox
from services.routing.service import RoutingService
from shared.base.caller import Caller
from tests.fixtures.office import Office
from tests.reading.rooms import TwoComplaints

DESK = Caller("cilacap", "coordinator", user="rina")
AGENCY = Caller("cilacap", "operator", "dpupr", "dewi")
ADMIN = Caller("*", "admin", user="root", admin=True)
SITI = {"name": "Siti Rahayu", "address": "RT 02 Hanum", "phone": "081234567890"}


def _item(room: TwoComplaints, who: Caller) -> dict[str, Any]:
    [item] = [each for each in inbox(room.runtime, who, "cilacap")["items"] if each["id"] == str(room.id)]
    return item


@pytest.mark.parametrize(
    ("privacy", "who", "named"),
    [
        ("open", DESK, True),
        ("open", AGENCY, True),
        ("open", ADMIN, True),
        ("anonymous", DESK, True),
        ("anonymous", AGENCY, False),
        ("anonymous", ADMIN, False),
        ("secret", DESK, True),
        ("secret", AGENCY, False),
        ("secret", ADMIN, False),
    ],
)
def test_who_is_told_the_reporter(office: Office, privacy: str, who: Caller, named: bool) -> None:
    """The tenant's own desk always; an agency and an administrator only of a complaint made openly."""
    room = TwoComplaints(office, privacy=privacy, reporter=SITI)
    told = dossier(room.runtime, who, "cilacap", room.id)
    item = _item(room, who)

    assert (SITI if named else None) == told["complaint"].get("reporter")
    assert named == any(value in str(told) for value in SITI.values())
    assert not any(value in str(item) for value in SITI.values())


@pytest.mark.parametrize("privacy", ["anonymous", "secret"])
def test_acting_tells_an_agency_no_more_than_reading(office: Office, privacy: str) -> None:
    """The answer to an action is the dossier as the same officer would read it."""
    room = TwoComplaints(office, privacy=privacy, reporter=SITI)
    door: Any = RoutingService()
    door.runtime = office.runtime
    told = door.act("cilacap", str(room.id), "forward", {}, None, AGENCY.to_dict())

    assert "reporter" not in told["complaint"]
    assert not any(value in str(told) for value in SITI.values())


def test_a_task_is_breached_by_the_clock_on_the_wall(office: Office) -> None:
    """The moment after it was due, whether or not a timer has run; at the due instant it is in time."""
    room = TwoComplaints(office)
    due_at = office.load(room.id).due_at
    assert due_at is not None
    states = []
    for instant in (due_at, due_at.replace(microsecond=due_at.microsecond + 1)):
        office.time.move_to(instant)
        states.append(_item(room, AGENCY)["state"])

    assert ["running", "breached"] == states


def test_the_breach_of_another_clock_is_not_the_tasks(office: Office) -> None:
    """A desk that let go late leaves a fresh task to the next, and an old breach does not come back."""
    receipt = office.file("cilacap")
    office.later(minutes=20)
    office.tick()
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    room = TwoComplaints.__new__(TwoComplaints)
    room.office, room.receipt = office, receipt
    office.seen = 0
    room.project()
    events = [event.type for event in office.history(receipt.id)]

    assert "ClockBreached" in events
    assert "running" == _item(room, AGENCY)["state"]


def test_the_breach_of_the_case_is_not_the_tasks(office: Office) -> None:
    """When the whole case is overdue, a task that has time left is still running."""
    receipt = office.file("cilacap")
    office.later(minutes=130)
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    office.later(minutes=6)
    office.tick()
    room = TwoComplaints.__new__(TwoComplaints)
    room.office, room.receipt = office, receipt
    office.seen = 0
    room.project()
    breached = [getattr(event, "target", "") for event in office.history(receipt.id) if event.type == "ClockBreached"]

    assert "case" in breached
    assert "running" == _item(room, AGENCY)["state"]
