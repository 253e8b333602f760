"""The same life of a complaint on two installations: on one the scheduler runs through, on the other it sleeps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.intake.receipts import Receipt
from shared.base.errors import AduanError
from shared.domain.complaint.schema import REPORTER_ACTIONS
from shared.domain.dossier.clocks import DossierClock
from shared.domain.dossier.events import ClockEvent, Closed, Escalated, Lapsed
from shared.domain.sop import engine
from shared.domain.sop.model import Action
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from tests.fixtures.office import START, Office

FIELDS: dict[str, Any] = {
    "reason": "alasan",
    "text": "jawaban",
    "response": "hasil",
    "to": "PLN",
    "score": 4,
    "way": "telephone",
    "category": "KESEHATAN",
    "via": "telephone",
    "why": "spam",
}


@dataclass(frozen=True)
class Nap:
    """When the scheduler does not run."""

    starts: datetime
    ends: datetime


@dataclass
class DossierLife:
    """One complaint of one installation.

    :param nap: when its scheduler sleeps, if it does.
    """

    office: Office
    receipt: Receipt
    nap: Nap | None = None

    @classmethod
    def begin(cls, office: Office, tenant: str, nap: Nap | None = None) -> "DossierLife":
        """File it, with a fresh clock and an empty table of clocks: whatever was before does not disturb."""
        office.begin_at(START)
        office.project()
        office.rows("DELETE FROM sla.clocks")
        life = cls(office, office.file(tenant), nap)
        office.run_system(life.receipt)
        return life

    def until(self, instant: datetime) -> None:
        """Let time pass: the scheduler looks in the second after each instant at which something is due."""
        office = self.office
        while True:
            office.project()
            at = office.next_firing()
            if at is not None and self.nap is not None and self.nap.starts <= at < self.nap.ends:
                at = self.nap.ends
            if at is None or at >= instant:
                break
            self._look(min(at + timedelta(seconds=1), instant))
        self._look(instant)

    def act(self, choice: int) -> None:
        """One of the things that somebody may do now, and what the system does then; what is refused is not done."""
        office, receipt = self.office, self.receipt
        found = possible(office, receipt)
        if not found:
            return
        actor, action = found[choice % len(found)]
        fields = {need: FIELDS.get(need, _agency(office, receipt)) for need in action.needs}
        if action.event == "Classified":
            fields = {"category": FIELDS["category"]}
        if action.event == "Supplemented":
            fields |= {"title": "Jalan rusak"}
        try:
            if actor == REPORTER:
                office.say(receipt, action.name, **fields)
            else:
                office.act(receipt, actor, action.name, **fields)
        except AduanError:
            return
        office.run_system(receipt)

    def told(self) -> list[tuple[Any, ...]]:
        """What the scheduler recorded, and as of when; in the order of that."""
        found: list[tuple[Any, ...]] = []
        for event in self.office.history(self.receipt.id):
            if isinstance(event, ClockEvent):
                more = (event.to_actor, event.next_at) if isinstance(event, Escalated) else ()
                about = (event.target, event.holder, event.holder_agency, event.due_at, *more)
                found.append((event.occurred_at, event.type, *about))
            elif isinstance(event, Closed | Lapsed) and event.actor == SYSTEM:
                found.append((event.occurred_at, event.type))
        return sorted(found, key=str)

    def clocks(self) -> list[tuple[Any, ...]]:
        """What became of each clock. Its id is left out: it counts the events before it."""
        return sorted((_fate(clock) for clock in self.office.load(self.receipt.id).clocks), key=str)

    def _look(self, now: datetime) -> None:
        self.office.time.move_to(now)
        if self.nap is None or not self.nap.starts <= now < self.nap.ends:
            self.office.tick()


def possible(office: Office, receipt: Receipt) -> list[tuple[str, Action]]:
    """Everything that anybody may do with a dossier now."""
    dossier = office.load(receipt.id)
    if dossier.step is None:
        return []
    sop = office.sop_of(dossier)
    return [
        (actor.id, action)
        for actor in sop.actors
        if actor.id != SYSTEM
        for action in engine.allowed(sop, dossier.step, dossier.status, actor.id)
        if actor.id != REPORTER or action.name in REPORTER_ACTIONS
    ]


def _agency(office: Office, receipt: Receipt) -> str:
    return office.runtime.tenants.get(office.load(receipt.id).tenant).agencies[0].id


def _fate(clock: DossierClock) -> tuple[Any, ...]:
    started = (clock.target, clock.step, clock.actor, clock.agency, clock.started_at, clock.due_at, clock.state)
    noted = (clock.warned_at, clock.breached_at, clock.breach_noted, clock.escalated, clock.escalate_at)
    return (*started, *noted, clock.paused_at, clock.ended_at, clock.late_seconds)
