"""The first complaint travels the whole way, through the HTTP API alone, on a simulated clock."""

from typing import Any

from tests.journey.installation import START, Api, officer, up

T = "cilacap"
COORDINATOR = officer(T, "coordinator")
OPERATOR, LIAISON, HEAD = (officer(T, actor, "dpupr") for actor in ("operator", "liaison", "head"))
ELSEWHERE = officer(T, "operator", "dinkes")
COMPLAINT: dict[str, Any] = {
    "reporter": {"name": "Siti Rahayu", "address": "RT 02/RW 01 Hanum", "email": "siti@warga.example"},
    "title": "Jalan berlubang",
    "message": "Jalan utama desa Hanum berlubang cukup dalam.",
    "location": {"kecamatan": "Dayeuhluhur", "desa": "Hanum"},
    "channel": "web",
}


def _step(
    api: Api, who: dict[str, Any], dossier: str, action: str, *, minutes: int = 5, **fields: Any
) -> dict[str, Any]:
    api.advance(f"PT{minutes}M")
    answer = api.act(who, dossier, action, **fields)
    assert answer.ok, answer.text
    view: dict[str, Any] = answer.json()
    return view


def _to_operator(api: Api, **complaint: Any) -> dict[str, Any]:
    receipt = api.file(T, **{**COMPLAINT, **complaint})
    _step(api, COORDINATOR, receipt["id"], "dispose", agency="dpupr")
    return receipt


def test_the_whole_way_with_both_returns(api: Api) -> None:
    """Returned incomplete, supplemented, disposed wrongly, returned, disposed rightly, worked through, answered."""
    without_address = {**COMPLAINT, "reporter": {"name": "Siti Rahayu", "email": "siti@warga.example"}}
    receipt = api.file(T, **without_address)
    dossier = receipt["id"]
    assert ["reporter.address"] == api.dossier(T, dossier)["missing"]

    returned = _step(api, COORDINATOR, dossier, "return", reason="Alamat belum diisi")
    assert ("returned", "reporter") == (returned["status"], returned["actor"])
    seen = api.track(T, receipt)
    assert "Alamat belum diisi" == seen["timeline"][-1]["reason"]
    assert "returned" == seen["status"]

    api.advance("PT30M")
    assert api.reporter(T, receipt, "supplement", reporter={"address": "RT 02/RW 01 Hanum"}).ok
    view = api.dossier(T, dossier)
    assert ([], "in_progress", "coordinator") == (view["missing"], view["status"], view["actor"])

    _step(api, COORDINATOR, dossier, "dispose", agency="dinkes")
    view = _step(api, ELSEWHERE, dossier, "return", reason="Bukan kewenangan kami")
    assert "in_progress" == view["status"]
    view = _step(api, COORDINATOR, dossier, "dispose", agency="dpupr", note="Mohon dicek")
    assert ("receive", "operator", "dpupr") == (view["step"], view["actor"], view["agency"])

    stages = [api.track(T, receipt)["step"]]
    way: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
        (OPERATOR, "forward", {}),
        (LIAISON, "forward", {"note": "Mohon petunjuk"}),
        (HEAD, "forward", {"response": "Ditambal pekan ini"}),
        (LIAISON, "forward", {"response": "Ditambal pekan ini"}),
        (OPERATOR, "answer", {"text": "Jalan ditambal pekan ini."}),
    ]
    for who, action, fields in way:
        view = _step(api, who, dossier, action, **fields)
        stages.append(api.track(T, receipt)["step"])

    assert ["receive", "coordinate", "follow_up", "relay", "enter", "receive_answer"] == stages
    assert "answered" == view["status"]
    api.advance("PT1M")
    view = api.dossier(T, dossier)
    assert "AnswerDelivered" in [entry["event"] for entry in view["timeline"]]
    seen = api.track(T, receipt)
    answers = [entry for entry in seen["timeline"] if entry["event"] == "Answered"]
    assert ["Jalan ditambal pekan ini."] == [entry["text"] for entry in answers]
    case = next(clock for clock in view["clocks"] if clock["target"] == "case")
    assert ("satisfied", 0) == (case["state"], case["late_seconds"])


def test_the_same_submission_changes_nothing(api: Api) -> None:
    """Sent once more, it answers 200 with the first receipt; other words under the same number are another's."""
    first = api.call("POST", f"/{T}/complaints", json={**COMPLAINT, "external_id": "wa-1"})
    again = api.call("POST", f"/{T}/complaints", json={**COMPLAINT, "external_id": "wa-1"})
    other = api.call("POST", f"/{T}/complaints", json={**COMPLAINT, "external_id": "wa-1", "title": "lain"})

    assert (201, 200, 201) == (first.status_code, again.status_code, other.status_code)
    assert first.json()["tracking_code"] != other.json()["tracking_code"]
    same = ("id", "ticket", "tracking_code", "status", "step")
    assert [first.json()[name] for name in same] == [again.json()[name] for name in same]
    assert 1 == len(api.dossier(T, first.json()["id"])["timeline"])


def test_another_agencys_officer_is_refused(api: Api) -> None:
    """Neither reading nor acting: the dossier is not theirs."""
    receipt = _to_operator(api)

    assert 403 == api.act(ELSEWHERE, receipt["id"], "forward").status_code
    assert 403 == api.call("GET", f"/{T}/dossiers/{receipt['id']}", ELSEWHERE).status_code
    assert 403 == api.act(LIAISON, receipt["id"], "forward").status_code
    neighbour = officer("bantul", "operator", "dpupr")
    assert 404 == api.act(neighbour, receipt["id"], "forward").status_code
    assert 403 == api.call("GET", f"/{T}/dossiers/{receipt['id']}", neighbour).status_code


def test_an_action_out_of_turn_is_a_conflict(api: Api) -> None:
    """The right officer at the wrong time; and an officer who decided on what was already past."""
    receipt = _to_operator(api)
    view = api.dossier(T, receipt["id"])

    assert 409 == api.act(OPERATOR, receipt["id"], "answer", text="Selesai").status_code
    assert 409 == api.act(COORDINATOR, receipt["id"], "dispose", agency="dinkes").status_code
    assert 409 == api.act(OPERATOR, receipt["id"], "forward", version=view["version"] - 1).status_code
    assert api.act(OPERATOR, receipt["id"], "forward", version=view["version"]).ok


def test_a_missing_reason_names_the_field(api: Api) -> None:
    """422, and the field is told."""
    receipt = _to_operator(api)

    answer = api.act(OPERATOR, receipt["id"], "return")

    assert 422 == answer.status_code
    assert ["reason"] == list(answer.json()["errors"])
    unknown = api.act(COORDINATOR, api.file(T, **COMPLAINT)["id"], "dispose", agency="nowhere")
    assert (422, ["agency"]) == (unknown.status_code, list(unknown.json()["errors"]))


def test_a_minute_late_is_breached_and_charged_to_the_holder(api: Api) -> None:
    """Sixteen minutes at a desk that has fifteen."""
    receipt = _to_operator(api)

    view = _step(api, OPERATOR, receipt["id"], "forward", minutes=16)

    late = [clock for clock in view["clocks"] if clock["state"] == "breached"]
    assert [("receive", "operator", "dpupr", 60)] == [
        (clock["step"], clock["actor"], clock["agency"], clock["late_seconds"]) for clock in late
    ]
    events = [entry["event"] for entry in api.dossier(T, receipt["id"])["timeline"]]
    assert 1 == events.count("ClockBreached")


def test_inboxes_show_the_open_tasks_soonest_due_first(api: Api) -> None:
    """The agency's inbox holds what it must do now, with titles, and nothing of another agency's."""
    first, second = _to_operator(api), _to_operator(api)

    mine = api.tasks(OPERATOR, first["id"], second["id"])

    assert [first["id"], second["id"]] == [item["id"] for item in mine]
    assert {"Jalan berlubang"} == {item["title"] for item in mine}
    assert 403 == api.call("GET", f"/{T}/inbox", OPERATOR, params={"agency": "dinkes"}).status_code


def test_a_wrong_code_and_an_unknown_ticket_answer_alike(api: Api) -> None:
    """Nobody learns whether a ticket exists."""
    receipt = api.file(T, **COMPLAINT)
    wrong = api.call("GET", f"/{T}/complaints/{receipt['ticket']}", params={"code": "WRONGCODE1"})
    unknown = api.call("GET", f"/{T}/complaints/CLP-2026-999999", params={"code": "WRONGCODE1"})

    assert (404, 404) == (wrong.status_code, unknown.status_code)
    drop = ("instance",)
    assert {k: v for k, v in wrong.json().items() if k not in drop} == {
        k: v for k, v in unknown.json().items() if k not in drop
    }


def test_silence_lapses_and_a_late_supplement_is_refused(api: Api) -> None:
    """Thirty days after a return nobody waits any longer for a reporter who was told of it."""
    receipt = api.file(T, **{**COMPLAINT, "reporter": {"name": "Siti"}})
    _step(api, COORDINATOR, receipt["id"], "return", reason="Alamat belum diisi")
    api.advance("P31D")
    assert "returned" == api.dossier(T, receipt["id"])["status"]
    api.track(T, receipt)
    api.advance("P31D")

    assert "lapsed" == api.dossier(T, receipt["id"])["status"]
    assert 409 == api.reporter(T, receipt, "supplement", reporter={"address": "Hanum"}).status_code


def test_the_month_is_recapped(api: Api) -> None:
    """A coordinator reads how many were filed, by status."""
    before = api.ok("GET", "/clock")["now"][:7]
    api.file(T, **COMPLAINT)

    recap = api.ok("GET", f"/{T}/recap", COORDINATOR, params={"month": before})

    assert recap["filed"] >= 1
    assert recap["filed"] == sum(each["filed"] for each in recap["by_status"])


def test_data_survive_a_restart(tmp_path_factory: Any) -> None:
    """Stopped and started again on the same directory, everything is where it was."""
    data = tmp_path_factory.mktemp("restart") / "data"
    with up(data, "--simulated-clock", START) as api:
        receipt = api.file(T, **COMPLAINT)
        disposed = _step(api, COORDINATOR, receipt["id"], "dispose", agency="dpupr")
    with up(data, "--simulated-clock", START) as api:
        asked = {"actor": "operator", "min_position": disposed["position"]}
        inbox = api.ok("GET", f"/{T}/inbox", OPERATOR, params=asked)
        tracked = api.track(T, receipt)

    assert [receipt["id"]] == [item["id"] for item in inbox["items"]]
    assert "receive" == tracked["step"]
