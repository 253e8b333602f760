"""``aduan demo`` plays every way that a complaint can take, in all five governments, and tells the truth about it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from cli.demo.story import PLOTS
from tests.fixtures.places import fast_directory
from tests.fixtures.rabbitmq import dying_with_us

COMPLAINTS = len(PLOTS) + 2
"""One for each way, and two that go theirs by chance: people who write."""
TENANTS = ("bantul", "cilacap", "cirebon", "majalengka", "trenggalek")
MOST_SECONDS = 560

EVERYWHERE = (
    "returned_wrong_agency",
    "Recalled",
    "Rejected",
    "Reinstated",
    "Merged",
    "Transferred",
    "Withdrawn",
    "Replied",
    "answered_balasan",
    "Reopened",
    "Rated",
    "completed_by_telephone",
    "HelpAsked",
    "HelpGiven",
    "HelpCancelled",
    "LeaveAsked",
    "LeaveGranted",
    "LeaveRefused",
    "Resumed",
    "photos",
    "documents",
    "DeliveryFailed",
    "CodeRenewed",
    "Closed",
)
WHERE_SOMETHING_IS_REQUIRED = ("returned_incomplete", "completed_by_reporter", "despite")
DRAWN_MONTHLY = ("bantul", "cilacap", "majalengka")

pytestmark = [pytest.mark.process, pytest.mark.slow]
each = pytest.mark.parametrize("tenant", TENANTS)


@pytest.fixture(scope="module")
def told() -> Iterator[dict[str, Any]]:
    """What a small demo tells at its end."""
    place = fast_directory("aduan-demo")
    figures = place / "figures.json"
    command = [sys.executable, "-m", "cli.main", "demo", "--exit", "--complaints", str(COMPLAINTS)]
    command += ["--figures", str(figures), "--data", str(place / "data")]
    try:
        played = subprocess.run(
            dying_with_us(command), check=False, capture_output=True, text=True, timeout=MOST_SECONDS
        )
        assert 0 == played.returncode, f"{played.stdout[-2000:]}\n{played.stderr[-4000:]}"
        yield {**json.loads(figures.read_text(encoding="utf-8")), "printed": played.stdout}
    finally:
        shutil.rmtree(place, ignore_errors=True)


@each
def test_every_way_is_taken(told: dict[str, Any], tenant: str) -> None:
    """Each way out of a wrong turn, each kind of help, each way of being told: at least once."""
    figures = told["figures"][tenant]
    assert [] == [name for name in EVERYWHERE if not figures.get(name)]


def test_every_action_of_every_officer_is_taken(told: dict[str, Any]) -> None:
    """Whatever one of the five procedures lets an officer do: nothing stands there that nobody ever did."""
    assert {tenant: [] for tenant in TENANTS} == told["not_taken"]


@pytest.mark.parametrize("tenant", ["cilacap", "trenggalek"])
def test_the_incomplete_is_mended_in_each_way(told: dict[str, Any], tenant: str) -> None:
    """Returned to the reporter, completed on their word, or gone on with for a stated reason."""
    figures = told["figures"][tenant]
    assert [] == [name for name in WHERE_SOMETHING_IS_REQUIRED if not figures.get(name)]


@each
def test_nothing_counts_as_delivered_that_was_not(told: dict[str, Any], tenant: str) -> None:
    """By e-mail only who has an address, by telephone only who was rung up, by the portal only who has looked."""
    figures = told["figures"][tenant]
    assert [] == figures["untrue"]
    assert {"email", "portal", "telephone"} == set(figures["reached"]) - {"whatsapp", "sms"}
    assert figures["answered"] == sum(figures["reached"].values()) + figures["not_reached"]
    assert figures["not_reached"] >= 1
    assert figures["to_contact"] >= 1


def test_some_complain_by_telephone_and_are_answered_there(told: dict[str, Any]) -> None:
    """Where the SOP names WhatsApp or SMS somebody writes by it, and reads the answer on the same telephone."""
    ways = {tenant: {"whatsapp", "sms"} & set(told["figures"][tenant]["reached"]) for tenant in TENANTS}
    assert {"bantul": set(), "cilacap": {"whatsapp"}, "cirebon": set(), "majalengka": {"sms"}} == {
        tenant: by for tenant, by in ways.items() if tenant != "trenggalek"
    }
    assert "whatsapp" in ways["trenggalek"]
    assert "6 people wrote by WhatsApp, SMS or e-mail" in told["printed"]


@each
def test_a_group_is_answered_as_one(told: dict[str, Any], tenant: str) -> None:
    """Two reporters about one thing: one group, and an answer for each."""
    assert 1 == told["figures"][tenant]["groups"]


@each
def test_all_are_filed(told: dict[str, Any], tenant: str) -> None:
    """As many as were asked for."""
    assert COMPLAINTS == told["figures"][tenant]["filed"]


def test_the_months_recap_was_drawn_up_by_itself(told: dict[str, Any]) -> None:
    """On the first working day after it, where the SOP wants one every month."""
    drawn = {tenant: recap["drawn_at"][:10] for tenant, recap in told["drawn"].items() if recap is not None}
    assert dict.fromkeys(DRAWN_MONTHLY, "2026-11-02") == drawn
