"""A data folder of the version before opens, and work goes on in it."""

from pathlib import Path
from typing import Any

import pytest

from shared.base.times import from_iso
from shared.platform.database.embedded_postgres import running_url
from tests.cli.command import aduan, aduan_here
from tests.journey.installation import ADMIN, START, officer
from tests.processes.traffic import differing_at
from tests.upgrade.conftest import Opened
from tests.upgrade.older import PASSWORDS, unpack

TENANTS = ("bantul", "cilacap", "cirebon", "majalengka", "trenggalek")
ENDED = ("closed", "withdrawn", "lapsed", "transferred")


def test_every_dossier_reads_as_before(opened: Opened) -> None:
    """Ticket, history, words and answers of every complaint are what the version before showed."""
    before = {name: _essence(seen, seen["receipt"]["ticket"]) for name, seen in opened.older.dossiers.items()}
    after = {}
    for name, view in opened.first.items():
        seen = {**view, "events": [entry["event"] for entry in view["timeline"]][: len(before[name]["events"])]}
        after[name] = _essence({**seen, "message": (view["complaint"] or {}).get("message")}, view["ticket"])

    assert before == after


def test_what_had_ended_stays_ended(opened: Opened) -> None:
    """No clock and no automatic step of the new version wakes a complaint that was over."""
    over = {name: seen["status"] for name, seen in opened.older.dossiers.items() if seen["status"] in ENDED}

    assert len(over) > 10
    assert over == {name: opened.first[name]["status"] for name in over}
    assert {name: len(opened.older.dossiers[name]["events"]) for name in over} == {
        name: len(opened.first[name]["timeline"]) for name in over
    }


def test_reporters_follow_their_complaints_with_the_codes_they_have(opened: Opened) -> None:
    """Every tracking code still opens, and shows the answers that were given."""
    before = {
        name: [answer for _, answer in seen["answers"]]
        for name, seen in opened.older.dossiers.items()
        if name in opened.tracked
    }

    assert any(before.values())
    assert before == {
        name: [entry["text"] for entry in tracked["timeline"] if entry["event"] == "Answered"]
        for name, tracked in opened.tracked.items()
    }


def test_the_clock_goes_on_where_it_stood(opened: Opened) -> None:
    """An older instant on the command line does not set it back."""
    assert from_iso(opened.older.now) <= from_iso(opened.api.ok("GET", "/clock")["now"])


def test_erased_stays_erased(opened: Opened) -> None:
    """Nothing that was forgotten is readable again."""
    erased = [name for name, seen in opened.older.dossiers.items() if "Erased" in seen["events"]]

    assert len(TENANTS) == len(erased)
    assert {None} == {(opened.first[name]["complaint"] or {}).get("message") for name in erased}


def test_every_table_holds_what_the_log_says(opened: Opened) -> None:
    """After the start every list, clock and figure is what the present version would make of the log."""
    assert [] == opened.differing


def test_a_month_closed_before_reads_the_same(opened: Opened) -> None:
    """October was over; how many complaints came in then does not depend on the version that counts."""
    after = {
        tenant: opened.api.ok("GET", f"/{tenant}/recap", ADMIN, params={"month": "2026-10"})["filed"]
        for tenant in TENANTS
    }

    assert {tenant: recap["filed"] for tenant, recap in opened.older.recaps.items()} == after
    assert sum(after.values()) > 0


@pytest.mark.parametrize("password", PASSWORDS.values(), ids=ascii)
@pytest.mark.parametrize("username", sorted(PASSWORDS))
def test_accounts_log_in_with_the_passwords_they_have(opened: Opened, username: str, password: str) -> None:
    """An account of the version before opens with its password, with whichever letters it was and is typed."""
    body = {"tenant": "cilacap", "username": username, "password": password}

    assert 200 == opened.api.call("POST", "/login", json=body).status_code


def test_the_log_is_intact(opened: Opened) -> None:
    """Every dossier's chain of hashes is unbroken."""
    ran = aduan_here("audit", "verify", "--data", str(opened.older.data))

    assert (0, True) == (ran.status, "intact" in ran.out), ran.err


def test_work_goes_on(opened: Opened) -> None:
    """Open dossiers can be acted on, returned ones supplemented, new ones filed; and the tables follow."""
    api, seen = opened.api, opened.older.dossiers
    returned, waiting = seen["cilacap returned"], seen["cilacap open"]
    answers = [
        api.reporter("cilacap", returned["receipt"], "supplement", title="Jalan depan pasar"),
        api.act(officer("cilacap", "coordinator"), waiting["receipt"]["id"], "dispose", agency="dinkes"),
        api.act(officer("bantul", "operator", "dpupkp"), seen["bantul open"]["receipt"]["id"], "forward"),
    ]
    filed = [api.file(tenant, message="Lampu mati.", channel="web") for tenant in TENANTS]
    api.advance("P40D")  # further than any standard or wait of the five

    assert [200, 200, 200] == [answer.status_code for answer in answers], [answer.text for answer in answers]
    assert len(TENANTS) == len({receipt["ticket"] for receipt in filed})
    assert "Lapsed" not in _events(opened, "cilacap returned")
    assert "ClockBreached" in _events(opened, "cilacap open")
    assert [] == differing_at(running_url(opened.older.data / "postgres") or "")


def _essence(seen: dict[str, Any], ticket: str) -> dict[str, Any]:
    return {"ticket": ticket, "events": seen["events"], "message": seen["message"]}


def _events(opened: Opened, name: str) -> list[str]:
    seen = opened.older.dossiers[name]
    return [entry["event"] for entry in opened.api.dossier(seen["tenant"], seen["receipt"]["id"])["timeline"]]


def test_its_clock_was_a_simulated_one(tmp_path: Path) -> None:
    """The version before kept no word on its clock; what it left says enough to refuse the machine's."""
    older = unpack(tmp_path / "data")
    refused = aduan("up", "--port", "0", "--data", str(older.data))

    assert (2, "") == (refused.status, refused.out)
    assert "was made with a simulated clock" in refused.err


def test_a_folder_of_a_real_clock_refuses_a_simulated_one(tmp_path: Path) -> None:
    """Of a folder without any word on its clock, the version before had used the machine's."""
    older = unpack(tmp_path / "data")
    (older.data / "simulated-clock").unlink()
    refused = aduan("up", "--port", "0", "--data", str(older.data), "--simulated-clock", START)

    assert (2, "") == (refused.status, refused.out)
    assert "was made with a real clock" in refused.err
