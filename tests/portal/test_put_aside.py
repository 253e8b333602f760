"""Messages that were put aside, as an administrator sees them: no word of a stranger's, and every deed is kept."""

import re
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.pages.officer import visits
from shared.application.identity.membership import administrator
from shared.application.identity.sessions import Sessions
from shared.application.identity.users import Users
from shared.application.operations import latest
from shared.application.runtime import Runtime
from shared.messaging.consuming.dead_letters import ERROR, FAILED_AT, QUEUE, REASON, list_dead
from shared.messaging.wire.connections import connected
from shared.messaging.wire.outgoing import ConfirmedPublisher, Outgoing
from shared.messaging.wire.topology import declare_all
from tests.portal.memory_gateway import MemoryGateway

_PASSWORD = "kata sandi panjang"
_PATH = "/pusat/disisihkan"
_PRIVATE = ("Sumarni", "0812 3456 7890")


def _dead(service: str, queue: str, type_: str, message_id: str, **headers: str) -> Outgoing:
    return Outgoing(
        exchange="",
        routing_key=f"aduan.{service}.dead",
        body=f'{{"message": "{_PRIVATE[0]}"}}'.encode(),
        headers={"type": type_, QUEUE: queue, FAILED_AT: "2026-10-05T01:02:03+00:00", **headers},
        properties={"message_id": message_id},
        content_type="application/json",
        mandatory=True,
    )


@pytest.fixture
def put_aside(rabbitmq_url: str) -> str:
    """A submission full of a stranger's words, and an event that failed."""
    with connected(rabbitmq_url) as connection:
        declare_all(connection)
    publisher = ConfirmedPublisher(rabbitmq_url)
    fields = f'{{"reporter.name": ["too_long"], "{_PRIVATE[0]} {_PRIVATE[1]}": ["unknown"]}}'
    publisher.publish(
        [
            _dead("intake", "aduan.submissions", _PRIVATE[0], _PRIVATE[1], **{REASON: "invalid_fields", ERROR: fields}),
            _dead(
                "reporting",
                "aduan.reporting",
                "Answered",
                f"{UUID(int=7)}:3",
                **{REASON: "failed", ERROR: "KeyError at services.reporting.projection:12 in evolve"},
            ),
        ]
    )
    publisher.close()
    return rabbitmq_url


@pytest.fixture
def chief(runtime: Runtime, gateway: MemoryGateway, put_aside: str) -> Iterator[FlaskClient]:
    """An administrator's browser."""
    users = Users(runtime.database, runtime.randomness)
    name = f"root-{uuid4().hex[:8]}"
    users.add(administrator(name), _PASSWORD)
    there = replace(runtime, settings=replace(runtime.settings, broker_url=put_aside))
    with create_app(gateway, there).test_client() as client:
        word = Sessions(runtime.database, runtime.randomness).begin(users.log_in("*", name, _PASSWORD, "127.0.0.1"))
        client.set_cookie(visits.COOKIE, word, domain="localhost", secure=True)
        yield client


def _token(text: str) -> str:
    return re.findall(r'name="tanda" value="([^"]+)"', text)[0]


def test_what_is_shown_is_ours(chief: FlaskClient) -> None:
    """Which event, why and where it failed, which of our fields are at fault; no word of who wrote the message."""
    text = chief.get(_PATH).text

    for private in _PRIVATE:
        assert private not in text
    assert f"<code>{UUID(int=7)}:3</code>" in text
    assert "KeyError at services.reporting.projection:12 in evolve" in text
    assert "reporter, bidang yang tidak kami kenal: 1" in text


def test_a_deed_needs_a_reason_and_is_kept(chief: FlaskClient, runtime: Runtime, put_aside: str) -> None:
    """Without one, or without a message, nothing happens; with both the message is where it came from."""
    letter = list_dead(put_aside, "reporting")[0].id
    asked = {"tanda": _token(chief.get(_PATH).text), "room": "0", "service": "reporting", "deed": "retry"}
    without = chief.post(_PATH, data={**asked, "ids": letter, "why": " "})
    nothing = chief.post(_PATH, data={**asked, "why": "Sudah diperbaiki"})
    odd = [
        chief.post(_PATH, data={**asked, "ids": letter, "why": "x", name: "9"}) for name in ("room", "service", "deed")
    ]
    before = {each.id for each in list_dead(put_aside, "reporting")}
    done = chief.post(_PATH, data={**asked, "ids": letter, "why": "Sudah diperbaiki"})
    again = chief.post(_PATH, data={**asked, "ids": letter, "why": "Sekali lagi"})
    kept = latest(runtime.database, 2)

    assert {HTTPStatus.UNPROCESSABLE_ENTITY} == {without.status_code, nothing.status_code}
    assert f'value="{letter}" checked' in without.text
    assert {HTTPStatus.NOT_FOUND} == {each.status_code for each in odd}
    assert letter in before
    assert "kabar=kembali" in done.headers["Location"]
    assert "kabar=tiada" in again.headers["Location"]
    assert letter not in {each.id for each in list_dead(put_aside, "reporting")}
    assert ["Sekali lagi", "Sudah diperbaiki"] == [each.why for each in kept]
    assert (letter,) == kept[1].ids
