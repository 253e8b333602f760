"""Every endpoint, asked by every actor of every agency, with every kind of token: who is let in, and nobody else.

What is expected is read off the table's doors and off the procedure; the answers are the services' own.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.api import access_table
from portal.api.access_table import ACCESS
from portal.api.citizens import require_citizen
from portal.pages.access_table import ACCESS as PAGES
from portal.pages.officer import visits
from services.intake.receipts import Receipt
from shared.application.citizens.accounts import Accounts
from shared.application.citizens.contact import CitizensContact
from shared.application.citizens.sessions import CitizenSessions
from shared.application.identity.membership import caller_for
from shared.application.identity.sessions import IDLE, Sessions
from shared.application.identity.tokens import issue_token
from shared.application.identity.users import LoggedIn, Users
from shared.base.caller import Caller
from shared.base.clock import SimulatedClock
from tests.fixtures.office import Office
from tests.fixtures.postgres import fresh_database
from tests.pages.addresses import PATHS as PAGE_PATHS
from tests.privacy.expecting import callers_of, may_read
from tests.privacy.in_process import portal

HOME: Final = "cilacap"
AWAY: Final = "bantul"
_OFFICERS: Final = ("officer", "reader", "contributor", "doer", "desk", "overseer", "administrator")
_FORWARD: Final = {"action": "forward", "version": 999}
_CODE: Final = {"challenge": "x", "code": "1"}
REQUESTS: Final[dict[str, tuple[str, str, dict[str, Any] | None]]] = {
    "clock.move": ("POST", "/clock", {"advance": "PT0S"}),
    "complaints.add": ("POST", "/{tenant}/complaints/{ticket}/add", {"text": "x"}),
    "complaints.ask_about_data": ("POST", "/{tenant}/complaints/{ticket}/ask-about-data", {"kind": "access"}),
    "complaints.own_data": ("GET", "/{tenant}/complaints/{ticket}/data", None),
    "complaints.rate": ("POST", "/{tenant}/complaints/{ticket}/rate", {"score": 5}),
    "complaints.readers": ("GET", "/{tenant}/complaints/{ticket}/readers", None),
    "complaints.reopen": ("POST", "/{tenant}/complaints/{ticket}/reopen", {"reason": "x"}),
    "complaints.close": ("POST", "/{tenant}/complaints/{ticket}/close", {}),
    "complaints.reply": ("POST", "/{tenant}/complaints/{ticket}/reply", {"text": "x"}),
    "complaints.supplement": ("POST", "/{tenant}/complaints/{ticket}/supplement", {"title": "x"}),
    "complaints.track": ("GET", "/{tenant}/complaints/{ticket}", None),
    "complaints.withdraw": ("POST", "/{tenant}/complaints/{ticket}/withdraw", {"reason": "x"}),
    "files.add": ("POST", "/{tenant}/dossiers/{dossier}/files", None),
    "files.fetch": ("GET", "/{tenant}/dossiers/{dossier}/files/x", None),
    "files.make": ("POST", "/{tenant}/dossiers/{dossier}/documents", {"kind": "answer_letter"}),
    "identities.compared": ("POST", "/{tenant}/identities/X", None),
    "identities.to_compare": ("GET", "/{tenant}/identities/X", None),
    "officers.act": ("POST", "/{tenant}/dossiers/{dossier}/actions", _FORWARD),
    "officers.clocks": ("GET", "/{tenant}/clocks", None),
    "officers.dossier": ("GET", "/{tenant}/dossiers/{dossier}", None),
    "officers.inbox": ("GET", "/{tenant}/inbox", None),
    "officers.recap": ("GET", "/{tenant}/recap?month=2026-10", None),
    "officers.suggestions": ("GET", "/{tenant}/dossiers/{dossier}/suggestions", None),
    "own files.add_own": ("POST", "/{tenant}/complaints/{ticket}/files", None),
    "own files.fetch_own": ("GET", "/{tenant}/complaints/{ticket}/files/x", None),
    "own_account.add_contact": ("POST", "/{tenant}/citizens/me/contacts", _CODE),
    "own_account.complaints": ("GET", "/{tenant}/citizens/me/complaints", None),
    "own_account.desk_number": ("POST", "/{tenant}/citizens/me/desk-number", None),
    "own_account.erase": ("DELETE", "/{tenant}/citizens/me", None),
    "own_account.identify": ("PUT", "/{tenant}/citizens/me/identity", {"name": "x"}),
    "own_account.leave": ("DELETE", "/{tenant}/citizens/me/session", None),
    "own_account.link": ("POST", "/{tenant}/citizens/me/complaints", {"ticket": "x", "code": "x"}),
    "own_account.me": ("GET", "/{tenant}/citizens/me", None),
    "readings.readings": ("GET", "/{tenant}/readings", None),
    "registers.drawn": ("GET", "/{tenant}/recaps", None),
    "registers.drawn_recap": ("GET", "/{tenant}/recaps/2026-10", None),
    "registers.register": ("GET", "/{tenant}/register?month=2026-10", None),
    "registers.search": ("GET", "/{tenant}/dossiers", None),
    "waiting.waiting": ("GET", "/{tenant}/publishing", None),
}
"""What is asked of each endpoint that is not for everybody; nothing of it changes anything where it is let in."""


@dataclass(frozen=True)
class House:
    """One installation for all tests, with a complaint that lies with an agency."""

    office: Office
    app: Flask
    receipt: Receipt

    @property
    def client(self) -> FlaskClient:
        """A browser, or a program."""
        return self.app.test_client()

    def ask(self, endpoint: str, token: str | None, tenant: str = HOME, **query: str) -> TestResponse:
        """Ask for an endpoint."""
        method, path, body = REQUESTS[endpoint]
        address = path.format(tenant=tenant, ticket=self.receipt.ticket, dossier=self.receipt.id)
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        return self.client.open(
            f"/api/v1{address}", method=method, json=body, headers=headers, query_string=query or None
        )

    def token(self, caller: Caller, session: str | None = None, **options: Any) -> str:
        """A bearer token."""
        return issue_token(self.office.runtime.settings.token_key, caller, session=session, **options)


@pytest.fixture(scope="module")
def house(postgres_url: str, migrated_template: str) -> Iterator[House]:
    """The installation."""
    with closing(fresh_database(postgres_url, migrated_template)) as databases:
        office = Office(next(databases))
        receipt = office.file(HOME)
        office.run_system(receipt)
        office.act(receipt, "coordinator", "dispose", agency="dpupr")
        yield House(office, portal(office.runtime), receipt)
        office.close()
        next(databases, None)


def _bad_tokens(house: House) -> dict[str, str | None]:
    """None, garbage, expired, of another key, of an account whose password was changed, and of one that was shut."""
    runtime = house.office.runtime
    desk = Caller(HOME, "coordinator", None, "rina")
    users = Users(runtime.database, runtime.randomness)
    sessions = {}
    for name in ("renewed", "shut"):
        users.add(caller_for(runtime.tenants, HOME, "coordinator", None, name), "kata sandi panjang")
        [(account,)] = house.office.rows("SELECT id FROM identity.users WHERE username = %s", name)
        sessions[name] = f"{account}:1"
    users.set_password(HOME, "renewed", "kata sandi lain lagi")
    users.disable(HOME, "shut")
    long_ago = SimulatedClock(datetime.now(UTC) - timedelta(days=2))
    return {
        "none": None,
        "garbage": "x.y.z",
        "expired": house.token(desk, machine=long_ago),
        "another key": issue_token(b"k" * 32, desk),
        "wrong generation": house.token(desk, sessions["renewed"]),
        "shut account": house.token(desk, sessions["shut"]),
    }


def _is_let_in(house: House, endpoint: str, caller: Caller) -> bool:
    """What the door says of a caller, read off the procedure."""
    dossier = house.office.load(house.receipt.id)
    sop = house.office.sop_of(dossier)
    door = ACCESS[endpoint]
    if caller.admin:
        return door in ("officer", "reader", "overseer", "administrator")
    scope = sop.actor(caller.actor).scope if caller.tenant == HOME and sop.has_actor(caller.actor) else None
    match door:
        case "officer":
            return scope == "tenant" or (scope == "agency" and caller.agency is not None)
        case "reader" | "contributor":
            return may_read(sop, dossier, caller)
        case "doer":
            return caller.actor == dossier.actor and may_read(sop, dossier, caller)
        case "desk" | "overseer":
            return scope == "tenant"
    return False


def test_every_endpoint_is_asked_here() -> None:
    """A new one that is not for everybody is noticed twice."""
    assert {name for name, door in ACCESS.items() if door not in ("everybody", "provider")} == set(REQUESTS)


def test_without_a_good_token_nobody_is_let_in(house: House) -> None:
    """Each endpoint for officers, with each kind of bad token: 401, and nothing of the complaint."""
    bad = _bad_tokens(house)
    answers = {
        (endpoint, kind): house.ask(endpoint, token)
        for endpoint, door in ACCESS.items()
        for kind, token in bad.items()
        if door in _OFFICERS
    }

    assert {} == {asked: answer.status_code for asked, answer in answers.items() if answer.status_code != 401}
    assert not [asked for asked, answer in answers.items() if "Jalan" in answer.text]


@pytest.mark.parametrize("endpoint", [name for name, door in ACCESS.items() if door in _OFFICERS])
def test_each_actor_of_each_agency_and_government_is_let_in_where_the_table_says(house: House, endpoint: str) -> None:
    """Everybody else is refused with 403, whatever else could be said of what they ask."""
    wrong = []
    for caller in callers_of(house.office, house.office.load(house.receipt.id)):
        status = house.ask(endpoint, house.token(caller)).status_code
        if _is_let_in(house, endpoint, caller) is not (status not in (401, 403)):
            wrong.append((caller.tenant, caller.actor, caller.agency, caller.admin, status))

    assert [] == wrong


@pytest.mark.parametrize("endpoint", [name for name, door in ACCESS.items() if door == "holder"])
def test_a_complaint_is_its_code_holders(house: House, endpoint: str) -> None:
    """Without the code, with a wrong one, at another government: no such ticket. An officer's token is no code."""
    code = house.receipt.tracking_code
    desk = house.token(Caller(HOME, "coordinator", None, "rina"))
    refused = [
        house.ask(endpoint, None),
        house.ask(endpoint, desk),
        house.ask(endpoint, None, code="SALAH23456"),
        house.ask(endpoint, None, AWAY, code=code),
    ]

    assert [404] * 4 == [answer.status_code for answer in refused]
    if endpoint != "complaints.withdraw":  # it would end the complaint for the others
        answer = house.ask(endpoint, None, code=code)
        assert answer.status_code != 404 or "unknown_ticket" not in answer.text


def test_an_account_is_its_own_citizens(house: House) -> None:
    """With no word, an officer's token, one of a visit that has ended, and at another government: 401 throughout."""
    runtime = house.office.runtime
    account = Accounts(runtime).enter(HOME, CitizensContact("email", "siti@warga.example"))
    idle = SimulatedClock(datetime.now(UTC) - timedelta(days=3))
    left, good = CitizenSessions(runtime).begin(account), CitizenSessions(runtime).begin(account)
    CitizenSessions(runtime).end(left)
    words = {
        "none": (None, HOME),
        "officer": (house.token(Caller(HOME, "coordinator", None, "rina")), HOME),
        "idle": (CitizenSessions(runtime, idle).begin(account), HOME),
        "left": (left, HOME),
        "away": (good, AWAY),
    }
    own = [name for name, door in ACCESS.items() if door == "citizen"]
    refused = {(name, kind): house.ask(name, word, at) for name in own for kind, (word, at) in words.items()}

    assert {401} == {answer.status_code for answer in refused.values()}
    assert {200, 201, 401, 404} >= {
        house.ask(name, good).status_code for name in own if name not in ("own_account.erase", "own_account.leave")
    }
    assert 200 == house.ask("own_account.me", good).status_code
    assert 401 == house.ask("officers.inbox", good).status_code


def test_pages_of_officers_are_shut_to_visits_that_have_ended(house: House) -> None:
    """With no word, a made up one, one that was idle too long, and one of before a new password."""
    runtime = house.office.runtime
    users = Users(runtime.database, runtime.randomness)
    who = caller_for(runtime.tenants, HOME, "coordinator", None, "tamu")
    users.add(who, "kata sandi panjang")
    [(account,)] = house.office.rows("SELECT id FROM identity.users WHERE username = %s", "tamu")
    entered = LoggedIn(who, f"{account}:1")
    idle = Sessions(runtime.database, runtime.randomness, SimulatedClock(datetime.now(UTC) - IDLE))
    before = Sessions(runtime.database, runtime.randomness).begin(entered)
    words = [None, "x", idle.begin(entered), before]
    users.set_password(HOME, "tamu", "kata sandi lain lagi")
    let_in = []
    for endpoint, door in PAGES.items():
        if door not in ("officer", "administrator"):
            continue
        method, path = PAGE_PATHS[endpoint]
        for place, word in enumerate(words):
            client = house.client
            if word is not None:
                client.set_cookie(visits.COOKIE, word, domain="localhost", secure=True)
            answer = client.open(
                path.replace("{ticket}", house.receipt.ticket), method=method, base_url="https://localhost"
            )
            if answer.status_code not in (303, 401, 403) or "Jalan" in answer.text:
                let_in.append((endpoint, place, answer.status_code))

    assert [] == let_in


def test_an_endpoint_without_a_row_does_not_start(house: House) -> None:
    """Nor one that asks nobody who they are, where the table says that it must."""
    app = portal(house.office.runtime)
    for name, guard in (("officers", None), ("own_account", require_citizen)):
        kept = list(app.before_request_funcs[name])
        app.before_request_funcs[name] = [each for each in kept if guard is not None and each is not guard]
        with pytest.raises(LookupError, match=name):
            access_table.check(app)
        app.before_request_funcs[name] = kept
    access_table.check(app)
    app.view_functions["x.new"] = lambda: ""
    app.url_map.add(app.url_rule_class("/api/v1/new", endpoint="x.new"))
    with pytest.raises(LookupError, match=r"x\.new"):
        access_table.check(app)
