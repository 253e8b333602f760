"""The interpreter by itself."""

import dataclasses

import pytest

from shared.application.dossiers.owners import OWNERS
from shared.domain.dossier.event import SaidByReporter
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import EVENT_TYPES
from shared.domain.sop import engine
from shared.domain.sop.fields import check_fields
from shared.domain.sop.model import Action
from shared.domain.sop.vocabulary import FILED, MOVES, SAID, SIDE_NOTES, TIMEOUT_EVENTS, AnswerKind, ReturnWhy, Status
from tests.sop.walker import TENANTS

CILACAP = TENANTS.get("cilacap").sop
COMPLETE = {"reporter": {"name": "Siti", "address": "Jl. Merdeka 1"}, "message": "Jalan rusak"}


def test_vocabulary_is_that_of_the_dossier() -> None:
    """An SOP speaks of exactly the events that a dossier knows."""
    assert set(EVENT_TYPES) == MOVES | TIMEOUT_EVENTS | SIDE_NOTES | {FILED}


def test_what_a_reporter_says_is_known_as_such() -> None:
    """An officer may record it on the reporter's word, and that it was so stands in the event. An end is also what a
    time-out says: it is no word of theirs by itself.
    """
    said = {name for name, event in EVENT_TYPES.items() if issubclass(event, SaidByReporter)}

    assert said | {"Closed"} == SAID
    assert all("via" in {field.name for field in dataclasses.fields(EVENT_TYPES[name])} for name in SAID)


def test_time_outs_belong_to_the_service_that_keeps_the_clocks() -> None:
    """Every event that a time-out brings about may be written by the sla service."""
    assert all("sla" in OWNERS[event] for event in TIMEOUT_EVENTS)


@pytest.mark.parametrize(
    ("complaint", "expected"),
    [
        (COMPLETE, ()),
        ({**COMPLETE, "message": "  "}, ("message",)),
        ({"message": "x", "reporter": {"name": "Siti"}}, ("reporter.address",)),
        ({"message": "x", "reporter": None}, ("reporter.name", "reporter.address")),
        ({}, ("reporter.name", "reporter.address", "message")),
    ],
)
def test_missing_fields(complaint: dict[str, object], expected: tuple[str, ...]) -> None:
    """What is absent or blank is missing, in the SOP's order."""
    assert expected == engine.missing(CILACAP, complaint)


def test_required_lists_of_the_five() -> None:
    """Each SOP requires what its source says."""
    assert {
        "cilacap": ("reporter.name", "reporter.address", "message"),
        "bantul": ("message",),
        "majalengka": ("message",),
        "trenggalek": ("attachments", "reporter.name", "reporter.identity", "title", "message", "category"),
        "cirebon": ("message",),
    } == {tenant.id: tenant.sop.requires for tenant in TENANTS.all()}


def test_allowed_here() -> None:
    """A step's own actions and those of any time, by who asks."""
    assert ["forward", "return", "deliver"] == [
        a.name for a in engine.allowed(CILACAP, "receive", "in_progress", "operator")
    ]
    assert ["withdraw"] == [a.name for a in engine.allowed(CILACAP, "receive", "in_progress", "reporter")]
    assert () == engine.allowed(CILACAP, "receive", "in_progress", "head")
    assert () == engine.allowed(CILACAP, "receive_answer", "closed", "reporter")


def test_system_finds_its_action_by_event() -> None:
    """A delivery is an action only where the SOP has one."""
    found = engine.system_action(CILACAP, "receive_answer", "AnswerDelivered")

    assert found is not None
    assert "deliver" == found.name
    assert engine.system_action(CILACAP, "check", "AnswerDelivered") is None
    assert engine.system_action(CILACAP, "check", "Dispositioned") is None


def test_automatic_steps() -> None:
    """The system takes the action of what it did, or the step's other way; a person's step has neither."""
    cirebon = TENANTS.get("cirebon").sop
    step = cirebon.step("notify_group")
    decided, undecided = engine.automatic_action(step), engine.automatic_action(step, decided=False)

    assert decided is not None
    assert undecided is not None
    assert ("notify_pic", "assign") == (decided.to, undecided.to)
    assert engine.automatic_action(cirebon.step("gate")) is None
    assert engine.automatic_action(cirebon.step("notify_pic"), decided=False) is None


@pytest.mark.parametrize(
    ("event", "kind", "why", "to", "before", "after"),
    [
        ("Answered", "interim", None, "same", "in_progress", "in_progress"),
        ("Answered", "interim", None, "same", "answered", "answered"),
        ("Answered", "final", None, "receive_answer", "in_progress", "answered"),
        ("Returned", None, "incomplete", "complain", "in_progress", "returned"),
        ("Returned", None, "wrong_agency", "check", "in_progress", "in_progress"),
        ("Returned", None, "rework", "check", "transferred", "in_progress"),
        ("Supplemented", None, None, "check", "returned", "in_progress"),
        ("Reopened", None, None, "check", "answered", "in_progress"),
        ("Transferred", None, None, "check", "in_progress", "transferred"),
        ("Forwarded", None, None, "check", "transferred", "in_progress"),
        ("Forwarded", None, None, "receive_answer", "answered", "answered"),
        ("Replied", None, None, "same", "answered", "answered"),
        ("Classified", None, None, "same", "in_progress", "in_progress"),
        ("Withdrawn", None, None, "end", "in_progress", "withdrawn"),
        ("Lapsed", None, None, "end", "returned", "lapsed"),
        ("Closed", None, None, "end", "answered", "closed"),
    ],
)
def test_status_follows_from_the_event(
    event: EventName, kind: AnswerKind | None, why: ReturnWhy | None, to: str, before: Status, after: Status
) -> None:
    """What an event makes of a dossier's status."""
    action = Action(name="x", event=event, to=to, kind=kind, why=why)

    assert after == engine.status_after(CILACAP, before, action, engine.next_step(CILACAP, "enter", action))


@pytest.mark.parametrize(
    ("step", "name", "fields", "expected"),
    [
        ("check", "dispose", {"agency": "dpupr"}, {}),
        ("check", "dispose", {}, {"agency": ["required"]}),
        ("check", "dispose", {"agency": " ", "note": "x"}, {"agency": ["required"]}),
        ("check", "dispose", {"agency": "dpupr", "agencies": "x"}, {"agencies": ["unknown_field"]}),
        ("check", "dispose", {"agency": 5}, {"agency": ["not_a_text"]}),
        ("check", "return", {}, {"reason": ["required"]}),
        ("check", "classify", {}, {"classification": ["required"], "category": ["required"]}),
        ("check", "classify", {"category": "KESEHATAN"}, {}),
        ("enter", "answer", {"text": "x" * 20_001}, {"text": ["too_long?max=20000"]}),
        ("receive_answer", "rate", {"score": 6}, {"score": ["out_of_range?min=1&max=5"]}),
        ("receive_answer", "rate", {"score": True}, {"score": ["not_a_whole_number"]}),
        ("receive_answer", "rate", {"score": 1.0}, {"score": ["not_a_whole_number"]}),
        ("receive_answer", "rate", {"score": []}, {"score": ["not_a_whole_number"]}),
        ("check", "dispose", {"agency": []}, {"agency": ["not_a_text"]}),
        ("receive_answer", "rate", {"score": 5, "comment": None}, {}),
        ("complain", "supplement", {"reporter": {"address": "x"}, "title": "y"}, {}),
    ],
)
def test_fields_of_an_action(step: str, name: str, fields: dict[str, object], expected: dict[str, list[str]]) -> None:
    """A field that is missing, unknown or of the wrong kind is named."""
    assert expected == check_fields(engine.find_action(CILACAP, step, name), fields)
