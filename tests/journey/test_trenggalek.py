"""Trenggalek: registered, verified, up by nota dinas, down by disposition, drafted, authorised, conveyed."""

from typing import Any

import pytest

from tests.journey.installation import Api
from tests.journey.traveller import ROADS, Traveller

T = "trenggalek"
COMPLETE: dict[str, Any] = {
    "reporter": {"name": "Siti Rahayu", "identity": "3503014107800001", "email": "siti@warga.example"},
    "attachments": ["foto-jalan.jpg"],
    "category": ROADS,
    "channel": "whatsapp",
}
ON_THE_WAY = {"withdraw"}
AFTER = {"reporter": {"reply", "rate", "reopen"}, "system": {"deliver"}}
AT_VERIFY = {"dispose", "return", "classify", "supplement", "transfer"}
RESULTS = [("memo", "liaison", "forward", "nota_dinas"), ("convey", "coordinator", "answer", "documentation")]
DRAFT = "Jalan akan ditambal pada bulan November."
STOPS: list[tuple[str, str, set[str], str, dict[str, Any]]] = [
    ("register", "coordinator", {"forward", "classify", "supplement"}, "forward", {}),
    ("verify", "coordinator", AT_VERIFY, "dispose", {"agency": "dpupr"}),
    ("study", "liaison", {"forward", "return"}, "forward", {"note": "Telah ditelaah"}),
    ("memo", "liaison", {"forward"}, "forward", {"note": "Nota dinas terlampir"}),
    ("instruct", "head", {"forward"}, "forward", {"note": "Segera susun jawaban"}),
    ("draft", "unit", {"answer"}, "answer", {"text": DRAFT}),
    ("review", "head", {"approve", "return"}, "approve", {}),
    ("relay", "liaison", {"forward"}, "forward", {}),
    ("accept", "coordinator", {"forward", "return"}, "forward", {}),
    ("convey", "coordinator", {"answer", "return"}, "answer", {}),
]


def file(api: Api, **fields: Any) -> Traveller:
    """A complaint with all six things that the SOP asks for."""
    return Traveller.file(api, T, elsewhere="disnak", **{**COMPLETE, **fields})


def gone(api: Api, until: str | None = None, **fields: Any) -> Traveller:
    """A complaint that has gone the straight path to a step; to the end if none is named."""
    way = file(api, **fields)
    for step, actor, _, action, given in STOPS:
        if step == until:
            break
        way.act(actor, action, **given)
    return way


def test_straight_path(installed: Api) -> None:
    """Ten desks in the order of the table, each alone entitled; the draft is published as it was authorised."""
    way = file(installed)

    assert [] == way.view["missing"]
    for step, actor, actions, action, fields in STOPS:
        assert ("in_progress", step, actor) == way.place()[:3]
        assert [] == way.answers()
        way.offers(**{actor: actions, "reporter": ON_THE_WAY}).act(actor, action, **fields)

    assert ("answered", "receive_answer", "reporter", "dpupr") == way.place()
    assert [("final", DRAFT)] == way.answers()
    expected = ["ComplaintFiled", "Forwarded", "Dispositioned", *["Forwarded"] * 7, "Answered", "AnswerDelivered"]
    assert expected == way.events("FileAdded")
    assert ("satisfied", 0) == (way.clock("case")["state"], way.clock("case")["late_seconds"])
    way.offers(**AFTER)


def test_the_reporter_is_told_that_it_was_passed_on(installed: Api) -> None:
    """The note of row 3: the Admin tells the complainant that it is processed and has gone to the agency."""
    way = gone(installed, until="study")

    assert {"agency-dpupr", "reporter"} == set(way.told("dispositioned"))
    assert "Dinas Pekerjaan Umum dan Penataan Ruang" in way.letter("reporter", "dispositioned")
    assert ["actor-coordinator", "reporter"] == way.told("complaint_filed")


def test_six_things_are_required(installed: Api) -> None:
    """Whatever of them is lacking is listed, and it is filed all the same."""
    way = file(installed, reporter={"email": "siti@warga.example"}, attachments=None, category=None, title=None)

    missing = ["attachments", "reporter.name", "reporter.identity", "title", "category"]
    assert missing == way.view["missing"]


def test_an_incomplete_complaint_comes_back_completed(installed: Api) -> None:
    """Returned with a reason, it waits for its reporter only, and the case with it; then it is before the same desk."""
    way = gone(installed, until="verify", attachments=None)

    assert ["reason"] == way.problems("coordinator", "return")

    way.act("coordinator", "return", reason="Foto belum ada")

    assert ("returned", "complain", "reporter", None) == way.place()
    assert "Foto belum ada" in way.letter("reporter", "returned_incomplete")
    assert "paused" == way.clock("case")["state"]
    way.offers(reporter={"supplement", "withdraw"})

    way.say("supplement", attachments=["foto-jalan.jpg"])

    assert ("in_progress", "verify", "coordinator", None) == way.place()
    assert [] == way.view["missing"]
    assert ["running", "satisfied"] == [way.clock("case")["state"], way.clock("reply")["state"]]
    assert ["actor-coordinator"] == way.told("supplemented")


def test_withdrawing_while_returned(installed: Api) -> None:
    """The paused case ends without a breach, like the wait."""
    way = gone(installed, until="verify").act("coordinator", "return", reason="Foto kabur").say("withdraw")

    assert ("withdrawn", None, None) == way.place()[:3]
    assert ["cancelled", "cancelled"] == [way.clock("case")["state"], way.clock("reply")["state"]]


def test_rework(installed: Api) -> None:
    """A draft goes back with a reason as often as it takes; what was authorised last is what the reporter reads."""
    way = gone(installed, until="review")

    assert ["reason"] == way.problems("head", "return")

    way.act("head", "return", reason="Sebutkan tanggalnya")

    assert ("in_progress", "draft", "unit", "dpupr") == way.place()
    assert "agency-dpupr-unit" in way.told("returned_rework")
    assert "running" == way.clock("case")["state"]
    way.offers(unit={"answer"}, reporter=ON_THE_WAY)

    way.act("unit", "answer", text="Ditambal tanggal 9 November.")
    way.act("head", "return", reason="Sebutkan nama ruasnya")
    way.act("unit", "answer", text="Ruas Pasar Pon ditambal 9 November.").act("head", "approve")
    for actor, action in (("liaison", "forward"), ("coordinator", "forward"), ("coordinator", "answer")):
        way.act(actor, action)

    assert [("final", "Ruas Pasar Pon ditambal 9 November.")] == way.answers()
    assert 2 == way.events().count("Returned")


def test_what_was_authorised_is_not_rewritten_in_the_agency(installed: Api) -> None:
    """The liaison officer may add a note and no other response."""
    assert ["response"] == gone(installed, until="relay").problems("liaison", "forward", response="Lain")


def test_what_was_authorised_goes_out_word_for_word(installed: Api) -> None:
    """Other words are refused; they go back to the head, and what is authorised then is what the reporter reads."""
    way = gone(installed, until="convey")

    assert 409 == way.status(way.officer("coordinator"), "answer", text="Ditambal bulan Nov.")

    way.act("coordinator", "return", reason="Terlalu panjang untuk SMS")

    assert ("in_progress", "review", "head", "dpupr") == way.place()

    way.act("head", "return", reason="Singkatkan").act("unit", "answer", text="Ditambal bulan Nov.")
    for actor, action in (("head", "approve"), ("liaison", "forward"), ("coordinator", "forward")):
        way.act(actor, action)
    way.act("coordinator", "answer", text="Ditambal bulan Nov.")

    assert [("final", "Ditambal bulan Nov.")] == way.answers()


@pytest.mark.parametrize(("step", "actor", "action", "kind"), RESULTS)
def test_what_a_row_yields_is_there(installed: Api, step: str, actor: str, action: str, kind: str) -> None:
    """A nota dinas without a nota dinas, an answer without its documentation: refused, naming the kind of file."""
    way = gone(installed, until=step)

    refused = installed.act(way.officer(actor), way.id, action)

    assert (422, ["files"]) == (refused.status_code, list(refused.json()["errors"]))
    assert kind in str(refused.json()["errors"]["files"])
    way.act(actor, action)


def test_nota_dinas_and_disposition_share_one_time(installed: Api) -> None:
    """Seven working days for both: the head has what the liaison officer left of them."""
    way = gone(installed, until="instruct")
    memo, instruct = way.clock("step", "memo"), way.clock("step", "instruct")

    assert ("7 wd", "7 wd") == (memo["within"], instruct["within"])
    assert memo["due_at"] == instruct["due_at"]
    assert ("liaison", "head") == (memo["actor"], instruct["actor"])


def test_after_the_answer(installed: Api) -> None:
    """A reply is before the admin, a rating moves nothing; reopened, it is answered a second time."""
    way = gone(installed).say("reply").say("rate")

    assert ("answered", "write_back", "coordinator", "dpupr") == way.place()
    assert ["actor-coordinator"] == way.told("replied")

    way.say("reopen")

    assert ("in_progress", "verify", "coordinator", "dpupr") == way.place()
    assert ["satisfied", "running"] == [c["state"] for c in way.view["clocks"] if c["target"] == "case"]

    for _, actor, _, action, fields in STOPS[1:]:
        given = {"text": "Sudah ditambal lagi."} if actor == "unit" else fields
        way.act(actor, action, **given)

    assert [DRAFT, "Sudah ditambal lagi."] == [text for _, text in way.answers()]
