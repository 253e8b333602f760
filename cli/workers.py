"""Processes that share work out among the cores: each is given a line of JSON at a time, and answers with one.

Whoever gives them work may die: a process whose input ends leaves what it has begun.
"""

import json
import select
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import Any, Final, Self

from cli.processes import environment

FINISH: Final = "finish"
"""The last thing that a process is told, when there is no more to be done."""

Told = dict[str, Any]


class WorkerGone(Exception):
    """A process has ended before it was done; what it had to say stands among this one's own errors."""


def shared_out(module: str, order: Told, parts: Sequence[Any], processes: int) -> Iterator[Told]:
    """Let processes do all parts, each the next as soon as it is free.

    :param module: what they run; it calls :func:`serve`.
    :param order: what all of them are told first.
    :param parts: JSON values.
    :returns: every answer as it comes: one for each part, and for each process the one to :data:`FINISH`. Their order
        is nobody's; an answer must tell by itself what it is about.
    :raises WorkerGone: if one of them ends too soon. All the others are ended then.
    """
    waiting = list(parts)
    with ExitStack() as stack:
        workers = [stack.enter_context(_Worker(module)) for _ in range(min(processes, len(parts)))]
        busy = {worker.answers: worker for worker in workers}
        for worker in workers:
            worker.tell(order)
            worker.tell(waiting.pop(0))
        while busy:
            ready, _, _ = select.select(list(busy), [], [])
            for answers in ready:
                worker = busy[answers]
                yield worker.hear()
                if waiting:
                    worker.tell(waiting.pop(0))
                elif not worker.finishing:
                    worker.finish()
                else:
                    del busy[answers]


def serve(work: Callable[[Told, Iterable[Any]], Iterable[Told]]) -> None:
    """Be such a process.

    :param work: given the order and, one after the other, the parts; answers each, and :data:`FINISH`, with one.
    """
    order = json.loads(sys.stdin.readline())
    for told in work(order, map(json.loads, sys.stdin)):
        print(json.dumps(told), flush=True)


class _Worker:
    """One process."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            text=True,
        )
        self.finishing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.finishing:
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what it has not read goes with it
                    pipe.close()
        self._process.wait()

    @property
    def answers(self) -> Any:
        """Where its answers come."""
        return self._process.stdout

    def tell(self, part: Any) -> None:
        """Give it something to do."""
        assert self._process.stdin is not None  # noqa: S101 - it was started with one
        try:
            self._process.stdin.write(f"{json.dumps(part)}\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise WorkerGone from error

    def hear(self) -> Told:
        """Take its answer."""
        line = self.answers.readline()
        if not line:
            raise WorkerGone
        told: Told = json.loads(line)
        return told

    def finish(self) -> None:
        """Let it come to its end."""
        self.tell(FINISH)
        self.finishing = True
