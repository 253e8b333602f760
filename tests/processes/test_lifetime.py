"""How a process ends when its services do not behave."""

import signal
import subprocess
import sys
from textwrap import dedent, indent

import pytest

from shared.platform.settings import PROJECT

pytestmark = pytest.mark.process

_SCRIPT = """
import cli.main  # patches the standard library
import eventlet, sys
from eventlet.patcher import original
from nameko.extensions import DependencyProvider
from nameko.runners import ServiceRunner
from cli import lifetime

lifetime.LEAVE_SECONDS, lifetime._KILL_SECONDS, lifetime.MOST_LEAVE_SECONDS = {leave}, 0.2, {leave} + 2.5

class Part(DependencyProvider):
{part}

class Service:
    name = "service"
    part = Part()

runner = ServiceRunner({{}})
runner.add_service(Service)
with lifetime.Life() as life, life.serving(runner):
    print("serving", flush=True)
    life.wait()
"""


def _run(part: str, how: signal.Signals | None = None, *, leave: float = 0.5) -> tuple[int, str]:
    """A process with one service made of this part; told to stop when it serves. Its status and what it said.

    :param leave: seconds that its services have to finish.
    """
    script = _SCRIPT.format(part=indent(dedent(part), "    "), leave=leave)
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=PROJECT
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert "serving" in first, first
        if how is not None:
            process.send_signal(how)
        output, _ = process.communicate(timeout=120)
    finally:
        process.kill()
        process.wait()
    return process.returncode, output


def test_a_service_that_finishes_leaves_with_status_0() -> None:
    """Told to stop, it stops."""
    status, _ = _run("def stop(self): print('finished', flush=True)", signal.SIGTERM, leave=60)

    assert 0 == status


def test_a_service_that_does_not_finish_is_left() -> None:
    """It waits for something that never comes: the process says so and leaves all the same."""
    status, output = _run("def stop(self): eventlet.sleep(600)", signal.SIGTERM)

    assert (1, True) == (status, "leaving without having finished" in output)


def test_a_process_that_hangs_shows_where_and_ends() -> None:
    """Not even the clock of the runtime runs any more."""
    status, output = _run("def stop(self): original('time').sleep(600)", signal.SIGTERM)

    assert (1, True) == (status, "most recent call first" in output)


def test_a_process_without_its_service_ends() -> None:
    """What a service dies of ends the process: who started it may start it again."""
    part = """
        def start(self): self.container.spawn_managed_thread(self.fail)
        def fail(self):
            eventlet.sleep(0.2)
            raise RuntimeError("the service died")
    """
    status, output = _run(part)

    assert (1, True) == (status, "the service died" in output)
