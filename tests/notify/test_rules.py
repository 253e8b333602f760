"""Who is told of what: the SOP's word, and what holds where it says nothing."""

from dataclasses import replace
from typing import Any

import pytest

from services.notify.rules import PROCEED, SYSTEM, Addressed, Notice, addressed
from shared.domain.all_tenants import Tenants
from shared.domain.dossier.event_name import EventName
from shared.domain.letters import template_of
from shared.domain.sop.model import NotifyRule, Sop
from shared.domain.sop.vocabulary import FILED, MOVES, SIDE_NOTES, TIMEOUT_EVENTS, AnswerKind, ReturnWhy
from shared.platform.settings import PROJECT

TENANTS = Tenants(PROJECT / "tenants")
CILACAP = TENANTS.get("cilacap").sop


def _notice(event: str, **more: Any) -> Notice:
    nothing = dict.fromkeys(("kind", "why", "step", "to_step", "agency", "holder", "holder_agency"))
    return Notice(**{"event": event, **nothing, **more})


def _with(*rules: NotifyRule) -> Sop:
    return replace(CILACAP, notify=rules)


def _told(sop: Sop, event: str, **more: Any) -> list[tuple[str, str]]:
    return [(each.recipient, each.template) for each in addressed(_notice(event, **more), sop)]


@pytest.mark.parametrize(
    ("event", "more", "told"),
    [
        ("ComplaintFiled", {}, [("reporter", "complaint_filed")]),
        ("Dispositioned", {"agency": "dpupr"}, [("agency:dpupr", "dispositioned"), ("reporter", "dispositioned")]),
        ("Returned", {"why": "incomplete", "holder": "reporter"}, [("reporter", "returned_incomplete")]),
        (
            "Returned",
            {"why": "wrong_agency", "holder": "coordinator"},
            [("actor:coordinator", "returned_wrong_agency")],
        ),
        ("Answered", {"kind": "interim"}, [("reporter", "answered_interim")]),
        ("Answered", {"kind": "final"}, [("reporter", "answered_final")]),
        ("Closed", {}, [("reporter", "closed")]),
        ("Lapsed", {}, [("actor:coordinator", "lapsed"), ("reporter", "lapsed")]),
        ("ClockWarned", {"holder": "head", "holder_agency": "dpupr"}, [("agency:dpupr:head", "clock_warned")]),
        ("ClockBreached", {"holder": "coordinator"}, [("actor:coordinator", "clock_breached")]),
        ("Escalated", {"holder": "coordinator"}, [("actor:coordinator", "escalated")]),
        ("Classified", {}, []),
        ("Rated", {}, [("actor:coordinator", "rated")]),
    ],
)
def test_without_a_rule_the_sensible_are_told(event: str, more: Any, told: Any) -> None:
    """An SOP that says nothing of messages still has its reporters and officers told."""
    assert told == _told(_with(), event, **more)


def test_a_rule_for_an_event_replaces_what_would_be_told_of_it() -> None:
    """Where the SOP speaks of an event, its word counts; of other events the default stays."""
    sop = _with(NotifyRule(on="Dispositioned", tell=("agency",), template="own_words"))

    assert [("agency:dpupr", "own_words")] == _told(sop, "Dispositioned", agency="dpupr")
    assert [("reporter", "closed")] == _told(sop, "Closed")


def test_an_answer_goes_to_whoever_asked_whatever_the_sop_says_of_copies() -> None:
    """A rule that names the desks only does not keep the answer from the reporter."""
    sop = _with(NotifyRule(on="Answered", tell=("coordinator",), kind="final"))

    assert [("actor:coordinator", "answered_final"), ("reporter", "answered_final")] == _told(
        sop, "Answered", kind="final"
    )
    assert [("reporter", "answered_interim")] == _told(sop, "Answered", kind="interim")


def test_a_rule_may_be_for_a_step_a_kind_or_a_cause() -> None:
    """It holds where everything that it names fits."""
    sop = _with(
        NotifyRule(on="Forwarded", tell=("coordinator",), step="follow_up"),
        NotifyRule(on="Forwarded", tell=("agency",), to_step="enter"),
    )

    assert [("actor:coordinator", "forwarded")] == _told(sop, "Forwarded", step="follow_up", agency="dinkes")
    assert [("agency:dinkes", "forwarded")] == _told(sop, "Forwarded", step="relay", to_step="enter", agency="dinkes")
    assert [] == _told(sop, "Forwarded", step="receive", to_step="coordinate", agency="dinkes")


def test_one_recipient_gets_one_message_of_one_event() -> None:
    """Also where two rules lead to the same role: the first rule's words count. Each role of an office has its own."""
    sop = _with(
        NotifyRule(on="Forwarded", tell=("head", "liaison"), template="first"),
        NotifyRule(on="Forwarded", tell=("agency", "holder"), template="second"),
    )

    told = [("agency:dpupr", "second"), ("agency:dpupr:head", "first"), ("agency:dpupr:liaison", "first")]
    assert told == _told(sop, "Forwarded", agency="dpupr", holder="head", holder_agency="dpupr")


def test_nobody_is_told_where_there_is_nobody() -> None:
    """No agency yet, nobody holds it any more, or the system itself would have to write to itself."""
    sop = _with(NotifyRule(on="Replied", tell=("agency", "operator", "holder", "system")))

    assert [] == _told(sop, "Replied")
    assert [] == _told(sop, "Replied", holder="system")


def test_the_reporter_is_no_holder_to_be_warned() -> None:
    """Clocks of desks are the desks' affair."""
    assert [] == _told(_with(), "ClockBreached", holder="reporter")


def test_an_escalation_to_a_role_of_an_office_goes_to_the_office_responsible() -> None:
    """The late desk may have been the government's own."""
    assert [("agency:dpupr:head", "escalated")] == _told(_with(), "Escalated", holder="head", agency="dpupr")


def test_a_step_of_the_system_s_that_notifies_is_noted() -> None:
    """So that it goes on when its messages are out."""
    sop = TENANTS.get("cirebon").sop
    [step] = [step for step in sop.steps if step.automatic == "notify"]

    assert Addressed(SYSTEM, PROCEED) in addressed(_notice("Dispositioned", to_step=step.id), sop)


@pytest.mark.parametrize(
    ("event", "kind", "why", "name"),
    [
        ("ComplaintFiled", None, None, "complaint_filed"),
        ("Answered", "final", None, "answered_final"),
        ("Returned", None, "rework", "returned_rework"),
        ("Closed", "final", "rework", "closed"),
    ],
)
def test_a_text_is_named_after_its_event(
    event: EventName, kind: AnswerKind | None, why: ReturnWhy | None, name: str
) -> None:
    """So that an administrator finds it."""
    assert name == template_of(event, kind, why)


@pytest.mark.parametrize("tenant", TENANTS.all(), ids=lambda tenant: tenant.id)
def test_every_event_of_every_sop_finds_its_recipients(tenant: Any) -> None:
    """Whatever happens in whatever step: no rule names somebody who is not there."""
    sop = tenant.sop
    agency = tenant.agencies[0].id
    known = {"reporter", "group", SYSTEM, f"agency:{agency}", *(f"actor:{actor.id}" for actor in sop.actors)}
    known |= {f"agency:{agency}:{actor.id}" for actor in sop.actors if actor.scope == "agency"}
    for event in MOVES | TIMEOUT_EVENTS | SIDE_NOTES | {FILED}:
        for step in sop.steps:
            for actor in sop.actors:
                notice = _notice(event, step=step.id, to_step=step.id, agency=agency, holder=actor.id, kind="final")

                assert {each.recipient for each in addressed(notice, sop)} <= known
