"""The course of a dossier, as its events tell it: whose hands it went through, for how long, and how each let it go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.dossier.events import Answered, ComplaintFiled, DossierEvent, Returned
from shared.domain.sop.vocabulary import FINAL_STATUSES


@dataclass(frozen=True)
class StepVisit:
    """One stay in a step.

    :param left: when it ended; none while it goes on.
    :param event: the type of the event that ended it; blank while it goes on.
    :param why: of a return.
    :param kind: of an answer.
    :param to: the step that it led into; none where it ended the dossier.
    :param late: whether it was late as it was recorded, leave that was given included.
    """

    step: str
    actor: str
    agency: str | None
    entered: datetime
    left: datetime | None = None
    event: str = ""
    why: str | None = None
    kind: str | None = None
    to: str | None = None
    late: bool = False


@dataclass(frozen=True)
class Course:
    """A dossier's course.

    :param answered_at: of the first final answer.
    :param case_late: whether the bound on the whole case was kept; none while it runs and where there is none.
    """

    filed_at: datetime
    visits: tuple[StepVisit, ...]
    answered_at: datetime | None
    case_late: bool | None


def course_of(history: Sequence[DossierEvent]) -> Course | None:
    """The course that a history tells; none of what has no beginning."""
    if not history or not isinstance(history[0], ComplaintFiled):
        return None
    visits: list[StepVisit] = []
    answered_at: datetime | None = None
    case_late: bool | None = None
    present: StepVisit | None = None
    for event in history:
        if isinstance(event, Answered) and event.kind == "final" and answered_at is None:
            answered_at = event.occurred_at
        if event.case_late_seconds is not None and case_late is None:
            case_late = event.case_late_seconds > 0
        ends = event.status in FINAL_STATUSES
        if present is not None and (event.promise is not None or ends):
            visits.append(_left(present, event))
            present = None
        if event.promise is not None:
            present = StepVisit(event.promise.step, event.promise.actor, event.promise.agency, event.occurred_at)
    if present is not None:
        visits.append(present)
    return Course(history[0].occurred_at, tuple(visits), answered_at, case_late)


def _left(visit: StepVisit, event: DossierEvent) -> StepVisit:
    return StepVisit(
        visit.step,
        visit.actor,
        visit.agency,
        visit.entered,
        left=event.occurred_at,
        event=event.type,
        why=event.why if isinstance(event, Returned) else None,
        kind=event.kind if isinstance(event, Answered) else None,
        to=event.promise.step if event.promise is not None else None,
        late=(event.late_seconds or 0) > 0,
    )
