"""Majalengka: two admins, what lies outside the county's authority, and sub-districts that answer like agencies."""

from typing import Any

import pytest

from tests.journey.installation import Api
from tests.journey.traveller import Traveller

T = "majalengka"
AT_COORDINATE = {"dispose", "return", "answer", "interim", "classify", "supplement"}
AT_NATIONAL = {"transfer", "return", "dispose"}
AT_ELSEWHERE = {"return", "answer", "interim"}
ON_THE_WAY = {"withdraw", "reply"}
AFTER = {"reporter": {"reply", "rate", "reopen"}, "coordinator": {"answer"}, "system": {"deliver"}}


def file(api: Api, **fields: Any) -> Traveller:
    """A complaint about a road."""
    return Traveller.file(api, T, elsewhere="dinkes", **fields)


def at_national(api: Api) -> Traveller:
    """One that the county sent back as outside its authority."""
    return file(api).act("coordinator", "return", reason="Jalan nasional")


def transferred(api: Api) -> Traveller:
    """One that was handed to another authority."""
    return at_national(api).act("national_admin", "transfer", to="BBPJN Jawa Barat", reason="Kewenangan balai")


def test_straight_path(installed: Api) -> None:
    """Recorded by the system, passed on by the county, answered by the agency; nobody else can do any of it."""
    way = file(installed)

    assert ("in_progress", "coordinate", "coordinator", None) == way.place()
    assert ["actor-coordinator"] == way.told("classified")
    way.offers(coordinator=AT_COORDINATE, reporter=ON_THE_WAY)

    way.act("coordinator", "dispose", agency="dputr", note="Mohon dijawab")

    assert ("in_progress", "respond", "liaison", "dputr") == way.place()
    assert ["agency-dputr"] == way.told("forwarded")
    assert ["reporter"] == way.told("dispositioned")
    way.offers(liaison={"answer", "interim", "forward", "return"}, reporter=ON_THE_WAY)
    assert ["text"] == way.problems("liaison", "answer")

    way.act("liaison", "answer", text="Jalan diperbaiki pekan depan.")

    assert ("answered", "receive_answer", "reporter", "dputr") == way.place()
    assert [("final", "Jalan diperbaiki pekan depan.")] == way.answers()
    expected = ["ComplaintFiled", "Classified", "Dispositioned", "Forwarded", "Answered", "Forwarded"]
    assert expected == way.events("AnswerDelivered")
    assert 1 == way.events().count("AnswerDelivered")
    assert ("satisfied", 0) == (way.clock("case")["state"], way.clock("case")["late_seconds"])
    way.offers(**AFTER)


def test_both_admins_are_told_of_the_answer(installed: Api) -> None:
    """Row 6: the county's and the national one; the reporter has the answer itself."""
    way = file(installed).act("coordinator", "dispose", agency="dputr").act("liaison", "answer", text="Selesai.")

    assert ["actor-coordinator", "actor-national_admin"] == [each for each in way.told("forwarded") if "actor" in each]
    assert ["reporter"] == way.told("answered_final")
    assert "Selesai." in way.letter("reporter", "answered_final")
    assert "Selesai." not in way.letter("actor-national_admin", "forwarded")


def test_outside_the_countys_authority(installed: Api) -> None:
    """With a reason it goes back to the national admin, who alone decides what becomes of it; the reporter is told."""
    way = file(installed)

    assert ["reason"] == way.problems("coordinator", "return")

    way.act("coordinator", "return", reason="Jalan nasional")

    assert ("in_progress", "national", "national_admin", None) == way.place()
    assert {"actor-national_admin", "reporter"} == set(way.told("returned_out_of_authority"))
    assert "Jalan nasional" in way.letter("reporter", "returned_out_of_authority")
    assert "running" == way.clock("case")["state"]
    way.offers(national_admin=AT_NATIONAL, coordinator={"recall"}, reporter=ON_THE_WAY)


@pytest.mark.parametrize(
    ("action", "fields", "place"),
    [
        ("return", {"reason": "Jalan kabupaten"}, ("in_progress", "coordinate", "coordinator", None)),
        ("dispose", {"agency": "dputr"}, ("in_progress", "respond", "liaison", "dputr")),
    ],
)
def test_the_national_admin_gives_it_back(
    installed: Api, action: str, fields: dict[str, str], place: tuple[str, ...]
) -> None:
    """To the county's admin, or to an agency of the county."""
    assert place == at_national(installed).act("national_admin", action, **fields).place()


def test_the_county_takes_it_back(installed: Api) -> None:
    """From an admin who does nothing with it; who is told that they need not any more."""
    way = at_national(installed)
    assert ["reason"] == way.problems("coordinator", "recall")
    way.act("coordinator", "recall", reason="Tidak ada kabar dari Admin Pusat")

    assert ("in_progress", "coordinate", "coordinator", None) == way.place()
    assert ["actor-national_admin"] == way.told("recalled")
    assert "Tidak ada kabar" not in way.letter("actor-national_admin", "recalled")
    assert "Tidak ada kabar" not in str(way.track())


def test_transfer_is_no_end(installed: Api) -> None:
    """Handed to another authority with its name and a reason, it waits; the reporter and the county know where."""
    way = at_national(installed)

    assert ["reason", "to"] == way.problems("national_admin", "transfer")

    way.act("national_admin", "transfer", to="BBPJN Jawa Barat", reason="Kewenangan balai")

    assert ("transferred", "elsewhere", "coordinator", None) == way.place()
    assert {"actor-coordinator", "reporter"} == set(way.told("transferred"))
    assert "BBPJN Jawa Barat" in way.letter("reporter", "transferred")
    assert ["paused", "running"] == [way.clock("case")["state"], way.clock("reply")["state"]]
    way.offers(coordinator=AT_ELSEWHERE | {"ask"}, national_admin=AT_ELSEWHERE, reporter=ON_THE_WAY)


def test_the_other_authority_answers(installed: Api) -> None:
    """For now, then for good: the answer takes the same way as any other."""
    way = transferred(installed).act("national_admin", "interim", text="Sedang diperiksa balai.")

    assert ("transferred", "elsewhere", "coordinator", None) == way.place()

    way.say("reply")

    assert ("transferred", "ask", "coordinator", None) == way.place()

    way.act("coordinator", "answer", text="Balai memperbaikinya bulan ini.")

    assert ("answered", "receive_answer", "reporter", None) == way.place()
    assert ["interim", "final"] == [kind for kind, _ in way.answers()]
    assert {"actor-coordinator", "actor-national_admin"} == set(way.told("forwarded"))
    assert "satisfied" == way.clock("case")["state"]


def test_the_other_authority_gives_it_back(installed: Api) -> None:
    """It comes before the county again, with a time of its own, and nothing is left of the wait."""
    way = transferred(installed).act("national_admin", "return", reason="Ternyata jalan kabupaten")

    assert ("in_progress", "coordinate", "coordinator", None) == way.place()
    assert ["running", "satisfied"] == [way.clock("step")["state"], way.clock("reply")["state"]]
    assert "2 d" == way.clock("step")["within"]

    way.act("coordinator", "dispose", agency="dputr")

    assert ("in_progress", "respond", "liaison", "dputr") == way.place()


def test_the_county_answers_itself(installed: Api) -> None:
    """For now, which ends nothing, and for good, which needs no agency."""
    way = file(installed).act("coordinator", "interim", text="Kami teruskan besok.")

    assert ("in_progress", "coordinate", "coordinator", None) == way.place()
    assert ["reporter"] == way.told("answered_interim")
    assert "running" == way.clock("case")["state"]

    way.act("coordinator", "answer", text="Sudah diperbaiki kemarin.")

    assert ("answered", "receive_answer", "reporter", None) == way.place()
    assert ["interim", "final"] == [kind for kind, _ in way.answers()]


def test_a_sub_district_answers(installed: Api) -> None:
    """Officers of every Kecamatan that is integrated are responsible too."""
    way = file(installed).act("coordinator", "dispose", agency="kec_talaga")

    assert ("in_progress", "respond", "liaison", "kec_talaga") == way.place()
    assert 403 == way.status(way.officer("liaison", "kec_maja"), "answer", text="Bukan kami")
    assert "answered" == way.act("liaison", "answer", text="Sudah kami tangani.").place()[0]


def test_replying_to_and_fro(installed: Api) -> None:
    """The reporter replies, the county writes back, and the answer stays what it was."""
    way = file(installed).act("coordinator", "dispose", agency="dputr").act("liaison", "answer", text="Selesai.")
    way.say("reply", text="Belum rata").act("coordinator", "answer", text="Kami sampaikan.").say("rate", score=3)

    assert ("answered", "receive_answer", "reporter", "dputr") == way.place()
    assert {"actor-coordinator", "agency-dputr"} == set(way.told("replied"))
    assert [("final", "Selesai."), ("balasan", "Kami sampaikan.")] == way.answers()
    assert "answer" in {
        each["action"] for each in installed.ok("GET", f"/{T}/dossiers/{way.id}", way.officer("coordinator"))["allowed"]
    }


def test_reopening(installed: Api) -> None:
    """It comes before the county again, and a second clock of the whole case starts beside the first."""
    way = file(installed).act("coordinator", "dispose", agency="dputr").act("liaison", "answer", text="Selesai.")
    way.say("reopen")

    assert ("in_progress", "coordinate", "coordinator", "dputr") == way.place()
    assert ["satisfied", "running"] == [c["state"] for c in way.view["clocks"] if c["target"] == "case"]
    assert 403 == way.status(way.officer("liaison", "dputr"), "dispose", agency="dinkes")

    way.act("coordinator", "dispose", agency="kec_maja").act("liaison", "answer", text="Sudah rata.")

    assert ["satisfied", "satisfied"] == [c["state"] for c in way.view["clocks"] if c["target"] == "case"]


@pytest.mark.parametrize("where", [file, at_national, transferred])
def test_withdrawing(installed: Api, where: Any) -> None:
    """Until it is answered its reporter may withdraw it, wherever it is."""
    way = where(installed).say("withdraw")

    assert ("withdrawn", None, None) == way.place()[:3]
    assert [] == [clock for clock in way.view["clocks"] if clock["ended_at"] is None]
    assert 409 == way.status(way.officer("national_admin"), "return", reason="Kembali")
