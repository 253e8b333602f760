"""Events that one service cannot apply, many in a row: that service stops and says so, and everything else goes on."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from shared.platform.database.embedded_postgres import running_url
from shared.platform.database.pool import Database
from tests.fixtures.places import fast_directory
from tests.fixtures.postgres import execute
from tests.fixtures.rabbitmq import dying_with_us
from tests.fixtures.waiting import eventually, patience
from tests.processes.test_up import LEAVE_SECONDS

MANY = 25
SPOILED = (
    "CREATE FUNCTION reporting.spoiled() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM 1 / 0; RETURN NEW; END'",
    "CREATE TRIGGER spoiled BEFORE INSERT ON reporting.cases FOR EACH ROW EXECUTE FUNCTION reporting.spoiled()",
)

pytestmark = pytest.mark.process


@contextmanager
def _up(data: Path, processes: str) -> Iterator[str]:
    """``aduan up`` on a directory; gives the address, and sees that it leaves in good order."""
    log = data.with_suffix(".log")
    command = [sys.executable, "-m", "cli.main", "up", "--processes", processes, "--port", "0", "--data", str(data)]
    with log.open("wb") as output:  # a pipe that nobody reads would stop it
        process = subprocess.Popen(
            dying_with_us(command),
            stdout=output,
            stderr=output,
            start_new_session=True,
            env={**os.environ, "ADUAN_CONSUMER_RETRIES": "1"},
        )
    try:
        found = eventually(lambda: re.findall(r"^ready (\S+)", log.read_text(), re.MULTILINE), within=90, what="ready")
        yield found[0]
        process.send_signal(signal.SIGTERM)
        assert 0 == process.wait(patience(LEAVE_SECONDS)), log.read_text()[-3000:]
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def data() -> Iterator[Path]:
    """A data directory that nobody has used."""
    place = fast_directory("aduan-poisoned")
    yield place / "data"
    shutil.rmtree(place, ignore_errors=True)


def _file(address: str, count: int) -> None:
    for number in range(count):
        complaint = {"message": f"Jalan rusak {number}", "reporter": {"name": "Siti"}}
        requests.post(f"{address}/api/v1/cilacap/complaints", json=complaint, timeout=20).raise_for_status()


def _readiness(address: str) -> tuple[int, dict[str, Any]]:
    page = requests.get(f"{address}/readyz", timeout=20)
    return page.status_code, page.json()


def _url(data: Path) -> str:
    url = running_url(data / "postgres")
    assert url is not None
    return url


def _lines(data: Path, table: str) -> int:
    with Database(_url(data), pool_size=1).autocommit() as cursor:
        cursor.execute(f"SELECT FROM {table}")
        return len(cursor.fetchall())


@pytest.mark.parametrize("processes", [pytest.param("1", marks=pytest.mark.chaos), "2"])
def test_a_service_that_has_stopped_is_named_and_the_others_go_on(data: Path, processes: str) -> None:
    """Ready for the others, in one process or two, and at the next start too; mended, it makes up for all."""

    def stopped(address: str) -> bool:
        return "stopped" in _readiness(address)[1]

    with _up(data, processes) as address:
        execute(_url(data), *SPOILED)
        _file(address, MANY)
        eventually(lambda: stopped(address), within=90, every=0.2, what="reporting has stopped")
        status, page = _readiness(address)
        _file(address, 1)
        eventually(lambda: _lines(data, "routing.inbox") == MANY + 1, within=60, every=0.1, what="routing goes on")

    assert (200, "impaired", ["reporting:log"]) == (status, page["status"], list(page["stopped"]))
    assert "aduan dead list reporting" in page["stopped"]["reporting:log"]

    with _up(data, processes) as address:
        eventually(lambda: stopped(address), within=90, every=0.2, what="it has stopped again")
        execute(_url(data), "DROP TRIGGER spoiled ON reporting.cases")

    with _up(data, processes) as address:
        eventually(lambda: _lines(data, "reporting.cases") == MANY + 1, within=90, every=0.2, what="all made up for")

        assert "ok" == _readiness(address)[1]["status"]
