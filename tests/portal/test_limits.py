"""How much one place may ask of the API without a token."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import tries
from portal.app import create_app
from shared.application.runtime import Runtime
from shared.base.clock import SimulatedClock
from tests.portal.conftest import Bearer
from tests.portal.memory_gateway import CODE, MemoryGateway

_FILE = "/api/v1/cilacap/complaints"


@dataclass
class Stranger:
    """Somebody on the web, at an address that is no other test's.

    :param network: the first two numbers of it.
    """

    client: FlaskClient
    network: str
    third: int = 0
    fourth: int = 1

    def files(self, headers: dict[str, str] | None = None, **more: Any) -> TestResponse:
        """File a complaint."""
        return self.asks("POST", _FILE, headers=headers, json={"message": "Jalan rusak", **more})

    def looks(self, ticket: str, code: str = CODE, headers: dict[str, str] | None = None) -> TestResponse:
        """Ask for a complaint."""
        return self.asks("GET", f"{_FILE}/{ticket}?code={code}", headers=headers)

    def asks(self, method: str, path: str, **more: Any) -> TestResponse:
        """Ask for anything."""
        address = f"{self.network}.{self.third}.{self.fourth}"
        return self.client.open(path, method=method, environ_overrides={"REMOTE_ADDR": address}, **more)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> SimulatedClock:
    """The machine's clock, as the limits read it: it stands, however long the test takes."""
    clock = SimulatedClock(datetime.now(UTC))
    monkeypatch.setattr(tries, "SystemClock", lambda: clock)
    return clock


@pytest.fixture
def stranger(client: FlaskClient, now: SimulatedClock, request: pytest.FixtureRequest) -> Stranger:
    """Somebody without a token."""
    del now
    first, second, *_ = sha256(request.node.nodeid.encode()).digest()
    return Stranger(client, f"{first % 100 + 20}.{second}")


@pytest.fixture
def open_client(gateway: MemoryGateway, runtime: Runtime) -> FlaskClient:
    """A browser of an installation that has lifted its limits."""
    settings = replace(runtime.settings, filings_per_hour=0, filings_per_day=0, lookups_per_minute=0)
    app = create_app(gateway, replace(runtime, settings=settings), wait=lambda *_: True)
    return app.test_client()


def _refused(answer: TestResponse) -> tuple[int, str]:
    assert answer.json is not None
    assert answer.headers["Retry-After"] in answer.json["detail"]
    return answer.status_code, answer.json["code"]


def test_a_sixth_complaint_within_an_hour_is_not_filed(
    stranger: Stranger, gateway: MemoryGateway, now: SimulatedClock
) -> None:
    """From one network and to one government; it reaches no service, and after the time that was told it is taken."""
    assert [201] * 5 == [stranger.files().status_code for _ in range(5)]
    stranger.fourth = 77

    refused = stranger.files()

    assert ((429, "too_many_filings"), 5) == (_refused(refused), sum(call == "file" for call, _ in gateway.asked))
    assert 3600 == int(refused.headers["Retry-After"])
    stranger.third = 1
    assert 201 == stranger.files().status_code
    stranger.third = 0
    now.move_to(now.now() + timedelta(seconds=3600))
    assert 201 == stranger.files().status_code


def test_thirty_complaints_are_taken_in_a_day(stranger: Stranger, now: SimulatedClock) -> None:
    """Hour by hour the same place may file again, until the day's are used up."""
    for _ in range(6):
        assert [201] * 5 == [stranger.files().status_code for _ in range(5)]
        now.move_to(now.now() + timedelta(hours=1))

    refused = stranger.files()

    assert ((429, "too_many_filings"), 18 * 3600) == (_refused(refused), int(refused.headers["Retry-After"]))


def test_what_is_no_complaint_is_not_counted(stranger: Stranger) -> None:
    """Whoever is told what is wrong may mend it."""
    assert [422] * 9 == [stranger.files(privacy="public").status_code for _ in range(9)]

    assert 201 == stranger.files().status_code


def test_who_shows_a_token_is_not_limited(stranger: Stranger, bearer: Bearer) -> None:
    """An adapter files and asks for many people; a token that is none is refused where it would be believed."""
    found = [stranger.files(bearer()) for _ in range(7)]
    ticket = (found[0].json or {})["ticket"]
    looked = {stranger.looks(ticket, headers=bearer()).status_code for _ in range(65)}

    assert ([201] * 7, {200}) == ([each.status_code for each in found], looked)
    assert 401 == stranger.files({"Authorization": "Bearer x"}).status_code


def test_this_machine_is_not_limited_but_for_what_a_proxy_hands_on(stranger: Stranger) -> None:
    """Its own programs are no strangers; the clients of a proxy that nobody has named are."""
    stranger.network = "127.7"
    assert [201] * 9 == [stranger.files().status_code for _ in range(9)]

    handed_on = [stranger.files({"X-Forwarded-For": "192.0.2.1"}).status_code for _ in range(6)]

    assert [201] * 5 + [429] == handed_on


def test_an_installation_may_lift_its_limits(stranger: Stranger, open_client: FlaskClient) -> None:
    """Nought is without end."""
    stranger.client = open_client
    ticket = (stranger.files().json or {})["ticket"]

    assert [201] * 40 == [stranger.files().status_code for _ in range(40)]
    assert {200} == {stranger.looks(ticket).status_code for _ in range(70)}


def test_looking_up_has_an_end(stranger: Stranger, now: SimulatedClock) -> None:
    """Sixty a minute from one place, whatever of a complaint is asked for; the next minute begins anew."""
    ticket = (stranger.files().json or {})["ticket"]
    parts = ("", "/readers", "/data", "/files/7f2f36e4-1a5c-4f0e-9c39-0a8c1f3e5b11")
    for count in range(60):
        assert 429 != stranger.asks("GET", f"{_FILE}/{ticket}{parts[count % 4]}?code={CODE}").status_code

    assert (429, "too_many_look_ups") == _refused(stranger.looks(ticket))
    assert 429 == stranger.asks("POST", f"{_FILE}/{ticket}/rate?code={CODE}", json={"score": 5}).status_code
    now.move_to(now.now() + timedelta(minutes=1))
    assert 200 == stranger.looks(ticket).status_code


def test_guessing_a_code_ends(stranger: Stranger) -> None:
    """After five wrong codes even the right one waits, and who asks for another ticket does not."""
    ticket, other = ((stranger.files().json or {})["ticket"] for _ in range(2))
    for _ in range(5):
        assert 404 == stranger.looks(ticket, "SALAH234").status_code

    assert (429, "too_many_attempts") == _refused(stranger.looks(ticket))
    assert 200 == stranger.looks(other).status_code


def test_uploads_have_an_end(stranger: Stranger, gateway: MemoryGateway) -> None:
    """Twenty an hour from one place; the next is not read."""
    ticket = (stranger.files().json or {})["ticket"]

    def sends() -> TestResponse:
        return stranger.asks(
            "POST", f"{_FILE}/{ticket}/files?code={CODE}", data={"file": (BytesIO(b"%PDF-1.7 x"), "a.pdf")}
        )

    assert 429 not in {sends().status_code for _ in range(20)}
    before = len(gateway.asked)

    assert ((429, "too_many_uploads"), before) == (_refused(sends()), len(gateway.asked))


def test_who_is_named_by_too_many_complaints_of_programs_waits(stranger: Stranger) -> None:
    """Twenty within a quarter of an hour that name one telephone, from wherever they come, as by pages."""
    reporter = {"name": "Siti", "phone": f"0812{stranger.network.replace('.', '').ljust(7, '0')}"}
    for number in range(20):
        stranger.third = number
        assert 201 == stranger.files(reporter=reporter).status_code
    stranger.third = 99

    assert 429 == stranger.files(reporter=reporter).status_code
    assert 201 == stranger.files().status_code
