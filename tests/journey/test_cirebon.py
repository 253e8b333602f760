"""Cirebon: a system that classifies and notifies by itself, PICs of offices far and near, and a publishing gate."""

from typing import Any

import pytest

from tests.journey.installation import Api
from tests.journey.traveller import ROADS, UNDELIVERABLE, Traveller

T = "cirebon"
ON_THE_WAY = {"withdraw"}
AFTER = {"reporter": {"reply", "rate", "reopen"}, "coordinator": {"answer"}, "system": {"deliver"}}
UNKNOWN = {"category": None, "title": None, "message": "Mohon perhatian Ibu Bupati."}


def file(api: Api, **fields: Any) -> Traveller:
    """A complaint about a road."""
    return Traveller.file(api, T, elsewhere="dinkes", **fields)


def at_gate(api: Api, **fields: Any) -> Traveller:
    """One that its PIC has answered."""
    return file(api, **fields).act("pic", "answer", text="Jalan ditambal pekan depan.")


def answered(api: Api, **fields: Any) -> Traveller:
    """One whose answer was passed on."""
    return at_gate(api, **fields).act("coordinator", "approve")


def test_straight_path(installed: Api) -> None:
    """Filing alone brings it before the PIC; only the PIC answers, only the admin publishes, the system sends."""
    way = file(installed)

    assert ("in_progress", "respond", "pic", "dputr") == way.place()
    assert ["ComplaintFiled", "Classified", "Dispositioned", "Forwarded"] == way.events()
    assert ["text"] == way.problems("pic", "answer")
    way.offers(pic={"answer", "return"}, reporter=ON_THE_WAY).act("pic", "answer", text="Jalan ditambal pekan depan.")

    assert ("in_progress", "gate", "coordinator", "dputr") == way.place()
    assert [] == way.answers()
    assert "answered_final" not in {text for _, text in way.letters()}
    way.offers(coordinator={"approve", "return"}, reporter=ON_THE_WAY).act("coordinator", "approve", note="Sesuai")

    assert ("answered", "receive_answer", "reporter", "dputr") == way.place()
    assert [("final", "Jalan ditambal pekan depan.")] == way.answers()
    assert ["Forwarded", "Answered", "AnswerDelivered"] == way.events()[-3:]
    assert ("satisfied", 0) == (way.clock("case")["state"], way.clock("case")["late_seconds"])
    way.offers(**AFTER)


def test_system_steps_take_no_time_of_people(installed: Api) -> None:
    """Rows 2, 3, 4 and 6 have fifteen seconds of wall time each and are kept."""
    way = answered(installed)

    system = [clock for clock in way.view["clocks"] if clock["target"] == "step" and clock["actor"] == "system"]
    assert ["record", "notify_group", "notify_pic", "send"] == [clock["step"] for clock in system]
    assert {("15 s wall", "satisfied")} == {(clock["within"], clock["state"]) for clock in system}


def test_the_group_of_the_category_is_told(installed: Api) -> None:
    """The others of the group get the notice, the PIC the task with its own time; the admin hears of the answer."""
    way = at_gate(installed)

    assert ["agency-dpkpp"] == way.told("dispositioned")
    assert "pic.dpkpp@cirebonkab.example" in way.letter("agency-dpkpp", "dispositioned")
    assert "Batas waktu" not in way.letter("agency-dpkpp", "dispositioned")
    task = way.letter("agency-dputr", "forwarded")
    assert "pic.dputr@cirebonkab.example" in task
    assert "Batas waktu" in task
    assert ["agency-dputr", "actor-coordinator"] == way.told("forwarded")
    assert ["reporter"] == way.told("complaint_filed")


@pytest.mark.parametrize(
    ("message", "classification", "category"),
    [
        ("Jalan di depan pasar rusak parah, mohon diperbaiki", "complaint", ROADS),
        ("Bagaimana syarat mengurus kartu keluarga?", "question", "KEPENDUDUKAN"),
        ("Saya usul ada tempat sampah di alun-alun", "suggestion", "LINGKUNGAN HIDUP DAN KEHUTANAN"),
    ],
)
def test_classified_by_its_words(installed: Api, message: str, classification: str, category: str) -> None:
    """Complaint, question or suggestion, and whose business it is."""
    view = file(installed, category=None, title=None, message=message).view

    assert (classification, category) == (view["classification"], view["category"])
    assert ("respond", "pic") == (view["step"], view["actor"])


def test_a_vertical_agency_answers(installed: Api) -> None:
    """An office of the central government holds it like one of the county's."""
    way = file(installed, category=None, title=None, message="Listrik padam sejak kemarin, tolong PLN.")

    assert ("in_progress", "respond", "pic", "pln_up3") == way.place()
    assert "answered" == way.act("pic", "answer", text="Gardu diperbaiki.").act("coordinator", "approve").place()[0]


def test_what_gives_nothing_away_is_assigned_by_the_admin(installed: Api) -> None:
    """No word of it is known: the admin is told, classifies, chooses the agency, and from there it goes by itself."""
    way = file(installed, **UNKNOWN)

    assert ("in_progress", "assign", "coordinator", None) == way.place()
    assert ["actor-coordinator"] == way.told("forwarded")
    assert ["agency"] == way.problems("coordinator", "dispose", agency="nowhere")
    way.offers(coordinator={"dispose", "classify", "supplement", "transfer"}, reporter=ON_THE_WAY)

    way.act("coordinator", "classify", classification="suggestion").act("coordinator", "dispose", agency="dishub")

    assert ("in_progress", "respond", "pic", "dishub") == way.place()
    assert "suggestion" == way.view["classification"]
    assert [] == way.told("dispositioned")
    assert "agency-dishub" in way.told("forwarded")


def test_the_gate_publishes_a_corrected_text(installed: Api) -> None:
    """The admin may pass on other words than the PIC's."""
    way = at_gate(installed).act("coordinator", "approve", text="Ditambal Senin depan.")

    assert [("final", "Ditambal Senin depan.")] == way.answers()


def test_the_gate_sends_back_what_is_not_fit_to_be_passed_on(installed: Api) -> None:
    """With a reason, told to the PIC, who has what is left of the three hours, and may find that it is another's."""
    way = at_gate(installed)
    assert ["reason"] == way.problems("coordinator", "return")
    due = way.clock("step", "gate")["due_at"]
    way.act("coordinator", "return", reason="Mohon sebutkan waktunya")

    assert ("in_progress", "respond", "pic", "dputr") == way.place()
    assert ["agency-dputr"] == way.told("returned_rework")
    assert due == way.view["due_at"]
    assert [] == way.answers()

    way.act("pic", "return", reason="Jalan provinsi").act("coordinator", "dispose", agency="dishub")
    way.act("pic", "answer", text="Rambu dipasang.").act("coordinator", "approve")

    assert [("final", "Rambu dipasang.")] == way.answers()


def test_the_gate_has_what_the_pic_left(installed: Api) -> None:
    """One time, three hours, for both."""
    way = at_gate(installed)
    pic, gate = way.clock("step", "respond"), way.clock("step", "gate")

    assert ("3 h", "3 h", "pic", "coordinator") == (pic["within"], gate["within"], pic["actor"], gate["actor"])
    assert pic["due_at"] == gate["due_at"]


def test_an_answer_that_cannot_be_sent(installed: Api) -> None:
    """The admin is told, and has it before them; the reporter can read it on the site, and then has it."""
    way = answered(installed, reporter={"name": "Siti", "email": UNDELIVERABLE})

    assert ("answered", "contact", "coordinator", "dputr") == way.place()
    assert "DeliveryFailed" == way.events()[-1]
    assert {"actor-coordinator"} == set(way.told("delivery_failed"))
    assert ["final"] == [kind for kind, _ in way.answers()]
    assert ("answered", "receive_answer", "reporter", "dputr") == way.place()


def test_replying_to_and_fro(installed: Api) -> None:
    """The reporter replies and rates, the admin writes back, and the answer stays what it was."""
    way = answered(installed).say("reply").act("coordinator", "answer", text="Terima kasih kembali.").say("rate")

    assert ("answered", "receive_answer", "reporter", "dputr") == way.place()
    assert {"actor-coordinator", "agency-dputr"} == set(way.told("replied"))
    assert ["final", "balasan"] == [kind for kind, _ in way.answers()]


def test_reopening(installed: Api) -> None:
    """The admin chooses the agency anew; what the second PIC writes is what is published then."""
    way = answered(installed).say("reopen")

    assert ("in_progress", "assign", "coordinator", "dputr") == way.place()
    assert {"reporter", "agency-dputr", "actor-coordinator"} == set(way.told("reopened"))

    way.act("coordinator", "dispose", agency="dishub").act("pic", "answer", text="Rambu dipasang.")
    way.act("coordinator", "approve")

    assert ["Jalan ditambal pekan depan.", "Rambu dipasang."] == [text for _, text in way.answers()]
    assert ["satisfied", "satisfied"] == [c["state"] for c in way.view["clocks"] if c["target"] == "case"]


@pytest.mark.parametrize("where", [file, at_gate])
def test_withdrawing(installed: Api, where: Any) -> None:
    """Until it is published its reporter may withdraw it."""
    way = where(installed).say("withdraw")

    assert ("withdrawn", None, None) == way.place()[:3]
    assert 409 == way.status(way.officer("coordinator"), "approve")
