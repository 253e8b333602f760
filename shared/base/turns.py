"""Long work that lets others have their turn.

Many threads share a process's one processor. Some hundred complaints that are read in one go keep everybody waiting who
asks for something meanwhile, though nobody waits for what is read.
"""

import time
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

TURN_SECONDS: Final = 0.002
"""So long one works before others have their turn: each turn costs, and nobody notices two milliseconds."""

Item = TypeVar("Item")


def in_turns(items: Iterable[Item]) -> Iterator[Item]:
    """The items, one after the other; whoever waits for the processor comes first, once a turn is over.

    Nothing that others wait for may be held meanwhile.
    """
    began = time.monotonic()
    for item in items:
        yield item
        if time.monotonic() - began >= TURN_SECONDS:
            time.sleep(0)
            began = time.monotonic()
