"""The pages of the whole installation, where governments lie in several databases, each with a broker of its own."""

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import uuid4

import eventlet
import pytest
import requests
from nameko.containers import ServiceContainer

from portal.at_once import at_once
from portal.pages.frame import csrf
from portal.pages.officer import visits
from portal.server import WebServer
from portal.service import PortalService
from shared.application.bootstrap import bootstrap
from shared.application.identity.membership import administrator
from shared.application.identity.sessions import Sessions
from shared.application.identity.users import Users
from shared.application.operations import latest
from shared.application.runtime import Runtime
from shared.base.services import SERVICES
from shared.messaging.calling.rpc import rpc
from shared.messaging.consuming.dead_letters import list_dead
from shared.messaging.wire.configuration import nameko_config
from shared.messaging.wire.connections import connected
from shared.messaging.wire.outgoing import ConfirmedPublisher, Outgoing
from shared.messaging.wire.topology import declare_all
from shared.platform.settings import Settings
from tests.fixtures.postgres import fresh_database
from tests.fixtures.waiting import eventually
from tests.portal.conftest import _KEY

_PASSWORD = "kata sandi panjang"
_NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


class Routing:
    """Answers for the boards of the second database, and so does nobody for others."""

    name = "routing"
    late: ClassVar[dict[str, Any]] = {"actor": "operator", "open": 4321, "late": 7, "oldest_due_at": None}

    @rpc
    def board(self, **_: Any) -> dict[str, Any]:
        """One desk's."""
        return {"cells": [self.late]}


class Installation:
    """A portal over three databases: the first, one that works, and one of which something is away.

    :ivar told: what ``/readyz`` says of each.
    """

    def __init__(self, own: str, second: str, third: str, third_broker: str) -> None:
        self.brokers = [f"memory:///{uuid4().hex}" for _ in range(2)]
        lines = f"bantul majalengka = {second} {self.brokers[1]}\ncirebon = {third} {third_broker}"
        environ = {"ADUAN_DATABASE_URL": own, "ADUAN_BROKER_URL": self.brokers[0], "ADUAN_DATABASES": lines}
        settings = {"ADUAN_MASTER_KEY": _KEY, "ADUAN_PORTAL_PORT": "0"}
        self.runtime = bootstrap(Settings.from_environment({**environ, **settings}))
        self._portal = ServiceContainer(PortalService, nameko_config(self.runtime.settings, self.runtime))
        self._routing = ServiceContainer(Routing, self._of_second())
        self._routing.start()
        self._portal.start()
        self._address = next(each for each in self._portal.extensions if isinstance(each, WebServer)).address
        users = Users(self.runtime.database, self.runtime.randomness)
        name = f"root-{uuid4().hex[:8]}"
        users.add(administrator(name), _PASSWORD)
        word = Sessions(self.runtime.database, self.runtime.randomness)
        self._visit = word.begin(users.log_in("*", name, _PASSWORD, "127.0.0.1"))

    def _of_second(self) -> dict[str, Any]:
        return {**nameko_config(self.runtime.settings, self.runtime), "AMQP_URI": self.brokers[1]}

    @property
    def told(self) -> list[str]:
        """In the order of the databases."""
        return list(requests.get(f"{self._address}/readyz", timeout=30).json()["notes"].values())

    def ask(self, path: str, *, language: str = "id", **form: str) -> requests.Response:
        """A page, as an administrator; with a form, what it leads to."""
        headers = {"Cookie": f"{visits.COOKIE}={self._visit}; bahasa={language}"}
        if not form:
            return requests.get(self._address + path, headers=headers, timeout=60)
        door = requests.get(f"{self._address}/cilacap/masuk", headers=headers, timeout=60)
        headers["Cookie"] += f"; {csrf.COOKIE}={door.headers['Set-Cookie'].split(f'{csrf.COOKIE}=')[1].split(';')[0]}"
        data = {**form, csrf.FIELD: door.text.split(f'name="{csrf.FIELD}" value="')[1].split('"')[0]}
        return requests.post(self._address + path, data=data, headers=headers, timeout=60, allow_redirects=False)

    def close(self) -> None:
        """End it."""
        self._portal.stop()
        self._routing.stop()
        self.runtime.database.close()


@pytest.fixture
def two(postgres_url: str, migrated_template: str) -> Iterator[list[str]]:
    """Two further databases."""
    made = [fresh_database(postgres_url, migrated_template) for _ in range(2)]
    yield [next(each) for each in made]
    for each in made:
        each.close()


def _put_aside(url: str, service: str) -> None:
    with connected(url) as connection:
        declare_all(connection)
    publisher = ConfirmedPublisher(url)
    publisher.publish([Outgoing("", f"aduan.{service}.dead", b"{}", {"type": "Answered"}, {"message_id": "1"})])
    publisher.close()


def test_all_databases_are_shown_and_done_with_from_one_page(runtime: Runtime, two: list[str]) -> None:
    """With the figures of each; a message of a further one is thrown away there, and that is kept in the first."""
    installation = Installation(runtime.settings.database_url, two[0], two[1], f"memory:///{uuid4().hex}")
    try:
        eventually(lambda: installation.told == ["ok"] * 3, what="all databases reached")
        _put_aside(installation.brokers[1], "sla")
        center = installation.ask("/pusat")
        dead = installation.ask("/pusat/disisihkan")
        (letter,) = [each.id for each in list_dead(installation.brokers[1], "sla")]
        deed = {"room": "1", "service": "sla", "deed": "discard", "why": "Sudah tidak perlu", "ids": letter}
        done = installation.ask("/pusat/disisihkan", **deed)
        kept = latest(installation.runtime.database, 1)
    finally:
        installation.close()

    assert (200, 200) == (center.status_code, dead.status_code)
    assert 2 == center.text.count("4.321")
    assert 3 == center.text.count("<h3>Basis data: ")
    assert "tidak menjawab." not in center.text.partition("<h3>")[2]
    assert f'id="ids-1-sla-{letter}"' in dead.text
    assert "tidak lengkap" not in dead.text
    assert (303, True) == (done.status_code, "kabar=buang" in done.headers["Location"])
    assert ["sla (bantul majalengka)"] == [each.place for each in kept]


@pytest.mark.parametrize(
    ("away", "state", "said", "said_in_english"),
    [
        (
            "database",
            "not there yet",
            "Basis datanya belum dapat dipakai sejak proses ini mulai.",
            "Its database could not be used yet since this process started.",
        ),
        ("broker", "the broker does not answer", "Penyalur pesannya tidak menjawab.", "Its broker does not answer."),
    ],
)
def test_one_that_is_away_is_said_and_the_others_are_shown(
    runtime: Runtime,
    two: list[str],
    *,
    away: str,
    state: str,
    said: str,
    said_in_english: str,
) -> None:
    """In the reader's language; what nobody can do there is not done, and that is said too."""
    third = _NOWHERE if away == "database" else two[1]
    installation = Installation(runtime.settings.database_url, two[0], third, "amqp://127.0.0.1:1/third")
    try:
        eventually(lambda: installation.told == ["ok", "ok", state], what="what is there is reached")
        center = installation.ask("/pusat")
        english = installation.ask("/pusat", language="en")
        dead = installation.ask("/pusat/disisihkan")
        deed = {"room": "2", "service": "sla", "deed": "retry", "why": "Sudah diperbaiki", "ids": "0" * 12}
        refused = installation.ask("/pusat/disisihkan", **deed)
        citizens = installation.ask("/cirebon/adukan")
    finally:
        installation.close()

    assert 2 == center.text.count("4.321")
    assert (True, False) == (said in center.text, state in center.text)
    assert said_in_english in english.text
    assert 200 == dead.status_code
    assert f"<li>{', '.join(f'<code>{each}</code>' for each in SERVICES)}: cirebon</li>" in dead.text
    assert 2 * len(SERVICES) == dead.text.count('<p class="quiet">Tidak ada.</p>\n</section>')
    assert (503, True) == (refused.status_code, "Penyalur pesan tidak menjawab." in refused.text)
    assert away == "broker" or (503, True) == (citizens.status_code, "Basis data tidak menjawab." in citizens.text)


def test_all_are_asked_at_once_and_none_is_waited_for_beyond_the_bound() -> None:
    """Answers keep the order of the questions; one that never comes is none, and what asked for it is ended."""
    begun = [eventlet.event.Event() for _ in range(3)]
    ended: list[str] = []

    def ask(number: int) -> int:
        begun[number].send(None)
        for each in begun:
            each.wait(timeout=30)
        return number

    def never() -> int:
        try:
            eventlet.event.Event().wait(timeout=600)
        finally:
            ended.append("never")
        return 9

    questions = [lambda number=number: ask(number) for number in range(3)]

    assert [0, 1, 2] == at_once(questions, 30)
    assert [None] == at_once([never], 0.05)
    assert ["never"] == ended
    with pytest.raises(ZeroDivisionError):
        at_once([lambda: 1 // 0], 30)
