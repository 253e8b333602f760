"""A command of `aduan` that is killed (SIGKILL) at a step of its way, in a process of its own.

A step is what leaves something behind: a statement, a commit, a file that is made, written, moved or removed. Between
two steps it makes no difference when the process ends.
"""

import io
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final, NoReturn

from eventlet.hubs import use_hub
from psycopg2.extensions import connection, cursor

from cli.commands import aduan
from cli.failures import told

_ASKED: Final = frozenset({"execute", "executemany", "copy_expert", "commit", "__exit__"})
_FILES: Final = frozenset(
    {"open", "rename", "replace", "unlink", "remove", "rmdir", "mkdir", "link", "fsync", "chmod", "fork_exec"}
)
_BROKEN: Final = 70
"""What a command ends with that was not even told of its error."""


@dataclass(frozen=True)
class Ran:
    """How far a command came.

    :param status: its exit status; none if it was killed.
    :param said: all that it printed, if it was not.
    :param steps: what it did, or was about to do when it was killed.
    """

    status: int | None
    said: str
    steps: Sequence[str]


def run(*arguments: str, kill_before: int | None = None) -> Ran:
    """Run a command, with the settings of this process.

    :param kill_before: the step at which it dies, the first being 0; it comes to its end if it takes fewer, or if none
        is given.
    """
    return run_work(lambda: told(aduan, arguments), kill_before)


def run_work(work: Callable[[], int], kill_before: int | None = None) -> Ran:
    """Run a part of a command likewise.

    :param work: its exit status.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _be_the_command(work, kill_before, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as heard:
        steps, _, said = heard.read().partition("\n\n")
    _, ended = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGKILL
    assert killed or os.WIFEXITED(ended), f"it ended otherwise: {ended}"
    return Ran(None if killed else os.WEXITSTATUS(ended), said, steps.split())


def killed_on_its_way(arguments: Sequence[str], steps: int, times: int) -> Iterator[Ran]:
    """Kill a command some times, at steps that nobody has chosen, each further on than the last, and say it again.

    :param steps: how many it takes by itself. Where it goes on from what a killed one left, it may come to its end
        before a later kill.
    :returns: each run before the next is begun; at last the one that was let through.
    """
    chosen = sorted(random.sample(range(steps), min(times, steps)))
    print(f"killed before the steps {chosen}: {' '.join(arguments)}")  # noqa: T201 - nothing else tells it
    for step in chosen:
        yield run(*arguments, kill_before=step)
    yield run(*arguments)


def ended_well(runs: Sequence[Ran]) -> bool:
    """Whether the first was killed, the last one came to its end, and whichever was not killed did so without error."""
    statuses = [each.status for each in runs]
    return statuses[0] is None and {None, 0} == set(statuses) and statuses[-1] == 0


def _be_the_command(work: Callable[[], int], kill_before: int | None, writing: int) -> NoReturn:
    """Never comes back: what the test has opened is not for this process to close."""
    status, said = _BROKEN, io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    try:
        use_hub()  # the test's own would hear what this process waits for
        steps = _Steps(kill_before, writing, said)
        with redirect_stdout(said), redirect_stderr(said):
            sys.setprofile(steps)
            status = work()
            sys.setprofile(None)
        said.seek(0)
        steps.tell(said.read())
    finally:
        os._exit(status)


class _Steps:
    """Notes steps, and dies before one."""

    def __init__(self, kill_before: int | None, writing: int, said: io.TextIOWrapper) -> None:
        self._kill_before, self._writing, self._said = kill_before, writing, said
        self._names: list[str] = []

    def __call__(self, _frame: FrameType, event: str, called: Any) -> None:
        if event != "c_call" or not self._leaves_something(called):
            return
        self._names.append(f"{type(called.__self__).__name__}.{called.__name__}")
        if len(self._names) - 1 == self._kill_before:
            self.tell("")
            os.kill(os.getpid(), signal.SIGKILL)

    def tell(self, said: str) -> None:
        """Tell how far it came."""
        with os.fdopen(self._writing, "w", encoding="utf-8", closefd=False) as told_to:
            told_to.write(" ".join(self._names) + "\n\n" + said)

    def _leaves_something(self, called: Callable[..., Any]) -> bool:
        owner: Any = getattr(called, "__self__", None)
        if isinstance(owner, (connection, cursor)):
            return called.__name__ in _ASKED
        if called.__module__ in {"posix", "_posixsubprocess"}:
            return called.__name__ in _FILES
        return type(owner).__module__ == "_io" and called.__name__ == "write" and owner is not self._said
