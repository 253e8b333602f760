"""What a stranger says, and what a reporter asks for, by the doors that everybody uses."""

from typing import Any

from tests.journey.installation import Api, officer

T = "cilacap"
COORDINATOR = officer(T, "coordinator")
OPERATOR = officer(T, "operator", "dpupr")
WORDS = "Bu Siti Rahayu 081234567890"


def _file(api: Api, who: dict[str, Any] | None = None, **complaint: Any) -> Any:
    return api.call("POST", f"/{T}/complaints", *([who] if who else []), json={"message": "Jalan rusak", **complaint})


def test_a_guessed_number_opens_nothing(api: Api) -> None:
    """Neither the ticket nor the code of the complaint that an officer filed under it."""
    claimed: dict[str, Any] = {"channel": "letter", "external_id": "1001"}
    first = _file(api, COORDINATOR, **claimed)
    guessed = _file(api, **claimed)
    again = _file(api, COORDINATOR, **claimed, title="Jalan")

    assert [201, 201, 200] == [answer.status_code for answer in (first, guessed, again)]
    assert first.json()["ticket"] == again.json()["ticket"] != guessed.json()["ticket"]
    assert first.json()["tracking_code"] != guessed.json()["tracking_code"]
    wrong = {"code": guessed.json()["tracking_code"]}
    assert 404 == api.call("GET", f"/{T}/complaints/{first.json()['ticket']}", params=wrong).status_code


def test_secrecy_that_is_asked_for_later_is_kept(api: Api) -> None:
    """With the supplement: the agency reads neither name nor address, nor words in the place of names."""
    receipt = _file(api, reporter={"name": "Siti Aminah"}, location={"kecamatan": WORDS}).json()
    api.act(COORDINATOR, receipt["id"], "return", reason="Lengkapi")
    path = f"/{T}/complaints/{receipt['ticket']}/supplement"
    code = {"code": receipt["tracking_code"]}
    given = {"reporter": {"address": "Jl. Ahmad Yani 1"}, "privacy": "secret"}
    assert 200 == api.call("POST", path, params=code, json=given).status_code
    api.act(COORDINATOR, receipt["id"], "return", reason="Lengkapi lagi")
    less = api.call("POST", path, params=code, json={"privacy": "open"})
    assert 200 == api.call("POST", path, params=code, json={"title": "Jalan rusak"}).status_code
    api.act(COORDINATOR, receipt["id"], "dispose", agency="dpupr")
    agencys = api.call("GET", f"/{T}/dossiers/{receipt['id']}", OPERATOR).json()
    desks = api.call("GET", f"/{T}/dossiers/{receipt['id']}", COORDINATOR).json()

    assert (422, ["privacy"]) == (less.status_code, list(less.json()["errors"]))
    assert ["secret", "secret"] == [agencys["privacy"], desks["privacy"]]
    assert [] == [word for word in ("Siti", "Ahmad Yani", WORDS) if word in str(agencys)]
    assert [] == [word for word in ("Siti", "Ahmad Yani", WORDS) if word not in str(desks)]
