"""A desk that needs longer, an agency that helps, and what is printed on the way, through the API."""

from typing import Any

from tests.journey.installation import Api, officer
from tests.journey.test_files import T, fetch, way_to_the_operator

COORDINATOR = officer(T, "coordinator")
OPERATOR = officer(T, "operator", "dpupr")
HELPER = officer(T, "operator", "dinkes")


def _mine(api: Api, who: dict[str, Any], dossier: str) -> list[tuple[str, int, str]]:
    """The tasks of a dossier in somebody's inbox."""
    return [(each["task"], each["task_version"], each["state"]) for each in api.tasks(who, dossier)]


def test_a_desk_waits_for_goods(api: Api) -> None:
    """Asked, given, told, standing still over the week-end, ended by itself, late after that."""
    way = way_to_the_operator(api)
    version = way.view["version"]
    until = api.ok("GET", "/clock")["now"][:10] + "T15:00:00+07:00"
    asked = api.act(
        OPERATOR,
        way.id,
        "ask_leave",
        kind="pause",
        why="goods",
        until=until,
        reason="Aspal belum datang",
        version=version,
    )
    task = asked.json()["version"]
    waiting = _mine(api, COORDINATOR, way.id)
    granted = api.act(COORDINATOR, way.id, "grant_leave", asked=task)
    api.rest()
    paused = _mine(api, OPERATOR, way.id)
    told = [each for each in way.track()["timeline"] if each["event"] == "LeaveGranted"]
    api.move_to(until)
    api.advance("PT14M")
    running = way.view["clocks"]
    api.advance("PT2M")

    assert ("leave", task, "running") in waiting
    assert (200, 200) == (asked.status_code, granted.status_code)
    assert [("step", version, "paused")] == paused
    assert [("pause", "goods", until)] == [(each["kind"], each["why"], each["until_at"]) for each in told]
    [step] = [each for each in running if each["id"] == f"step:{version}"]
    assert ("running", until[:11] + "15:15:00+07:00") == (step["state"], step["due_at"])
    assert ["LeaveAsked", "LeaveGranted", "Resumed"] == [
        each for each in way.events() if each in ("LeaveAsked", "LeaveGranted", "Resumed", "LeaveRefused")
    ]
    assert [("step", version, "breached")] == _mine(api, OPERATOR, way.id)


def test_two_agencies_share_the_work(api: Api) -> None:
    """The helping one has its task and reads the dossier; the leading one goes on, and sees what came back."""
    way = way_to_the_operator(api)
    part = api.act(COORDINATOR, way.id, "ask_help", agency="dinkes", note="Periksa air").json()["version"]
    mine = _mine(api, HELPER, way.id)
    seen = api.call("GET", f"/{T}/dossiers/{way.id}", HELPER)
    way.act("operator", "forward")
    stranger = api.call("GET", f"/{T}/dossiers/{way.id}", officer(T, "operator", "dishub"))
    given = api.act(HELPER, way.id, "give_help", part=part, response="Air aman")
    [clock] = [each for each in way.view["clocks"] if each["target"] == "help"]

    assert [("help", part, "running")] == mine
    assert (200, 403, 200) == (seen.status_code, stranger.status_code, given.status_code)
    assert ("satisfied", "dinkes") == (clock["state"], clock["agency"])
    assert [] == _mine(api, HELPER, way.id)
    assert "Air aman" not in str(way.track())


def test_paper_is_made_from_the_dossier(installed: Api) -> None:
    """A nota dinas of the agency's, and a receipt with a new code at the counter: the old code ends."""
    way = way_to_the_operator(installed)
    path = f"/{T}/dossiers/{way.id}/documents"
    memo = installed.call("POST", path, OPERATOR, json={"kind": "nota_dinas", "note": "Mohon petunjuk"})
    receipt = installed.call("POST", path, COORDINATOR, json={"kind": "receipt", "via": "counter", "code": "new"})
    code = receipt.json()["tracking_code"]

    assert (201, 201) == (memo.status_code, receipt.status_code)
    assert fetch(installed, way, memo.json()["id"], OPERATOR).content.startswith(b"%PDF")
    assert 404 == fetch(installed, way, receipt.json()["id"], OPERATOR).status_code
    assert ["nota_dinas", "receipt"] == [each["kind"] for each in way.view["files"]]
    assert 404 == fetch(installed, way, memo.json()["id"]).status_code
    assert installed.ok("GET", f"/{T}/complaints/{way.receipt['ticket']}", params={"code": code})
    assert 422 == installed.call("POST", path, OPERATOR, json={"kind": "poem"}).status_code
    assert 409 == installed.call("POST", path, OPERATOR, json={"kind": "answer_letter"}).status_code
