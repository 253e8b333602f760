"""A tenant's desk without a database: events are decided and folded in memory."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.base.caller import REPORTER, Caller
from shared.base.clock import SimulatedClock
from shared.domain.all_tenants import Tenants
from shared.domain.dossier.desk import Cause, Desk
from shared.domain.dossier.dossier import Dossier, evolve
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import DossierEvent
from shared.domain.sop import engine
from shared.domain.sop.model import Action
from shared.platform.settings import PROJECT

TENANTS = Tenants(PROJECT / "tenants")
CAUSE = Cause(correlation_id="test")


@dataclass
class Story:
    """One dossier of one tenant and the clock on the wall."""

    tenant: str = "cilacap"
    start: str = "2026-10-05T08:00:00+07:00"
    events: list[DossierEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = SimulatedClock(datetime.fromisoformat(self.start))
        self.desk = Desk(TENANTS.get(self.tenant), self.clock)
        self.dossier: Dossier | None = None

    def file(self, **own: Any) -> Dossier:
        """File the complaint."""
        filed = {"ticket": "T-1", "channel": "web", "privacy": "open", **own}
        caller = Caller(self.tenant, REPORTER, user="reporter")
        return self._add(self.desk.file(UUID(int=1), caller, CAUSE, filed))

    def act(self, name: str, **own: Any) -> Dossier:
        """Do a step's action as the one who may."""
        assert self.dossier is not None
        sop = self.desk.sop_of(self.dossier)
        return self.do(engine.find_action(sop, self.dossier.step, name), **own)

    def do(self, action: Action, **own: Any) -> Dossier:
        """Do an action as the one whose it is."""
        assert self.dossier is not None
        sop = self.desk.sop_of(self.dossier)
        actor = engine.holder_of(sop, self.dossier.step or "", action)
        return self._add(self.desk.act(self.dossier, action, Caller(self.tenant, actor), CAUSE, _own(action, own)))

    def note(self, event_type: EventName, at: datetime | None = None, **own: Any) -> Dossier:
        """Record something that moves nothing."""
        assert self.dossier is not None
        system = Caller.system(self.tenant, "sla")
        return self._add(self.desk.note(self.dossier, event_type, system, CAUSE, own, at))

    def later(self, **timespan: float) -> None:
        """Let time pass."""
        self.clock.move_to(self.clock.now() + timedelta(**timespan))

    def _add(self, event: DossierEvent) -> Dossier:
        self.events.append(event)
        self.dossier = evolve(self.dossier, event)
        return self.dossier


def _own(action: Any, own: dict[str, Any]) -> dict[str, Any]:
    defaults: dict[str, dict[str, Any]] = {
        "Dispositioned": {"to_agency": "dpupr"},
        "Returned": {"why": action.why},
        "Answered": {"kind": action.kind},
        "Rated": {"score": 5},
        "Closed": {"by": "timeout"},
    }
    return {**defaults.get(action.event, {}), **own}
