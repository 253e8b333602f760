"""Who may do what: the rule that every service asks."""

from itertools import product

import pytest

from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden
from shared.domain.sop.authority import action_names, authorise
from shared.domain.sop.vocabulary import STATUSES
from tests.sop.walker import TENANTS

CILACAP = TENANTS.get("cilacap").sop
TRENGGALEK = TENANTS.get("trenggalek").sop


def caller(actor: str, agency: str | None = None, tenant: str = "cilacap") -> Caller:
    """Somebody who asks."""
    return Caller(tenant, actor, agency)


def test_right_actor_of_the_right_agency() -> None:
    """The holder gets the action."""
    found = authorise(CILACAP, "receive", "dpupr", "in_progress", caller("operator", "dpupr"), "forward")

    assert ("forward", "coordinate") == (found.name, found.to)


@pytest.mark.parametrize(
    ("who", "step", "action", "code"),
    [
        (caller("operator", "dpupr", "bantul"), "receive", "forward", "wrong_tenant"),
        (caller("operator", "dlh"), "receive", "forward", "wrong_agency"),
        (caller("operator"), "receive", "forward", "wrong_agency"),
        (caller("head", "dlh"), "receive", "answer", "wrong_agency"),
        (caller("operator", "dlh"), "receive_answer", "rate", "wrong_agency"),
        (caller("head", "dpupr"), "receive", "forward", "wrong_actor"),
        (caller("coordinator"), "receive", "forward", "wrong_actor"),
        (caller("liaison", "dpupr"), "receive", "withdraw", "wrong_actor"),
        (caller("reporter"), "receive", "return", "wrong_actor"),
        (caller("mayor"), "receive", "forward", "unknown_actor"),
        (Caller("*", "coordinator", admin=True), "receive", "forward", "admin_may_not_act"),
    ],
)
def test_forbidden(who: Caller, step: str, action: str, code: str) -> None:
    """Nobody else gets it, and the refusal says why."""
    with pytest.raises(Forbidden) as refused:
        authorise(CILACAP, step, "dpupr", "in_progress", who, action)

    assert code == refused.value.code


def test_out_of_turn_says_what_is_possible() -> None:
    """An action that the step does not have is a conflict that names the step and what the caller may do there."""
    with pytest.raises(Conflict) as refused:
        authorise(CILACAP, "receive", "dpupr", "in_progress", caller("operator", "dpupr"), "answer")

    assert "not_allowed_here" == refused.value.code
    assert {
        "action": "answer",
        "step": "receive",
        "status": "in_progress",
        "allowed": "forward, return, deliver",
        "allowed_actions": ["forward", "return", "deliver"],
    } == refused.value.params


def test_before_the_disposition_nobody_is_the_wrong_agency() -> None:
    """While no agency has it, an operator's act is out of turn, or the coordinator's."""
    with pytest.raises(Conflict):
        authorise(CILACAP, "check", None, "in_progress", caller("operator", "dlh"), "answer")
    with pytest.raises(Forbidden, match="wrong_actor"):
        authorise(CILACAP, "check", None, "in_progress", caller("operator", "dlh"), "dispose")


@pytest.mark.parametrize("tenant", sorted(each.id for each in TENANTS.all()))
def test_no_agency_acts_on_what_is_no_agencys(tenant: str) -> None:
    """Whatever the step, the status and the action: before a disposition, and after it was taken back."""
    sop = TENANTS.get(tenant).sop
    agency = TENANTS.get(tenant).agencies[0].id
    roles = [actor.id for actor in sop.actors if actor.scope == "agency"]
    steps = [*(step.id for step in sop.steps), None]
    for role, step, status, name in product(roles, steps, STATUSES, action_names(sop)):
        with pytest.raises((Conflict, Forbidden)) as refused:
            authorise(sop, step, None, status, caller(role, agency, tenant), name)
        assert not refused.value.params.get("allowed_actions")


def test_status_bounds_an_action() -> None:
    """What is allowed in certain statuses only is a conflict in the others; a dossier that has ended allows nothing."""
    with pytest.raises(Conflict):
        authorise(CILACAP, "receive_answer", "dpupr", "answered", caller("reporter"), "withdraw")
    with pytest.raises(Conflict):
        authorise(CILACAP, None, "dpupr", "closed", caller("reporter"), "reopen")
    assert "withdraw" == authorise(CILACAP, "check", None, "in_progress", caller("reporter"), "withdraw").name


def test_a_step_may_give_one_action_to_another_actor() -> None:
    """The county's word in the reporter's step is the coordinator's own."""
    majalengka = TENANTS.get("majalengka").sop
    coordinator = caller("coordinator", tenant="majalengka")

    assert "answer" == authorise(majalengka, "receive_answer", "disdik", "answered", coordinator, "answer").name
    with pytest.raises(Forbidden, match="wrong_actor"):
        authorise(majalengka, "receive_answer", "disdik", "answered", caller("reporter", tenant="majalengka"), "answer")


def test_agency_keeps_its_dossier_while_the_tenant_holds_it() -> None:
    """At a tenant's desk an officer of another agency learns nothing of where the dossier stands."""
    with pytest.raises(Forbidden, match="wrong_agency"):
        authorise(TRENGGALEK, "accept", "dpupr", "in_progress", caller("liaison", "disnak", "trenggalek"), "forward")
