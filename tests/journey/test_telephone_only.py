"""A reporter with a telephone and nothing else, in all five procedures: told by people, and truly, at each stage."""

from typing import Any

import pytest

from tests.journey.installation import Api, officer
from tests.journey.test_trenggalek import COMPLETE, STOPS
from tests.journey.traveller import Traveller

REPORTER = {"name": "Siti Rahayu", "phone": "0812 3456 7890"}
WAYS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "cilacap": [
        ("coordinator", "dispose", {"agency": "dpupr"}),
        ("operator", "forward", {}),
        ("liaison", "forward", {"note": "Mohon petunjuk"}),
        ("head", "forward", {"response": "Ditambal pekan ini"}),
        ("liaison", "forward", {"response": "Ditambal pekan ini"}),
        ("operator", "answer", {"text": "Jalan ditambal pekan ini."}),
    ],
    "bantul": [("operator", "answer", {"text": "Jalan ditambal pekan ini."})],
    "majalengka": [
        ("coordinator", "dispose", {"agency": "dputr"}),
        ("liaison", "answer", {"text": "Jalan ditambal pekan ini."}),
    ],
    "trenggalek": [(actor, action, given) for _, actor, _, action, given in STOPS],
    "cirebon": [
        ("pic", "answer", {"text": "Jalan ditambal pekan ini."}),
        ("coordinator", "approve", {}),
    ],
}


def _file(api: Api, tenant: str, **more: Any) -> Traveller:
    complete = {**COMPLETE, **more} if tenant == "trenggalek" else more
    given = {**complete.get("reporter", {}), **REPORTER, "address": "RT 02/RW 01 Hanum"}
    given.pop("email", None)
    return Traveller.file(api, tenant, elsewhere="dinkes", **{**complete, "reporter": given})


def _delivered(way: Traveller) -> list[tuple[str, str]]:
    """What the reporter was told of, and how."""
    told = [each for each in way.view["timeline"] if each["event"] in ("AnswerDelivered", "NoticeDelivered")]
    return [(each["event"], each["by"]) for each in told]


def _untold(way: Traveller) -> list[str]:
    return [each["event"] for each in way.view["untold"]]


def _tasks(way: Traveller) -> set[str]:
    """The coordinator's tasks about it."""
    return {each["task"] for each in way.api.tasks(officer(way.tenant, "coordinator"), way.id)}


@pytest.mark.parametrize("tenant", WAYS)
def test_from_filing_to_answer(api: Api, tenant: str) -> None:
    """No letter, no delivery; a task before the coordinator, and what a person did about it is what is on record."""
    way = _file(api, tenant)
    for actor, action, fields in WAYS[tenant]:
        way.act(actor, action, **fields)

    assert "answered" == way.view["status"]
    assert ([], ["Answered"]) == (_delivered(way), _untold(way))
    assert [] == [text for recipient, text in way.letters() if recipient == "reporter"]
    assert {"contact"} <= _tasks(way) or "contact" == way.place()[1]

    api.advance("P120D")
    assert "answered" == way.view["status"]
    assert [] == _delivered(way)

    way.act("coordinator", "deliver", way="telephone", note="Dibacakan kepada pelapor lewat telepon.")

    assert ([("AnswerDelivered", "telephone")], []) == (_delivered(way), _untold(way))
    assert "contact" not in _tasks(way)
    api.advance("P30D")
    assert "closed" == way.view["status"]


@pytest.mark.parametrize("tenant", ["cilacap", "trenggalek"])
def test_from_a_return_to_its_completion(api: Api, tenant: str) -> None:
    """Who was never asked does not lapse; who was asked by telephone has the whole of their time."""
    way = _file(api, tenant)
    if tenant == "trenggalek":
        way.act("coordinator", "forward")
    way.act("coordinator", "return", reason="Foto belum jelas")
    api.advance("P90D")

    assert ("returned", ["Returned"]) == (way.view["status"], _untold(way))
    assert "contact" in _tasks(way)

    way.act("coordinator", "deliver", way="telephone")
    assert [("NoticeDelivered", "telephone")] == _delivered(way)
    api.advance("P20D")
    assert "returned" == way.view["status"]
    api.advance("P30D")
    assert "lapsed" == way.view["status"]


def test_a_new_code_by_telephone(api: Api) -> None:
    """Who never had a code is given one, follows with it, and then what stands there has been told."""
    way = _file(api, "majalengka")
    for actor, action, fields in WAYS["majalengka"]:
        way.act(actor, action, **fields)
    answer = api.act(way.officer("coordinator"), way.id, "renew_code", via="telephone")
    old = dict(way.receipt)
    way.receipt["tracking_code"] = answer.json()["tracking_code"]

    ended = {"code": old["tracking_code"]}
    assert 404 == api.call("GET", f"/majalengka/complaints/{old['ticket']}", params=ended).status_code
    assert [("final", "Jalan ditambal pekan ini.")] == way.answers()
    assert [("AnswerDelivered", "portal")] == _delivered(way)
