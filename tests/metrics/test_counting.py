"""What happens is counted where it happens."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from services.notify import waiting
from services.reporting import late_data_requests
from services.sla import timers
from shared.application.identity.erasures import Erasures
from shared.base.clock import SimulatedClock
from shared.platform.metrics import REGISTRY
from tests.fixtures.office import Office
from tests.fixtures.waiting import eventually


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """The services' own commands on a real database."""
    opened = Office(database_url)
    yield opened
    opened.runtime.database.close()


def _figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_complaint_and_its_breach_are_counted(office: Office) -> None:
    """The log's events, the complaint, the projection's work and what the scheduler decided, each once."""
    figures = {
        "appended": ("aduan_events_appended_total", {"service": "intake", "type": "ComplaintFiled"}),
        "appends": ("aduan_append_seconds_count", {"service": "intake"}),
        "filed": ("aduan_complaints_filed_total", {"tenant": "cilacap", "channel": "web"}),
        "projected": ("aduan_projected_total", {"projection": "sla", "outcome": "applied"}),
        "breached": ("aduan_clocks_decided_total", {"tenant": "cilacap", "step": "check", "outcome": "breached"}),
        "late": ("aduan_timer_late_seconds_count", {}),
    }
    before = {name: _figure(metric, **labels) for name, (metric, labels) in figures.items()}
    office.file(channel="web")
    clock = office.runtime.clock
    assert isinstance(clock, SimulatedClock)
    clock.move_to(clock.now() + timedelta(days=1))
    office.project()
    timers.measure(office.runtime)
    due = _figure("aduan_timers_due")
    while office.tick():
        pass
    timers.measure(office.runtime)
    grown = {name: _figure(metric, **labels) - before[name] for name, (metric, labels) in figures.items()}

    assert (1.0, 1.0) == (grown["appended"], grown["filed"])
    assert all(amount >= 1 for amount in grown.values()), grown
    assert due >= 1
    assert 0.0 == _figure("aduan_timers_due")


def test_what_waits_is_measured(office: Office) -> None:
    """How far a service is behind the log, and since when a letter has been due: whoever watches sees it grow."""
    office.file(channel="web")
    office.rows("INSERT INTO messaging.followers (service, position) VALUES ('routing', 0)")
    at = office.runtime.clock.now() - timedelta(seconds=90)
    office.rows(
        """
        INSERT INTO notify.messages (dossier, version, recipient, template, tenant, queued_at, next_attempt_at)
        VALUES (gen_random_uuid(), 1, 'reporter', 'receipt', 'cilacap', %s, %s)
        """,
        at,
        at,
    )
    eventually(lambda: office.news() or office.seen, what="that the log shows what was filed")
    timers.measure(office.runtime)
    waiting.measure(office.runtime)

    assert _figure("aduan_follower_behind", service="routing") >= 1
    assert (1.0, 90.0) == (_figure("aduan_messages_due"), _figure("aduan_messages_due_seconds"))


def test_what_people_asked_about_their_data_is_measured_once_it_is_late(office: Office) -> None:
    """72 hours after they asked, and until it is answered or carried out: then whoever watches reads 0 again."""
    now = office.runtime.clock.now()
    for version, (kind, hours, answered) in enumerate([("access", 1, None), ("access", -1, None), ("access", 1, now)]):
        office.rows(
            """
            INSERT INTO reporting.data_requests (dossier, version, tenant, month, kind, due_at, answered_at)
            VALUES (gen_random_uuid(), %s, 'cilacap', '2026-10', %s, %s, %s)
            """,
            *(version + 2, kind, now - timedelta(hours=hours), answered),
        )
    erasures = Erasures(office.runtime.database)
    for ticket, reason, hours in (("late", "asked", 73), ("in time", "asked", 71), ("ordered", "order", 73)):
        erasures.ask("bantul", ticket, reason, "root", now - timedelta(hours=hours))  # type: ignore[arg-type]

    def late() -> tuple[float, ...]:
        late_data_requests.measure(office.runtime)
        asked = (("cilacap", "access"), ("cilacap", "correction"), ("bantul", "access"), ("bantul", "erasure"))
        return tuple(_figure("aduan_data_requests_late", tenant=tenant, kind=kind) for tenant, kind in asked)

    before = late()
    office.rows("UPDATE reporting.data_requests SET answered_at = %s", now)
    erasures.let_go("bantul", "late")

    assert (1.0, 0.0, 0.0, 1.0) == before
    assert (0.0, 0.0, 0.0, 0.0) == late()
