"""Books and lists through the API: registers with and without names, and finding complaints."""

import csv
import io
from typing import Any

import openpyxl
import pytest

from tests.cli.command import aduan
from tests.fixtures.waiting import eventually
from tests.journey.installation import ADMIN, Api, officer

COORDINATOR = officer("cilacap", "coordinator")
DPUPR = officer("cilacap", "operator", "dpupr")
DINKES = officer("cilacap", "operator", "dinkes")


def _filed(api: Api, name: str, phone: str, privacy: str = "open", *, to: str | None = "dpupr") -> dict[str, Any]:
    reporter = {"name": name, "address": "RT 02 Hanum", "phone": phone}
    receipt = api.file("cilacap", reporter=reporter, message="Jalan berlubang dalam.", privacy=privacy)
    if to is not None:
        assert api.act(COORDINATOR, receipt["id"], "dispose", agency=to).ok
    return receipt


def _found(api: Api, who: dict[str, Any], **asked: Any) -> set[str]:
    return {item["ticket"] for item in api.ok("GET", "/cilacap/dossiers", who, params=asked)["items"]}


def _month(api: Api) -> str:
    return str(api.ok("GET", "/clock")["now"])[:7]


@pytest.mark.parametrize("privacy", ["open", "anonymous", "secret"])
@pytest.mark.parametrize(
    ("who", "sees_text", "sees_name"),
    [(COORDINATOR, True, {"open", "anonymous", "secret"}), (DPUPR, True, {"open"}), (ADMIN, False, set())],
    ids=["tenant's desk", "agency", "administrator"],
)
def test_a_register_shows_each_reader_what_they_may_see(
    api: Api, privacy: str, who: dict[str, Any], sees_text: bool, sees_name: set[str]
) -> None:
    """Names to who may know them, texts to officers, neither to an administrator."""
    receipt = _filed(api, f"Siti {privacy}", "081234567890", privacy)

    rows, after = [], None
    while True:
        page = api.ok("GET", "/cilacap/register", who, params={"month": _month(api), "limit": 200, "after": after})
        rows += page["rows"]
        after = page["next"]
        if after is None:
            break

    [row] = [each for each in rows if each["ticket"] == receipt["ticket"]]
    assert ("Jalan berlubang dalam." if sees_text else None) == row.get("message")
    assert (f"Siti {privacy}" if privacy in sees_name else None) == row.get("name")


def test_a_register_is_had_as_a_file(api: Api) -> None:
    """The same lines as CSV, as a workbook and on paper."""
    receipt = _filed(api, "Budi", "081234567891")
    asked = {"month": _month(api), "register": "recap"}

    files = {
        form: api.call("GET", "/cilacap/register", COORDINATOR, params={**asked, "format": form})
        for form in ("csv", "xlsx", "pdf")
    }

    assert {"csv": 200, "xlsx": 200, "pdf": 200} == {form: each.status_code for form, each in files.items()}
    assert receipt["ticket"] in {row["Nomor tiket"] for row in csv.DictReader(io.StringIO(files["csv"].text))}
    page = openpyxl.load_workbook(io.BytesIO(files["xlsx"].content)).active
    assert page is not None
    assert str(page["A1"].value).startswith("Rekap data aduan masyarakat, Kabupaten Cilacap")
    assert files["pdf"].content.startswith(b"%PDF-")


def test_a_register_of_one_channel_holds_what_came_by_it(api: Api) -> None:
    """By any page or file; a channel that there is not is told, with those that there are."""
    by = {
        channel: api.file(
            "cilacap", message=f"Jembatan retak, {channel}", channel=channel, reporter={"name": "A", "address": "Hanum"}
        )["ticket"]
        for channel in ("telephone", "letter")
    }
    asked = {"month": _month(api), "channel": "letter"}
    answer = api.call("GET", "/cilacap/register", COORDINATOR, params={**asked, "format": "csv"})
    tickets = [row["Nomor tiket"] for row in csv.DictReader(io.StringIO(answer.text))]
    page = api.ok("GET", "/cilacap/register", COORDINATOR, params={**asked, "limit": 1})
    refused = api.call("GET", "/cilacap/register", COORDINATOR, params={**asked, "channel": "merpati"})

    assert (True, False) == (by["letter"] in tickets, by["telephone"] in tickets)
    assert f"-{_month(api)}-letter.csv" in answer.headers["Content-Disposition"]
    assert ("letter", {"letter"}) == (page["channel"], {row["channel"] for row in page["rows"]})
    assert (422, True) == (refused.status_code, "letter" in str(refused.json()["errors"]["channel"]))


def test_a_register_that_the_sop_does_not_know_is_told(api: Api) -> None:
    """Not an empty book under a wrong name; and which there are."""
    answer = api.call("GET", "/cilacap/register", COORDINATOR, params={"month": "2026-10", "register": "nope"})

    assert 422 == answer.status_code
    assert "recap" in str(answer.json()["errors"]["register"])


@pytest.mark.parametrize("written", ["0812-3456-7777", "+62 812 3456 7777", "6281234567777", "(0812) 3456 7777"])
def test_a_reporter_is_found_however_the_number_is_written(api: Api, written: str) -> None:
    """A number is one number, and a name one name, in any spelling."""
    receipt = _filed(api, "Siti  RAHAYU", "081234567777")

    assert receipt["ticket"] in _found(api, COORDINATOR, phone=written)
    assert receipt["ticket"] in _found(api, COORDINATOR, name="siti rahayu", phone=written)
    assert receipt["ticket"] not in _found(api, COORDINATOR, name="siti", phone=written)


def test_to_search_tells_nobody_who_is_behind_a_complaint(api: Api) -> None:
    """An agency finds open reporters only, a secret one by no name; an administrator asks for none."""
    known = _filed(api, "Rahasia Umum", "081234560001")
    secret = _filed(api, "Rahasia Umum", "081234560001", "secret")
    anonymous = _filed(api, "Rahasia Umum", "081234560001", "anonymous")

    assert {known["ticket"]} == _found(api, DPUPR, name="rahasia umum")
    assert set() == _found(api, DINKES, name="rahasia umum")
    assert {each["ticket"] for each in (known, secret, anonymous)} == _found(api, COORDINATOR, phone="081234560001")
    refused = api.call("GET", "/cilacap/dossiers", ADMIN, params={"name": "rahasia umum"})
    assert (403, "admin_may_not_know") == (refused.status_code, refused.json()["code"])


def test_complaints_are_found_by_where_they_stand(api: Api) -> None:
    """By agency, step, status and state; what is not the caller's is not found."""
    waiting = _filed(api, "Ani", "081234560002", to=None)
    held = _filed(api, "Ani", "081234560002")
    gone = _filed(api, "Ani", "081234560002", to=None)
    assert api.reporter("cilacap", gone, "withdraw", reason="Sudah baik").ok

    def ani(who: dict[str, Any], **asked: Any) -> set[str]:
        return _found(api, who, phone="081234560002", **asked)

    assert {waiting["ticket"], held["ticket"]} == ani(COORDINATOR, state="open")
    assert {gone["ticket"]} == ani(COORDINATOR, state="closed")
    assert {gone["ticket"]} == ani(COORDINATOR, status="withdrawn,lapsed")
    assert {held["ticket"]} == ani(COORDINATOR, agency="dpupr")
    assert {held["ticket"]} == ani(DPUPR)
    assert {waiting["ticket"]} == ani(COORDINATOR, step="check")
    assert {waiting["ticket"]} == _found(api, COORDINATOR, ticket=waiting["ticket"])
    assert set() == _found(api, DPUPR, ticket=waiting["ticket"])


def test_a_list_is_read_page_by_page(api: Api) -> None:
    """Every complaint once, the latest first."""
    tickets = []
    for _ in range(5):
        tickets.append(_filed(api, "Halaman", "081234560003", to=None)["ticket"])
        api.advance("PT1S")
    seen: list[str] = []
    after = None
    while True:
        asked = {"phone": "081234560003", "limit": 2, "after": after}
        page = api.ok("GET", "/cilacap/dossiers", COORDINATOR, params=asked)
        seen += [item["ticket"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break

    assert tickets[::-1] == seen


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"phone": "siti"}, "phone"),
        ({"since": "kemarin"}, "since"),
        ({"until": "9999-12-31"}, "until"),
        ({"status": "sleeping"}, "status"),
        ({"state": "maybe"}, "state"),
        ({"after": "xyz"}, "after"),
        ({"limit": "0"}, "limit"),
    ],
)
def test_what_cannot_be_asked_is_told_by_field(api: Api, asked: dict[str, str], field: str) -> None:
    """A clear word for each, never an accident."""
    answer = api.call("GET", "/cilacap/dossiers", COORDINATOR, params=asked)

    assert (422, [field]) == (answer.status_code, list(answer.json()["errors"]))


def test_a_name_that_nobody_can_see_asks_for_nobody(api: Api) -> None:
    """It is as good as none, and everything is found."""
    receipt = _filed(api, "Terlihat", "081234560007", to=None)

    assert receipt["ticket"] in _found(api, COORDINATOR, name="\u200b", phone="081234560007")


def test_an_erased_reporter_is_found_by_no_name(api: Api) -> None:
    """The hashes go with the key."""
    receipt = _filed(api, "Hapus Saya", "081234560004", to=None)
    assert {receipt["ticket"]} == _found(api, COORDINATOR, phone="081234560004")

    ran = aduan(
        "erase", receipt["ticket"], "--tenant", "cilacap", "--reason", "asked", "--yes", "--data", str(api.data)
    )
    assert ran.status == 0, ran.err

    assert set() == _found(api, COORDINATOR, phone="081234560004")


def test_a_month_is_drawn_up_by_itself(api: Api) -> None:
    """On the first working day after it, when the office opens, and kept as it was then."""
    _filed(api, "Bulanan", "081234560005")
    month = _month(api)
    year, number = int(month[:4]), int(month[5:])
    following = f"{year + number // 12}-{number % 12 + 1:02}"
    api.move_to(f"{following}-01T00:00:00+07:00")
    before = api.call("GET", f"/cilacap/recaps/{month}", COORDINATOR)

    api.move_to(f"{following}-12T12:00:00+07:00")
    eventually(lambda: api.call("GET", f"/cilacap/recaps/{month}", COORDINATOR).ok)

    assert (404, "month_not_drawn") == (before.status_code, before.json()["code"])
    assert api.ok("GET", f"/cilacap/recaps/{month}", COORDINATOR)["filed"] >= 1
    assert month in {each["month"] for each in api.ok("GET", "/cilacap/recaps", ADMIN)["items"]}
    assert 403 == api.call("GET", "/cilacap/recaps", DPUPR).status_code


def test_satisfaction_is_asked_as_the_government_wants(api: Api) -> None:
    """The nine elements where the SOP's file asks for them, refused by name where it does not."""
    receipt = _filed(api, "Puas", "081234560006")
    for actor, action in (("operator", "forward"), ("liaison", "forward")):
        assert api.act(officer("cilacap", actor, "dpupr"), receipt["id"], action).ok
    assert api.act(officer("cilacap", "head", "dpupr"), receipt["id"], "forward", response="Ditambal").ok
    assert api.act(officer("cilacap", "liaison", "dpupr"), receipt["id"], "forward", response="Ditambal").ok
    assert api.act(DPUPR, receipt["id"], "answer", text="Sudah ditambal.").ok

    refused = [api.reporter("cilacap", receipt, "rate", score=5, elements=each) for each in ([4] * 8, [5] * 9, "4")]
    done = api.reporter("cilacap", receipt, "rate", score=5, elements=[4] * 9)

    assert [["elements"]] * 3 == [sorted({name.split(".")[0] for name in each.json()["errors"]}) for each in refused]
    assert done.ok, done.text
    told = api.ok("GET", "/cilacap/recap", COORDINATOR, params={"month": _month(api)})["satisfaction"]
    assert told["answered"] >= 1
    assert told["index"] is not None
