"""The ``aduan`` command as people run it: a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass

from shared.platform.settings import PROJECT
from tests.fixtures.office import Office


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
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def settings_of(office: Office) -> dict[str, str]:
    """The settings with which the command works on an office's installation."""
    settings = office.runtime.settings
    return {
        "ADUAN_DATABASE_URL": settings.database_url,
        "ADUAN_MASTER_KEY": settings.master_key,
        "ADUAN_BROKER_URL": "memory://",
    }
