"""The primary dies under load, the standby is promoted, and everything goes on by itself with all that was answered."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from shared.platform.database.pool import Database
from shared.platform.migrations import migrate
from shared.store.eventstore.audit import verify
from tests.fixtures.waiting import eventually
from tests.processes.cluster import ProcessCluster, cluster
from tests.processes.traffic import differing_at, end_leases, filed, gaps, query, unsent
from tests.replica.postgres import Pair, PostgresNode

SETTLE_SECONDS = 120.0
MESSAGE = "Lampu jalan di depan balai desa Hanum mati sejak hari Senin."
ALL = ("portal intake routing sla notify reporting",)
APART = ("routing sla notify reporting", "portal intake")

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.rabbitmq]


class Citizens:
    """People who file complaints over HTTP, and keep the receipts they are given.

    Whoever is told that it did not work, or is told nothing, tries again with the same key, as the answer says.
    """

    def __init__(self, running: ProcessCluster, count: int) -> None:
        self._address = running.api.address
        self._stop = threading.Event()
        self.receipts: list[dict[str, Any]] = []
        self._threads = [threading.Thread(target=self._file, daemon=True) for _ in range(count)]

    @contextmanager
    def filing(self) -> Iterator[None]:
        """They file during the block; afterwards each has got a receipt for what was begun."""
        for each in self._threads:
            each.start()
        try:
            yield
        finally:
            self._stop.set()
            for each in self._threads:
                each.join(SETTLE_SECONDS)
        assert not any(each.is_alive() for each in self._threads), "somebody has not got an answer"

    def _file(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while not self._stop.is_set():
                key = uuid.uuid4().hex
                while not self._given(session, key):
                    self._stop.wait(0.2)

    def _given(self, session: requests.Session, key: str) -> bool:
        complaint = {"message": MESSAGE, "reporter": {"name": "Agus", "phone": "0812", "address": "Hanum"}}
        url = f"{self._address}/api/v1/cilacap/complaints"
        try:
            answer = session.post(url, json=complaint, headers={"Idempotency-Key": key}, timeout=60)
        except requests.RequestException:
            return False
        if answer.status_code not in {200, 201}:
            assert answer.status_code >= 500, answer.text
            return False
        self.receipts.append(answer.json())
        return True


def _all_there(running: ProcessCluster, receipts: list[dict[str, Any]]) -> None:
    """Every receipt opens its complaint, no number is missing, every table is equal to the log, the log is whole."""
    running.wait_ready()
    eventually(lambda: not differing_at(running.database_url), within=SETTLE_SECONDS, every=0.3, what="all equal")
    end_leases(running)
    eventually(lambda: unsent(running) == 0, within=SETTLE_SECONDS, every=0.2, what="all letters sent")
    known: dict[str, str] = dict(query(running, "SELECT dossier::text, ticket FROM intake.tickets"))

    assert {each["id"]: each["ticket"] for each in receipts} == known
    assert len(receipts) == filed(running)
    assert [] == gaps(running)
    assert verify(Database(running.database_url, pool_size=1)).intact
    running.api.track("cilacap", receipts[0])
    running.api.track("cilacap", receipts[-1])


def _failed_over(
    pair: Pair, broker_url: str, place: Path, sets: tuple[str, ...], *faults: Callable[[PostgresNode], None]
) -> None:
    migrate(pair.url)
    with cluster(pair.url, broker_url, place, sets) as running:
        started = [member.process.pid for member in running.members if member.process]
        citizens = Citizens(running, 4)
        with citizens.filing():
            for fault in faults:
                so_far = len(citizens.receipts)
                eventually(lambda: len(citizens.receipts) > so_far + 40, within=60, what="the first receipts")  # noqa: B023
                fault(pair.primary)
                before = len(citizens.receipts)
                pair.fail_over()
                eventually(lambda: len(citizens.receipts) > before + 20, within=90, what="service resumed")  # noqa: B023
                pair.primary.kill()
                pair.swap()
        _all_there(running, citizens.receipts)

        assert started == [member.process.pid for member in running.members if member.process and member.runs]


def test_nothing_that_was_answered_is_lost_with_the_primary(pair: Pair, broker_url: str, tmp_path: Path) -> None:
    """Kill -9 the primary among filings and promote the standby: every receipt is good, nobody restarts anything."""
    _failed_over(pair, broker_url, tmp_path, ALL, PostgresNode.kill)


@pytest.mark.chaos
@pytest.mark.parametrize("sets", [ALL, APART])
def test_failing_over_and_back_loses_nothing(
    pair: Pair, broker_url: str, tmp_path: Path, sets: tuple[str, ...]
) -> None:
    """Four times the primary dies or falls silent, and the other takes over, with a new standby each time."""
    _failed_over(
        pair, broker_url, tmp_path, sets, PostgresNode.kill, PostgresNode.freeze, PostgresNode.kill, PostgresNode.freeze
    )
