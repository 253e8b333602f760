"""Logging in over HTTP."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.shapes import TokenShape
from shared.application.identity.users import Users
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from tests.portal.conftest import runtime_on

_PASSWORD = " kata sandi panjang "


@pytest.fixture
def runtime(database_url: str) -> Iterator[Runtime]:
    """A runtime with a database of its own: accounts and failed attempts are counted there."""
    made = runtime_on(database_url)
    yield made
    made.database.close()


@pytest.fixture
def users(runtime: Runtime) -> Users:
    """The accounts behind the portal, with one officer."""
    made = Users(runtime.database)
    made.add(Caller(tenant="cilacap", actor="coordinator", user="siti"), _PASSWORD)
    return made


def _log_in(client: FlaskClient, **changed: object) -> TestResponse:
    return client.post(
        "/api/v1/login", json={"tenant": "cilacap", "username": "siti", "password": _PASSWORD, **changed}
    )


def _opens(client: FlaskClient, token: str) -> TestResponse:
    return client.get("/api/v1/cilacap/inbox", headers={"Authorization": f"Bearer {token}"})


def test_a_token_for_a_password(client: FlaskClient, users: Users) -> None:
    """A name and its password, blanks included, give a token that opens the officer's pages."""
    response = _log_in(client)

    assert 200 == response.status_code
    assert {} == TokenShape().validate(response.json or {})
    assert 200 == _opens(client, (response.json or {})["token"]).status_code


def test_a_shut_account_is_shut_at_once(client: FlaskClient, users: Users) -> None:
    """A token dies with its account."""
    token = (_log_in(client).json or {})["token"]
    users.disable("cilacap", "siti")

    refused = _opens(client, token)

    assert (401, "session_ended") == (refused.status_code, (refused.json or {})["code"])


def test_who_it_was_is_not_told(client: FlaskClient, users: Users) -> None:
    """An unknown name, tenant and a wrong password answer alike."""
    answers = [_log_in(client, **wrong) for wrong in ({"username": "budi"}, {"tenant": "x"}, {"password": "wrong"})]

    assert [401] * 3 == [each.status_code for each in answers]
    assert 1 == len({(each.json or {})["detail"] for each in answers})


def test_guessing_ends(client: FlaskClient, users: Users) -> None:
    """After five wrong passwords the next is not even looked at, and the answer says how long to wait."""
    for _ in range(5):
        _log_in(client, password="wrong")

    refused = _log_in(client)

    assert (429, "too_many_attempts") == (refused.status_code, (refused.json or {})["code"])
    assert 0 < int(refused.headers["Retry-After"]) <= 900


@pytest.mark.parametrize(
    "wrong", [{"password": ""}, {"password": None}, {"password": 7}, {"username": ["siti"]}, {"pasword": "x"}]
)
def test_what_is_no_login(client: FlaskClient, wrong: dict[str, object]) -> None:
    """A body that is no name and password is 422 by field."""
    assert (422, list(wrong)) == (
        (response := _log_in(client, **wrong)).status_code,
        list((response.json or {}).get("errors", {})),
    )
