"""``aduan up`` in two processes: one answers, the other does the work, and neither outlives the installation."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import requests

from shared.platform.database.embedded_postgres import running_url
from shared.platform.database.pool import Database
from tests.fixtures.waiting import eventually, patience
from tests.processes.test_up import LEAVE_SECONDS, _run, _running_on

pytestmark = pytest.mark.process


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return next(line.split()[1] for line in process.stdout if line.startswith("ready "))


def _second(data: Path) -> psutil.Process:
    """The second process of the installation in that directory, as soon as it is there."""
    found: psutil.Process = eventually(lambda: _found(data), within=20, what="the second process")
    return found


def _found(data: Path) -> psutil.Process | None:
    for each in psutil.process_iter(["cmdline"]):
        given = each.info["cmdline"] or []
        if given[-3:] == ["second", "--data", str(data)] and each.status() != psutil.STATUS_ZOMBIE:
            return each
    return None


def _file(address: str, email: str) -> None:
    complaint = {"message": "m", "reporter": {"email": email}}
    requests.post(f"{address}/api/v1/cilacap/complaints", json=complaint, timeout=patience(20)).raise_for_status()


def _written_to(data: Path, email: str) -> bool:
    letters = (data / "outbox").glob("*-reporter-*.eml")
    return any(f"To: {email}\n" in letter.read_text(encoding="utf-8") for letter in letters)


def test_a_second_process_that_dies_is_started_again_and_nothing_is_lost() -> None:
    """What is filed while it is away is told by a letter when it is back; told to stop, both are gone."""
    with _run("up", "--processes", "2") as (process, data):
        address = _address(process)
        _file(address, "before@warga.example")
        eventually(lambda: _written_to(data, "before@warga.example"), within=20, what="the first letter")
        both = requests.get(f"{address}/metrics", timeout=patience(10)).text
        first = _second(data)
        first.kill()
        _file(address, "meanwhile@warga.example")
        eventually(lambda: requests.get(f"{address}/readyz", timeout=patience(10)).status_code == 503, what="not ready")
        one = requests.get(f"{address}/metrics", timeout=patience(10)).text
        eventually(lambda: _written_to(data, "meanwhile@warga.example"), within=40, what="the second letter")
        again = _second(data)
        eventually(lambda: requests.get(f"{address}/readyz", timeout=patience(10)).ok, within=20, what="ready again")
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=patience(LEAVE_SECONDS))

    assert first.pid != again.pid
    told = 'aduan_messages_total{medium="email",outcome="sent",process="second"}'
    assert (True, False) == (told in both, told in one), both
    assert "aduan_complaints_filed_total" in one
    assert (0, []) == (process.returncode, _running_on(data)), output[-3000:]
    assert not again.is_running()


def test_the_second_process_does_not_outlive_the_first() -> None:
    """However the first ends, the second leaves too."""
    with _run("up", "--processes", "2") as (process, data):
        _address(process)
        second = _second(data)
        process.kill()
        process.wait()

        eventually(lambda: not second.is_running(), within=20, what="the second has left")


def test_the_first_is_not_ready_while_the_second_cannot_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages of the first are those of the installation: a table that is gone shows there, and its return too."""
    monkeypatch.setenv("ADUAN_LOG_LEVEL", "ERROR")  # nobody reads what it says of every request
    with _run("up", "--processes", "2") as (process, data):
        address = _address(process)
        url = running_url(data / "postgres")
        assert url is not None
        database = Database(url, pool_size=1)
        with database.autocommit() as cursor:
            cursor.execute("ALTER TABLE routing.inbox RENAME TO elsewhere")
        _file(address, "lost@warga.example")
        eventually(lambda: _ready(address) == 503, within=40, what="not ready")
        figures = requests.get(f"{address}/metrics", timeout=patience(10)).text
        with database.autocommit() as cursor:
            cursor.execute("ALTER TABLE routing.elsewhere RENAME TO inbox")
        database.close()
        eventually(lambda: _ready(address) == 200, within=40, what="ready again")

    assert 'aduan_process_ready{process="second"} 0.0' in figures
    assert 'aduan_relay_leads{process="second"} ' in figures  # told also by who cannot work


def _ready(address: str) -> int:
    return requests.get(f"{address}/readyz", timeout=patience(10)).status_code


@pytest.mark.parametrize("said", ["", "{}\n"])
def test_nobody_else_starts_it(said: str) -> None:
    """Whoever finds the command is told who uses it."""
    command = [sys.executable, "-m", "cli.main", "second"]
    asked = subprocess.run(command, check=False, input=said, capture_output=True, text=True)

    assert 2 == asked.returncode
    assert "aduan up" in asked.stderr
    assert "Traceback" not in asked.stderr
