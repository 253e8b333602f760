"""Each SOP's straight path, and every return, fast path, rework, time-out and gate of it."""

import pytest

from shared.base.caller import REPORTER
from shared.base.errors import Invalid
from tests.sop.walker import TENANTS, Walker

ANSWERED = ("answered", "receive_answer", REPORTER)


def where(walker: Walker) -> tuple[str, str | None, str | None]:
    """Status, step and actor."""
    return walker.status, walker.step, walker.actor


STRAIGHT = {
    "cilacap": [
        ("coordinator", "dispose"),
        ("operator", "forward"),
        ("liaison", "forward"),
        ("head", "forward"),
        ("liaison", "forward"),
        ("operator", "answer"),
    ],
    "bantul": [
        ("operator", "forward"),
        ("liaison", "forward"),
        ("unit", "forward"),
        ("liaison", "forward"),
        ("operator", "answer"),
    ],
    "majalengka": [("coordinator", "dispose"), ("liaison", "answer")],
    "trenggalek": [
        ("coordinator", "forward"),
        ("coordinator", "dispose"),
        ("liaison", "forward"),
        ("liaison", "forward"),
        ("head", "forward"),
        ("unit", "answer"),
        ("head", "approve"),
        ("liaison", "forward"),
        ("coordinator", "forward"),
        ("coordinator", "answer"),
    ],
    "cirebon": [("pic", "answer"), ("coordinator", "approve")],
}


ANYTIME = {"recall", "reject", "merge", "withdraw", "reply"}
"""What the coordinator may do of any complaint, whoever holds it."""


def straight(tenant: str, steps: int | None = None) -> Walker:
    """A complaint that went so many steps of the straight path."""
    return Walker.file(TENANTS.get(tenant)).chain(*STRAIGHT[tenant][:steps])


@pytest.mark.parametrize("tenant", STRAIGHT)
def test_straight_path(tenant: str) -> None:
    """Desk by desk in the order of the table, a complaint reaches its answer."""
    walker = straight(tenant)

    assert ANSWERED == where(walker)


@pytest.mark.parametrize("tenant", STRAIGHT)
def test_only_the_holder_may_act(tenant: str) -> None:
    """At each desk of the straight path no other officer has anything to do."""
    walker = Walker.file(TENANTS.get(tenant))
    officers = {actor.id for actor in walker.sop.actors} - {REPORTER, "system"}
    for actor, name in STRAIGHT[tenant]:
        assert {actor} == {officer for officer in officers if walker.names(officer) - ANYTIME}
        walker.chain((actor, name))


@pytest.mark.parametrize("tenant", STRAIGHT)
def test_after_the_answer(tenant: str) -> None:
    """The reporter may rate without moving anything, reply, have it reopened, or let it be closed."""
    assert ANSWERED == where(straight(tenant).chain((REPORTER, "rate")))

    walker = straight(tenant).chain((REPORTER, "reply"), (REPORTER, "rate"))

    assert ("answered", "write_back", "coordinator") == where(walker)

    reopened = straight(tenant).chain((REPORTER, "reopen"))

    assert "in_progress" == reopened.status
    assert REPORTER != reopened.actor

    assert ("closed", None, None) == where(straight(tenant).time_out())


@pytest.mark.parametrize("tenant", STRAIGHT)
def test_withdrawing(tenant: str) -> None:
    """A reporter may withdraw at every desk until the answer is given, and then no more."""
    for steps in range(len(STRAIGHT[tenant])):
        walker = straight(tenant, steps).chain((REPORTER, "withdraw"))

        assert ("withdrawn", None, None) == where(walker)

    assert "withdraw" not in straight(tenant).names(REPORTER)


@pytest.mark.parametrize(("tenant", "desk"), [("cilacap", "check"), ("trenggalek", "verify")])
def test_incomplete_complaint_waits_for_its_reporter(tenant: str, desk: str) -> None:
    """It goes back with a reason, comes back completed before the same desk, or lapses."""
    walker = straight(tenant, 0 if tenant == "cilacap" else 1).chain(("coordinator", "return"))

    assert ("returned", "complain", REPORTER) == where(walker)
    assert {"supplement", "withdraw"} == walker.names(REPORTER)

    walker.act(REPORTER, "supplement", title="Jalan rusak")

    assert ("in_progress", desk, "coordinator") == where(walker)

    walker.chain(("coordinator", "return")).time_out()

    assert ("lapsed", None, None) == where(walker)


def test_cilacap_wrong_agency_goes_back_to_whoever_disposed() -> None:
    """An operator returns what is not the agency's, and the next agency gets it."""
    walker = straight("cilacap", 1).chain(("operator", "return"))

    assert ("in_progress", "check", "coordinator") == where(walker)
    assert walker.agency is None

    walker.act("coordinator", "dispose", agency="dlh")

    assert ("in_progress", "receive", "operator") == where(walker)
    assert "dlh" == walker.agency


def test_bantul_simple_question_is_answered_at_once() -> None:
    """The operator's final answer leads straight to the last row."""
    walker = straight("bantul", 0).chain(("operator", "answer"))

    assert ANSWERED == where(walker)


def test_bantul_interim_answer_moves_nothing() -> None:
    """After an interim answer the operator still has to pass the complaint on, and the reporter may write back."""
    walker = straight("bantul", 0).chain(("operator", "interim"), (REPORTER, "reply"))

    assert ("in_progress", "receive", "operator") == where(walker)

    walker.chain(("operator", "forward"))

    assert ("in_progress", "examine", "liaison") == where(walker)


def test_bantul_wrong_category_goes_to_the_county_team() -> None:
    """What the operator returns, and what no agency's category fits, is placed by the county team."""
    returned = straight("bantul", 0).chain(("operator", "return"))
    unplaced = Walker.file(TENANTS.get("bantul"), decided=False)

    assert [("in_progress", "recategorise", "coordinator")] * 2 == [where(returned), where(unplaced)]

    unplaced.chain(("coordinator", "classify"), ("coordinator", "dispose"))

    assert ("in_progress", "receive", "operator") == where(unplaced)


def test_bantul_unit_leaves_its_documentation() -> None:
    """The technical unit cannot pass the complaint on without the report of its handling."""
    walker = straight("bantul", 2)

    with pytest.raises(Invalid, match="response"):
        walker.act("unit", "forward")


def test_majalengka_outside_the_county() -> None:
    """Out of authority, it goes to the national admin, who gives it back, disposes it, or hands it on."""
    at_national = ("in_progress", "national", "national_admin")

    assert at_national == where(straight("majalengka", 0).chain(("coordinator", "return")))

    for action, expected in [
        ("return", ("in_progress", "coordinate", "coordinator")),
        ("dispose", ("in_progress", "respond", "liaison")),
        ("transfer", ("transferred", "elsewhere", "coordinator")),
    ]:
        walker = straight("majalengka", 0).chain(("coordinator", "return"), ("national_admin", action))
        assert expected == where(walker)


def test_majalengka_transfer_is_no_end() -> None:
    """A transferred complaint is answered or comes back; when nothing comes, somebody has to ask, again and again."""
    for action, expected in [("answer", ANSWERED), ("return", ("in_progress", "coordinate", "coordinator"))]:
        walker = straight("majalengka", 0).chain(("coordinator", "return"), ("national_admin", "transfer"))
        assert expected == where(walker.chain(("national_admin", action)))

    silent = straight("majalengka", 0).chain(("coordinator", "return"), ("national_admin", "transfer"))

    assert ("transferred", "ask", "coordinator") == where(silent.time_out())
    assert ("transferred", "elsewhere", "coordinator") == where(silent.chain(("coordinator", "ask")))
    assert ("transferred", "ask", "coordinator") == where(silent.chain((REPORTER, "reply")))


def test_majalengka_county_answers_itself() -> None:
    """Row 3's output lets the county's admin answer, for now or for good."""
    walker = straight("majalengka", 0).chain(("coordinator", "interim"))

    assert ("in_progress", "coordinate", "coordinator") == where(walker)
    assert ANSWERED == where(walker.chain(("coordinator", "answer")))


@pytest.mark.parametrize("tenant", STRAIGHT)
def test_county_writes_back(tenant: str) -> None:
    """A word back to the reporter's reply leaves the complaint answered and closes nothing; or it is reopened."""
    walker = straight(tenant).chain((REPORTER, "reply"))

    assert TENANTS.get(tenant).sop.step("write_back").timeout is None
    assert ANSWERED == where(walker.chain(("coordinator", "answer")))

    reopened = straight(tenant).chain((REPORTER, "reply"), ("coordinator", "reopen"))

    assert ("in_progress", "coordinator") == (reopened.status, reopened.actor)


def test_trenggalek_rework() -> None:
    """A draft that the head does not accept goes back to the unit with a reason, as often as it takes."""
    walker = straight("trenggalek", 6).chain(("head", "return"))

    assert ("in_progress", "draft", "unit") == where(walker)

    walker.chain(("unit", "answer"), ("head", "return"), ("unit", "answer"), ("head", "approve"))

    assert ("in_progress", "relay", "liaison") == where(walker)


def test_trenggalek_authorised_answer_is_not_rewritten_in_the_agency() -> None:
    """After the head's authorisation the liaison officer can add a note and no other response."""
    with pytest.raises(Invalid, match="response"):
        straight("trenggalek", 7).act("liaison", "forward", response="lain")


def test_cirebon_gate() -> None:
    """The PIC's answer is not public before the admin passes it on, and the PIC cannot do that."""
    walker = straight("cirebon", 1)

    assert ("in_progress", "gate", "coordinator") == where(walker)
    assert set() == walker.names("pic")
    assert not [event for event in walker.events if event.type == "Answered"]


def test_cirebon_system_steps_run_by_themselves() -> None:
    """Filing alone brings a complaint before the PIC; one without a known category comes before the admin."""
    assert ("in_progress", "respond", "pic") == where(straight("cirebon", 0))

    unknown = Walker.file(TENANTS.get("cirebon"), decided=False)

    assert ("in_progress", "assign", "coordinator") == where(unknown)
    assert ("in_progress", "respond", "pic") == where(unknown.chain(("coordinator", "dispose")))
