"""``aduan up`` leaves nothing behind, whenever it is told to stop."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import requests

from tests.fixtures.places import fast_directory
from tests.fixtures.rabbitmq import dying_with_us
from tests.fixtures.waiting import eventually, patience

LEAVE_SECONDS = 20.0
"""A few seconds; the machine may be busy."""

pytestmark = pytest.mark.process


@contextmanager
def _run(*arguments: str) -> "Iterator[tuple[subprocess.Popen[str], Path]]":
    """A command on a directory of its own."""
    data = fast_directory("aduan-up") / "data"
    command = [sys.executable, "-m", "cli.main", *arguments, "--port", "0", "--data", str(data)]
    process = subprocess.Popen(
        dying_with_us(command), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        yield process, data
    finally:
        process.kill()
        process.communicate()
        shutil.rmtree(data.parent, ignore_errors=True)


def _said(process: "subprocess.Popen[str]", beginning: str) -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith(beginning):
            return
    raise AssertionError(f"it ended without saying {beginning!r}: {''.join(said)[-3000:]}")


def _running_on(data: Path) -> list[str]:
    """The processes that work in that directory; the dead whom nobody has fetched are not counted."""
    found = []
    for each in psutil.process_iter(["cwd", "status", "name"]):
        place = each.info["cwd"] or ""
        if place.startswith(str(data)) and each.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(each.info["name"])
    return found


@pytest.mark.parametrize(
    ("tell", "how", "processes"),
    [(os.kill, signal.SIGTERM, "2"), (os.kill, signal.SIGINT, "1"), (os.killpg, signal.SIGINT, "2")],
    ids=["stopped", "interrupted", "interrupted from the keyboard"],
)
def test_told_to_stop_it_leaves_nothing_running(
    tell: Callable[[int, int], None], how: signal.Signals, processes: str
) -> None:
    """Its services finish, its database stops, and its status is 0; also where a terminal tells all its processes."""
    with _run("up", "--processes", processes) as (process, data):
        _said(process, "ready ")
        before = _running_on(data)
        tell(process.pid, how)
        output, _ = process.communicate(timeout=patience(LEAVE_SECONDS))

    assert "postgres" in before
    assert (0, []) == (process.returncode, _running_on(data)), output[-3000:]


def test_told_to_stop_while_it_starts() -> None:
    """What was begun is finished and taken back: the database may just have been started."""
    with _run("up") as (process, data):
        eventually((data / "postgres" / "data" / "postmaster.pid").exists, within=60, what="the database started")
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=patience(LEAVE_SECONDS))

    assert (0, []) == (process.returncode, _running_on(data)), output[-3000:]
    assert "ready" not in output


def test_the_demo_told_to_stop_in_its_month() -> None:
    """Nobody has to wait for the month's end."""
    with _run("demo") as (process, data):
        _said(process, "Aduan is up at")
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=patience(LEAVE_SECONDS))

    assert (0, []) == (process.returncode, _running_on(data)), output[-3000:]


def test_letters_lead_to_the_port_that_is_served() -> None:
    """A port left to chance is told in links as the one that was drawn."""
    with _run("up") as (process, data):
        assert process.stdout is not None
        address = next(line.split()[1] for line in process.stdout if line.startswith("ready "))
        complaint = {"message": "m", "reporter": {"email": "siti@warga.example"}}
        requests.post(f"{address}/api/v1/cilacap/complaints", json=complaint, timeout=patience(20)).raise_for_status()
        eventually(lambda: list((data / "outbox").glob("*-reporter-*.eml")), within=20, what="the letter is written")
        [letter] = (data / "outbox").glob("*-reporter-*.eml")

        assert f"{address}/cilacap/lacak/CLP-".encode() in letter.read_bytes()


def test_killed_it_leaves_nothing_running_for_long() -> None:
    """Its database notices that nobody is left, stops in good order, and the folder can be opened again."""
    with _run("up") as (process, data):
        _said(process, "ready ")
        process.kill()
        process.wait()
        eventually(lambda: not _running_on(data), within=20, what="its database has stopped")

        assert "shut down" in (data / "postgres" / "data" / "server.log").read_text()
