"""The open tasks of one dossier, as a fold over its events: what lies in whose inbox, since when and until when.

A task is a row with these fields:

``task``
    one of :data:`TASKS`.
``task_version``
    the version of the event that it is about: the one that led into the step, with which leave or help was asked, or
    of which the reporter is to be told.
``due_at``
    when it should be done; none where nobody says.
``judged``
    whether its being undone then is a breach: a wait, and what has no standard of its own, cannot breach.
``state``
    ``running``, ``warned``, ``breached`` or ``paused``, as far as events say. Whoever reads it judges by the time.
``paused_until``
    until when a pause was given; its end needs no event.
``from_actor``, ``from_agency``
    who brought it there.
``beside``
    whether the same desk has another task of the dossier.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, get_args

from shared.domain.dossier.event import UNSEEN, SaidByReporter
from shared.domain.dossier.events import (
    Added,
    AnswerDelivered,
    ClockBreached,
    ClockWarned,
    DataAnswered,
    DataAsked,
    DeliveryFailed,
    DossierEvent,
    Erased,
    HelpAsked,
    HelpCancelled,
    HelpGiven,
    LeaveAsked,
    LeaveGranted,
    LeaveRefused,
    NoticeDelivered,
    Resumed,
)
from shared.domain.dossier.leave import PAUSE
from shared.domain.dossier.promise import DATA, HELP, Target
from shared.domain.dossier.promise import STEP as STEP_CLOCK
from shared.domain.sop.vocabulary import FINAL_STATUSES

Task = Mapping[str, Any]
ERASED: Final = "erased"

TaskKind = Literal["step", "help", "leave", "contact", "data", "call"]
STEP: Final = "step"
HELPING: Final = "help"
LEAVE: Final = "leave"
CONTACT: Final = "contact"
ABOUT_DATA: Final = "data"
CALLING: Final = "call"
TASKS: Final[tuple[TaskKind, ...]] = get_args(TaskKind)
"""The step itself, a part asked of another agency, leave to be given or refused, a reporter to be reached, what they
asked about their own data, a reporter who asked to be called."""

_CLOCK_OF: Final[dict[TaskKind, Target]] = {STEP: STEP_CLOCK, HELPING: HELP, ABOUT_DATA: DATA}


def after(before: Iterable[Task], event: DossierEvent) -> list[Task]:
    """A dossier's open tasks after one more event.

    Whatever ends the dossier ends its tasks. What then cannot be told to the reporter is a task all the same, until
    they are told or the dossier is taken up again.
    """
    tasks = list(before)
    stood = any(task["task"] == STEP for task in tasks)
    ends = event.status in FINAL_STATUSES
    if isinstance(event, Erased) or (ends if stood else event.promise is not None):
        # What is asked about one's data is owed also after the end.
        tasks = [task for task in tasks if task["task"] == ABOUT_DATA and not isinstance(event, Erased)]
    if event.promise is not None and not ends:
        tasks = [task for task in tasks if task["task"] not in (STEP, LEAVE)]
    kept = [
        changed if changed["status"] == event.status else {**changed, "status": event.status}
        for task in tasks
        if (changed := _changed(task, event)) is not None
    ]
    # Of what is still to be told there is one task, however many ways have failed.
    known = {(task["task"], task["task_version"]) for task in kept}
    begun = [task for task in _begun(event, tasks) if (task["task"], task["task_version"]) not in known]
    return _marked([*kept, *begun])


def _marked(tasks: list[Task]) -> list[Task]:
    """With what is known only of all of them together: of which there are several at one desk."""
    at = Counter((task["actor"], task["agency"]) for task in tasks)
    marks = [at[task["actor"], task["agency"]] > 1 for task in tasks]
    return [
        task if task["beside"] == mark else {**task, "beside": mark} for task, mark in zip(tasks, marks, strict=True)
    ]


def _changed(task: Task, event: DossierEvent) -> Task | None:
    """A task after an event; none if that has decided it."""
    match task["task"]:
        case "contact":
            return None if _told(task["task_version"], event) else task
        case "call":
            # Whatever they write meanwhile, they asked for a voice.
            return None if isinstance(event, NoticeDelivered) and event.notice == task["task_version"] else task
        case "leave":
            decided = isinstance(event, LeaveGranted | LeaveRefused) and event.asked == task["task_version"]
            return None if decided else task
        case "data" if isinstance(event, DataAnswered) and event.asked == task["task_version"]:
            return None
        case "help" if isinstance(event, HelpGiven | HelpCancelled) and event.part == task["task_version"]:
            return None
        case _:
            return _clocked(task, f"{_CLOCK_OF[task['task']]}:{task['task_version']}", event)


def _told(version: int, event: DossierEvent) -> bool:
    """Whether the reporter knows: somebody says so, or they have acted with their code, whose page shows everything."""
    match event:
        case AnswerDelivered():
            return event.answer == version
        case NoticeDelivered():
            return event.notice == version
        case SaidByReporter():
            return not event.on_behalf and event.user != UNSEEN
        case _:
            return False


def _clocked(task: Task, clock: str, event: DossierEvent) -> Task:
    match event:
        case ClockWarned() if event.clock == clock and task["state"] != "breached":
            return {**task, "state": "warned"}
        case ClockBreached() if event.clock == clock:
            return {**task, "state": "breached"}
        case LeaveGranted() if event.clock == clock and event.due_at is not None:
            pause = event.kind == PAUSE
            until = event.until_at if pause else task["paused_until"]
            return {
                **task,
                "due_at": event.due_at,
                "paused_until": until,
                "state": "paused" if pause else task["state"],
            }
        case Resumed() if event.clock == clock and task["state"] == "paused":
            return {**task, "due_at": event.due_at, "paused_until": None, "state": "running"}
        case _:
            return task


def _begun(event: DossierEvent, tasks: Iterable[Task]) -> Iterator[Task]:
    if event.promise is not None and event.status not in FINAL_STATUSES:
        due_at = event.promise.due_at or (event.wait.due_at if event.wait else None)
        judged = event.promise.due_at is not None
        yield _task(event, STEP, event.promise.step, event.promise.actor, event.promise.agency, due_at, judged=judged)
    match event:
        case HelpAsked(help=part):
            yield _task(event, HELPING, part.step, part.actor, part.agency, part.due_at, judged=True)
        case DataAsked(data=clock):
            yield _task(event, ABOUT_DATA, clock.step, clock.actor, None, clock.due_at, judged=True)
        case LeaveAsked():
            # It is of use until the desk's own time is over.
            due_at = next((task["due_at"] for task in tasks if task["task"] == STEP), None)
            yield _task(event, LEAVE, event.step, event.granted_by, None, due_at)
        case Added(task_for=str(person)):
            yield _task(event, CALLING, event.step, person, None, None)
        case DeliveryFailed() if _is_a_task(event):
            yield _task(event, CONTACT, event.step, event.task_for, None, None, version=event.answer)


def _is_a_task(event: DeliveryFailed) -> bool:
    """Nobody can reach whoever was erased; and a step that is before whoever is to reach them is that task itself."""
    return event.reason != ERASED and (event.promise is None or event.promise.actor != event.task_for)


def _task(
    event: DossierEvent,
    task: str,
    step: str | None,
    actor: str,
    agency: str | None,
    due_at: Any,
    *,
    judged: bool = False,
    version: int | None = None,
) -> dict[str, Any]:
    return {
        "dossier": event.originator_id,
        "task": task,
        "task_version": version or event.originator_version,
        "tenant": event.tenant,
        "step": step,
        "actor": actor,
        "agency": agency,
        "status": event.status,
        "since": event.occurred_at,
        "due_at": due_at,
        "judged": judged,
        "state": "running",
        "paused_until": None,
        "from_actor": event.actor,
        "from_agency": event.agency,
        "beside": False,
    }
