"""A process that cannot do its work does not start: it says what is wrong and what to do, and ends with status 2."""

import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from shared.platform.secret import new_secret
from shared.platform.settings import PROJECT
from tests.cli.command import Ran, aduan_here
from tests.fixtures.waiting import patience

WHOLE = {
    "ADUAN_DATABASE_URL": "postgresql://aduan:hunter2@127.0.0.1:1/aduan",
    "ADUAN_BROKER_URL": "amqp://aduan:hunter2@127.0.0.1:1//",
    "ADUAN_MASTER_KEY": new_secret(),
    "ADUAN_HEALTH_PORT": "0",
    "ADUAN_PORTAL_PORT": "0",
}

pytestmark = pytest.mark.process


def _refused(*arguments: str, **environment: str | None) -> list[str]:
    """What a command says that must not start: a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ADUAN_")}
    own = {name: value for name, value in {**WHOLE, **environment}.items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        env={**inherited, **own},
        capture_output=True,
        text=True,
        timeout=patience(60),
        check=False,
        cwd=PROJECT,
    )
    return _told(Ran(done.returncode, done.stdout, done.stderr))


def _refused_here(*arguments: str, **environment: str | None) -> list[str]:
    """Likewise, without a second of starting: what is wrong with the settings is found before anything is done."""
    given = {**WHOLE, **environment}
    return _told(aduan_here(*arguments, **{name: value for name, value in given.items() if value is not None}))


def _told(ran: Ran) -> list[str]:
    assert (2, "") == (ran.status, ran.out), ran.err
    assert "Traceback" not in ran.err
    assert "hunter2" not in ran.err
    return ran.err.splitlines()


@pytest.mark.parametrize("service", ["intake", "portal"])
def test_no_service_starts_without_a_master_key(service: str) -> None:
    """Personal data could be neither sealed nor read."""
    said = _refused("serve", service, ADUAN_MASTER_KEY=None)

    assert 2 == len(said)
    assert "ADUAN_MASTER_KEY is not set" in said[1]
    assert "aduan secret" in said[1]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"ADUAN_BROKER_URL": None}, "ADUAN_BROKER_URL is not set"),
        ({"ADUAN_MASTER_KEY": "hunter2"}, "ADUAN_MASTER_KEY must be"),
        ({"ADUAN_DATABASE_URL": "mysql://hunter2"}, "ADUAN_DATABASE_URL must be"),
        ({"ADUAN_RELAY_BATCH": "0"}, "ADUAN_RELAY_BATCH must be"),
        ({"ADUAN_MASTER_KEY_FILE": "/nowhere", "ADUAN_MASTER_KEY": None}, "ADUAN_MASTER_KEY"),
        ({"ADUAN_MAXTER_KEY": "x"}, "did you mean ADUAN_MASTER_KEY?"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_a_bad_setting_is_named(environment: dict[str, str | None], expected: str) -> None:
    """The variable, what it must be, and nothing secret."""
    said = _refused_here("serve", "routing", **environment)

    assert [line for line in said if expected in line]


def test_a_folder_of_governments_that_is_not_there_is_named() -> None:
    """It is found missing once the process is under way."""
    said = _refused("serve", "routing", ADUAN_TENANTS_DIR="/nowhere")

    assert [line for line in said if "/nowhere" in line]


def test_every_fault_is_told_at_once() -> None:
    """Nobody is sent round once for each mistake."""
    said = _refused_here("serve", "sla", ADUAN_MASTER_KEY=None, ADUAN_BROKER_URL=None, ADUAN_POOL_SIZE="many")

    assert 4 == len(said)


def test_an_unknown_service_is_refused() -> None:
    """The services that there are, are told."""
    said = _refused_here("serve", "intkae")

    assert "intake" in said[-1]


@pytest.mark.parametrize(("service", "variable"), [("sla", "ADUAN_HEALTH_PORT"), ("portal", "ADUAN_PORTAL_PORT")])
def test_a_port_that_is_taken_is_told(service: str, variable: str) -> None:
    """Two servers on one port would answer by turns."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        said = _refused("serve", service, **{variable: str(taken.getsockname()[1])})

        assert str(taken.getsockname()[1]) in said[-1]


@pytest.mark.parametrize("command", ["up", "demo"])
def test_an_installation_whose_port_is_taken_is_not_even_begun(command: str, tmp_path: Path) -> None:
    """It is told at once: no database is made or started first."""
    data = tmp_path / "data"
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        said = _refused(command, "--data", str(data), "--port", port, ADUAN_DATABASE_URL=None, ADUAN_BROKER_URL=None)

    assert port in said[-1]
    assert not data.exists()
