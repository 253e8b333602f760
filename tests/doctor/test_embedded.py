"""``aduan doctor`` on what ``aduan up`` runs: while it runs, when it is stopped, and where nothing is."""

import json
import signal
from pathlib import Path

import pytest

from shared.platform.secret import new_secret
from tests.cli.command import Ran, aduan
from tests.fixtures.waiting import patience
from tests.processes.test_second import _address
from tests.processes.test_up import LEAVE_SECONDS, _run, _running_on

ONLY = [word for part in ("broker", "disk", "work", "channels") for word in ("--only", part)]


def _doctor(data: Path, *more: str) -> Ran:
    return aduan("doctor", "--data", str(data), *more)


@pytest.mark.process
def test_an_installation_is_well_while_it_runs_and_when_it_is_stopped() -> None:
    """Looking leaves no process behind; afterwards a lost key is named, and nothing is made in its place."""
    with _run("up", "--processes", "1") as (process, data):
        _address(process)
        running = _doctor(data, "--json", *ONLY)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=patience(LEAVE_SECONDS))
        stopped = _doctor(data, *ONLY)
        left = _running_on(data)
        (data / "master.key").unlink()
        lost = _doctor(data, *ONLY)
        made_anew = (data / "master.key").exists()

    told = json.loads(running.out)
    assert (0, True, 0) == (running.status, told["ok"], told["counts"]["fail"]), running.out
    assert {"check": "process", "state": "ok", "said": "running", "remedy": ""} in told["lines"]
    assert 0 == stopped.status, stopped.out
    assert "stopped" in stopped.line("ok    process")
    assert (1, [], False) == (lost.status, left, made_anew)
    assert "master.key is missing" in lost.out


def test_where_nothing_is_nothing_is_made(tmp_path: Path) -> None:
    """A mistyped directory is no installation, and becomes none."""
    ran = _doctor(tmp_path / "mistyped", "--only", "database")

    assert (1, False) == (ran.status, (tmp_path / "mistyped").exists())
    assert f"{tmp_path / 'mistyped'} holds no installation" in ran.err


def test_the_status_tells_what_the_lines_tell(tmp_path: Path) -> None:
    """JSON stands alone on the standard output, and no secret in it."""
    settings = {
        "ADUAN_DATABASE_URL": "postgresql://aduan:hunter2@127.0.0.1:1/aduan",
        "ADUAN_BROKER_URL": "amqp://aduan:hunter2@127.0.0.1:1//",
        "ADUAN_MASTER_KEY": new_secret(),
        "ADUAN_DATA_DIR": str(tmp_path),
    }
    ran = aduan("doctor", "--json", "--only", "database", "--only", "broker", **settings)
    told = json.loads(ran.out)

    assert (1, False) == (ran.status, told["ok"])
    assert {"database": "fail", "broker": "fail"} == {
        each["check"]: each["state"] for each in told["lines"] if each["state"] != "ok"
    }
    assert "hunter2" not in ran.out + ran.err
