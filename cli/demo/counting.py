"""What became of a government's complaints, counted from what the API tells of each."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cli.demo.client import Client
from cli.demo.playing import TenantPlay
from cli.demo.story import WRITTEN_TO, PlayedStory
from cli.demo.turns import COORDINATOR
from shared.base.caller import REPORTER

View = Mapping[str, Any]


@dataclass
class Figures:
    """Of one government.

    :param events: how often each thing happened, see :func:`_happened`.
    :param reached: complaints whose final answer reached the reporter, by the way in which it did.
    :param not_reached: complaints whose final answer did not.
    :param to_contact: open tasks "hubungi pelapor".
    :param untrue: deliveries on record that did not take place.
    """

    tenant: str
    filed: int = 0
    answered: int = 0
    events: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    not_reached: int = 0
    to_contact: int = 0
    late: int = 0
    groups: int = 0
    untrue: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "filed": self.filed,
            "answered": self.answered,
            "reached": dict(sorted(self.reached.items())),
            "not_reached": self.not_reached,
            "to_contact": self.to_contact,
            "late": self.late,
            "groups": self.groups,
            "untrue": self.untrue,
            **dict(sorted(self.events.items())),
        }


def count(client: Client, play: TenantPlay) -> Figures:
    """Read every complaint of a government, and count."""
    figures = Figures(play.tenant.id, filed=play.filed)
    waiting_step = 0
    for story in play.stories.values():
        view = client.dossier(story.tenant, story.id)
        figures.events.update(_happened(view["timeline"]))
        figures.late += any(entry["event"] == "ClockBreached" for entry in view["timeline"])
        figures.untrue += _untrue(story, view)
        _count_answer(figures, view)
        waiting_step += view["actor"] == COORDINATOR and view["step"] == "contact"
    tasks = play.office.inbox(COORDINATOR)
    figures.to_contact = waiting_step + sum(task["task"] == "contact" for task in tasks)
    return figures


def _count_answer(figures: Figures, view: View) -> None:
    finals = [entry for entry in view["timeline"] if entry["event"] == "Answered" and entry.get("kind") == "final"]
    if not finals:
        return
    figures.answered += 1
    figures.groups += any(entry["event"] == "MemberJoined" for entry in view["timeline"])
    told = [entry for entry in view["timeline"] if entry["event"] == "AnswerDelivered" and _of_final(entry)]
    if told:
        figures.reached[told[-1]["by"]] += 1
    else:
        figures.not_reached += 1


def _of_final(entry: View) -> bool:
    return entry.get("kind") in (None, "final")


def _happened(timeline: Sequence[View]) -> Iterable[str]:
    """The paths that a complaint has taken, as names that the summary tells."""
    for entry in timeline:
        by_officer = entry["actor"] != REPORTER
        match entry["event"]:
            case "Returned":
                yield f"returned_{entry.get('why')}"
            case "Dispositioned" if entry.get("reason"):
                yield "despite"
            case "Supplemented":
                yield "completed_by_telephone" if by_officer else "completed_by_reporter"
            case "Answered":
                yield f"answered_{entry['kind']}"
            case "FileAdded":
                yield "photos" if entry["actor"] == REPORTER else "documents"
            case (
                "Rejected"
                | "Reinstated"
                | "Merged"
                | "Recalled"
                | "Replied"
                | "Reopened"
                | "Rated"
                | "Withdrawn"
                | "Lapsed"
                | "Closed"
                | "Transferred"
                | "HelpAsked"
                | "HelpGiven"
                | "HelpCancelled"
                | "LeaveAsked"
                | "LeaveGranted"
                | "LeaveRefused"
                | "Resumed"
                | "CodeRenewed"
                | "DeliveryFailed"
            ) as event:
                yield event


def _untrue(story: PlayedStory, view: View) -> list[str]:
    """Deliveries on record of which the demo knows that nobody can have been told in that way."""
    true_ways: set[str] = {*story.told_by}
    if story.role.reach in WRITTEN_TO:
        true_ways.add(story.role.reach)
    if story.looked:
        true_ways.add("portal")
    return [
        f"{view['ticket']}: {entry['event']} by {entry['by']}"
        for entry in view["timeline"]
        if entry["event"] in ("AnswerDelivered", "NoticeDelivered") and entry["by"] not in true_ways
    ]
