"""The ``aduan`` command: as people run it, a process of its own; and without one, where only its answer is tested."""

import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest

from cli.commands import aduan as every_command
from cli.failures import told
from shared.platform.settings import PROJECT
from tests.fixtures.office import Office
from tests.fixtures.waiting import patience


@dataclass(frozen=True)
class Ran:
    """What a command answered.

    :param out: its standard output, with blanks and line ends as they came.
    :param err: its standard error.
    """

    status: int
    out: str
    err: str

    def line(self, beginning: str) -> str:
        """The one line of the output that begins so, blanks at its ends left out."""
        [found] = [line.strip() for line in self.out.splitlines() if line.strip().startswith(beginning)]
        return found


def aduan(*arguments: str, **environment: str) -> Ran:
    """Run the command.

    :param environment: settings, e.g. ``ADUAN_DATABASE_URL``.
    """
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        env={**os.environ, **environment},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=patience(120),
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def aduan_here(*arguments: str, **environment: str) -> Ran:
    """Run the command inside the test's process: the same words, settings and answer, without a second of starting.

    :param environment: settings, likewise.
    """
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with pytest.MonkeyPatch.context() as given, chdir(PROJECT), redirect_stdout(out), redirect_stderr(err):
        for name, value in environment.items():
            given.setenv(name, value)
        status = told(every_command, arguments)
    return Ran(status, _written(out), _written(err))


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def settings_of(office: Office) -> dict[str, str]:
    """The settings with which the command works on an office's installation."""
    settings = office.runtime.settings
    return {
        "ADUAN_DATABASE_URL": settings.database_url,
        "ADUAN_MASTER_KEY": settings.master_key,
        "ADUAN_BROKER_URL": "memory://",
    }
