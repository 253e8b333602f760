"""The officers' door is for officers: nobody acts there as the reporter, the system, an administrator, a neighbour."""

import pytest

from tests.journey.installation import ADMIN, Api, officer
from tests.journey.traveller import Traveller

TENANTS = ("bantul", "cilacap", "cirebon", "majalengka", "trenggalek")
ACTIONS = ("withdraw", "supplement", "reply", "deliver", "forward", "dispose", "answer", "approve", "return")


@pytest.mark.parametrize("tenant", TENANTS)
def test_only_officers_act_as_officers(installed: Api, tenant: str) -> None:
    """A token that says otherwise opens nothing, and nothing has happened."""
    way = Traveller.file(installed, tenant, elsewhere="dinkes")
    before = way.events()
    tried = {
        actor: {way.status(who, action, reason="x", text="x", agency="dinkes") for action in ACTIONS}
        for actor, who in (
            ("reporter", officer(tenant, "reporter")),
            ("system", officer(tenant, "system")),
            ("nobody", officer(tenant, "nobody")),
            ("admin", {**ADMIN, "tenant": tenant}),
        )
    }

    assert {"nobody": {403}, "admin": {403}} == {actor: tried[actor] for actor in ("nobody", "admin")}
    assert {403, 409} >= tried["reporter"] | tried["system"]
    assert before == way.events()


@pytest.mark.parametrize("tenant", TENANTS)
def test_a_neighbour_finds_nothing(installed: Api, tenant: str) -> None:
    """Another government's officer of the same name: refused here, and there is no such dossier at home."""
    way = Traveller.file(installed, tenant, elsewhere="dinkes")
    neighbour = officer(TENANTS[TENANTS.index(tenant) - 1], "coordinator")

    assert 403 == installed.call("GET", f"/{tenant}/dossiers/{way.id}", neighbour).status_code
    assert 404 == installed.call("GET", f"/{neighbour['tenant']}/dossiers/{way.id}", neighbour).status_code
    assert 404 == way.status(neighbour, "dispose", agency="dinkes")
    path = f"/{tenant}/dossiers/{way.id}/actions"
    assert 403 == installed.call("POST", path, neighbour, json={"action": "dispose", "agency": "dinkes"}).status_code


@pytest.mark.parametrize(
    "move",
    [
        {"to": "9999-12-31T23:59:59+07:00"},
        {"to": "9999-12-31T23:59:59-07:00"},
        {"to": "2200-01-01T00:00:00Z"},
        {"advance": "P99999D"},
        {"advance": "P9999W"},
    ],
    ids=str,
)
def test_the_clock_is_not_moved_out_of_reckoning(installed: Api, move: dict[str, str]) -> None:
    """So far ahead no due time could be reckoned, and there is no way back: refused, and the clock stands as before."""
    before = installed.ok("GET", "/clock")

    assert 422 == installed.call("POST", "/clock", ADMIN, json=move).status_code
    assert before == installed.ok("GET", "/clock")
