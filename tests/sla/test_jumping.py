"""The machine's clock may jump, and the database's too."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from services.intake.receipts import Receipt
from services.sla import timers
from shared.domain.dossier.events import ClockEvent
from tests.fixtures.office import START, Office


class JumpingClock:
    """Shows whatever it was last set to."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        """What it shows."""
        return self.at


@pytest.fixture
def clock() -> JumpingClock:
    """The machine's clock."""
    return JumpingClock()


@pytest.fixture
def office(database_url: str, clock: JumpingClock) -> Iterator[Office]:
    """An installation whose clock may jump."""
    opened = Office(database_url, clock=clock)
    yield opened
    opened.close()


def _recorded(office: Office, receipt: Receipt) -> list[tuple[str, str, datetime]]:
    events = [event for event in office.history(receipt.id) if isinstance(event, ClockEvent)]
    return [(event.type, event.clock, event.occurred_at) for event in events]


def test_a_leap_ahead_fires_as_of_the_due_times(office: Office, clock: JumpingClock) -> None:
    """A year ahead: everything takes effect when it was due, not when the clock says it is."""
    receipt = office.file()
    clock.at = START + timedelta(days=365)
    office.tick()

    expected = [
        ("ClockWarned", "step:1", START + timedelta(seconds=675)),
        ("ClockBreached", "step:1", START + timedelta(minutes=15)),
        ("ClockWarned", "case:1", START + timedelta(seconds=6075)),
        ("ClockBreached", "case:1", START + timedelta(minutes=135)),
    ]
    assert expected == _recorded(office, receipt)


def test_to_and_fro_fires_nothing_twice(office: Office, clock: JumpingClock) -> None:
    """Ahead, back, ahead again: each thing stands in the log once."""
    receipt = office.file()
    for hours in (3, 0, 3, 1, 30, 0, 30):
        clock.at = START + timedelta(hours=hours)
        office.tick()

    assert 4 == len(_recorded(office, receipt))


def test_back_in_time_what_is_done_in_time_is_in_time(office: Office, clock: JumpingClock) -> None:
    """The clock leapt ahead and a breach was noted; set right again, the desk acts before its due time: it kept it."""
    receipt = office.file()
    clock.at = START + timedelta(hours=1)
    office.tick()
    clock.at = START + timedelta(minutes=10)
    office.act(receipt, "coordinator", "dispose", agency="dpupr")

    step = next(clock for clock in office.load(receipt.id).clocks if clock.target == "step")
    assert ("satisfied", 0) == (step.state, step.late_seconds)


def test_a_leap_back_while_a_timer_decides_loses_nothing(
    office: Office, clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found due by a clock that is set back in that moment: it is recorded, not forgotten."""
    receipt = office.file()
    office.project()
    clock.at = START + timedelta(minutes=20)
    read = type(office.runtime.dossiers("sla")).open_all

    def read_and_leap(*arguments: object) -> object:
        clock.at = START
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(type(office.runtime.dossiers("sla")), "open_all", read_and_leap)
    timers.tick(office.runtime)

    assert ["ClockWarned", "ClockBreached"] == [what for what, *_ in _recorded(office, receipt)]


@pytest.mark.parametrize("lease", ["-1 second", "2 hours"])
def test_a_lease_by_a_database_clock_that_was_set_back_is_void(office: Office, clock: JumpingClock, lease: str) -> None:
    """Like one that ran out: nobody waits for hours because somebody died before the clock was set."""
    receipt = office.file()
    office.project()
    clock.at = START + timedelta(minutes=20)
    office.rows("UPDATE sla.clocks SET leased_until = clock_timestamp() + %s::interval", lease)
    office.tick()

    assert ["ClockWarned", "ClockBreached"] == [what for what, *_ in _recorded(office, receipt)]


def test_a_lease_that_holds_is_respected(office: Office, clock: JumpingClock) -> None:
    """Another instance is at it: this one leaves it alone."""
    receipt = office.file()
    office.project()
    clock.at = START + timedelta(minutes=20)
    office.rows("UPDATE sla.clocks SET leased_until = clock_timestamp() + interval '20 seconds'")

    assert 0 == timers.tick(office.runtime)
    assert [] == _recorded(office, receipt)
