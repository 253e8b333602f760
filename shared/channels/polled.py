"""The port by which a channel is asked for what has come, where nobody delivers it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from shared.channels.incoming import Raw

Take = Callable[[Sequence[Raw], str], bool]
"""Writes down items with the position behind them; comes back when they are safe: with whether one of them is
:attr:`shared.channels.incoming.Odd.unread`.
"""

Begun = Callable[[], object]
"""Looks for what came while nobody listened."""


class Polled(Protocol):
    """Where a channel's messages lie until they are fetched."""

    @property
    def every(self) -> timedelta:
        """How often it is looked into; of the machine's time."""

    def poll(self, position: str, take: Take, now: datetime) -> bool:
        """Look once, and hand what is new to ``take``, the earlier before the later.

        Whatever ends it on the way, the next look goes on from what was safe: an item may come again, none is left out.

        :param position: as ``take`` was last told; blank at first.
        :param now: the machine's time.
        :returns: whether there is more.
        :raises Refused: if it cannot be looked into, see :mod:`shared.channels.carrier`.
        :raises Maybe: if it was lost on the way.
        """

    def listen(self, seconds: float, begun: Begun) -> bool | None:
        """Wait until there is news, at most so long; whether there was any, none where nobody tells of it.

        :param begun: called once everything that comes from then on will be told.
        :raises Refused: if nobody can listen there, see :mod:`shared.channels.carrier`.
        :raises Maybe: if it was lost on the way.
        """

    def check(self) -> list[str]:
        """Whether all is well: what is wrong, a sentence each. Changes nothing."""
