"""The processes of one side of a measurement: started together, frozen while the other side has its turn, stopped.

A frozen process (SIGSTOP) costs nothing, so that our services' looking for work does not slow the baseline down, nor
the baseline's workers ours.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from shared.platform.settings import PROJECT
from tests.fixtures.rabbitmq import dying_with_us

_LEAVE_SECONDS = 15


@dataclass
class Side:
    """The processes of one side.

    :param log: where all of them write.
    """

    log: Path
    _processes: dict[str, "subprocess.Popen[str]"] = field(default_factory=dict)

    def start(self, name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a Python process.

        :param name: for telling them apart.
        :param arguments: what follows ``python``.
        :param environment: beside that of this process, without its ADUAN_ variables.
        """
        inherited = {each: value for each, value in os.environ.items() if not each.startswith("ADUAN_")}
        with self.log.open("ab") as log:
            self._processes[name] = subprocess.Popen(
                dying_with_us([sys.executable, *arguments]),
                env={**inherited, **environment, "PYTHONPATH": str(PROJECT)},
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                text=True,
            )

    def serve(self, services: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start some services in one process, as an installation does by ``aduan serve``."""
        arguments = ["-m", "cli.main", "serve", *services]
        self.start("+".join(services), arguments, {**environment, "ADUAN_HEALTH_PORT": "0"})

    def pids(self) -> list[tuple[str, int]]:
        """The processes that were started, by name."""
        return [(name, process.pid) for name, process in self._processes.items()]

    def freeze(self) -> None:
        """Let all of them stand still."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def check(self) -> None:
        """Make sure that all of them live.

        :raises RuntimeError: if one has ended; with the end of the log.
        """
        for name, process in self._processes.items():
            if process.poll() is not None:
                said = self.log.read_text(encoding="utf-8", errors="replace")[-3000:]
                raise RuntimeError(f"{name} ended with status {process.returncode}:\n{said}")

    def stop(self) -> None:
        """Stop all of them and wait until they are gone."""
        self.thaw()
        self._signal(signal.SIGTERM)
        for process in self._processes.values():
            try:
                process.wait(_LEAVE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _signal(self, number: signal.Signals) -> None:
        for process in self._processes.values():
            if process.poll() is not None:
                continue
            if number in (signal.SIGSTOP, signal.SIGCONT):
                for below in psutil.Process(process.pid).children(recursive=True):
                    with suppress(psutil.NoSuchProcess):  # the database's come and go
                        if Path(below.exe()).name.startswith("python"):  # not those, which do nothing by themselves
                            below.send_signal(number)
            process.send_signal(number)


@contextmanager
def side(log: Path) -> Iterator[Side]:
    """A side without processes yet; whatever is started on it is stopped at the end."""
    made = Side(log)
    try:
        yield made
    finally:
        made.stop()


class Worker:
    """A Python process that works on request: a line in, a line out. Ready when it has said its first line.

    :param module: run by ``python -m``.
    :param arguments: what follows.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        self._command = dying_with_us([sys.executable, "-W", "ignore", "-m", module, *arguments])
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.heard()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def tell(self, line: str) -> None:
        """Ask for something."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def samples(self) -> list[float]:
        """The next line that it says, as figures; waits for it."""
        found: list[float] = json.loads(self.heard())
        return found

    def heard(self) -> str:
        """The next line that it says; waits for it.

        :raises RuntimeError: if it ended instead.
        """
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(self._command)} ended with status {self._process.wait()}")
        return line.strip()
