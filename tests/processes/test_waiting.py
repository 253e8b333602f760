"""A service whose database cannot be used yet says so, is not ready, and begins when it can."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest
import requests

from shared.base.services import SERVICES
from shared.platform.migrations import migrate
from shared.platform.secret import new_secret
from shared.platform.settings import PROJECT
from tests.fixtures.rabbitmq import dying_with_us
from tests.fixtures.waiting import eventually, free_ports, patience

PROCESSES = (*SERVICES, "portal")

pytestmark = pytest.mark.process


@contextmanager
def _serving(service: str, port: int, log: Path, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """``aduan serve``, with its pages on a port."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ADUAN_")}
    own = {"ADUAN_HEALTH_PORT": str(port), "ADUAN_PORTAL_PORT": str(port), "ADUAN_LOG_FORMAT": "text", **environment}
    with log.open("wb") as file:
        process = subprocess.Popen(
            dying_with_us([sys.executable, "-m", "cli.main", "serve", service]),
            env={**inherited, "ADUAN_MASTER_KEY": KEY, "ADUAN_BROKER_URL": NO_BROKER, **own},
            stdout=file,
            stderr=file,
            cwd=PROJECT,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


KEY = new_secret()
NO_BROKER = "amqp://nobody:nothing@127.0.0.1:1//"


def _page(port: int, path: str) -> requests.Response | None:
    try:
        return requests.get(f"http://127.0.0.1:{port}/{path}", timeout=5)
    except requests.RequestException:
        return None


def test_no_service_is_ready_on_a_database_without_tables(empty_database_url: str, tmp_path: Path) -> None:
    """Each waits, healthy and not ready, says what for, and goes on as soon as the tables are there."""
    ports = dict(zip(PROCESSES, free_ports(len(PROCESSES)), strict=True))
    with ExitStack() as running:
        for service, port in ports.items():
            log = tmp_path / f"{service}.log"
            running.enter_context(_serving(service, port, log, ADUAN_DATABASE_URL=empty_database_url))
        for service, port in ports.items():
            eventually(partial(_page, port, "healthz"), within=60, what=f"{service} tells that it lives")
        told = {service: _page(port, "readyz") for service, port in ports.items()}
        assert dict.fromkeys(PROCESSES, 503) == {
            service: page.status_code for service, page in told.items() if page is not None
        }
        for service in PROCESSES:
            log = tmp_path / f"{service}.log"
            eventually(partial(_said, log, "aduan migrate"), within=30, what=f"{service} says why")

        migrate(empty_database_url)

        for service, port in ports.items():  # still not ready, since there is no broker; but no more for the database
            eventually(partial(_begun, port), within=60, what=f"{service} begins")


def test_an_unknown_host_is_named(tmp_path: Path) -> None:
    """A mistyped name of the database's machine is what is told; the broker is not even asked for."""
    (port,) = free_ports(1)
    log = tmp_path / "log"
    url = "postgresql://aduan:hunter2@database.invalid:5432/aduan"
    with _serving("routing", port, log, ADUAN_DATABASE_URL=url):
        eventually(partial(_said, log, "database.invalid"), within=60, what="the host is named")

        said = log.read_text()
        assert "hunter2" not in said
        assert "broker" not in said.lower()


def test_a_wrong_key_ends_a_service_that_waited(database_url: str, tmp_path: Path) -> None:
    """It would seal what nobody else can read: it ends with status 2 and seals nothing."""
    (port,) = free_ports(1)
    log = tmp_path / "log"
    with _serving("intake", port, log, ADUAN_DATABASE_URL=database_url):
        eventually(partial(_begun, port), within=60, what="the first key is taken")
    with _serving("intake", port, log, ADUAN_DATABASE_URL=database_url, ADUAN_MASTER_KEY=new_secret()) as second:
        assert 2 == second.wait(patience(60))

    assert "wrapped by the master key" in log.read_text()


def _said(log: Path, words: str) -> bool:
    return words in log.read_text()


def _begun(port: int) -> bool:
    """Whether the pages are those of the service itself: it has more to tell than that it waits for the database."""
    page = _page(port, "readyz")
    return page is not None and set(page.json()["checks"]) != {"database"}
