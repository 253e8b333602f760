"""How far something long has come, told to whoever looks."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; nothing where nobody looks at it.

    :param label: what stands before it.
    :returns: to be told how much is done, of how much.
    """
    with click.progressbar(range(1), label=label, file=sys.stderr) as shown:

        def progress(done: int, of: int) -> None:
            shown.length = max(of, 1)
            shown.update(done - shown.pos)

        yield progress
