"""Generations of a projection: which tables a version of the code may write to.

A version that makes rows otherwise than the one before marks the tables as outdated in a migration, and they are made
anew while processes of the version before still follow the log. What these would add to the new tables, they would make
in the old way, and sums would lack it for good. So the tables say which generation has made them, and a batch of any
other is refused by the statement with which every batch begins.
"""

from functools import cache
from typing import Final

from shared.platform.migrations.rooms import rooms

_MARK: Final = "INSERT INTO {}.outdated"
_FIRST: Final = 1


@cache
def generation_of(name: str) -> int:
    """The generation of a projection in this version: the number of the last step that has marked its tables.

    :param name: the projection's.
    :returns: at least 1.
    """
    numbers = [
        int(step.number)
        for room in rooms()
        if room.name == name
        for step in room.steps
        if _MARK.format(name) in step.sql
    ]
    return max(numbers, default=_FIRST)


def fits(generation: int, made_by: int) -> bool:
    """Whether a generation may write to tables that another has made; 0 of these is not known, and any may."""
    return made_by in {0, generation}
