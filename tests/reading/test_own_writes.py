"""Whoever names a position of the log reads a list that knows what stands there: none answers before its tables do."""

from collections.abc import Callable
from typing import Any

import eventlet
import pytest

from services.reporting.service import ReportingService
from services.routing.service import RoutingService
from services.sla.service import SlaService
from shared.base.caller import Caller
from tests.fixtures.office import Office
from tests.reading.rooms import TwoComplaints

DESK = Caller("cilacap", "coordinator", user="rina").to_dict()
_PAGE: dict[str, Any] = {"after": None, "limit": 50, "caller": DESK}
_SECONDS = 0.2
"""So long nothing follows the log: any answer that did not wait is there before."""

Ask = Callable[[Any, int], dict[str, Any]]
LISTS: dict[str, tuple[type, Ask]] = {
    "inbox": (RoutingService, lambda at, seen: at.inbox("cilacap", None, None, min_position=seen, **_PAGE)),
    "inbox by time": (
        RoutingService,
        lambda at, seen: at.inbox("cilacap", None, None, min_position=seen, states=[], **_PAGE),
    ),
    "outline": (RoutingService, lambda at, seen: at.outline("cilacap", None, None, seen, DESK)),
    "clocks": (SlaService, lambda at, seen: at.clocks("cilacap", [], min_position=seen, **_PAGE)),
    "search": (ReportingService, lambda at, seen: at.search("cilacap", {}, min_position=seen, **_PAGE)),
    "search for somebody": (
        ReportingService,
        lambda at, seen: at.search("cilacap", {"name": "Siti Rahayu"}, min_position=seen, **_PAGE),
    ),
    "register": (
        ReportingService,
        lambda at, seen: at.register("cilacap", "2026-10", None, min_position=seen, **_PAGE),
    ),
}


@pytest.fixture
def room(office: Office) -> TwoComplaints:
    """Two complaints that every table knows."""
    return TwoComplaints(office)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_waits_for_what_its_reader_has_written(room: TwoComplaints, name: str) -> None:
    """The complaint is there, although its tables hear of it only after they were asked."""
    kind, ask = LISTS[name]
    door = kind()
    door.runtime = room.runtime
    receipt = room.office.file("cilacap", reporter={"name": "Siti Rahayu", "address": "Hanum"})
    following = eventlet.spawn_after(_SECONDS, room.project)
    told = ask(door, receipt.position)
    following.wait()

    assert receipt.ticket in str(told)


def test_a_recap_waits_for_what_its_reader_has_written(room: TwoComplaints) -> None:
    """It counts the complaint that was filed a moment ago."""
    door: Any = ReportingService()
    door.runtime = room.runtime
    receipt = room.office.file("cilacap")
    following = eventlet.spawn_after(_SECONDS, room.project)
    told = door.recap("cilacap", "2026-10", receipt.position, DESK)
    following.wait()

    assert 3 == told["filed"]
