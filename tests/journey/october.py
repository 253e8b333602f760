"""Two months of an installation of its own, from Monday, 5 October 2026: what happened when, and what was due when.

Played once, in the order of time; the tests read what was seen. No holiday falls into these months, so that every due
time can be checked with a wall calendar and a pencil: Monday to Thursday 07:30-12:00 and 13:00-16:00, Friday
07:30-11:30 and 13:00-16:30.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.journey.installation import Api
from tests.journey.test_trenggalek import COMPLETE
from tests.journey.traveller import Traveller

Seen = dict[str, str | None]


@dataclass
class October:
    """The story, and what was written down on the way.

    :param due: due times by the name they were written down under, local, to the minute or second.
    :param travellers: the complaints, by name; as they stand at the end.
    """

    api: Api
    due: Seen = field(default_factory=dict)
    travellers: dict[str, Traveller] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)

    def file(self, name: str, tenant: str, elsewhere: str, **fields: Any) -> Traveller:
        """File a complaint under a name."""
        self.travellers[name] = Traveller.file(self.api, tenant, elsewhere, **fields)
        return self.travellers[name]

    def at(self, time: str) -> None:
        """Move the clock to a local time."""
        self.api.move_to(f"2026-{time}+07:00")

    def note(self, name: str, target: str = "step") -> None:
        """Write down when a complaint's latest clock of that target is due."""
        clock = self.travellers[name].clock(target)
        self.due[f"{name} {clock['step'] or target}"] = local(clock["due_at"])


def local(instant: str | None) -> str | None:
    """A local time without its year, seconds and offset, where those say nothing."""
    if instant is None:
        return None
    text = instant.removeprefix("2026-").removesuffix("+07:00")
    return text.removesuffix(":00") if text.count(":") == 2 else text


def play(api: Api) -> October:
    """Play the two months."""
    story = October(api)
    _monday_morning(story)
    _monday(story)
    _the_week(story)
    _the_next_weeks(story)
    story.at("12-05T10:01")
    return story


def _monday_morning(story: October) -> None:
    """At eight everything is filed."""
    story.file("bantul", "bantul", "dinkes")
    story.file("bantul late", "bantul", "dinkes")
    story.file("majalengka", "majalengka", "dinkes")
    story.file("majalengka late", "majalengka", "dinkes")
    story.file("majalengka elsewhere", "majalengka", "dinkes")
    story.file("trenggalek", "trenggalek", "disnak", **{**COMPLETE, "attachments": None})
    story.file("trenggalek silent", "trenggalek", "disnak", **{**COMPLETE, "attachments": None})
    story.file("cirebon", "cirebon", "dinkes")
    for name in ("bantul", "majalengka", "trenggalek", "cirebon"):
        story.note(name)
        story.note(name, "case")


def _monday(story: October) -> None:
    bantul, cirebon = story.travellers["bantul"], story.travellers["cirebon"]
    story.at("10-05T08:30")
    bantul.act("operator", "forward")
    story.note("bantul")
    story.at("10-05T10:00")
    bantul.act("liaison", "forward")
    story.note("bantul")
    story.at("10-05T10:30")
    cirebon.act("pic", "answer", text="Ditambal pekan ini.")
    story.note("cirebon")
    story.at("10-05T10:45")
    cirebon.act("coordinator", "approve")
    story.at("10-05T14:00")
    for name in ("trenggalek", "trenggalek silent"):
        story.travellers[name].act("coordinator", "forward")
    story.note("trenggalek")


def _the_week(story: October) -> None:
    bantul, trenggalek = story.travellers["bantul"], story.travellers["trenggalek"]
    elsewhere = story.travellers["majalengka elsewhere"]
    story.at("10-06T10:00")
    elsewhere.act("coordinator", "return", reason="Jalan nasional")
    elsewhere.act("national_admin", "transfer", to="BBPJN", reason="Kewenangan balai")
    story.note("majalengka elsewhere", "reply")
    story.at("10-06T14:00")
    for name in ("trenggalek", "trenggalek silent"):
        story.travellers[name].act("coordinator", "return", reason="Foto belum ada")
    story.note("trenggalek", "reply")
    story.travellers["majalengka"].act("coordinator", "dispose", agency="dputr")
    story.note("majalengka")
    story.at("10-06T14:30")  # the unit's due time itself: still in time
    bantul.act("unit", "forward", response="Selesai")
    story.note("bantul")
    story.at("10-07T09:00")  # an hour late
    bantul.act("liaison", "forward")
    story.note("bantul")
    story.at("10-07T10:00")
    bantul.act("operator", "answer", text="Selesai.")
    story.note("bantul", "reply")
    story.travellers["majalengka late"].act("coordinator", "dispose", agency="dputr")
    story.at("10-08T10:00")
    trenggalek.say("supplement", attachments=["foto.jpg"])
    story.note("trenggalek")
    story.note("trenggalek", "case")
    story.at("10-09T10:00")
    trenggalek.act("coordinator", "dispose", agency="dpupr")
    story.note("trenggalek")
    story.at("10-09T15:00")
    story.file("cirebon late", "cirebon", "dinkes")
    story.note("cirebon late")
    story.note("cirebon late", "case")


def _the_next_weeks(story: October) -> None:
    trenggalek, late = story.travellers["trenggalek"], story.travellers["cirebon late"]
    story.at("10-12T09:30")
    trenggalek.act("liaison", "forward")
    story.note("trenggalek")
    story.travellers["majalengka"].act("liaison", "answer", text="Selesai.")
    story.at("10-12T10:00")  # an hour late
    late.act("pic", "answer", text="Maaf terlambat.")
    story.note("cirebon late")
    story.at("10-12T10:05")  # nothing was left for the admin
    late.act("coordinator", "approve")
    story.at("10-16T09:00")
    trenggalek.act("liaison", "forward")
    story.note("trenggalek")
    story.at("10-20T09:00")
    trenggalek.act("head", "forward")
    story.note("trenggalek")
    story.at("10-21T09:00")
    trenggalek.act("unit", "answer", text="Ditambal November.")
    story.note("trenggalek")
    story.at("10-22T09:00")
    trenggalek.act("head", "return", reason="Sebutkan tanggalnya")
    story.note("trenggalek")
    story.at("10-23T09:00")
    trenggalek.act("unit", "answer", text="Ditambal 9 November.").act("head", "approve").act("liaison", "forward")
    trenggalek.act("coordinator", "forward").act("coordinator", "answer")
    story.at("11-05T14:00")  # the wait's due time itself
    story.statuses["silent, in time"] = _supplement(story, {"reporter": {"email": "not an address"}})
    story.at("11-05T14:01")
    story.statuses["silent, too late"] = _supplement(story, {"attachments": ["foto.jpg"]})


def _supplement(story: October, fields: dict[str, Any]) -> int:
    silent = story.travellers["trenggalek silent"]
    return story.api.reporter("trenggalek", silent.receipt, "supplement", **fields).status_code
