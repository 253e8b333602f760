"""Bantul: simple questions at once, interim answers, documented handling, and a county team that is told."""

from typing import Any

import pytest

from tests.journey.installation import Api
from tests.journey.traveller import ROADS, UNDELIVERABLE, Traveller

T = "bantul"
AT_RECEIVE = {"answer", "interim", "forward", "return", "classify"}
ON_THE_WAY = {"withdraw", "reply"}
AFTER = {"reporter": {"reply", "rate", "reopen"}, "system": {"deliver"}}


def file(api: Api, **fields: Any) -> Traveller:
    """A complaint about a road, which is the first agency's business."""
    return Traveller.file(api, T, elsewhere="dinkes", **fields)


def answered(api: Api, **fields: Any) -> Traveller:
    """A simple question, answered at once."""
    return file(api, **fields).act("operator", "answer", text="Kantor buka pukul delapan.")


def test_straight_path(installed: Api) -> None:
    """The system brings it before the operator; desk by desk, each of them alone, it reaches its answer."""
    way = file(installed)

    assert ("in_progress", "receive", "operator", "dpupkp") == way.place()
    assert ["ComplaintFiled", "Classified", "Dispositioned"] == way.events()

    stops: list[tuple[str, str, set[str], str, dict[str, str]]] = [
        ("receive", "operator", AT_RECEIVE, "forward", {"note": "Mohon ditangani"}),
        ("examine", "liaison", {"forward"}, "forward", {}),
        ("handle", "unit", {"forward", "return"}, "forward", {"response": "Lubang ditambal, foto terlampir."}),
        ("verify", "liaison", {"forward"}, "forward", {}),
        ("enter", "operator", {"answer"}, "answer", {"text": "Jalan sudah ditambal."}),
    ]
    for step, actor, actions, action, fields in stops:
        assert ("in_progress", step, actor, "dpupkp") == way.place()
        way.offers(**{actor: actions, "reporter": ON_THE_WAY}).act(actor, action, **fields)

    assert ("answered", "receive_answer", "reporter", "dpupkp") == way.place()
    assert [("final", "Jalan sudah ditambal.")] == way.answers()
    assert ["Forwarded"] * 4 + ["Answered", "AnswerDelivered"] == way.events()[3:]
    assert ("satisfied", 0) == (way.clock("case")["state"], way.clock("case")["late_seconds"])
    way.offers(**AFTER)


def test_everybody_concerned_is_told(installed: Api) -> None:
    """The agency of each task, its head of what was examined and verified, the county team of the answer."""
    way = file(installed).act("operator", "forward").act("liaison", "forward")
    way.act("unit", "forward", response="Selesai").act("liaison", "forward").act("operator", "answer", text="Selesai.")

    assert ["reporter"] == way.told("complaint_filed")
    assert ["agency-dpupkp"] == way.told("dispositioned")
    roles = {"agency-dpupkp", *(f"agency-dpupkp-{role}" for role in ("liaison", "unit", "head"))}
    told = way.told("forwarded")
    assert (roles, 6) == (set(told), len(told))
    assert "kepala.dpupkp@bantulkab.example" in way.letter("agency-dpupkp-head", "forwarded")
    assert {"reporter", "actor-coordinator"} == set(way.told("answered_final"))
    assert "Selesai." in way.letter("reporter", "answered_final")
    assert "Selesai." not in way.letter("actor-coordinator", "answered_final")


def test_simple_question_is_answered_at_once(installed: Api) -> None:
    """The operator's final answer leads straight to the last row, and is delivered."""
    way = answered(installed)

    assert ("answered", "receive_answer", "reporter", "dpupkp") == way.place()
    assert ["Answered", "AnswerDelivered"] == way.events()[-2:]
    assert {"reporter", "actor-coordinator"} == set(way.told("answered_final"))


def test_interim_answer_ends_nothing(installed: Api) -> None:
    """The reporter and the county team have it, the operator still has the task, and the whole case runs on."""
    way = file(installed).act("operator", "interim", text="Sedang kami periksa.")

    assert ("in_progress", "receive", "operator", "dpupkp") == way.place()
    assert [("interim", "Sedang kami periksa.")] == way.answers()
    assert {"reporter", "actor-coordinator"} == set(way.told("answered_interim"))
    assert "running" == way.clock("case")["state"]
    assert "running" == way.clock("step", "receive")["state"]

    way.say("reply", text="Kapan selesainya?")

    assert ["agency-dpupkp"] == way.told("replied")
    way.offers(operator=AT_RECEIVE, reporter=ON_THE_WAY)

    way.act("operator", "forward")

    assert ("in_progress", "examine", "liaison", "dpupkp") == way.place()


def test_wrong_category_goes_to_the_county_team(installed: Api) -> None:
    """Returned with a reason, classified anew, sent to the right agency: the first has nothing to do with it then."""
    way = file(installed)

    assert ["reason"] == way.problems("operator", "return")

    way.act("operator", "return", reason="Bukan kewenangan kami")

    assert ("in_progress", "recategorise", "coordinator", None) == way.place()
    assert "actor-coordinator" in way.told("returned_wrong_agency")
    way.offers(coordinator={"dispose", "classify", "supplement", "transfer"}, reporter=ON_THE_WAY)
    assert ["agency"] == way.problems("coordinator", "dispose")
    assert ["classification"] == way.problems("coordinator", "classify", classification="gossip")

    way.act("coordinator", "classify", category="PERHUBUNGAN").act("coordinator", "dispose", agency="dishub")

    assert ("in_progress", "receive", "operator", "dishub") == way.place()
    assert 403 == way.status(way.officer("operator", "dpupkp"), "forward")
    way.offers(operator=AT_RECEIVE, reporter=ON_THE_WAY)
    assert "running" == way.clock("case")["state"]


def test_what_no_category_fits_is_placed_by_the_county_team(installed: Api) -> None:
    """Nothing in its words gives away whose it is."""
    way = file(installed, category=None, title=None, message="Mohon perhatian Bapak Bupati.")

    assert ("in_progress", "recategorise", "coordinator", None) == way.place()
    assert ["ComplaintFiled", "Classified", "Forwarded"] == way.events()

    way.act("coordinator", "dispose", agency="setda_kesra")

    assert ("in_progress", "receive", "operator", "setda_kesra") == way.place()


def test_words_give_the_category_away(installed: Api) -> None:
    """Whoever chooses no category has the system recognise one."""
    way = file(installed, category=None)

    assert (ROADS, "complaint") == (way.view["category"], way.view["classification"])
    assert ("in_progress", "receive", "operator", "dpupkp") == way.place()


def test_handling_is_documented(installed: Api) -> None:
    """The technical unit cannot pass it on without the report of its handling; what is not its own it gives back."""
    way = file(installed).act("operator", "forward").act("liaison", "forward")

    assert ["response"] == way.problems("unit", "forward", note="Sudah")
    assert ["reason"] == way.problems("unit", "return")

    way.act("unit", "return", reason="Bukan ruas kami")

    assert ("in_progress", "examine", "liaison", "dpupkp") == way.place()
    assert 2 == way.told("forwarded").count("agency-dpupkp-liaison")


def test_after_the_answer(installed: Api) -> None:
    """A reply is before the county team, a rating moves nothing; reopened it is sent to an agency again."""
    way = answered(installed).say("reply").say("rate", score=2, comment="Kurang jelas")

    assert ("answered", "write_back", "coordinator", "dpupkp") == way.place()
    assert {"agency-dpupkp", "actor-coordinator"} == set(way.told("replied"))

    way.act("coordinator", "answer", text="Kami periksa.").say("reopen", reason="Masih berlubang")

    assert ("in_progress", "recategorise", "coordinator", "dpupkp") == way.place()
    assert {"reporter", "agency-dpupkp", "actor-coordinator"} == set(way.told("reopened"))
    cases = [(clock["state"], clock["ended_at"] is None) for clock in way.view["clocks"] if clock["target"] == "case"]
    assert [("satisfied", False), ("running", True)] == cases

    way.act("coordinator", "dispose", agency="dpupkp").act("operator", "answer", text="Sudah ditambal lagi.")

    assert ["satisfied", "satisfied"] == [c["state"] for c in way.view["clocks"] if c["target"] == "case"]
    assert ["final", "balasan", "final"] == [kind for kind, _ in way.answers()]


@pytest.mark.parametrize("desks", [0, 1, 2])
def test_withdrawing(installed: Api, desks: int) -> None:
    """Until it is answered its reporter may withdraw it, and nobody has anything to do with it any more."""
    way = file(installed)
    for actor in ("operator", "liaison")[:desks]:
        way.act(actor, "forward")

    way.say("withdraw")

    assert ("withdrawn", None, None) == way.place()[:3]
    assert [] == [clock for clock in way.view["clocks"] if clock["ended_at"] is None]
    way.offers()


def test_an_answer_that_cannot_be_delivered(installed: Api) -> None:
    """It comes before the county team; the case ends, and the reporter may have it reopened, when they were told."""
    way = answered(installed, reporter={"name": "Siti", "email": UNDELIVERABLE})

    assert ("answered", "contact", "coordinator", "dpupkp") == way.place()
    assert "DeliveryFailed" == way.events()[-1]
    assert {"actor-coordinator", "agency-dpupkp"} == set(way.told("delivery_failed"))
    assert "running" == way.clock("case")["state"]
    way.act("coordinator", "deliver", way="telephone", note="Dibacakan lewat telepon")

    assert ["final"] == [kind for kind, _ in way.answers()]
    assert "satisfied" == way.clock("case")["state"]
    way.offers(**AFTER).say("reopen")

    assert ("in_progress", "recategorise") == way.place()[:2]


def test_an_answer_without_an_address_is_read_on_the_portal(installed: Api) -> None:
    """Without an address nothing has arrived until the reporter opens it."""
    way = answered(installed, reporter={"name": "Siti"})
    assert ("contact", "DeliveryFailed") == (way.place()[1], way.events()[-1])
    way.track()

    delivered = next(each for each in way.view["timeline"] if each["event"] == "AnswerDelivered")
    assert "portal" == delivered["by"]
    assert ("answered", "receive_answer", "reporter", "dpupkp") == way.place()
