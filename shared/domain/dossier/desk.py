"""The desk: turns "this actor does this action" into the event that records it, with all it promises.

Used by every service that decides anything, so that the rules of moving (who holds it next, which clocks start,
pause and stop, how late the desk was that lets go) stand in one place.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shared.base.caller import Caller
from shared.base.clock import Clock
from shared.base.frozen import changed
from shared.domain.calendar.working import WorkingCalendar
from shared.domain.dossier.clocks import PAUSED, fulfils
from shared.domain.dossier.dossier import Dossier, agency_after
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import EVENT_TYPES, ComplaintFiled, DossierEvent, ErasureReason
from shared.domain.dossier.leave_terms import resumed_early
from shared.domain.dossier.promise import CASE, REPLY, STEP, Promise
from shared.domain.dossier.promising import (
    case_promise,
    late_seconds,
    resumed_case,
    revived_case,
    shared_promise,
    step_promise,
    wait_promise,
)
from shared.domain.dossier.reaching import told_of
from shared.domain.dossier.waiting import told_wait, wait_for_words
from shared.domain.sop import engine
from shared.domain.sop.model import Action, Sop, Step
from shared.domain.sop.vocabulary import FINAL_STATUSES, Status
from shared.domain.tenants import Tenant

_RESTING: Final[frozenset[Status]] = frozenset({"returned", "transferred"})
"""Statuses in which others than the government have the dossier: its case clock does not go on by coming into one."""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why an event comes about.

    :param correlation_id: the request or message that began the chain.
    :param causation_id: the event that led to it, if one did, or the request's mark.
    """

    correlation_id: str
    causation_id: str | None = None


@dataclass(frozen=True)
class Desk:
    """Builds events for one tenant.

    :param tenant: its SOPs, agencies and calendar.
    :param clock: the present instant.
    """

    tenant: Tenant
    clock: Clock

    def sop_of(self, dossier: Dossier) -> Sop:
        """The SOP version under which the dossier was filed."""
        return self.tenant.sop_of(dossier.sop_version)

    def file(
        self, dossier_id: UUID, caller: Caller, cause: Cause, own: dict[str, Any], occurred_at: datetime | None = None
    ) -> ComplaintFiled:
        """The first event: filed, and before the first desk of the current SOP.

        :param own: the fields of ``ComplaintFiled`` itself.
        :param occurred_at: when the complaint was made, if not now.
        """
        now = self.clock.now()
        at = min(occurred_at or now, now)
        sop = self.tenant.sop_at(now)
        step = engine.first_step(sop)
        calendar = self.tenant.calendar.as_known(now)
        return ComplaintFiled(
            originator_id=dossier_id,
            originator_version=1,
            tenant=self.tenant.id,
            actor=caller.actor,
            agency=caller.agency,
            user=caller.user,
            recorded_at=now,
            occurred_at=at,
            correlation_id=cause.correlation_id,
            causation_id=cause.causation_id,
            sop_version=sop.version,
            step=sop.filed_in,
            status="in_progress",
            promise=step_promise(sop, calendar, step, None, now),
            wait=wait_promise(sop, calendar, step, None, now),
            case=case_promise(sop, calendar, step, now),
            **own,
        )

    def act(
        self,
        dossier: Dossier,
        action: Action,
        caller: Caller,
        cause: Cause,
        own: dict[str, Any] | None = None,
        occurred_at: datetime | None = None,
    ) -> DossierEvent:
        """The event that an action of the dossier's SOP brings about.

        :param action: as found and authorised by the SOP engine.
        :param own: the fields of that event type itself, ``sealed`` included.
        :param occurred_at: when it took effect, if not now (a timer's due time).
        :raises NoOpenTime: if the tenant's calendar has no working time for the next step.
        """
        sop = self.sop_of(dossier)
        here = sop.step(dossier.step) if dossier.step else None
        to_step = engine.next_step(sop, dossier.step, action)
        moves = to_step is not None and (here is None or to_step.id != here.id)
        status = engine.status_after(sop, dossier.status, action, to_step)
        return self._event(
            dossier, action.event, caller, cause, own or {}, status, to_step if moves else None, occurred_at
        )

    def note(
        self,
        dossier: Dossier,
        event_type: EventName,
        caller: Caller,
        cause: Cause,
        own: dict[str, Any],
        occurred_at: datetime | None = None,
    ) -> DossierEvent:
        """An event that moves nothing: a warning, a breach, a delivery that the SOP gives no step."""
        return self._event(dossier, event_type, caller, cause, own, dossier.status, None, occurred_at)

    def erase(self, dossier: Dossier, caller: Caller, cause: Cause, reason: ErasureReason) -> DossierEvent:
        """The event with which a dossier becomes unreadable. Who cannot be read can get no answer: an open one ends."""
        status: Status = dossier.status
        if not dossier.ended:
            status = "withdrawn" if dossier.answered is None else "closed"
        return self._event(dossier, "Erased", caller, cause, {"reason": reason}, status, None, None)

    def _event(
        self,
        dossier: Dossier,
        event_type: EventName,
        caller: Caller,
        cause: Cause,
        own: dict[str, Any],
        status: Status,
        to_step: Step | None,
        occurred_at: datetime | None,
    ) -> DossierEvent:
        now = self.clock.now()
        at = occurred_at or now
        draft = EVENT_TYPES[event_type](
            originator_id=dossier.id,
            originator_version=dossier.version + 1,
            tenant=dossier.tenant,
            actor=caller.actor,
            agency=caller.agency,
            user=caller.user,
            recorded_at=now,
            occurred_at=at,
            correlation_id=cause.correlation_id,
            causation_id=cause.causation_id,
            sop_version=dossier.sop_version,
            step=dossier.step,
            status=status,
            **own,
        )
        return self._with_clocks(dossier, draft, to_step)

    def _with_clocks(self, dossier: Dossier, event: DossierEvent, to_step: Step | None) -> DossierEvent:
        at = event.occurred_at
        # By what was known when it took effect: a timer that runs later comes to the same.
        calendar = self.tenant.calendar.as_known(at)
        step_clock, case_clock = dossier.open_clock(STEP), dossier.open_clock(CASE)
        ends = event.status in FINAL_STATUSES
        if to_step is not None:
            event = changed(event, **self._promises(calendar, dossier, to_step, event))
        else:
            soon = wait_for_words(self.sop_of(dossier), dossier, event)
            event = changed(event, wait=soon or self._begun_anew(calendar, dossier, event))
        if step_clock is not None and (ends or to_step is not None):
            event = changed(event, late_seconds=late_seconds(calendar, step_clock, at))
        if case_clock is not None:
            late = late_seconds(calendar, case_clock, at) if case_clock.state != PAUSED else 0
            if fulfils(case_clock, event) or (ends and late):
                event = changed(event, case_late_seconds=late)
        return event

    def _promises(
        self, calendar: WorkingCalendar, dossier: Dossier, to_step: Step, event: DossierEvent
    ) -> dict[str, Any]:
        """What is promised on entering a step: for it, for the reporter's reply, and for the case."""
        sop = self.sop_of(dossier)
        at = event.occurred_at
        step_clock, case_clock = dossier.open_clock(STEP), dossier.open_clock(CASE)
        holder = agency_after(dossier.agency, event) if sop.actor(to_step.actor).scope == "agency" else None
        if step_clock is not None and _one_time(sop, step_clock.step, to_step):
            promise = shared_promise(sop, to_step, holder, at, resumed_early(calendar, step_clock, at))
        else:
            promise = step_promise(sop, calendar, to_step, holder, at)
        case = None
        if case_clock is None:
            case = self._case_start(calendar, dossier, sop, to_step, event)
        elif case_clock.state == PAUSED and event.status not in _RESTING:
            case = resumed_case(calendar, case_clock, at)
        wait = told_wait(wait_promise(sop, calendar, to_step, holder, at), dossier, event)
        return {"promise": promise, "wait": wait, "case": case}

    def _begun_anew(self, calendar: WorkingCalendar, dossier: Dossier, event: DossierEvent) -> Promise | None:
        """The reporter's time to reply from when they were told, if that was later than when it had begun."""
        clock, told = dossier.open_clock(REPLY), told_of(event)
        if clock is None or clock.told or told is None or clock.about != told:
            return event.wait
        sop = self.sop_of(dossier)
        if not sop.has_step(clock.step):
            return event.wait
        wait = wait_promise(sop, calendar, sop.step(clock.step), clock.agency, event.occurred_at)
        if wait is None or wait.due_at is None or wait.due_at <= clock.due_at:
            return event.wait
        return changed(wait, about=told)

    def _case_start(
        self, calendar: WorkingCalendar, dossier: Dossier, sop: Sop, to_step: Step, event: DossierEvent
    ) -> Promise | None:
        """A case clock starts once, again when an answered dossier is reopened (total resolution), and goes on when
        one that had ended is taken up again.
        """
        last = next((clock for clock in reversed(dossier.clocks) if clock.target == CASE), None)
        if last is not None and event.type == "Reinstated":
            return revived_case(sop, calendar, last, event.occurred_at)
        if last is not None and event.type != "Reopened":
            return None
        if event.type == "Reopened" and sop.case is not None:
            return case_promise(sop, calendar, sop.step(sop.case.starts), event.occurred_at)
        return case_promise(sop, calendar, to_step, event.occurred_at)


def _one_time(sop: Sop, from_step: str, to_step: Step) -> bool:
    """Whether two steps have one time standard between them: who comes, or comes back, has what is left of it."""
    return from_step == to_step.shares or sop.step(from_step).shares == to_step.id
