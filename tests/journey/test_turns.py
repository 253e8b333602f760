"""Wrong turns, groups and replies through the HTTP API, in each of the five procedures."""

from typing import Any

import pytest

from tests.journey.installation import Api, officer
from tests.journey.traveller import Traveller
from tests.routing.turns import COMPLETE, DESKS, FIRST

each = pytest.mark.parametrize("tenant", DESKS)
MAIL = {"reporter": {**COMPLETE["reporter"], "email": "siti@warga.example"}}


def file(api: Api, tenant: str, **fields: Any) -> Traveller:
    """A complete complaint."""
    return Traveller.file(api, tenant, elsewhere="", **{**COMPLETE, **MAIL, **fields})


def disposed(api: Api, tenant: str) -> Traveller:
    """One that lies with an agency."""
    way = file(api, tenant)
    if tenant == "trenggalek":
        way.act("coordinator", "forward")
    if way.view["agency"] is None:
        way.act("coordinator", "dispose", agency=agencies(api, tenant)[0])
    return way


def agencies(api: Api, tenant: str) -> list[str]:
    """Its agencies."""
    return [agency["id"] for agency in api.ok("GET", f"/sops/{tenant}")["agencies"]]


def answered(api: Api, tenant: str, way: Traveller, text: str) -> None:
    """Answer it in the coordinator's name."""
    if way.view["agency"] is not None:
        way.act("coordinator", "recall", reason="Kami jawab langsung")
    if tenant != "majalengka":
        if way.view["step"] == "register":
            way.act("coordinator", "forward")
        way.act("coordinator", "transfer", to="BBPJN", reason="Kewenangan balai")
    way.act("coordinator", "answer", text=text)


@each
def test_a_wrong_disposition_is_recalled_and_returned(installed: Api, tenant: str) -> None:
    """By whoever sent it, and by whoever got it; the time is the sender's, and the agency that has it is another."""
    way = disposed(installed, tenant)
    first, other = way.view["agency"], agencies(installed, tenant)[-1]

    way.act("coordinator", "recall", reason="Salah pilih")

    assert ("in_progress", DESKS[tenant], "coordinator", None) == way.place()
    assert way.status(officer(tenant, FIRST[tenant], first), "return", reason="x") in (403, 409)

    way.act("coordinator", "dispose", agency=other).act(FIRST[tenant], "return", reason="Bukan kewenangan kami")

    assert ("in_progress", DESKS[tenant], "coordinator", None) == way.place()
    assert [first, other] == [each["from_agency"] for each in way.view["timeline"] if each.get("from_agency")]


@each
def test_what_is_no_complaint_is_rejected_and_reinstated(installed: Api, tenant: str) -> None:
    """The reporter reads why in words; it is no answer; and it can be taken up again."""
    way = file(installed, tenant)

    assert ["reason", "why"] == way.problems("coordinator", "reject")

    way.act("coordinator", "reject", why="advertisement", reason="Pesan ini adalah iklan.")

    seen = way.track()
    assert ("rejected", False, []) == (seen["status"], seen["answered"], seen["allowed"])
    assert ("advertisement", "Pesan ini adalah iklan.") == (seen["timeline"][-1]["why"], seen["timeline"][-1]["reason"])
    view = installed.ok("GET", f"/{tenant}/dossiers/{way.id}", way.officer("coordinator"))
    assert "reinstate" in {action["action"] for action in view["allowed"]}

    way.act("coordinator", "reinstate", reason="Ternyata aduan")

    assert ("in_progress", DESKS[tenant], "coordinator", None) == way.place()
    assert installed.tasks(way.officer("coordinator"), way.id)


@each
def test_two_complaints_get_one_answer(installed: Api, tenant: str) -> None:
    """Merged by its ticket; each reporter is answered, and neither learns of the other."""
    leader, duplicate = disposed(installed, tenant), file(installed, tenant)
    duplicate.act("coordinator", "merge", into=leader.receipt["ticket"].lower(), reason="Lubang yang sama")

    assert "merged" == duplicate.track()["status"]
    assert 422 == leader.status(leader.officer("coordinator"), "merge", into="CLP-2026-999999", reason="x")
    assert 409 == leader.status(leader.officer("coordinator"), "merge", into=duplicate.receipt["ticket"], reason="x")

    answered(installed, tenant, leader, "Jalan ditambal pekan ini.")

    assert [("final", "Jalan ditambal pekan ini.")] == duplicate.answers() == leader.answers()
    assert "Jalan ditambal pekan ini." in duplicate.letter("reporter", "answered_final")
    assert leader.receipt["ticket"] not in str(duplicate.track())
    assert [duplicate.id] == leader.view["group"]["members"]
    assert leader.id == duplicate.view["group"]["leader"]


@each
def test_who_is_merged_into_what_is_withdrawn_goes_on(installed: Api, tenant: str) -> None:
    """By itself: the other complaint comes before the coordinator again."""
    leader, duplicate = disposed(installed, tenant), file(installed, tenant)
    duplicate.act("coordinator", "merge", into=leader.id, reason="Lubang yang sama")

    leader.say("withdraw")
    installed.rest()

    assert ("in_progress", DESKS[tenant], "coordinator") == duplicate.place()[:3]


@each
def test_a_reply_stops_the_closing_and_is_answered(installed: Api, tenant: str) -> None:
    """It stands before a desk with a clock; only the word back begins the wait anew."""
    way = file(installed, tenant)
    answered(installed, tenant, way, "Selesai.")
    way.say("reply", text="Belum selesai")

    assert ("answered", "write_back", "coordinator") == way.place()[:3]
    assert ("3 wd", "running") == (way.clock("step")["within"], way.clock("step")["state"])
    assert "satisfied" == way.clock("reply")["state"]
    assert way.view["unanswered_reply"]

    installed.advance("P20D")

    assert ("answered", "write_back") == way.place()[:2]
    assert "Closed" not in way.events()
    assert installed.tasks(way.officer("coordinator"), way.id)

    way.act("coordinator", "answer", text="Tim kami datang besok.")

    assert ("answered", "receive_answer", "reporter") == way.place()[:3]
    assert [("final", "Selesai."), ("balasan", "Tim kami datang besok.")] == way.answers()
    assert "running" == way.clock("reply")["state"]


@each
def test_another_authority_has_it(installed: Api, tenant: str) -> None:
    """The reporter reads who, since when, and that nothing was heard; it is never closed; the clock says it rests."""
    way = file(installed, tenant)
    if way.view["agency"] is not None:
        way.act("coordinator", "recall", reason="Bukan urusan kabupaten")
    if tenant == "majalengka":
        way.act("coordinator", "return", reason="Jalan nasional")
    if tenant == "trenggalek":
        way.act("coordinator", "forward")
    way.act(
        "national_admin" if tenant == "majalengka" else "coordinator", "transfer", to="BBPJN", reason="Jalan nasional"
    )

    told = way.track()["elsewhere"]
    assert ("Balai Besar Pelaksanaan Jalan Nasional", None, True) == (told["to"], told["heard_at"], told["clock_rests"])
    assert told["since"] == way.view["since"]

    installed.advance("P70D")

    assert ("transferred", "ask", "coordinator", None) == way.place()
    assert [] == way.told("closed")
    way.act("coordinator", "ask", note="Mohon kabar").act("coordinator", "interim", text="Balai sedang memeriksa.")
    assert way.track()["elsewhere"]["heard_at"] is not None


@pytest.mark.parametrize("tenant", ["cilacap", "trenggalek"])
def test_an_incomplete_complaint_cannot_be_disposed(installed: Api, tenant: str) -> None:
    """422 names what is missing and `despite`; told by telephone it is complete; with a reason it goes on."""
    way = file(installed, tenant, reporter={"name": "Siti", "email": "siti@warga.example"}, attachments=None)
    if tenant == "trenggalek":
        way.act("coordinator", "forward")
    missing, agency = way.view["missing"], agencies(installed, tenant)[0]

    assert sorted(["despite", *missing]) == way.problems("coordinator", "dispose", agency=agency)

    reporter = {"address": "Jl. Merdeka 1", "identity": "3301014107800001"}
    way.act("coordinator", "supplement", via="telephone", reporter=reporter)
    given = next(entry for entry in way.view["timeline"] if entry["event"] == "Supplemented")
    assert ("coordinator", "telephone") == (given["actor"], given["via"])
    left = way.view["missing"]
    fields = {"despite": "Foto menyusul"} if left else {}
    way.act("coordinator", "dispose", agency=agency, **fields)

    entry = next(entry for entry in way.view["timeline"] if entry["event"] == "Dispositioned")
    assert (left or None, fields.get("despite")) == (entry.get("despite"), entry.get("reason"))


@each
def test_told_by_telephone(installed: Api, tenant: str) -> None:
    """A rating, a reopening and a withdrawal, each by the same checks as the reporter's own, and marked."""
    way = file(installed, tenant)
    answered(installed, tenant, way, "Selesai.")

    assert ["score"] == way.problems("coordinator", "rate", via="counter", score=9)
    assert ["via"] == way.problems("coordinator", "rate", via="pigeon", score=4)

    way.act("coordinator", "rate", via="counter", score=4, comment="Cepat")
    way.act("coordinator", "reopen", via="telephone", reason="Lubang lagi")
    way.act("coordinator", "withdraw", via="letter", reason="Sudah selesai")

    said = [(entry["event"], entry["via"]) for entry in way.track()["timeline"] if entry.get("via")]
    assert [("Rated", "counter"), ("Reopened", "telephone"), ("Withdrawn", "letter")] == said
    assert "withdrawn" == way.place()[0]
