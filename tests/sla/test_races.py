"""A timer looks again before it acts: what its table says may long be past."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from services.intake.receipts import Receipt
from services.sla import timers
from services.sla.firing import due_events
from shared.application.runtime import Runtime
from shared.base.errors import Conflict
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import ClockEvent, DossierEvent, Escalated
from tests.fixtures.office import Office

Act = Callable[[Office, Receipt], None]


def _wib(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-10-05T{text}+07:00")


def _cancel(office: Office, receipt: Receipt) -> None:
    office.say(receipt, "withdraw", reason="Sudah selesai")


def _pause(office: Office, receipt: Receipt) -> None:
    office.act(receipt, "coordinator", "return", reason="Foto belum ada")
    office.run_system(receipt)


def _resume(office: Office, receipt: Receipt) -> None:
    office.say(receipt, "supplement", title="Jalan rusak")


def _hand_over(office: Office, receipt: Receipt) -> None:
    office.act(receipt, "coordinator", "dispose", agency="dpupr")


def _recorded(office: Office, receipt: Receipt) -> list[tuple[str, str, datetime]]:
    """What timers wrote: type, target, and as of when."""
    events = [event for event in office.history(receipt.id) if isinstance(event, ClockEvent)]
    return [(event.type, event.target, event.occurred_at) for event in events]


def _between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Let something happen once, after the timer has read the dossier and decided, and before it has written."""
    done: list[bool] = []

    def overtaken(runtime: Runtime, dossier: Dossier, now: datetime) -> list[DossierEvent]:
        events = due_events(runtime, dossier, now)
        if not done:
            done.append(True)
            act()
        return events

    monkeypatch.setattr("services.sla.timers.due_events", overtaken)


@pytest.mark.parametrize("act", [_cancel, _pause, _hand_over])
def test_a_table_that_lags_behind_makes_no_breach(office: Office, act: Act) -> None:
    """Withdrawn, returned or passed on in time, while the table still shows the step's clock as running."""
    receipt = office.file()
    office.project()
    office.later(minutes=10)
    act(office, receipt)
    office.later(minutes=6)

    assert 1 == timers.tick(office.runtime)
    assert "step" not in {target for _, target, at in _recorded(office, receipt) if at <= _wib("08:16")}


@pytest.mark.parametrize("act", [_cancel, _pause, _hand_over])
def test_overtaken_while_deciding(office: Office, monkeypatch: pytest.MonkeyPatch, act: Act) -> None:
    """Done late, in the moment in which the timer decides: one warning and one breach, as of their own times."""
    receipt = office.file()
    office.project()
    office.later(minutes=20)
    _between(monkeypatch, lambda: act(office, receipt))

    timers.tick(office.runtime)

    expected = [("ClockWarned", "step", _wib("08:11:15")), ("ClockBreached", "step", _wib("08:15"))]
    assert expected == [each for each in _recorded(office, receipt) if each[1] == "step"]
    assert "ClockWarned" != office.types(receipt.id)[1]


def test_a_paused_case_is_not_warned_of(office: Office) -> None:
    """While its reporter holds it, the case stands still: the wait is all that can run out."""
    receipt = office.file()
    office.later(minutes=10)
    _pause(office, receipt)
    office.later(days=2)
    office.tick()

    assert [] == [each for each in _recorded(office, receipt) if each[1] == "case"]


def test_a_resumed_case_is_due_later(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table still has the old due time: nothing is breached at it, and the new one holds."""
    receipt = office.file()
    office.later(minutes=10)
    _pause(office, receipt)
    office.project()
    office.later(minutes=30)
    _resume(office, receipt)
    office.later(minutes=100)  # 10:20: after the first due time, before the second
    office.tick()

    assert [("ClockWarned", _wib("10:11:15"))] == [
        (what, at) for what, target, at in _recorded(office, receipt) if target == "case"
    ]

    office.later(minutes=26)
    office.tick()

    assert ("ClockBreached", "case", _wib("10:45")) in _recorded(office, receipt)


def test_a_late_supplement_races_with_the_time_out(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes first, the wait had run out: it has lapsed, once, at its due time."""
    receipt = office.file()
    _pause(office, receipt)
    office.project()
    office.later(days=30, seconds=1)

    def too_late() -> None:
        with pytest.raises(Conflict, match="too_late"):
            _resume(office, receipt)

    _between(monkeypatch, too_late)
    timers.tick(office.runtime)

    lapsed = [event for event in office.history(receipt.id) if event.type == "Lapsed"]
    assert [datetime.fromisoformat("2026-11-04T08:00:00+07:00")] == [event.occurred_at for event in lapsed]
    assert "lapsed" == office.load(receipt.id).status


def test_an_officer_comes_too_late_for_a_wait_that_has_run_out(office: Office) -> None:
    """Thirty days after a transfer the coordinator has to ask, though no timer has said so yet: nobody acts before."""
    receipt = office.file("majalengka")
    office.run_system(receipt)
    office.act(receipt, "coordinator", "return", reason="Jalan nasional")
    office.act(receipt, "national_admin", "transfer", to="BBPJN", reason="Kewenangan balai")
    office.run_system(receipt)
    office.later(days=30)
    office.act(receipt, "national_admin", "interim", text="Sedang diperiksa")
    office.later(seconds=1)

    with pytest.raises(Conflict, match="too_late"):
        office.act(receipt, "national_admin", "answer", text="Selesai")

    office.tick()

    dossier = office.load(receipt.id)
    assert ("transferred", "ask", "Forwarded") == (dossier.status, dossier.step, office.types(receipt.id)[-1])


def test_an_escalation_overtaken_by_the_work(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Done after it was to be told further, but before that was recorded: told all the same, and no more."""
    receipt = office.file("bantul", category="PERHUBUNGAN")
    office.run_system(receipt)
    office.later(minutes=61)
    office.tick()
    office.later(minutes=60)
    office.project()
    _between(monkeypatch, lambda: office.act(receipt, "operator", "forward"))
    timers.tick(office.runtime)
    office.later(hours=1)
    office.tick()

    told = [event.to_actor for event in office.history(receipt.id) if isinstance(event, Escalated)]
    assert ["liaison", "head"] == told


def test_one_dossier_that_fails_harms_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told in the log, keeps its lease, and is tried again when that has run out; its neighbours are done."""
    broken, sound = office.file(), office.file()
    office.project()
    office.later(minutes=16)

    def failing(runtime: Runtime, dossier: Dossier, now: datetime) -> list[DossierEvent]:
        if dossier.id == broken.id:
            raise LookupError("its SOP has lost the step")
        return due_events(runtime, dossier, now)

    with monkeypatch.context() as patched:
        patched.setattr("services.sla.timers.due_events", failing)
        looked_at = (timers.tick(office.runtime), timers.tick(office.runtime))

    assert (2, 0) == looked_at
    assert [str(broken.id)] == [record.dossier for record in caplog.records if record.name == timers.__name__]  # type: ignore[attr-defined]
    assert [] == _recorded(office, broken)
    assert ["ClockWarned", "ClockBreached"] == [what for what, *_ in _recorded(office, sound)]

    office.rows("UPDATE sla.clocks SET leased_until = clock_timestamp() - interval '1 second'")
    office.tick()

    assert ["ClockWarned", "ClockBreached"] == [what for what, *_ in _recorded(office, broken)]


def test_steps_of_the_system_have_their_time_too(office: Office) -> None:
    """Where the services were down, the system's own step is breached and charged to the system."""
    receipt = office.file("cirebon")
    office.later(seconds=16)
    office.tick()
    office.run_system(receipt)

    clocks: list[Any] = [clock for clock in office.load(receipt.id).clocks if clock.step == "record"]
    assert [("system", "breached", 1)] == [
        (clock.actor, clock.state, clock.late_seconds) for clock in clocks if clock.target == "step"
    ]
    assert ("ClockBreached", "step", _wib("08:00:15")) in _recorded(office, receipt)
