"""The demo's stage: everything that is going to happen, in the order in which it does, on a simulated clock."""

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from eventlet import GreenPool

from cli.demo.client import Client

GRID = timedelta(minutes=5)
HALF_HOUR = timedelta(minutes=30)
PART_OF_DAY = timedelta(hours=3)
"""Moves of the clock are rounded up to one of these, so that many people act at the same instant."""
_AT_ONCE = 8

Act = Callable[[], None]
Key = tuple[str, int]
"""A government and the number of a complaint in it: whose turn comes first at an instant."""


@dataclass(frozen=True)
class StageVisit:
    """Somebody comes to a complaint: looks at it, decides, acts.

    At an instant all look first, side by side, as people do; then they decide, one after the other in the order of
    their complaints; then all act. So whoever is quicker on this machine changes nothing of the month.

    :param look: what they look at.
    :param decide: what they do, if anything.
    """

    look: Callable[[], Any]
    decide: Callable[[Any], Act | None]


class Stage:
    """Lets visits happen.

    :param client: the API.
    :param start: the simulated instant at which the month begins.
    :param until: when the curtain falls, whatever is still open.
    :param report: has providers tell what has arrived since; whether there was anything.
    """

    def __init__(
        self, client: Client, start: datetime, until: datetime, report: Callable[[], bool] = lambda: False
    ) -> None:
        self.client = client
        self.now = start
        self.moves = 0
        self.visits = 0
        self._until = until
        self._report = report
        self._queue: list[tuple[datetime, Key, int, StageVisit]] = []
        self._order = itertools.count()

    def at(self, instant: datetime, key: Key, visit: StageVisit) -> None:
        """Plan a visit. At the present instant it comes once the services have done what they do by themselves."""
        heapq.heappush(self._queue, (on_grid(max(instant, self.now), GRID), key, next(self._order), visit))

    def run(self) -> Iterator[datetime]:
        """Let everything happen; yields the simulated instant after every move of the clock."""
        people = GreenPool(_AT_ONCE)
        while self._queue and self._queue[0][0] <= self._until:
            self.now = self._queue[0][0]
            self._move(self.now)
            self.moves += 1
            visits = []
            while self._queue and self._queue[0][0] == self.now:
                visits.append(heapq.heappop(self._queue)[3])
            self.visits += len(visits)
            seen = list(people.imap(lambda visit: visit.look(), visits))
            decided = [visit.decide(each) for visit, each in zip(visits, seen, strict=True)]
            list(people.imap(lambda act: act(), [act for act in decided if act is not None]))
            yield self.now
        self._move(self._until)

    def _move(self, instant: datetime) -> None:
        """Move the clock; what arrives there and then is told of, and what that brings about waited for."""
        self.client.move_clock(instant)
        while self._report():
            self.client.move_clock(instant)


def on_grid(instant: datetime, grid: timedelta) -> datetime:
    """The next instant on the grid."""
    over = timedelta(seconds=instant.timestamp() % grid.total_seconds())
    return instant if not over else instant - over + grid
