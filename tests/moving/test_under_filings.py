"""A government is taken to another database while complaints come in, with the processes that operators run."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from shared.platform.secret import new_secret
from shared.platform.settings import Settings
from tests.cli.command import aduan
from tests.fixtures.broker import OutsideBroker
from tests.fixtures.postgres import fresh_database
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.waiting import eventually, free_ports
from tests.journey.installation import Api
from tests.moving.asking import rows
from tests.processes.cluster import READY_SECONDS, Member

MOVED, STAYS = "bantul", "cilacap"
SERVING = ("serve", "intake", "routing", "sla", "notify", "reporting")
_BEHIND = """
    SELECT count(*) FROM messaging.followers WHERE position < (SELECT max(position) FROM eventstore.events)
"""
_TICKETS = "SELECT ticket FROM intake.tickets"
_TRIED = """
    SELECT count(*) FILTER (WHERE settled), count(*), coalesce(max(attempts), 0), count(DISTINCT dossier)
      FROM notify.messages
"""


class Filing:
    """Files for both governments in turn until told to stop, and keeps every receipt.

    :param api: whom to file with; another once processes were started again.
    """

    def __init__(self, api: Api) -> None:
        self.api = api
        self.receipts: dict[str, list[dict[str, Any]]] = {MOVED: [], STAYS: []}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """For as long as the block takes."""
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()

    def filed(self, tenant: str) -> int:
        """How many receipts there are."""
        return len(self.receipts[tenant])

    def _run(self) -> None:
        while not self._stop.is_set():
            for tenant, receipts in self.receipts.items():
                try:
                    answer = self.api.call("POST", f"/{tenant}/complaints", json={"message": "Jalan rusak"})
                except requests.RequestException:
                    self._stop.wait(0.1)
                    continue
                if answer.status_code == 201:
                    receipts.append(answer.json())
                self._stop.wait(0.02)


@dataclass(frozen=True)
class Place:
    """Where everything runs.

    :param before: the settings with one database.
    :param after: those with both.
    """

    former: str
    other: str
    before: dict[str, str]
    after: dict[str, str]
    ports: list[int]
    folder: Path
    members: list[Member]

    def member(self, name: str, arguments: tuple[str, ...], environment: dict[str, str], port: int) -> Member:
        """A process, not yet started; stopped at the end."""
        own = {"ADUAN_PORTAL_PORT": str(port), "ADUAN_HEALTH_PORT": "0" if "portal" in arguments else str(port)}
        command = [sys.executable, "-m", "cli.main", *arguments]
        made = Member(name, port, command, {**environment, **own}, self.folder / f"{name}.log")
        self.members.append(made)
        return made

    def move_and_kill(self, when: str, *more: str) -> None:
        """Say the command, and kill it once a question to the other database is answered by any row."""
        command = [sys.executable, "-m", "cli.main", "tenant", "move", MOVED, "--to", self.other, *more]
        with subprocess.Popen(command, env=self.before, stdout=subprocess.DEVNULL) as process:
            eventually(lambda: process.poll() is not None or rows(self.other, when), within=120, what=when)
            process.kill()

    def move(self, *more: str) -> None:
        """Say the command."""
        ran = aduan("tenant", "move", MOVED, "--to", self.other, *more, **self.before)
        assert 0 == ran.status, ran.err


@pytest.fixture
def place(
    postgres_url: str, migrated_template: str, rabbitmq: RabbitMQ | OutsideBroker, tmp_path: Path
) -> Iterator[Place]:
    """Two databases of one server, two virtual hosts of one broker, one folder."""
    made = [fresh_database(postgres_url, migrated_template) for _ in range(2)]
    former, other = (next(each) for each in made)
    vhosts = [rabbitmq.new_vhost() for _ in range(2)]
    before = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ADUAN_")},
        "ADUAN_DATABASE_URL": former,
        "ADUAN_BROKER_URL": rabbitmq.url_of(vhosts[0]),
        "ADUAN_MASTER_KEY": new_secret(),
        "ADUAN_DATA_DIR": str(tmp_path),
        "ADUAN_POOL_SIZE": "5",
    }
    after = {**before, "ADUAN_DATABASES": f"{MOVED} = {other} {rabbitmq.url_of(vhosts[1])}"}
    members: list[Member] = []
    try:
        yield Place(former, other, before, after, free_ports(3), tmp_path, members)
    finally:
        _stopped(*(member for member in members if member.process is not None))
        for database in made:
            database.close()
        for vhost in vhosts:
            rabbitmq.drop_vhost(vhost)


@pytest.mark.chaos
@pytest.mark.slow
@pytest.mark.process
@pytest.mark.rabbitmq
def test_nobody_loses_a_complaint(place: Place) -> None:
    """Filed before, meanwhile and afterwards, with the command killed at the beginning and near the end: each receipt
    finds its complaint, numbers follow one another without a gap, and no letter is written twice.
    """
    http, first, second = place.ports
    portal = place.member("portal", ("serve", "portal"), place.before, http)
    services = place.member("services", SERVING, place.before, first)
    key = Settings.from_environment({name: each for name, each in place.before.items() if name.startswith("ADUAN_")})
    api = Api(f"http://127.0.0.1:{http}", key.token_key)
    filing = Filing(api)
    _started(portal, services)
    with filing.going_on():
        place.move_and_kill("SELECT FROM eventstore.moves")
        for count in (10, 20):
            eventually(lambda count=count: filing.filed(MOVED) >= count, within=120, what="complaints")  # type: ignore[misc]
            place.move()
        _stopped(portal)
        eventually(lambda: rows(place.former, _BEHIND) == [(0,)], within=120, what="that services have followed")
        _stopped(services)
        place.move_and_kill("SELECT FROM messaging.followers", "--finish")
        place.move("--finish")
        then = filing.filed(MOVED)
        old = place.member("old", SERVING, place.before, first)
        old.start()
        status_of_old = old.left(READY_SECONDS)
        _started(
            place.member("rest", SERVING, place.after, first),
            place.member("own", ("at", MOVED, *SERVING), place.after, second),
            place.member("portal after", ("serve", "portal"), place.after, http),
        )
        eventually(lambda: filing.filed(MOVED) >= then + 10, within=120, what="complaints in the other database")
    tracked = {
        tenant: [api.track(tenant, each)["ticket"] for each in receipts] for tenant, receipts in filing.receipts.items()
    }
    eventually(lambda: _all_settled(place.other), within=180, what="that all letters are written")
    [(_, _, attempts, told)] = rows(place.other, _TRIED)
    numbers = sorted(int(ticket.rpartition("-")[2]) for (ticket,) in rows(place.other, _TICKETS))
    audited = [aduan("at", tenant, "audit", "verify", **place.after).status for tenant in (MOVED, STAYS)]

    assert {tenant: [each["ticket"] for each in receipts] for tenant, receipts in filing.receipts.items()} == tracked
    assert list(range(1, len(numbers) + 1)) == numbers
    assert (1, len(numbers)) == (attempts, told)
    assert [0, 0] == audited
    assert 0 != status_of_old


def _all_settled(url: str) -> bool:
    [(settled, count, _, _)] = rows(url, _TRIED)
    return bool(settled == count)


def _started(*members: Member) -> None:
    for member in members:
        member.start()
    for member in members:
        eventually(member.comes, within=READY_SECONDS, every=0.2, what=f"{member.name} ready")


def _stopped(*members: Member) -> None:
    for member in members:
        member.tell(signal.SIGTERM)
    for member in members:
        member.left()
