"""Other programs that are given a content: what they make of it, in a bounded time.

The content is handed over as a file in memory, not through a pipe: eventlet writes on and on to a pipe that nobody
reads any more, so that a program which ends before it has read everything would hold its caller for ever.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final

_LONGEST_REMARK: Final = 500


@dataclass(frozen=True)
class Ran:
    """A program that has ended, or was ended.

    :param status: its exit status, of a signal the negative number; none if it took too long.
    :param out: what it made.
    :param remark: the beginning of what it said besides.
    """

    status: int | None
    out: bytes
    remark: bytes


def run_on(content: bytes, command: Sequence[str], seconds: float, environment: Mapping[str, str] | None = None) -> Ran:
    """Run a program on a content.

    :param seconds: then it is ended.
    :param environment: its whole environment; ours if not given.
    :raises OSError: if it cannot begin.
    """
    with _in_memory(content) as given, _in_memory() as remarks, _in_memory() as made:
        try:
            ended = subprocess.run(  # noqa: S603 - our own programs and the installation's
                command, stdin=given, stdout=made, stderr=remarks, timeout=seconds, check=False, env=environment
            )
        except subprocess.TimeoutExpired:
            return Ran(None, b"", _all_of(remarks)[:_LONGEST_REMARK])
        return Ran(ended.returncode, _all_of(made), _all_of(remarks)[:_LONGEST_REMARK])


@contextmanager
def _in_memory(content: bytes = b"") -> Iterator[BinaryIO]:
    """A file without a name and on no disk, to be read from its beginning."""
    with os.fdopen(os.memfd_create("content"), "w+b") as file:
        file.write(content)
        file.seek(0)
        yield file


def _all_of(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()
