"""The simulated clock over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from portal.app import create_app
from portal.iso_duration import parse_duration
from shared.application.runtime import Runtime
from tests.portal.conftest import Bearer, StillSimulation
from tests.portal.memory_gateway import AT, MemoryGateway

_START = datetime.fromisoformat(AT)


def _now(body: dict[str, str] | None) -> datetime:
    return datetime.fromisoformat((body or {})["now"])


def test_everybody_may_look(client: FlaskClient) -> None:
    """The simulated time is no secret."""
    assert _START == _now(client.get("/api/v1/clock").json)


@pytest.mark.parametrize(
    ("body", "moved"),
    [
        ({"advance": "PT15M"}, timedelta(minutes=15)),
        ({"advance": "P1DT2H30M5S"}, timedelta(days=1, hours=2, minutes=30, seconds=5)),
        ({"advance": "P2W"}, timedelta(weeks=2)),
        ({"advance": "PT0S"}, timedelta()),
        ({"to": "2026-10-05T08:00:00+07:00"}, timedelta(days=4)),
    ],
)
def test_an_administrator_moves_it(client: FlaskClient, bearer: Bearer, body: dict[str, str], moved: timedelta) -> None:
    """The clock moves by a duration or to an instant, and the answer says where it stands."""
    response = client.post("/api/v1/clock", json=body, headers=bearer(admin=True))

    assert (200, _START + moved) == (response.status_code, _now(response.json))
    assert _START + moved == _now(client.get("/api/v1/clock").json)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["advance"]),
        ({"advance": "PT1S", "to": AT}, ["advance"]),
        ({"advance": "15 minutes"}, ["advance"]),
        ({"advance": "-PT5M"}, ["advance"]),
        ({"advance": "P"}, ["advance"]),
        ({"advance": "PT"}, ["advance"]),
        ({"advance": "P1M"}, ["advance"]),
        ({"to": "tomorrow"}, ["to"]),
        ({"to": "2026-10-05T08:00:00"}, ["to"]),
    ],
)
def test_what_is_no_move(client: FlaskClient, bearer: Bearer, body: dict[str, str], fields: list[str]) -> None:
    """What is neither a duration nor an instant is 422 by field."""
    response = client.post("/api/v1/clock", json=body, headers=bearer(admin=True))

    assert (422, fields) == (response.status_code, list((response.json or {})["errors"]))


@pytest.mark.parametrize(
    "body",
    [{"to": "9999-12-30T00:00:00+00:00"}, {"advance": "P99999DT999999H"}, {"advance": "P9999999D"}],
)
def test_beyond_the_calendar(client: FlaskClient, bearer: Bearer, body: dict[str, str]) -> None:
    """Moving past the last year in which time can be reckoned, or that there is, is refused, and nothing moves."""
    response = client.post("/api/v1/clock", json=body, headers=bearer(admin=True))

    assert 422 == response.status_code
    assert _START == _now(client.get("/api/v1/clock").json)


def test_two_moves_at_once_are_two(
    app: Flask, simulation: StillSimulation, bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who moves it by an hour while another does so begins where that one has ended."""
    looks, both_looked, move = iter((False, True)), Event(), simulation.advance_to

    def looked() -> datetime:
        if next(looks):
            both_looked.set()
        return simulation.clock.now()

    def slowly(instant: datetime) -> datetime:
        both_looked.wait(0.3)  # which they never do at the same instant
        return move(instant)

    monkeypatch.setattr(simulation, "now", looked)
    monkeypatch.setattr(simulation, "advance_to", slowly)
    ask: dict[str, Any] = {"path": "/api/v1/clock", "json": {"advance": "PT1H"}, "headers": bearer(admin=True)}
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda each: each.post(**ask), [app.test_client(), app.test_client()]))

    assert {_START + timedelta(hours=1), _START + timedelta(hours=2)} == {_now(each.json) for each in answers}


def test_officers_do_not_move_time(client: FlaskClient, bearer: Bearer) -> None:
    """Only an administrator moves the clock."""
    anonymous = client.post("/api/v1/clock", json={"advance": "PT1H"})
    officer = client.post("/api/v1/clock", json={"advance": "PT1H"}, headers=bearer("coordinator"))

    assert (401, 403) == (anonymous.status_code, officer.status_code)
    assert _START == _now(client.get("/api/v1/clock").json)


def test_real_time_has_no_such_page(gateway: MemoryGateway, runtime: Runtime, bearer: Bearer) -> None:
    """Without a simulated clock there is none to see or to move."""
    client = create_app(gateway, runtime).test_client()
    answers = [
        client.get("/api/v1/clock"),
        client.post("/api/v1/clock", json={"advance": "PT1H"}, headers=bearer(admin=True)),
    ]

    assert [(404, "no_simulated_clock")] * 2 == [(each.status_code, (each.json or {})["code"]) for each in answers]


@given(st.integers(0, 9999), st.integers(0, 99999), st.integers(0, 999), st.integers(0, 9999), st.integers(0, 99999))
def test_durations_add_up(weeks: int, days: int, hours: int, minutes: int, seconds: int) -> None:
    """A written duration is the sum of its parts."""
    expected = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)

    assert expected == parse_duration(f"P{weeks}W{days}DT{hours}H{minutes}M{seconds}S")


@given(st.text(max_size=12))
def test_any_text_is_a_duration_or_refused(text: str) -> None:
    """No text makes the parser fail in another way."""
    try:
        parsed = parse_duration(text)
    except ValueError:
        return

    assert timedelta() <= parsed
