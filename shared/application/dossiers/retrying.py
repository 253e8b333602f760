"""Deciding again when a dossier moved on between reading and writing."""

from collections.abc import Callable
from typing import TypeVar

from shared.base.errors import Conflict

Result = TypeVar("Result")
ATTEMPTS = 8


def on_fresh_state(decide: Callable[[], Result]) -> Result:
    """Run a decision that loads, checks and appends; run it anew if another event came in between.

    A timer's warning must not make an officer's action fail. Each run checks against the state it loads itself, so
    a repetition decides nothing that would not be allowed now.

    :raises Conflict: if the decision itself is refused, or the dossier never stands still.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return decide()
        except Conflict as conflict:
            if conflict.code != "stale_version":
                raise
    return decide()
