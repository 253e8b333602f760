"""What is done beside the steps: turns that some complaints take, each by the officers whom the SOP lets do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Protocol

from cli.demo.client import Client
from cli.demo.office import Staff
from cli.demo.photo import photo
from cli.demo.stage import Act
from cli.demo.story import PlayedStory, Plot
from cli.demo.words import REPORTERS, ActionWords
from shared.domain.sop.model import Sop
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from shared.domain.tenants import Tenant

COORDINATOR: Final = "coordinator"
_NOTHING: Final = 0
_A_WHILE: Final = 600
_NEXT_DAY: Final = 8 * 3600
_PAUSE: Final = timedelta(days=7)

View = dict[str, Any]


class Play(Protocol):
    """What a turn may use of the play that it belongs to."""

    office: Staff
    client: Client
    tenant: Tenant
    words: ActionWords

    def after(self, seconds: int, story: PlayedStory, act: Act) -> None:
        """Plan something for when the offices have been open for so long."""

    def go_on(self, story: PlayedStory, seconds: int = 0) -> None:
        """Let the complaint go its way again."""

    def ring(self, story: PlayedStory, view: View, version: int) -> bool:
        """Have somebody ring up the reporter and tell them of an event; whether that is on record then."""

    def until(self, delay: timedelta, due_at: str | None = None) -> str:
        """An instant so long after now, or after a due time that is yet to come."""


class SideTurn(Protocol):
    """Something that is done to a complaint once it stands where that can be done.

    :param wait: seconds of open offices before it is done.
    """

    @property
    def wait(self) -> int: ...  # noqa: D102 - see the class

    def fits(self, sop: Sop, view: View) -> bool:
        """Whether it can be done now."""

    def take(self, play: Play, story: PlayedStory, view: View) -> None:
        """Do it, and let the complaint go on."""


def _in_progress(sop: Sop, view: View) -> bool:
    desk = view["actor"] is not None and sop.actor(view["actor"]).scope in ("tenant", "agency")
    return view["status"] == "in_progress" and desk


def _with_agency(sop: Sop, view: View) -> bool:
    return _in_progress(sop, view) and sop.actor(view["actor"]).scope == "agency"


@dataclass(frozen=True)
class Coordinators:
    """The coordinator does something with a complaint that others have, or that has ended.

    :param name: of the action.
    :param fields: what they say.
    :param status: in which it must be.
    :param with_agency: whether an agency must have it.
    """

    name: str
    fields: dict[str, Any]
    status: str = "in_progress"
    with_agency: bool = False
    wait: int = _A_WHILE

    def fits(self, sop: Sop, view: View) -> bool:
        """Whether it stands there."""
        if self.with_agency:
            return _with_agency(sop, view)
        return view["status"] == self.status and view["actor"] not in (SYSTEM, REPORTER)

    def take(self, play: Play, story: PlayedStory, view: View) -> None:
        """Do it."""
        play.office.act(story, view, COORDINATOR, self.name, self.fields)
        play.go_on(story)


@dataclass(frozen=True)
class Merge:
    """The coordinator sees that it is about the same thing as another one.

    :param leader: that one.
    """

    leader: PlayedStory
    wait: int = _NOTHING

    def fits(self, sop: Sop, view: View) -> bool:
        """Whether it is on its way."""
        return _in_progress(sop, view)

    def take(self, play: Play, story: PlayedStory, view: View) -> None:
        """Merge it."""
        fields = {"into": self.leader.receipt["ticket"], "reason": "Pokok dan lokasi aduan sama."}
        play.office.act(story, view, COORDINATOR, "merge", fields)
        play.go_on(story)


@dataclass(frozen=True)
class HelpTurn:
    """The agency that has it asks another one for its part.

    :param given: whether that does it, or is called off.
    """

    given: bool
    wait: int = _NOTHING

    def fits(self, sop: Sop, view: View) -> bool:
        """Whether an agency has it that may ask."""
        rule = sop.help
        return rule is not None and view["actor"] in rule.asked_by and _with_agency(sop, view)

    def take(self, play: Play, story: PlayedStory, view: View) -> None:
        """Ask; the other agency finds it in its inbox."""
        other = play.words.another(story, view["agency"])
        asked = {"agency": other, "note": "Mohon pemeriksaan lapangan pada bagian yang menjadi tugas Saudara."}
        if play.office.act(story, view, view["actor"], "ask_help", asked) is None:
            play.go_on(story)
        else:
            play.after(_A_WHILE, story, lambda: self._end(play, story, view, other))

    def _end(self, play: Play, story: PlayedStory, view: View, other: str) -> None:
        rule = play.tenant.sop.help
        helper = rule.given_by if rule else ""
        found = _task(play.office.inbox(helper, other), story, "help")
        if found is not None and self.given:
            fields = {"part": found["task_version"], "response": "Sudah kami periksa, saluran akan kami keruk besok."}
            play.office.act(story, view, helper, "give_help", fields, agency=other)
        elif found is not None:
            fields = {"part": found["task_version"], "reason": "Ternyata dapat kami selesaikan sendiri."}
            play.office.act(story, view, view["actor"], "cancel_help", fields)
        play.go_on(story)


@dataclass(frozen=True)
class LeaveTurn:
    """The desk that has it asks for leave to take longer.

    :param kind: ``pause`` or ``extension``.
    :param granted: whether the coordinator gives it.
    """

    kind: str
    granted: bool
    wait: int = _NOTHING

    def fits(self, sop: Sop, view: View) -> bool:
        """Whether a desk has it that may ask, and whose time runs."""
        rule = sop.leave
        return rule is not None and view["actor"] in rule.asked_by and _with_agency(sop, view) and bool(view["due_at"])

    def take(self, play: Play, story: PlayedStory, view: View) -> None:
        """Ask; the coordinator finds it in the inbox."""
        until = play.until(_PAUSE, view["due_at"] if self.kind == "extension" else None)
        asked = {"kind": self.kind, "why": "goods", "until": until, "reason": "Menunggu material dari penyedia."}
        if play.office.act(story, view, view["actor"], "ask_leave", asked) is None:
            play.go_on(story)
        else:
            play.after(_NOTHING, story, lambda: self._decide(play, story, view))

    def _decide(self, play: Play, story: PlayedStory, view: View) -> None:
        rule = play.tenant.sop.leave
        by = rule.granted_by if rule else ""
        found = _task(play.office.inbox(by), story, "leave")
        if found is None:
            play.go_on(story)
            return
        if not self.granted:
            refused = {"asked": found["task_version"], "reason": "Material tersedia di gudang."}
            play.office.act(story, view, by, "refuse_leave", refused)
            play.go_on(story)
            return
        play.office.act(story, view, by, "grant_leave", {"asked": found["task_version"]})
        play.after(_NEXT_DAY, story, lambda: self._resume(play, story, view))

    def _resume(self, play: Play, story: PlayedStory, view: View) -> None:
        play.office.act(story, view, view["actor"], "resume", {"note": "Material sudah datang."})
        play.go_on(story)


@dataclass(frozen=True)
class Photo:
    """The reporter adds a photo, and the desk has a sheet made for the file."""

    wait: int = _A_WHILE

    def fits(self, sop: Sop, view: View) -> bool:
        """Whether a desk has it."""
        return _in_progress(sop, view)

    def take(self, play: Play, story: PlayedStory, view: View) -> None:
        """Add both."""
        receipt = story.receipt
        content = photo(story.role.number)
        play.client.add_own_file(story.tenant, receipt["ticket"], receipt["tracking_code"], "lokasi.jpg", content)
        story.looked = True
        play.office.make_document(story, view, view["actor"], "disposition_sheet")
        play.go_on(story)


@dataclass(frozen=True)
class Ring:
    """Those who may ring up a reporter who has no e-mail address do, while the complaint is with an agency."""

    wait: int = _A_WHILE

    def fits(self, sop: Sop, view: View) -> bool:
        """Whether an agency has it."""
        return _with_agency(sop, view)

    def take(self, play: Play, story: PlayedStory, view: View) -> None:
        """Tell whatever is still to be told."""
        for each in view["untold"]:
            play.ring(story, view, each["version"])
        play.go_on(story)


@dataclass(frozen=True)
class AskAgain:
    """The reporter asks what became of a complaint that another authority has."""

    wait: int = _A_WHILE

    def fits(self, sop: Sop, view: View) -> bool:
        """Whether another authority has it."""
        step = sop.step(view["step"]) if view["step"] else None
        waits = step is not None and step.timeout is not None and view["actor"] != REPORTER
        return view["status"] == "transferred" and waits

    def take(self, play: Play, story: PlayedStory, view: View) -> None:
        """Ask."""
        code = story.receipt["tracking_code"]
        play.client.reporter(story.tenant, view["ticket"], code, "reply", REPORTERS["reply"])
        story.looked = True
        play.go_on(story)


def _task(items: Sequence[dict[str, Any]], story: PlayedStory, task: str) -> dict[str, Any] | None:
    return next((each for each in items if each["id"] == story.id and each["task"] == task), None)


def turns_of(story: PlayedStory, leader: PlayedStory | None, sop: Sop) -> list[SideTurn]:
    """What is to be done to a complaint beside the steps.

    :param leader: the complaint before it, if that is about the same thing.
    :param sop: why something may be rejected in that government.
    """
    spam = Coordinators("reject", {"why": sop.rejections[0] if sop.rejections else "", "reason": "Isinya iklan."})
    reinstate = Coordinators(
        "reinstate", {"reason": "Setelah dibaca kembali, ini memang aduan warga."}, "rejected", wait=_NEXT_DAY
    )
    recall = Coordinators("recall", {"reason": "Disposisi keliru, kami alihkan."}, with_agency=True)
    withdraw = Coordinators("withdraw", {"via": "telephone", "reason": "Sudah diselesaikan warga."})
    known: dict[Plot, list[SideTurn]] = {
        Plot.WRONG_RECALLED: [recall],
        Plot.SPAM: [spam],
        Plot.REINSTATED: [spam, reinstate, Ring()],
        Plot.DUPLICATE: [Merge(leader)] if leader is not None else [],
        Plot.HELPED: [HelpTurn(given=True)],
        Plot.HELP_CANCELLED: [HelpTurn(given=False)],
        Plot.PAUSED: [LeaveTurn("pause", granted=True)],
        Plot.LEAVE_REFUSED: [LeaveTurn("extension", granted=False)],
        Plot.PHOTO: [Photo()],
        Plot.WITHDRAWN: [withdraw],
    }
    return known.get(story.plot, [])
