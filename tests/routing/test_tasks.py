"""What lies in whose inbox, told by events alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.intake.receipts import Receipt
from services.routing import queries
from services.routing.projection import DOSSIERS, INBOX, InboxProjection
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.domain.dossier.dossier import evolve
from shared.domain.dossier.event import UNSEEN
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.promise import HELP, Promise
from shared.store.projection.runner import apply_batch
from shared.store.projection.testing import given
from tests.dossier.story import CAUSE, Story
from tests.fixtures.office import START, Office

T = "cilacap"
COORDINATOR = Caller(T, "coordinator", user="coordinator-1")
HELPER = Caller(T, "operator", "dinkes", user="operator-2")


class Told(Story):
    """A dossier at the desk of an agency's operator."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.file()
        self.act("dispose", to_agency="dpupr")

    @property
    def tasks(self) -> set[tuple[str, int, str, str | None]]:
        """Which tasks there are."""
        return {(row["task"], row["task_version"], row["actor"], row["agency"]) for row in self.rows}

    @property
    def rows(self) -> Any:
        """The same with all that is told of them."""
        return given(InboxProjection(), *self.events).rows[INBOX.name]

    @property
    def wrong_agency(self) -> bool:
        """Whether it is marked as having been at a wrong office."""
        [row] = given(InboxProjection(), *self.events).rows[DOSSIERS.name]
        return bool(row["wrong_agency"])

    def fail(self, version: int) -> int:
        """The reporter could not be told of an event; the version of that."""
        return self.note("DeliveryFailed", answer=version, by="email", reason="no_way", about="Returned").version

    def ask_help(self, agency: str = "dinkes") -> int:
        """Another agency is asked for its part; the version of that."""
        return self.note("HelpAsked", to_agency=agency, help=part(agency)).version

    def ask_leave(self) -> int:
        """The desk asks for leave; the version of that."""
        until = self.clock.now() + timedelta(days=9)
        return self.note("LeaveAsked", kind="pause", why="goods", until_at=until).version


def part(agency: str) -> Promise:
    """What is promised of a part."""
    return Promise(
        target=HELP,
        step="entry",
        actor="operator",
        agency=agency,
        started_at=START,
        due_at=START + timedelta(days=3),
        warn_at=None,
        within="3 d",
        sop_version=1,
        calendar_version="1",
    )


STEP = ("step", 2, "operator", "dpupr")


def test_a_reporter_who_cannot_be_reached_is_a_task_of_the_coordinators() -> None:
    """One task however many ways have failed, beside the step's own; done when they are told of that very event."""
    story = Told()
    story.fail(2)
    story.fail(2)
    story.fail(1)
    both = story.tasks
    story.note("NoticeDelivered", notice=1, about="ComplaintFiled", by="telephone")
    one = story.tasks
    story.note("AnswerDelivered", answer=2, by="telephone")

    assert {STEP, ("contact", 2, "coordinator", None), ("contact", 1, "coordinator", None)} == both
    assert {STEP, ("contact", 2, "coordinator", None)} == one
    assert {STEP} == story.tasks


@pytest.mark.parametrize(("back", "marked"), [("return", True), ("recall", False)])
def test_what_an_office_returned_as_not_its_own_stays_marked(back: str, marked: bool) -> None:
    """Also at the right one. What was taken back to add a word was never at a wrong one: it goes to the same again."""
    story = Told()
    before = story.wrong_agency
    story.act(back, from_agency="dpupr", disposed_by="coordinator")
    story.act("dispose", to_agency="dinkes" if marked else "dpupr")

    assert (False, marked) == (before, story.wrong_agency)


def test_an_end_takes_all_tasks_with_it() -> None:
    """Withdrawn: nobody has to reach, to help or to decide anything any more."""
    story = Told()
    story.fail(1)
    story.ask_help()
    story.ask_leave()
    before = len(story.tasks)
    story.act("withdraw")

    assert (4, set()) == (before, story.tasks)


def test_what_could_not_be_told_of_an_end_is_a_task_until_it_is_told() -> None:
    """The complaint is over, its reporter does not know: that is for the coordinator, and nobody else has anything."""
    story = Told()
    end = story.act("withdraw").version
    story.fail(end)
    after = story.tasks
    story.note("NoticeDelivered", notice=end, about="Withdrawn", by="letter")

    assert {("contact", end, "coordinator", None)} == after
    assert set() == story.tasks


def test_what_is_taken_up_again_is_a_task_again() -> None:
    """The step is back in the inbox; that its end could not be told no longer matters."""
    story = Told()
    end = story.act("withdraw").version
    story.fail(end)
    assert story.dossier is not None
    reinstated = story.desk.note(story.dossier, "Reinstated", COORDINATOR, CAUSE, {})
    story.events.append(replace(reinstated, promise=story.events[0].promise, status="in_progress"))

    assert {("step", end + 2, "coordinator", None)} == story.tasks


def test_the_reporter_who_acts_with_the_code_has_been_reached() -> None:
    """Whoever has opened the page knows what stands there; what an officer wrote down for them proves nothing."""
    story = Told()
    story.fail(1)
    story.note("Rated", score=4, via="telephone")
    before = story.tasks
    assert story.dossier is not None
    reporter = Caller(T, "reporter", None, "reporter")
    story.events.append(story.desk.note(story.dossier, "Rated", reporter, CAUSE, {"score": 4}))

    assert {STEP, ("contact", 1, "coordinator", None)} == before
    assert {STEP} == story.tasks


@pytest.mark.parametrize(
    ("said", "caller"),
    [
        ("Replied", Caller(T, "reporter", None, UNSEEN)),
        ("Supplemented", Caller(T, "reporter", None, UNSEEN)),
        ("Supplemented", Caller.system(T, "sla")),
        ("Reopened", COORDINATOR),
    ],
    ids=["a program", "a program too", "the hour after a photo", "the coordinator of their own accord"],
)
def test_what_others_do_for_a_reporter_tells_them_nothing(said: EventName, caller: Caller) -> None:
    """It completes the complaint or answers for them, and whoever is to be told is still to be told."""
    story = Told()
    story.fail(1)
    assert story.dossier is not None
    own = {"missing": ()} if said == "Supplemented" else {}
    story.events.append(story.desk.note(story.dossier, said, caller, CAUSE, own))

    assert {STEP, ("contact", 1, "coordinator", None)} == story.tasks


@pytest.mark.parametrize("ending", ["HelpGiven", "HelpCancelled"])
def test_a_part_is_the_helping_agencys_task(ending: EventName) -> None:
    """From asking until it is given or no longer asked; each part for itself."""
    story = Told()
    first, second = story.ask_help(), story.ask_help("dishub")
    before = story.tasks
    story.note(ending, part=first)

    assert {STEP, ("help", first, "operator", "dinkes"), ("help", second, "operator", "dishub")} == before
    assert {STEP, ("help", second, "operator", "dishub")} == story.tasks


@pytest.mark.parametrize("ending", ["LeaveGranted", "LeaveRefused", "Forwarded"])
def test_leave_is_decided_by_the_coordinator(ending: EventName) -> None:
    """Until it is given or refused, or the desk has let go and needs none."""
    story = Told()
    asked = story.ask_leave()
    before = story.tasks
    if ending == "Forwarded":
        story.act("forward")
    elif ending == "LeaveRefused":
        story.note(ending, asked=asked)
    else:
        until = story.clock.now() + timedelta(days=9)
        story.note(ending, asked=asked, kind="pause", why="goods", until_at=until, clock="step:2")

    assert {STEP, ("leave", asked, "coordinator", None)} == before
    assert ["step"] == [task[0] for task in story.tasks]


# What the API's readers see.


def _inbox(office: Office, caller: Caller = COORDINATOR, **asked: Any) -> list[dict[str, Any]]:
    apply_batch(office.runtime.database, InboxProjection(), decode, office.news())
    items: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = queries.inbox(office.runtime, caller, T, after=after, limit=1, **asked)
        items += page["items"]
        after = page["next"]
        if after is None:
            return items


def _asked(office: Office, receipt: Receipt, due: timedelta) -> None:
    dossier = office.load(receipt.id)
    promise = replace(part("dinkes"), due_at=office.time.now() + due)
    event = office.runtime.desk(T).note(
        dossier, "HelpAsked", COORDINATOR, CAUSE, {"to_agency": "dinkes", "help": promise}
    )
    assert evolve(dossier, event).version == dossier.version + 1
    office.runtime.dossiers("routing").append([event])


def test_a_dossier_may_be_several_tasks(office: Office) -> None:
    """Each agency sees its own task of it, the coordinator all of them, page by page, the soonest due first."""
    receipt = office.file(message="Jalan rusak dan selokan mampet")
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    _asked(office, receipt, timedelta(days=3))
    _asked(office, receipt, timedelta(minutes=1))
    seen = _inbox(office)

    assert [("help", 4), ("step", 2), ("help", 3)] == [(item["task"], item["task_version"]) for item in seen]
    assert {"Jalan rusak dan selokan mampet"} == {item["title"] for item in seen}
    assert [("help", 4), ("help", 3)] == [(item["task"], item["task_version"]) for item in _inbox(office, HELPER)]


def test_what_one_desk_has_of_a_dossier_is_one_row_of_its_inbox(office: Office) -> None:
    """By the most urgent of its tasks, with the others, also once time has made it another one; counted as shown."""
    receipt = office.file()
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    _asked(office, receipt, timedelta(days=3))
    _asked(office, receipt, timedelta(minutes=1))
    _inbox(office)

    def rows(**narrowed: Any) -> tuple[list[tuple[int, list[int]]], dict[str, int]]:
        page = queries.inbox(office.runtime, HELPER, T, states=[], **narrowed)
        assert page["counts"] is not None
        told = [(item["task_version"], [each["task_version"] for each in item["also"]]) for item in page["items"]]
        return told, {state: count for state, count in page["counts"].items() if count}

    assert ([(4, [3])], {"today": 1}) == rows()
    assert ([], {}) == rows(wanted={"step": ["entry"]})
    office.later(minutes=2)
    assert ([(4, [3])], {"late": 1}) == rows()
    whole = queries.inbox(office.runtime, COORDINATOR, T, states=[])
    assert {"dpupr", "dinkes"} == {item["agency"] for item in whole["items"]}
    assert len(whole["items"]) == sum(whole["counts"].values()) == 2
    [outlined] = queries.outline(office.runtime, HELPER, T)["items"]
    assert [3] == [each["task_version"] for each in outlined["also"]]


def test_tasks_of_one_desk_are_marked_until_one_is_left() -> None:
    """Not those of other desks."""
    told = Told()

    def marked() -> set[tuple[str | None, bool]]:
        return {(task["agency"], task["beside"]) for task in told.rows}

    told.ask_help()
    assert {("dpupr", False), ("dinkes", False)} == marked()
    second = told.ask_help()
    assert {("dpupr", False), ("dinkes", True)} == marked()
    told.note("HelpGiven", part=second)
    assert {("dpupr", False), ("dinkes", False)} == marked()


def test_lateness_is_judged_when_it_is_read(office: Office) -> None:
    """A part past its time is late though no timer has run; one with time left is not."""
    receipt = office.file()
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    _asked(office, receipt, timedelta(days=3))
    _asked(office, receipt, timedelta(minutes=1))
    office.later(minutes=1)
    at_its_due = {item["task_version"]: item["state"] for item in _inbox(office, HELPER)}
    office.later(seconds=1)

    assert {4: "running", 3: "running"} == at_its_due
    assert {4: "breached", 3: "running"} == {item["task_version"]: item["state"] for item in _inbox(office, HELPER)}
