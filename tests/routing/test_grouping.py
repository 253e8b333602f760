"""Two complaints about one thing: one answer to both, and neither reporter learns of the other."""

from typing import Any
from uuid import uuid4

import pytest

from services.intake.erasing import erase
from services.intake.receipts import Receipt
from services.intake.reporter import act, track
from services.intake.standing import standing
from services.notify.values import values_for_reporter
from services.reporting.projection import RecapProjection
from services.reporting.queries import recap
from services.routing.grouping import release_members
from services.routing.queries import dossier as show
from shared.application.dossiers.codec import decode
from shared.application.identity.membership import administrator
from shared.base.caller import Caller
from shared.base.errors import Conflict, Invalid
from shared.domain.dossier.contents import opened
from shared.domain.dossier.events import Answered, MemberJoined, MemberLeft, Merged, Rated
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import CAUSE, Office
from tests.routing.turns import COMPLETE, DESKS, at_agency, filed, lawful, place
from tests.sop.paths import legal_path

each = pytest.mark.parametrize("tenant", DESKS)


def merge(office: Office, duplicate: Receipt, into: Any, **fields: Any) -> None:
    """The coordinator takes two complaints for one."""
    office.act(duplicate, "coordinator", "merge", into=str(into), reason="Jalan yang sama", **fields)


def answered(office: Office, receipt: Receipt, text: str) -> None:
    """Answer it from wherever it stands, by way of another authority."""
    if office.load(receipt.id).agency is not None:
        office.act(receipt, "coordinator", "recall", reason="Langsung kami jawab")
    tenant = office.load(receipt.id).tenant
    if tenant == "majalengka":
        office.act(receipt, "coordinator", "answer", text=text)
    else:
        if office.load(receipt.id).step == "register":
            office.act(receipt, "coordinator", "forward")
        office.act(receipt, "coordinator", "transfer", to="BBPJN", reason="Kewenangan balai")
        office.act(receipt, "coordinator", "answer", text=text)
    office.run_system(receipt)


def answers(office: Office, receipt: Receipt) -> list[tuple[str, str, Any]]:
    """Kind, text and leader of the answers in a dossier."""
    key = office.runtime.vault.keys(None, [receipt.id])[receipt.id]
    events = [event for event in office.history(receipt.id) if isinstance(event, Answered)]
    return [(event.kind, opened(event, key)["text"], event.leader) for event in events]


def seen(office: Office, receipt: Receipt) -> dict[str, Any]:
    """What its reporter sees."""
    tenant = office.load(receipt.id).tenant
    return track(office.runtime, tenant, receipt.ticket, receipt.tracking_code)


def invited(office: Office, receipt: Receipt) -> list[tuple[bool, bool, bool]]:
    """What the letters of its answers say that the reporter may do: rate, reply, have it reopened."""
    events, tenant = office.history(receipt.id), office.runtime.tenants.get(office.load(receipt.id).tenant)
    key = office.runtime.vault.keys(None, [receipt.id])[receipt.id]
    assert key is not None
    letters = [values_for_reporter(tenant, events, each, key, "") for each in events if isinstance(each, Answered)]
    return [(each["may_rate"], each["may_reply"], each["may_reopen"]) for each in letters]


@each
def test_one_answer_to_both(office: Office, tenant: str) -> None:
    """The duplicate ends as merged; the leader's answer, and the word back after it, reach its reporter too."""
    leader, duplicate = at_agency(office, tenant), filed(office, tenant, reporter={"name": "Ratna", "address": "Kroya"})

    merge(office, duplicate, leader.id)

    dossier = office.load(duplicate.id)
    assert ("merged", None, leader.id) == (dossier.status, dossier.step, dossier.leader)
    assert (duplicate.id,) == office.load(leader.id).members
    assert [2] == [event.members for event in office.history(leader.id) if isinstance(event, MemberJoined)]
    assert [] == answers(office, duplicate)

    answered(office, leader, "Jalan ditambal pekan ini.")
    office.say(leader, "reply", text="Kapan?")
    office.act(leader, "coordinator", "answer", text="Hari Senin.")

    expected = [("final", "Jalan ditambal pekan ini.", leader.id), ("balasan", "Hari Senin.", leader.id)]
    assert expected == answers(office, duplicate)
    assert [(kind, text, None) for kind, text, _ in expected] == answers(office, leader)
    assert "merged" == office.load(duplicate.id).status
    assert lawful(office, leader)
    assert lawful(office, duplicate)


def test_nobody_learns_of_the_other(office: Office) -> None:
    """Neither reporter reads the other's name, words, ticket or id; the answer is sealed with each one's own key."""
    leader = filed(office, "cilacap", message="Lubang di depan rumah Bu Ratna")
    duplicate = filed(office, "cilacap", reporter={"name": "Slamet", "address": "Kroya"}, message="Ada lubang besar")
    merge(office, duplicate, leader.id)
    answered(office, leader, "Jalan ditambal.")

    theirs, ours = str(seen(office, duplicate)), str(seen(office, leader))
    for stranger in (leader.ticket, str(leader.id), "Siti", "Bu Ratna", "Jalan yang sama"):
        assert stranger not in theirs
    for stranger in (duplicate.ticket, str(duplicate.id), "Slamet", "lubang besar"):
        assert stranger not in ours
    assert "Jalan ditambal." in theirs
    sealed = [event.sealed for at in (leader, duplicate) for event in office.history(at.id) if event.type == "Answered"]
    assert 2 == len(set(sealed))


@each
def test_who_was_merged_may_rate_the_answer(office: Office, tenant: str) -> None:
    """Once the leading complaint's answer is theirs, and not before; by themselves, or as they told the coordinator."""
    leader, duplicate, other = at_agency(office, tenant), filed(office, tenant), filed(office, tenant)
    merge(office, duplicate, leader.id)
    merge(office, other, leader.id)
    offered = [[each["action"] for each in seen(office, duplicate)["allowed"]]]
    with pytest.raises(Conflict, match="not_allowed_here"):
        office.say(duplicate, "rate", score=5)
    with pytest.raises(Conflict, match="not_allowed_here"):
        office.act(other, "coordinator", "rate", score=4, via="telephone")
    answered(office, leader, "Jalan ditambal pekan ini.")

    offered.append([each["action"] for each in seen(office, duplicate)["allowed"]])
    assert [(True, False, False)] == invited(office, duplicate)
    office.say(duplicate, "rate", score=5, comment="Cepat")
    office.act(other, "coordinator", "rate", score=4, via="telephone")

    assert [[], ["rate"]] == offered
    told = [[event for event in office.history(at.id) if isinstance(event, Rated)] for at in (duplicate, other)]
    assert [(5, "reporter", "merged"), (4, "coordinator", "merged")] == [
        (rated.score, rated.actor, rated.status) for [rated] in told
    ]
    assert [] == [event for event in office.history(leader.id) if isinstance(event, Rated)]
    for refused in ("reply", "reopen", "withdraw"):
        with pytest.raises(Conflict, match="not_allowed_here"):
            office.say(duplicate, refused, text="x", reason="x")
    assert lawful(office, duplicate)
    assert lawful(office, other)


def test_what_was_answered_already_is_answered_at_once(office: Office) -> None:
    """Whoever joins a leader that has its answer gets it with the joining."""
    leader, duplicate = filed(office, "majalengka"), filed(office, "majalengka")
    answered(office, leader, "Sudah diperbaiki.")

    merge(office, duplicate, leader.id)

    assert [("final", "Sudah diperbaiki.", leader.id)] == answers(office, duplicate)
    assert lawful(office, duplicate)


def shown_to_the_desk(office: Office, receipt: Receipt) -> list[tuple[str, Any]]:
    """What was added to a complaint as its coordinator reads it, each with the ticket of another's."""
    dossier = office.load(receipt.id)
    told = show(office.runtime, Caller(dossier.tenant, "coordinator", user="sri"), dossier.tenant, dossier.id)
    return [(each["message"], each.get("ticket")) for each in told["complaint"].get("additions", [])]


@each
def test_who_was_merged_may_still_say_something(office: Office, tenant: str) -> None:
    """It stands before the desk that has the leading complaint, ends with their key, and no other reporter sees it."""
    leader, duplicate, apart = at_agency(office, tenant), filed(office, tenant), filed(office, tenant)
    for each_one in (duplicate, apart):
        merge(office, each_one, leader.id)
    before = [each["event"] for each in seen(office, leader)["timeline"]]
    own = (office.runtime, tenant, duplicate.ticket, duplicate.tracking_code)
    assert "merged" == act(*own, "add", {"text": "Lubangnya makin dalam."}, CAUSE)["status"]
    office.say(apart, "add", text="Di jalan yang lain.")
    office.say(leader, "add", text="Sudah tiga motor jatuh.")

    texts = ["Lubangnya makin dalam.", "Di jalan yang lain.", "Sudah tiga motor jatuh."]
    mine = [(texts[0], duplicate.ticket), (texts[1], apart.ticket), (texts[2], None)]
    assert sorted(mine, key=str) == sorted(shown_to_the_desk(office, leader), key=str)
    assert [*before, "Added"] == [each["event"] for each in seen(office, leader)["timeline"]]
    assert texts[:1] == [each["message"] for each in seen(office, duplicate)["complaint"]["additions"]]
    assert not [each for each in texts[:2] if each in str(seen(office, leader))]
    assert "add" in standing(office.runtime, tenant, [str(duplicate.id)])[str(duplicate.id)]["actions"]
    assert seen(office, duplicate)["takes_more"]
    told = "SELECT dossier FROM readings.readings WHERE dossier = %s"
    assert office.rows(told, str(duplicate.id))

    office.act(apart, "coordinator", "reinstate", reason="Jalan yang lain")
    office.rows("DELETE FROM vault.keys WHERE dossier = %s", str(duplicate.id))
    assert mine[2:] == shown_to_the_desk(office, leader)

    office.act(leader, "coordinator", "withdraw", reason="Dicabut", via="telephone")
    with pytest.raises(Conflict, match="ended"):
        office.say(leader, "add", text="Masih ada lagi.")
    assert "add" not in standing(office.runtime, tenant, [str(duplicate.id)])[str(duplicate.id)]["actions"]


def test_a_leader_may_be_merged_itself(office: Office) -> None:
    """Those merged into it go with it, and merging into one of them means the one that goes on."""
    first, second, third, fourth = (filed(office, "bantul") for _ in range(4))
    merge(office, third, second.id)
    merge(office, second, first.id)
    merge(office, fourth, third.id)

    assert {second.id, third.id, fourth.id} == set(office.load(first.id).members)
    assert {first.id} == {office.load(each.id).leader for each in (second, third, fourth)}
    assert [()] * 2 == [office.load(each.id).members for each in (second, third)], "none is answered by both"
    assert 4 == [event.members for event in office.history(first.id) if isinstance(event, MemberJoined)][-1]

    answered(office, first, "Selesai.")

    assert [1, 1, 1] == [len(answers(office, each)) for each in (second, third, fourth)]
    assert all(lawful(office, each) for each in (first, second, third, fourth))


def test_no_circles_and_no_strangers(office: Office) -> None:
    """Not into itself, not into one's own member, not into what has ended or was erased, and not across governments."""
    leader, duplicate, erased = (filed(office, "cilacap") for _ in range(3))
    ended, neighbour = filed(office, "cilacap"), filed(office, "bantul")
    erase(office.runtime, administrator("root"), "cilacap", erased.ticket, "asked", CAUSE)
    office.say(ended, "withdraw", reason="Sudah selesai")
    merge(office, duplicate, leader.id)

    for into in (leader.id, duplicate.id):
        with pytest.raises(Conflict, match="merged_into_itself"):
            merge(office, leader, into)
    with pytest.raises(Conflict, match="leader_ended"):
        merge(office, leader, ended.id)
    with pytest.raises(Conflict, match="erased"):
        merge(office, leader, erased.id)
    for unknown in (neighbour.id, uuid4(), "CLP-2026-000001", "x"):
        with pytest.raises(Invalid) as refused:
            merge(office, leader, unknown)
        assert {"into": ["unknown_ticket"]} == refused.value.fields
    with pytest.raises(Conflict, match="not_allowed_here"):
        merge(office, duplicate, leader.id)
    assert (duplicate.id,) == office.load(leader.id).members


@each
def test_a_duplicate_that_is_none_goes_its_own_way(office: Office, tenant: str) -> None:
    """Reinstated, it leaves the group, and the leader's answer is not its own any more."""
    leader, duplicate = at_agency(office, tenant), filed(office, tenant)
    merge(office, duplicate, leader.id)

    office.act(duplicate, "coordinator", "reinstate", reason="Jalan yang lain")

    assert ("in_progress", DESKS[tenant], "coordinator", None) == place(office, duplicate)
    assert () == office.load(leader.id).members
    assert [1] == [event.members for event in office.history(leader.id) if isinstance(event, MemberLeft)]
    answered(office, leader, "Selesai.")
    assert [] == answers(office, duplicate)
    assert lawful(office, leader)
    assert lawful(office, duplicate)


def test_what_was_answered_with_the_leader_is_open_again_alone(office: Office) -> None:
    """Reinstated after the group's answer, it waits for one of its own: that of the others, and what was thought of it,
    is told and counted of it no more.
    """
    leader, duplicate = filed(office, "majalengka"), filed(office, "majalengka")
    merge(office, duplicate, leader.id)
    answered(office, leader, "Selesai.")
    office.say(duplicate, "rate", score=1)
    office.act(duplicate, "coordinator", "reinstate", reason="Jalan yang lain")
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())

    view = seen(office, duplicate)
    told = recap(office.runtime, Caller("majalengka", "coordinator"), "majalengka", "2026-10")
    assert ("in_progress", False) == (view["status"], view["answered"])
    assert "rate" not in [each["action"] for each in view["allowed"]]
    assert (2, 1, 1, 0) == (told["filed"], told["answered"], told["open"], told["ratings"]["count"])


@each
def test_who_is_merged_does_not_go_down_with_the_leader(office: Office, tenant: str) -> None:
    """A leader that its reporter withdraws leaves nobody behind: the others come before the coordinator again, once."""
    leader, duplicate, other = at_agency(office, tenant), filed(office, tenant), filed(office, tenant)
    merge(office, duplicate, leader.id)
    merge(office, other, leader.id)
    office.say(leader, "withdraw", reason="Sudah selesai")

    for _ in range(2):
        release_members(office.runtime, leader.id, tenant, CAUSE)

    for each_one in (duplicate, other):
        assert ("in_progress", DESKS[tenant], "coordinator") == place(office, each_one)[:3]
        assert lawful(office, each_one)
    assert () == office.load(leader.id).members
    assert 2 == office.types(leader.id).count("MemberLeft")
    assert () == legal_path(office.sop_of(office.load(leader.id)), office.history(leader.id))


def test_an_answered_leader_releases_nobody(office: Office) -> None:
    """Closed after its answer, everybody has that answer."""
    leader, duplicate = filed(office, "majalengka"), filed(office, "majalengka")
    merge(office, duplicate, leader.id)
    answered(office, leader, "Selesai.")
    office.later(days=30)
    office.tick()
    assert "closed" == office.load(leader.id).status

    release_members(office.runtime, leader.id, "majalengka", CAUSE)

    assert ("merged", False) == (office.load(duplicate.id).status, seen(office, duplicate)["takes_more"])


@each
def test_who_came_after_a_reopening_does_not_go_down_with_the_leader(office: Office, tenant: str) -> None:
    """Of two duplicates one has the first answer, the other has none: it goes on alone when nothing more comes."""
    leader, early, late = at_agency(office, tenant), filed(office, tenant), filed(office, tenant)
    merge(office, early, leader.id)
    answered(office, leader, "Selesai.")
    office.say(leader, "reopen", reason="Belum selesai")
    merge(office, late, leader.id)
    assert [] == answers(office, late)

    office.act(leader, "coordinator", "reject", why="answered_before", reason="Sudah dijawab")
    release_members(office.runtime, leader.id, tenant, CAUSE)

    assert "merged" == office.load(early.id).status
    assert ("in_progress", DESKS[tenant], "coordinator") == place(office, late)[:3]
    assert (early.id,) == office.load(leader.id).members
    assert lawful(office, late)
    assert lawful(office, leader)


def test_a_race_for_one_dossier_has_one_story(office: Office) -> None:
    """An event of the leader that comes in between is no obstacle, and nothing is written by halves."""
    leader, duplicate = filed(office, "cilacap", **COMPLETE), filed(office, "cilacap")
    office.act(leader, "coordinator", "classify", category="KESEHATAN")
    merge(office, duplicate, leader.id)

    joined = [event.member for event in office.history(leader.id) if isinstance(event, MemberJoined)]
    merged = [event.into for event in office.history(duplicate.id) if isinstance(event, Merged)]
    assert ([duplicate.id], [leader.id]) == (joined, merged)
