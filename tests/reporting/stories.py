"""Legal lives of complaints, decided by the real desk and timers, without a database."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from services.sla.firing import due_events
from shared.application.dossiers.codec import to_bytes
from shared.base.caller import REPORTER, SYSTEM, Caller
from shared.base.clock import SimulatedClock
from shared.domain.all_tenants import Tenants
from shared.domain.dossier.desk import Cause, Desk
from shared.domain.dossier.dossier import Dossier, evolve
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import AnswerDelivered, Answered, DossierEvent
from shared.domain.sop import engine
from shared.domain.sop.model import Action, Sop
from shared.domain.tenants import Tenant
from shared.platform.database.pool import Database
from shared.platform.settings import PROJECT
from shared.store.eventstore.appending import append
from shared.store.eventstore.reading import RecordedEvent
from tests.fixtures.log import settled_after

TENANTS = Tenants(PROJECT / "tenants")
CAUSE = Cause(correlation_id="story")
_PAUSES = (
    timedelta(0),
    timedelta(minutes=4),
    timedelta(minutes=40),
    timedelta(hours=5),
    timedelta(days=2),
    timedelta(days=9),
)
_LATEST = datetime.fromisoformat("2026-12-20T00:00:00+00:00")
_CATEGORIES = ("KESEHATAN", "PERHUBUNGAN", None)
_ENDING = ("Withdrawn", "Rejected", "Merged")
_PLACES = ("Kroya", "Adipala", None)


@dataclass
class TimedStory:
    """One dossier of one tenant; what its timers need is here too."""

    tenant: Tenant
    clock: SimulatedClock
    events: list[DossierEvent] = field(default_factory=list)
    dossier: Dossier | None = None

    def desk(self, _tenant: str) -> Desk:
        """The desk, as a runtime gives it."""
        return Desk(self.tenant, self.clock)

    @property
    def state(self) -> Dossier:
        """The dossier, once it is filed."""
        assert self.dossier is not None
        return self.dossier

    @property
    def sop(self) -> Sop:
        """The procedure."""
        return self.tenant.sop

    def file(self, dossier: UUID, **own: Any) -> None:
        """File it."""
        filed = {"ticket": f"T-{dossier.int}", "channel": self.sop.channels[0].id, "privacy": "open", **own}
        self.add(self.desk("").file(dossier, Caller(self.tenant.id, REPORTER, user=REPORTER), CAUSE, filed))

    def act(self, name: str, **own: Any) -> None:
        """Do an action of the present step as the one who may."""
        self.do(engine.find_action(self.sop, self.state.step, name), **own)

    def do(self, action: Action, **own: Any) -> None:
        """Do an action."""
        caller = Caller(self.tenant.id, engine.holder_of(self.sop, self.state.step or "", action))
        given = {**_own(self, action), **own}
        self.add(self.desk("").act(self.state, action, caller, CAUSE, given))

    def note(self, event_type: EventName, **own: Any) -> None:
        """Record something that moves nothing."""
        caller = Caller.system(self.tenant.id, "notify")
        self.add(self.desk("").note(self.state, event_type, caller, CAUSE, own))

    def later(self, timespan: timedelta, *, timers: bool = True) -> None:
        """Let time pass, and the timers record what fell due."""
        self.clock.move_to(self.clock.now() + timespan)
        if timers:
            for event in due_events(self, self.state):  # type: ignore[arg-type] # all of a runtime that it looks at
                self.add(event)

    def add(self, event: DossierEvent) -> None:
        """Take note of an event."""
        self.events.append(event)
        self.dossier = evolve(self.dossier, event)


def started(tenant: str, at: str, dossier: int = 1, **own: Any) -> TimedStory:
    """A story that begins with a filing."""
    story = TimedStory(TENANTS.get(tenant), SimulatedClock(datetime.fromisoformat(at)))
    story.file(UUID(int=dossier), **own)
    return story


def random_story(source: random.Random, number: int) -> list[DossierEvent]:
    """A legal life of some length, of a complaint filed around October 2026."""
    tenant = TENANTS.all()[number % len(TENANTS.all())]
    start = datetime.fromisoformat("2026-09-28T00:00:00+00:00") + timedelta(minutes=source.randrange(38 * 24 * 60))
    story = TimedStory(tenant, SimulatedClock(start))
    story.file(
        UUID(int=number + 1),
        category=source.choice(_CATEGORIES),
        kecamatan=source.choice(_PLACES),
        missing=source.choice(((), ("reporter.address",))),
    )
    for _ in range(source.randrange(4, 30)):
        story.later(source.choice(_PAUSES), timers=source.random() < 0.9)
        if story.state.ended or story.clock.now() > _LATEST:
            break
        if (delivery := _delivery(story, source)) is not None:
            story.note("AnswerDelivered", answer=delivery, by="email", kind=_kind(story, delivery))
        elif possible := _possible(story):
            kept = [action for action in possible if action.event not in _ENDING or source.random() < 0.1]
            story.do(source.choice(kept or possible))
    story.later(timedelta(0))
    return story.events


def record(database: Database, streams: Sequence[Sequence[DossierEvent]], source: random.Random) -> list[RecordedEvent]:
    """Append stories to the log, mixed as if they had happened at the same time.

    :returns: the events as the log has them.
    """
    waiting = [list(stream) for stream in streams]
    with database.autocommit() as cursor:
        before = len(settled_after(cursor, 0))
        while any(waiting):
            stream = source.choice([each for each in waiting if each])
            taken = [stream.pop(0) for _ in range(min(len(stream), source.randrange(1, 4)))]
            append(cursor, [StoredEvent(e.originator_id, e.originator_version, e.type, to_bytes(e)) for e in taken])
        return settled_after(cursor, 0)[before:]


def _possible(story: TimedStory) -> list[Action]:
    state = story.state
    step = story.sop.step(state.step or "")
    if step.automatic is not None:
        decided = [engine.automatic_action(step, decided=True), engine.automatic_action(step, decided=False)]
        return [action for action in decided if action is not None]
    return [
        action
        for action in engine.open_actions(story.sop, step.id, state.status)
        if engine.holder_of(story.sop, step.id, action) != SYSTEM
    ]


def _delivery(story: TimedStory, source: random.Random) -> int | None:
    """An answer that has not arrived yet, where the SOP leaves its delivery to a note."""
    answers = {event.originator_version for event in story.events if isinstance(event, Answered)}
    arrived = {event.answer for event in story.events if isinstance(event, AnswerDelivered)}
    open_answers = sorted(answers - arrived)
    in_own_step = story.sop.step(story.state.step or "").automatic == "deliver"
    return open_answers[0] if open_answers and not in_own_step and source.random() < 0.5 else None


def _kind(story: TimedStory, answer: int) -> str:
    kinds = (e.kind for e in story.events if isinstance(e, Answered) and e.originator_version == answer)
    return next(kinds, "final")


def _own(story: TimedStory, action: Action) -> dict[str, Any]:
    """What an event of that type says by itself."""
    state = story.state
    agencies = story.tenant.agencies
    answer = max(state.answered or 0, state.interim or 0)
    own: dict[str, dict[str, Any]] = {
        "Dispositioned": {"to_agency": agencies[len(story.events) % len(agencies)].id},
        "Returned": {"why": action.why, "from_agency": state.agency, "disposed_by": state.disposed_by},
        "Recalled": {"from_agency": state.agency, "disposed_by": state.disposed_by},
        "Rejected": {"why": "spam"},
        "Merged": {"into": UUID(int=state.id.int + 1_000_000)},
        "Answered": {"kind": action.kind},
        "Classified": {"classification": "complaint", "category": "KESEHATAN", "by": "officer"},
        "Rated": {"score": 1 + len(story.events) % 5},
        "Transferred": {"to": "Kementerian"},
        "AnswerDelivered": {"answer": answer, "by": "email", "kind": _kind(story, answer)},
        "DeliveryFailed": {"answer": answer, "by": "email", "reason": "mailbox_refused"},
        "NoticeDelivered": {"notice": 1, "about": "ComplaintFiled", "by": "telephone"},
        "CodeRenewed": {"via": "counter"},
        "Closed": {"by": REPORTER},
    }
    return own.get(action.event, {})
