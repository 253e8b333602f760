"""Which of its actions a desk takes with a complaint: read off the action's event and cause, never off its name."""

from dataclasses import dataclass, field

from shared.domain.sop.model import Action, Step
from shared.domain.sop.simulate.complaints import Complaint
from shared.domain.sop.simulate.plan import Odds
from shared.domain.sop.vocabulary import SAME

_MOST_REWORK = 5


@dataclass
class SimulatedCourse:
    """What has happened to a complaint so far.

    :param visits: how often it was in each step.
    :param done: the causes for which it was already returned.
    """

    visits: dict[str, int] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def visit(self, step: str) -> int:
        """Count one more visit to a step, and say how many it were before."""
        before = self.visits.get(step, 0)
        self.visits[step] = before + 1
        return before


def choose(step: Step, complaint: Complaint, course: SimulatedCourse, odds: Odds) -> Action | None:
    """The action with which a desk lets a complaint go; none if the step has nothing that moves it."""
    moving = [a for a in step.actions if a.to not in (SAME, step.id) and a.actor is None]
    for action in moving:
        if action.event == "Returned" and _returns(action, step, complaint, course, odds):
            course.done.add(action.why or "")
            return action
    onward = [action for action in moving if action.event != "Returned"]
    if not onward:
        return moving[0] if moving else None
    if complaint.out_of_authority:
        elsewhere = next((action for action in onward if action.event == "Transferred"), None)
        if elsewhere is not None:
            return elsewhere
    onward = [action for action in onward if action.event != "Transferred"] or onward
    answers = [action for action in onward if action.event == "Answered"]
    others = [action for action in onward if action.event != "Answered"]
    fresh = [action for action in others if action.to not in course.visits]
    if answers and (not fresh or complaint.simple):
        return answers[0]
    return (fresh or others or onward)[0]


def _returns(action: Action, step: Step, complaint: Complaint, course: SimulatedCourse, odds: Odds) -> bool:
    match action.why:
        case "incomplete":
            return complaint.incomplete and "incomplete" not in course.done
        case "wrong_agency":
            return complaint.wrong_agency and "wrong_agency" not in course.done
        case "out_of_authority":
            return complaint.out_of_authority and "out_of_authority" not in course.done
        case "rework":
            times = course.visits.get(step.id, 1)
            return times <= _MOST_REWORK and complaint.happens(odds.rework, f"rework:{step.id}:{times}")
    return False
