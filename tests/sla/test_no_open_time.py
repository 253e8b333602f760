"""A calendar that never opens again is one government's trouble: nobody else's clocks or recaps wait for it."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.reporting.monthly import Monthly
from shared.base.errors import Unavailable, Unworkable
from shared.messaging.wire.failures import is_transient
from tests.fixtures.closed import CLOSED, one_closed
from tests.fixtures.office import Office


def test_clocks_of_all_fire(office: Office, tmp_path: Path) -> None:
    """Both breaches are recorded: the other government's, and also that of the one whose next instant never comes."""
    closed, open_one = office.file(CLOSED), office.file("cilacap")
    office.run_system(closed)
    office.runtime = replace(office.runtime, tenants=one_closed(tmp_path))
    office.later(days=2)
    office.tick()

    assert "ClockBreached" in office.types(open_one.id)
    assert ["ClockBreached", "Escalated"] == [each for each in office.types(closed.id) if each != "ClockWarned"][-2:]


def test_what_it_asks_for_is_refused_and_not_waited_for(office: Office, tmp_path: Path) -> None:
    """Whoever files there is told what has to be mended; a queue does not stand still for it."""
    office.runtime = replace(office.runtime, tenants=one_closed(tmp_path))
    with pytest.raises(Unworkable) as refused:
        office.file(CLOSED)
    receipt = office.file("cilacap")

    assert ("no_open_time", 503, "bantul") == (
        refused.value.code,
        refused.value.status,
        refused.value.params["calendar"],
    )
    assert not isinstance(refused.value, Unavailable)
    assert not is_transient(refused.value)
    assert receipt.created


def test_other_governments_recaps_are_drawn_up(office: Office, tmp_path: Path) -> None:
    """The month of the one is not due on any day; those of the others are, and a simulated clock can be moved."""
    office.runtime = replace(office.runtime, tenants=one_closed(tmp_path))
    office.later(days=30)
    monthly = Monthly()
    monthly.tick(office.runtime)

    drawn = {tenant for (tenant,) in office.rows("SELECT DISTINCT tenant FROM reporting.monthly")}
    assert "cilacap" in drawn
    assert CLOSED not in drawn
