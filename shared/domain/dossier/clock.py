"""One clock of a dossier, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from shared.base.frozen import changed
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.promise import Target
from shared.domain.dossier.states import BREACHED, PAUSED, RUNNING, ClockState


@dataclass(frozen=True, kw_only=True)
class DossierClock:
    """One clock and what became of it.

    :param id: ``<target>:<version of the event that started it>``.
    :param promised_due_at: the due time as promised at the start.
    :param due_at: the due time now: later than promised where a pause moved it.
    :param paused_at: since when it stands still; kept where it was ended then, since it never ran again.
    :param paused_until: until when leave was given to pause; kept until that end was noted.
    :param due_before: the due time that it had when that pause began.
    :param missed_warn_at: a warning before a due time that was put off since, still to be noted.
    :param runs_from: since when the standard runs, where that was before this holder came: time shared by two.
    :param about: for a reply, the version of the event that the reporter must know of, see :class:`Promise`; for a case
        that a delivery has fulfilled, the version of the answer delivered, and for one that was reopened before that,
        of the reopening.
    :param told: whether they have been told of it: a reply's time that nobody told them of never runs out.
    :param breach_noted: whether ``ClockBreached`` was recorded; a breach is one without it too.
    :param escalated: before how many of the SOP's chain it was brought.
    :param escalate_at: when it is brought before the next of them, should it run on until then.
    :param ended_at: when it stopped for good; a breached clock runs on until then.
    :param late_seconds: how late, in the standard's own kind of time, once it has ended.
    """

    id: str
    target: Target
    step: str
    actor: str
    agency: str | None
    within: str | None
    started_at: datetime
    promised_due_at: datetime
    due_at: datetime
    warn_at: datetime | None
    sop_version: int
    calendar_version: str
    ends: EventName | None = None
    effect: EventName | None = None
    runs_from: datetime | None = None
    about: int | None = None
    told: bool = True
    state: ClockState = RUNNING
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    due_before: datetime | None = None
    missed_warn_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    breach_noted: bool = False
    escalated: int = 0
    escalate_at: datetime | None = None
    ended_at: datetime | None = None
    late_seconds: int | None = None

    @property
    def open(self) -> bool:
        """Whether it still runs or stands paused."""
        return self.ended_at is None

    def state_at(self, now: datetime) -> ClockState:
        """The state as of an instant: a due time that has passed is a breach even before a timer says so."""
        state = self.at(now).state
        return BREACHED if state == RUNNING and self.effect is None and now > self.due_at else state

    def at(self, instant: datetime) -> "DossierClock":
        """As it is at an instant if nothing has happened since: a pause that is over has ended."""
        if self.state != PAUSED or self.paused_until is None or instant < self.paused_until:
            return self
        return changed(self, state=RUNNING, paused_at=None, due_before=None)
