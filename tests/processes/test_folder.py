"""A data directory is one installation's at a time, and one clock's for good."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.cli.command import aduan
from tests.fixtures.rabbitmq import dying_with_us
from tests.fixtures.waiting import patience
from tests.journey.installation import START, up

pytestmark = pytest.mark.process

CLOCK = ("--simulated-clock", START)


@contextmanager
def _up(data: Path, *options: str) -> "Iterator[subprocess.Popen[str]]":
    """``aduan up``, ready."""
    command = [sys.executable, "-m", "cli.main", "up", "--port", "0", "--data", str(data), *options]
    process = subprocess.Popen(dying_with_us(command), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        assert next(line for line in process.stdout if line.startswith("ready "))
        yield process
    finally:
        process.terminate()
        process.wait(patience(30))


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[tuple[Path, subprocess.Popen[str]]]":
    """A folder, and the installation that has it."""
    data = tmp_path_factory.mktemp("held") / "data"
    with _up(data, *CLOCK) as first:
        yield data, first


@pytest.mark.parametrize("second", ["up --port 0", "demo --exit --port 0", "key rotate"])
def test_a_second_installation_on_a_folder_is_refused(held: "tuple[Path, subprocess.Popen[str]]", second: str) -> None:
    """Each would see half of what happens. The sentence names the process that has it; and that goes on undisturbed.

    The usual port being taken is nobody's trouble who leaves the port to chance.
    """
    data, first = held
    with closing(socket.create_server(("127.0.0.1", 0))) as usual:
        port = str(usual.getsockname()[1])
        refused = aduan(*second.split(), "--data", str(data), ADUAN_PORTAL_PORT=port)

    assert (2, "") == (refused.status, refused.out)
    assert [f"is in use by process {first.pid}." in line for line in refused.err.splitlines()] == [True]
    assert first.poll() is None


def test_who_only_looks_is_let_in(held: "tuple[Path, subprocess.Popen[str]]") -> None:
    """A command that starts nothing joins the database that runs there, and the installation goes on."""
    data, first = held
    joined = aduan("user", "list", "--data", str(data))

    assert 0 == joined.status, joined.err
    assert first.poll() is None


def test_a_killed_installation_lets_go_of_its_folder(tmp_path: Path) -> None:
    """No lock is left to be removed by hand; its clock is kept all the same, and who has tried another did no harm."""
    data = tmp_path / "data"
    with _up(data, *CLOCK) as first:
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    refused = _of_another_clock(data)
    with up(data, *CLOCK) as api:
        assert api.ok("GET", "/clock")["now"]

    assert "was made with a simulated clock" in refused


def test_a_folder_of_a_real_clock_keeps_it(tmp_path: Path) -> None:
    """What one kind of clock made, the other cannot go on with."""
    data = tmp_path / "data"
    with up(data, "--processes", "1"):
        pass
    refused = _of_another_clock(data, *CLOCK)
    with up(data, "--processes", "1"):
        pass

    assert "was made with a real clock" in refused


def _of_another_clock(data: Path, *options: str) -> str:
    """What a start is told that does not fit the folder."""
    refused = aduan("up", "--port", "0", "--data", str(data), *options)
    assert (2, "") == (refused.status, refused.out)
    return refused.err
