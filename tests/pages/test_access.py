"""Who may open which page: every endpoint, asked by everybody."""

from collections.abc import Callable
from typing import Final

import pytest
from flask import Flask

from portal.pages import access_table
from portal.pages.access_table import ACCESS
from portal.pages.citizen.own.door import require_citizen
from portal.pages.officer import visits
from tests.journey.installation import Api
from tests.pages.addresses import PATHS, TICKET
from tests.pages.desks import Desks
from tests.pages.visitor import Page, Visitor

Visitors = Callable[..., Visitor]

_DOORS: Final = ("Masuk petugas", "Kepada pemerintah mana Anda mengadu?")
"""What whoever has no visit comes to: a government's log-in, or the list of governments."""
_STAFFED: Final = [name for name, door in ACCESS.items() if door in ("officer", "administrator")]


@pytest.fixture(scope="module")
def ticket(api: Api) -> str:
    """A complaint that lies with the government's own desk."""
    return str(api.file("cilacap", message="Jalan rusak rahasia", reporter={"name": "Siti Rahayu"})["ticket"])


@pytest.fixture(scope="module")
def foreign(desks: Desks) -> Visitor:
    """Another government's coordinator."""
    return desks.enter("bantul", "coordinator")


@pytest.fixture(scope="module")
def neighbour(desks: Desks) -> Visitor:
    """Another office's operator."""
    return desks.enter("cilacap", "operator", "dishub")


def _ask(somebody: Visitor, endpoint: str, ticket: str) -> Page:
    method, path = PATHS[endpoint]
    address = path.replace(TICKET, ticket)
    if method == "GET":
        return somebody.get(address)
    token = somebody.get("/cilacap/lacak").form("/lacak").values["tanda"]
    return somebody.post(address, {"tanda": token})


def test_every_page_has_a_row_here_and_in_the_table() -> None:
    """A new page without one is noticed twice."""
    assert set(ACCESS) == set(PATHS)


@pytest.mark.parametrize("endpoint", _STAFFED)
def test_a_stranger_is_shown_the_door(visitor: Visitors, ticket: str, endpoint: str) -> None:
    """Every page for officers, asked for without a visit: the log-in, and nothing of the complaint."""
    page = _ask(visitor(), endpoint, ticket)

    if endpoint.startswith("live."):
        # What a page asks by itself leads nowhere.
        assert (401, "") == (page.status, page.html)
    elif endpoint.startswith(("pusat.", "disisihkan.")):
        assert "Kepada pemerintah mana Anda mengadu?" == page.heading
    else:
        assert "Masuk petugas" == page.heading
    assert "rahasia" not in page.html
    assert "Siti" not in page.html


@pytest.fixture(scope="module")
def ended(desks: Desks) -> Visitor:
    """A browser whose visit was ended from another machine, with every other of an account that no other test has."""
    here, elsewhere = (desks.enter("cilacap", "liaison", "bakesbangpol") for _ in range(2))
    elsewhere.send(elsewhere.get("/cilacap/akun"), "/akun", akhiri="1")
    return here


@pytest.mark.parametrize("endpoint", _STAFFED)
def test_a_visit_that_has_ended_opens_nothing(ended: Visitor, ticket: str, endpoint: str) -> None:
    """The cookie is still sent: it is of nobody any more, on whatever page."""
    page = _ask(ended, endpoint, ticket)

    if endpoint.startswith("live."):
        assert (401, "") == (page.status, page.html)
    else:
        assert page.heading in _DOORS
    assert "rahasia" not in page.html
    assert "Siti" not in page.html


@pytest.mark.parametrize("endpoint", _STAFFED)
def test_another_governments_officer_is_refused(foreign: Visitor, ticket: str, endpoint: str) -> None:
    """Whatever their role at home; the page says who could."""
    page = _ask(foreign, endpoint, ticket)

    assert 403 == page.status
    assert "Yang boleh: " in page.text
    assert "Siti" not in page.html
    assert endpoint.startswith("live.") or page.all("a", href="/bantul/meja"), "the way back to their own desk"


@pytest.mark.parametrize("endpoint", [name for name, door in ACCESS.items() if door == "administrator"])
def test_administration_is_for_administrators(desks: Desks, ticket: str, endpoint: str) -> None:
    """Not for a coordinator, who is told whose it is."""
    page = _ask(desks.enter("cilacap", "coordinator"), endpoint, ticket)

    assert (403, True) == (page.status, "Yang boleh: pengelola instalasi." in page.text)


@pytest.mark.parametrize(
    "endpoint",
    [
        "dossier.shown",
        "dossier.printed",
        "kertas.kept",
        "dossier.act",
        "dossier.attach",
        "dossier.fetch",
        "dossier.resume",
        "dossier.note",
        "publishing.one",
        "publishing.decide",
        "publishing.resume",
    ],
)
def test_another_offices_dossier_is_refused(neighbour: Visitor, ticket: str, endpoint: str) -> None:
    """An operator reads what their own office has, and has had no part in this."""
    page = _ask(neighbour, endpoint, ticket)

    assert page.status in (403, 422)
    assert "rahasia" not in page.html


@pytest.mark.parametrize("endpoint", [name for name, door in ACCESS.items() if door == "holder"])
def test_without_the_code_nothing_of_a_complaint_is_seen(visitor: Visitors, ticket: str, endpoint: str) -> None:
    """The receipt is gone, the complaint's pages ask for the code."""
    page = _ask(visitor(), endpoint, ticket)

    assert "rahasia" not in page.html
    assert page.heading in ("Tanda terima", "Lacak aduan", "Tidak ditemukan")


@pytest.mark.parametrize("endpoint", [name for name, door in ACCESS.items() if door == "citizen"])
def test_without_an_account_its_pages_lead_to_where_one_enters(visitor: Visitors, ticket: str, endpoint: str) -> None:
    """Nothing is done on the way."""
    assert "Masuk atau buat akun" == _ask(visitor(), endpoint, ticket).heading


def test_a_page_without_a_row_does_not_start() -> None:
    """Nor one that is for officers and asks nobody who they are."""
    app = Flask("test", static_folder=None)
    for endpoint in ACCESS:
        app.add_url_rule(f"/{endpoint}", endpoint, lambda: "")
    blueprints = {name.partition(".")[0]: None for name in ACCESS}
    for name in _STAFFED:
        app.before_request_funcs[name.partition(".")[0]] = [visits.require_visit]
    app.before_request_funcs["warga"] = [require_citizen]
    access_table.check(app, blueprints)
    app.before_request_funcs["board"] = []
    with pytest.raises(LookupError, match="board"):
        access_table.check(app, blueprints)
    app.before_request_funcs["board"], app.before_request_funcs["warga"] = [visits.require_visit], []
    with pytest.raises(LookupError, match="warga"):
        access_table.check(app, blueprints)
    app.add_url_rule("/new", "inbox.new", lambda: "")
    with pytest.raises(LookupError, match=r"inbox\.new"):
        access_table.check(app, blueprints)
