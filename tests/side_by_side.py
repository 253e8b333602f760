"""The whole suite as two runs of pytest side by side, each on half of the folders and with servers of its own.

Run by ``make test``; with arguments of one's own (``make test ARGS='-k relay'``) pytest runs alone.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parent
SHARES: Final = 2

SECONDS: Final[Mapping[str, int]] = {
    "privacy": 200,
    "cli": 150,
    "processes": 150,
    "messaging": 150,
    "journey": 120,
    "demo": 100,
    "upgrade": 100,
    "installing": 80,
    "benchmarks": 60,
    "eventstore": 60,
    "intake": 60,
    "notify": 60,
    "projection": 60,
    "reporting": 60,
    "routing": 60,
    "sla": 60,
    "sop": 60,
    "portal": 40,
}
"""How long the long folders take. A folder as a whole belongs to one share, because its tests share what they start."""

OTHERS: Final = 8
"""Seconds for a folder that is not named."""

_AFTERWARDS: Final = re.compile(r"=+ .*(FAILURES|ERRORS|summary|passed|failed|error|no tests ran).* =+")
"""The lines with which pytest begins to tell what came out."""


def shares(folders: Sequence[str], seconds: Mapping[str, int], count: int) -> list[list[str]]:
    """Folders dealt out so that all shares take about as long: the longest first, each to who has least.

    :param seconds: how long the folders take that take long.
    :param count: among how many.
    """
    dealt: list[list[str]] = [[] for _ in range(count)]
    taken = [0] * count
    for folder in sorted(folders, key=lambda name: (-seconds.get(name, OTHERS), name)):
        least = taken.index(min(taken))
        dealt[least].append(folder)
        taken[least] += seconds.get(folder, OTHERS)
    return dealt


def folders() -> list[str]:
    """The folders with tests in them."""
    return sorted({str(path.relative_to(TESTS).parts[0]) for path in TESTS.rglob("test_*.py")})


def main(arguments: Sequence[str]) -> int:
    """Run them and tell what both said, the failures last.

    :returns: 0 if all is well; else the worse of pytest's two answers.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # who is told to stop stops the others first
    count = min(SHARES, os.cpu_count() or 1)
    if arguments or count == 1:
        return subprocess.call([sys.executable, "-m", "pytest", *arguments])
    with tempfile.TemporaryDirectory(prefix="aduan-tests-") as root:
        runs = [_Run(Path(root) / str(number), share) for number, share in enumerate(shares(folders(), SECONDS, count))]
        try:
            answers = [run.wait() for run in runs]
        finally:
            for run in runs:
                run.stop()
    for run in sorted(runs, key=lambda each: each.answer):  # what went wrong stands at the end, where one looks for it
        sys.stdout.writelines(run.came_out)
    return max(answers)


class _Run:
    """One pytest with a temporary directory of its own. What it does is told at once, what came out at the end."""

    def __init__(self, root: Path, share: Sequence[str]) -> None:
        root.mkdir()
        root.chmod(0o755)  # the embedded database runs as another user
        self.came_out: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *(str(TESTS / folder) for folder in share)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, "PYTEST_DEBUG_TEMPROOT": str(root)},
        )
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    @property
    def answer(self) -> int:
        """What it ended with."""
        return self._process.returncode

    def wait(self) -> int:
        """Wait for its end, and for its last line.

        :returns: what it ended with: 0 if all is well.
        """
        self._process.wait()
        self._listening.join()
        return self.answer

    def stop(self) -> None:
        """Tell it to stop, if it still runs; it stops its servers first."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if self.came_out or _AFTERWARDS.match(line):
                self.came_out.append(line)
            else:
                sys.stdout.write(line)
                sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
