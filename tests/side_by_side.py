"""Everything that is checked, side by side: runs of pytest, each on a share of the folders and with servers of its own,
and beside them style, types and import rules (``make check``), whose first fault ends the rest.

Run by ``make test``; with arguments of one's own (``make test ARGS='-k relay'``) one thing runs after the other.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Final

TESTS: Final = Path(__file__).parent
MOST_AT_ONCE: Final = 4
"""Each has servers of its own, and these want memory."""

_ROOM: Final = 4 << 30
"""Bytes: several times what the tests of all runs lay down at once."""

CHECK: Final = ("make", "--no-print-directory", "check")

COMPILED: Final = ("shared", "services", "portal", "channels", "cli", "benchmarks")
"""Folders whose modules are imported by hundreds of processes."""

SECONDS: Final[Mapping[str, int]] = {
    "pages": 365,
    "messaging": 275,
    "processes on one cluster": 255,
    "processes": 225,
    "cli": 175,
    "channels": 140,
    "demo": 125,
    "journey": 125,
    "benchmarks": 100,
    "privacy": 75,
    "house": 60,
    "moving": 60,
    "replica": 60,
    "portal": 55,
    "sop": 55,
    "upgrade": 50,
    "files": 40,
    "database": 35,
    "installing": 35,
    "killed": 35,
    "notify": 35,
    "classifying": 25,
    "routing": 25,
    "calendar": 20,
    "dossier": 20,
    "fixtures": 20,
    "intake": 20,
    "reporting": 20,
    "sla": 20,
    "complaint": 18,
    "tamper": 18,
    "tracing": 18,
    "doctor": 15,
    "eventstore": 15,
    "contract": 12,
    "deploy": 12,
    "metrics": 12,
    "projection": 12,
    "reading": 12,
    "settings": 12,
    "wording": 12,
    "whatif": 12,
    "compose": 10,
    "vault": 10,
}
"""How long the long ones take. A folder as a whole belongs to one run, because its tests share what they start."""

OTHERS: Final = 6
"""Seconds for a folder that is not named."""

ALONE: Final = ("demo", "journey", "pages", "privacy", "processes", "upgrade")
"""Folders that keep an installation running from the first test that asks for it to the last of the run. Its processes
work all the while, so the run ends with the folder."""

ON_ONE_CLUSTER: Final = frozenset(
    f"test_{name}.py"
    for name in ("chaos", "faults", "frozen", "journey", "matrix", "pile", "new_key", "soak", "stopping")
)
"""What in ``tests/processes`` befalls one and the same cluster; the rest starts its own, and is better without it."""

SHARES: Final = 4
"""Among how many runs the other folders are dealt. Each starts a database of its own, and most a broker."""

_AFTERWARDS: Final = re.compile(r"=+ .*(FAILURES|ERRORS|summary|passed|failed|error|no tests ran).* =+")
"""The lines with which pytest begins to tell what came out."""

_LAST: Final = re.compile(r"=+ .* in [\d.]+s\b.* =+")
_COUNTED: Final = re.compile(r"(\d+) (failed|passed|skipped|deselected|xfailed|error)")

_ANYTHING: Final = re.compile("")
"""All that is said is what came out."""


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


def all_runs() -> list[list[Path]]:
    """What each run of pytest is given, folders and files: the run that takes longest first."""
    dealt = [share for share in shares([each for each in folders() if each not in ALONE], SECONDS, SHARES) if share]
    made = [(_seconds(share), [TESTS / folder for folder in share]) for share in dealt]
    for folder in ALONE:
        files = sorted((TESTS / folder).rglob("test_*.py"))
        shared = [file for file in files if folder == "processes" and file.name in ON_ONE_CLUSTER]
        if shared:
            made.append((_seconds(["processes on one cluster"]), shared))
            made.append((_seconds([folder]), [file for file in files if file not in shared]))
        else:
            made.append((_seconds([folder]), [TESTS / folder]))
    return [paths for _, paths in sorted(made, key=lambda each: -each[0])]


def _seconds(names: Sequence[str]) -> int:
    return sum(SECONDS.get(name, OTHERS) for name in names)


def main(arguments: Sequence[str]) -> int:
    """Run them and tell what all said, the failures last.

    :returns: 0 if all is well; else the worst of the answers.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # who is told to stop stops the others first
    pytest = (sys.executable, "-m", "pytest")
    cores = os.cpu_count() or 1
    if arguments or cores == 1:
        return subprocess.call(CHECK, cwd=TESTS.parent) or subprocess.call([*pytest, *arguments])
    compile_all()
    return side_by_side(CHECK, [(*pytest, *map(str, paths)) for paths in all_runs()], at_once(cores))


def compile_all() -> None:
    """Compile every module first: else the runs that begin together would each do it."""
    subprocess.call((sys.executable, "-m", "compileall", "-q", "-j", "0", *COMPILED), cwd=TESTS.parent)


def at_once(cores: int) -> int:
    """How many runs go on at the same time: one more than there are cores, since much is waiting for servers.

    With two more a sixth of the processors' time is still nobody's, and the same tests take a tenth more of the rest.
    """
    return min(cores + 1, MOST_AT_ONCE)


def side_by_side(check: Sequence[str] | None, commands: Sequence[Sequence[str]], most: int) -> int:
    """Run a check and, beside it, commands in their order. What came out of each is told at the end, the worst last.

    :param check: if it finds something, that is told at once, and the others are ended: nobody waits for them. It may
        be none.
    :param most: how many commands run at the same time.
    :returns: 0 if all is well; else the worst of the answers.
    """
    ended: SimpleQueue[_Run] = SimpleQueue()
    waiting = list(commands)
    with tempfile.TemporaryDirectory(prefix="aduan-tests-", dir=in_memory()) as root:
        checking = _Run(check, Path(root) / "check", ended, told_from=_ANYTHING) if check else None
        runs = [checking] if checking else []

        def begin() -> None:
            runs.append(_Run(waiting.pop(0), Path(root) / str(len(runs)), ended, told_from=_AFTERWARDS))

        try:
            for _ in range(min(most, len(commands))):
                begin()
            for _ in range(len(runs) + len(waiting)):
                run = ended.get()
                run.wait()
                if run is checking and run.answer:
                    sys.stdout.writelines(run.came_out)
                    return run.answer
                if run is not checking and waiting:
                    begin()
        finally:
            stop(runs)
    for run in sorted(runs, key=lambda each: each.answer):  # what went wrong stands at the end, where one looks for it
        sys.stdout.writelines(run.came_out)
    sys.stdout.write(f"=========== in all: {in_all(line for run in runs for line in run.came_out)} ===========\n")
    return max(run.answer for run in runs)


def in_memory(folder: Path = Path("/dev/shm")) -> Path | None:
    """Where files of tests lie without a disk: their databases are made and dropped by the thousand.

    :param folder: a file system in memory.
    :returns: none if there is none, if programs cannot be run from it, or if it or the machine has little room.
    """
    if not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return None
    if shutil.disk_usage(folder).free < _ROOM:
        return None
    return folder if os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >= 2 * _ROOM else None


def in_all(lines: Iterable[str]) -> str:
    """What all runs of pytest have counted together, by the last line of each: ``1 failed, 8122 passed, 1 skipped``."""
    counts: Counter[str] = Counter()
    for line in lines:
        if _LAST.match(line):
            counts.update({what: int(count) for count, what in _COUNTED.findall(line)})
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items(), key=lambda each: each[0] != "failed"))


class _Run:
    """One command with a temporary directory of its own. What it does is told at once, what came out at the end.

    :param ended: where the run is put when it has ended.
    :param told_from: the first line of what came out.
    """

    def __init__(
        self, command: Sequence[str], root: Path, ended: "SimpleQueue[_Run]", told_from: re.Pattern[str]
    ) -> None:
        root.mkdir()
        root.chmod(0o755)  # the embedded database runs as another user
        self.came_out: list[str] = []
        self._told_from = told_from
        self._ended = ended
        self._process = subprocess.Popen(
            command,
            cwd=TESTS.parent,
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
        """What it ended with; as a shell says it, if a signal has ended it."""
        status = self._process.returncode
        return status if status >= 0 else 128 - status

    def wait(self) -> None:
        """Wait for its end, and for its last line."""
        self._process.wait()
        self._listening.join()

    def tell_to_stop(self) -> None:
        """Tell it to stop, if it still runs; it stops its servers first."""
        if self._process.poll() is None:
            self._process.terminate()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if self.came_out or self._told_from.match(line):
                self.came_out.append(line)
            else:
                sys.stdout.write(line)
                sys.stdout.flush()
        self._ended.put(self)


def stop(runs: Sequence[_Run]) -> None:
    """End what still runs, all at the same time."""
    for run in runs:
        run.tell_to_stop()
    for run in runs:
        run.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
