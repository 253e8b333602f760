"""The demo's accounts, laid open on its first page; those of a real installation never are."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from cli.demo.doors import open_doors
from shared.application.identity.shown_doors import DemoAccount, being_played, is_played, laid_open, lay_open
from tests.journey.installation import Api
from tests.pages.visitor import Visitor

Visitors = Callable[..., Visitor]


def test_the_demos_doors_are_open_to_whoever_reads_its_password(api: Api, visitor: Visitors) -> None:
    """An account for every role that people hold, in every government."""
    assert api.data is not None
    password, doors = open_doors(api.data)
    roles = {
        (tenant, actor["id"])
        for tenant in ("bantul", "cilacap", "cirebon", "majalengka", "trenggalek")
        for actor in api.ok("GET", f"/sops/{tenant}")["actors"]
        if actor["id"] not in ("reporter", "system")
    }
    front = visitor().get("/")
    entered = {}
    for door in {door.tenant: door for door in doors}.values():
        somebody = visitor()
        page = somebody.get(f"/{door.tenant}/masuk")
        entered[door.tenant] = somebody.send(page, "/masuk", username=door.username, password=password).status

    assert roles == {(door.tenant, door.username.replace("-", "_")) for door in doors}
    assert {200} == set(entered.values())
    assert sorted((door.tenant, door.username) for door in doors) == sorted(
        (form.action.split("/")[1], form.values["username"]) for form in front.forms if "username" in form.values
    )


def test_one_click_leads_from_the_demos_first_page_to_a_desk(api: Api, visitor: Visitors) -> None:
    """Without anything typed."""
    assert api.data is not None
    open_doors(api.data)
    somebody = visitor()
    form = next(each for each in somebody.get("/").forms if each.action.startswith("/bantul/"))

    assert "/bantul/meja" == urlsplit(somebody.post(form.action, form.values).address).path


def test_the_first_page_says_why_it_shows_no_account_yet(api: Api, visitor: Visitors) -> None:
    """While the month is being played, and not a moment longer."""
    assert api.data is not None
    with being_played(api.data):
        meanwhile = visitor().get("/")
        assert is_played(api.data)

    assert "sedang dimainkan" in meanwhile.text
    assert "/" in [each.attributes["href"] for each in meanwhile.all("a") if "Muat ulang" in each.text]
    assert "sedang dimainkan" not in visitor().get("/").text


def test_a_real_clock_lays_no_door_open(tmp_path: Path) -> None:
    """Whatever lies in the folder; and where nothing was laid open there is nothing to show."""
    assert laid_open(tmp_path) is None
    lay_open(tmp_path, "sandi", (DemoAccount("cilacap", "coordinator", "Admin", "Cilacap"),))
    assert ("sandi", (DemoAccount("cilacap", "coordinator", "Admin", "Cilacap"),)) == laid_open(tmp_path)
    assert 0o600 == next(tmp_path.iterdir()).stat().st_mode & 0o777
