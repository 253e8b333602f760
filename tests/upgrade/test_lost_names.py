"""Files that were changed under open dossiers: what they have lost is told, and everything can still be read."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.platform.settings import PROJECT
from tests.cli.command import Ran, aduan_here
from tests.journey.installation import ADMIN, START, Api, officer, up
from tests.pages.desks import Desks
from tests.pages.visitor import Visitor
from tests.upgrade.older import Older, unpack

AGENCY = "dpupkp"
"""Bantul's, which holds open dossiers in the older folder."""


@dataclass(frozen=True)
class Changed:
    """An installation whose files have lost an agency of Bantul's, Cilacap's first version, and a step of Cirebon's."""

    api: Api
    older: Older
    tenants: Path

    def run(self, *arguments: str) -> Ran:
        """A command on it."""
        return aduan_here(*arguments, "--data", str(self.older.data), ADUAN_TENANTS_DIR=str(self.tenants))

    def of(self, tenant: str) -> dict[str, dict[str, Any]]:
        """The dossiers of a tenant that were not erased, by name."""
        return {
            name: seen
            for name, seen in self.older.dossiers.items()
            if seen["tenant"] == tenant and "Erased" not in seen["events"]
        }


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Changed]:
    """The older folder, opened with those files."""
    place: Path = tmp_path_factory.mktemp("lost")
    older = unpack(place / "data")
    tenants = place / "tenants"
    shutil.copytree(PROJECT / "tenants", tenants)
    _lose(tenants / "bantul" / "agencies.yaml", f"id: {AGENCY}\n", "id: dinas_lain\n")
    for file in (tenants / "cilacap").glob("sop.v*.yaml"):
        file.unlink()
    first = tenants / "cirebon" / "sop.v1.yaml"
    _lose(first if first.exists() else tenants / "cirebon" / "sop.yaml", "respond", "menanggapi")
    os.environ["ADUAN_TENANTS_DIR"] = str(tenants)
    try:
        with up(older.data, "--simulated-clock", START) as api:
            yield Changed(api, older, tenants)
    finally:
        del os.environ["ADUAN_TENANTS_DIR"]


def _lose(file: Path, name: str, instead: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert name in text, file
    file.write_text(text.replace(name, instead), encoding="utf-8")


def test_the_start_names_what_is_lost(changed: Changed) -> None:
    """With the file, how many dossiers need it, and what to do."""
    said = (changed.older.data.parent / "data.log").read_text()

    for name in (
        f"bantul/agencies.yaml: the agency {AGENCY} is gone",
        "cilacap/sop.v1.yaml: version 1 of the procedure",
    ):
        assert name in said
    assert "cirebon/" in said
    assert "the step respond is gone" in said


def test_sop_check_names_it_too(changed: Changed) -> None:
    """As errors, where it is told which installation to look at."""
    ran = changed.run("sop", "check", "--least", "error")

    assert 1 == ran.status
    assert 3 <= len([line for line in ran.out.splitlines() if line.endswith("[lost]")]), ran.out


@pytest.mark.parametrize("tenant", ["bantul", "cilacap", "cirebon"])
def test_every_dossier_can_be_read(changed: Changed, tenant: str) -> None:
    """By officers, by their reporters and on the command line; an id stands in for a name that is gone."""
    for seen in changed.of(tenant).values():
        view = changed.api.dossier(tenant, seen["receipt"]["id"])
        tracked = changed.api.track(tenant, seen["receipt"])
        assert seen["receipt"]["ticket"] == view["ticket"] == tracked["ticket"]
        assert view["agency"] != AGENCY or AGENCY == view["agency_name"] == tracked["agency_name"]
    ticket = next(iter(changed.of(tenant).values()))["receipt"]["ticket"]
    for command in (("dossier", "show", ticket), ("clock", "explain", ticket)):
        ran = changed.run(*command)
        assert 0 == ran.status, ran.err


@pytest.mark.parametrize("tenant", ["bantul", "cilacap", "cirebon"])
def test_every_dossier_has_its_pages(changed: Changed, tenant: str) -> None:
    """In the browser too, for its reporter and at the coordinator's desk."""
    desk = Desks(changed.api).enter(tenant, "coordinator")
    for seen in changed.of(tenant).values():
        receipt = seen["receipt"]
        reporter = Visitor(changed.api.address)
        form = reporter.get(f"/{tenant}/lacak")
        pages = [
            reporter.send(form, "/lacak", ticket=receipt["ticket"], code=receipt["tracking_code"]),
            desk.get(f"/{tenant}/berkas/{receipt['ticket']}"),
        ]
        assert [200, 200] == [page.status for page in pages], receipt
        assert all(receipt["ticket"] in page.text for page in pages)


@pytest.mark.parametrize("tenant", ["bantul", "cilacap", "cirebon"])
def test_lists_and_statistics_can_be_read(changed: Changed, tenant: str) -> None:
    """Inbox, clocks, recap and register leave nothing out and refuse nothing."""
    api = changed.api
    for path in ("inbox", "clocks"):
        assert api.ok("GET", f"/{tenant}/{path}", ADMIN)["items"]
    for month in ("2026-10", "2026-12"):
        api.ok("GET", f"/{tenant}/recap", ADMIN, params={"month": month})
        for command in ("recap", "register"):
            ran = changed.run(command, "--tenant", tenant, "--month", month)
            assert 0 == ran.status, ran.err


def test_nothing_is_done_by_a_procedure_that_is_lost(changed: Changed) -> None:
    """An officer and a reporter are told which file is missing; what can be read shows that nothing is allowed."""
    seen = changed.of("cilacap")
    coordinator = officer("cilacap", "coordinator")
    refused = [
        changed.api.act(coordinator, seen["cilacap open"]["receipt"]["id"], "dispose", agency="dinkes"),
        changed.api.reporter("cilacap", seen["cilacap returned"]["receipt"], "supplement", title="x"),
    ]

    assert [(409, "sop_version_lost")] * 2 == [(each.status_code, each.json()["code"]) for each in refused]
    assert all("sop.v1.yaml" in each.json()["detail"] for each in refused)
    assert [] == changed.api.dossier("cilacap", seen["cilacap open"]["receipt"]["id"])["allowed"]


def test_the_others_go_on_and_the_clock_does_not_wait(changed: Changed) -> None:
    """Timers of lost procedures block nobody: time passes, new complaints are filed, and others' waits run out."""
    filed = changed.api.file("cilacap", message="Lampu mati.", channel="web")
    changed.api.advance("P40D")

    assert "ClockBreached" in [e["event"] for e in changed.api.dossier("cilacap", filed["id"])["timeline"]]
    view = changed.api.dossier("cilacap", changed.of("cilacap")["cilacap returned"]["receipt"]["id"])
    assert "returned" == view["status"]
