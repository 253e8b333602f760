"""Walks a complaint through an SOP by nothing but the engine and the authority rule."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.base.caller import REPORTER, SYSTEM, Caller
from shared.base.errors import Invalid
from shared.domain.all_tenants import Tenants
from shared.domain.dossier.event_name import EventName
from shared.domain.sop import engine
from shared.domain.sop.authority import authorise
from shared.domain.sop.fields import check_fields
from shared.domain.sop.model import Action, Sop
from shared.domain.sop.vocabulary import FINAL_STATUSES, SIDE_NOTES, Status
from shared.domain.tenants import Tenant

TENANTS = Tenants(Path(__file__).parents[2] / "tenants")
SIXTH = Tenants(Path(__file__).parent / "sixth")

EXAMPLE_FIELDS: dict[str, Any] = {
    "agency": "port",
    "category": "KESEHATAN",
    "reason": "alasan",
    "text": "jawaban",
    "response": "hasil",
    "note": "catatan",
    "to": "PLN",
    "score": 4,
}


@dataclass(frozen=True)
class Moved:
    """Where a walked event led."""

    step: str


@dataclass(frozen=True)
class Walked:
    """An event as the path check reads it."""

    type: EventName
    actor: str
    step: str | None
    status: Status
    promise: Moved | None


@dataclass
class Walker:
    """One complaint on its way."""

    sop: Sop
    step: str | None = None
    status: Status = "in_progress"
    agency: str | None = None
    events: list[Walked] = field(default_factory=list)

    @classmethod
    def file(cls, tenant: Tenant, *, decided: bool = True) -> "Walker":
        """A complaint just filed, after the system has done its part."""
        first = engine.first_step(tenant.sop).id
        walker = cls(tenant.sop, first)
        walker.events.append(Walked("ComplaintFiled", REPORTER, None, "in_progress", Moved(first)))
        return walker.run(decided=decided)

    @property
    def actor(self) -> str | None:
        """Who holds it."""
        return self.sop.step(self.step).actor if self.step else None

    def act(
        self, actor: str, action: str, *, of: str | None = None, tenant: str | None = None, **fields: Any
    ) -> "Walker":
        """An actor does something, and the system does what it leads to.

        :param of: for which agency; the one that holds the dossier if left out.
        :param tenant: of which government; the dossier's own if left out.
        """
        scope = self.sop.actor(actor).scope if self.sop.has_actor(actor) else ""
        caller = Caller(tenant or self.sop.tenant, actor, (of or self.agency) if scope == "agency" else None)
        found = authorise(self.sop, self.step, self.agency, self.status, caller, action)
        problems = check_fields(found, fields)
        if problems:
            raise Invalid("invalid_fields", fields=problems)
        return self.take(found, actor, **fields).run()

    def take(self, action: Action, actor: str, **fields: Any) -> "Walker":
        """What follows from an action that was allowed."""
        target = engine.next_step(self.sop, self.step, action)
        status = engine.status_after(self.sop, self.status, action, target)
        moved = target is not None and target.id != self.step
        self.events.append(
            Walked(action.event, actor, self.step, status, Moved(target.id) if moved and target else None)
        )
        if action.event == "Dispositioned":
            self.agency = fields.get("agency", "port")
        if action.event == "Returned" and action.why in {"wrong_agency", "out_of_authority"}:
            self.agency = None
        self.status = status
        self.step = target.id if target is not None and status not in FINAL_STATUSES else None
        return self

    def run(self, *, decided: bool = True) -> "Walker":
        """The system's own steps, until a person is due."""
        while self.step is not None:
            step = self.sop.step(self.step)
            action = engine.automatic_action(step, decided=decided or step.otherwise is None)
            if action is None:
                return self
            self.take(action, SYSTEM)
        return self

    def time_out(self) -> "Walker":
        """Nobody acts until the step's time-out runs out."""
        assert self.step is not None
        action = engine.timeout_action(self.sop.step(self.step))
        assert action is not None
        return self.take(action, SYSTEM)

    def chain(self, *acts: tuple[str, str]) -> "Walker":
        """Several actions in a row, each with example fields for what it needs."""
        for actor, name in acts:
            assert self.step is not None
            action = engine.find_action(self.sop, self.step, name)
            needs = action.needs or ("category",) * (action.event == "Classified")
            self.act(actor, name, **{need: EXAMPLE_FIELDS[need] for need in needs})
        return self

    def names(self, actor: str) -> set[str]:
        """What an actor may do now, but for what moves nothing and may be noted at any time."""
        if self.step is None:
            return set()
        noted = SIDE_NOTES - {"Classified"}
        found = engine.allowed(self.sop, self.step, self.status, actor)
        return {action.name for action in found if action.event not in noted}
