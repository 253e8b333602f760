"""Python's search for objects that hold one another, in a process that serves for long.

Nearly everything is freed when its last user lets go of it; the search is for the rest. By default it begins after
every 700 objects, and now and then it goes through all that the process holds, while everybody waits: also the modules,
schemas and procedures that were read at the start.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_YOUNG: Final = 20_000
"""Objects more than before, until those are searched: what a batch of complaints needs at once is gone by then."""


@contextmanager
def rarely_collected() -> Iterator[None]:
    """What is there at the beginning of the block is not searched during it, and what comes is searched less often."""
    _, *older = before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *older)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
