"""A database that does not answer piles nothing up: whoever asks meanwhile is told, in time, to come again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.fixtures.waiting import eventually
from tests.processes.conftest import Running
from tests.processes.traffic import complaint

CLIENTS = 40
"""More than the portal has connections to the database, and workers of a service."""
ANSWER_SECONDS = 60.0

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.rabbitmq, pytest.mark.chaos]


def test_a_database_that_stands_still_gives_503_to_all(running: Running) -> None:
    """Nobody waits without end, none is told anything but "come again", and the portal is well again afterwards."""
    cluster = running.cluster
    given = {name: value for name, value in complaint("").items() if name not in {"tenant", "external_id"}}
    url = f"{cluster.api.address}/api/v1/cilacap/complaints"

    def ask(_: int) -> requests.Response:
        return requests.post(url, json=given, timeout=ANSWER_SECONDS)

    assert ask(0).ok
    running.to_database.stall()
    try:
        with ThreadPoolExecutor(CLIENTS) as clients:
            answers = list(clients.map(ask, range(CLIENTS)))
        [portal] = cluster.of("portal")
        eventually(lambda: not portal.ready(), within=30, every=0.2, what="readiness off")
    finally:
        running.to_database.heal()
    eventually(lambda: all(member.ready() for member in cluster.members), within=60, every=0.2, what="all ready")

    assert {503} == {answer.status_code for answer in answers}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert ask(0).ok
