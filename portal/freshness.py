"""Reading one's own writes: a list shows what was written through this portal a moment ago.

Projections follow the log by some milliseconds. Whoever files a complaint here and then opens the inbox here should
find it there, without having to carry the log position from one request to the next.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from shared.base.freshness import set_written
from shared.base.services import ServiceName
from shared.platform.database.pool import Database
from shared.store.projection.lag import wait_until

_MOST: Final = 64
_SECONDS: Final = 2.0
_COPIED_SECONDS: Final = 60.0  # a copy that lags by more is not read from

Wait = Callable[[Sequence[str], int, float], bool]
Note = Callable[[str, int], None]


class Freshness:
    """The positions written through this portal that its readers may not see yet.

    :param wait: waits until projections have the event at a position, for some seconds at most.
    :param schemas: the projections that are read here.
    :param note: is told of each write through this portal, with its government.
    :param copied: whether lists are read from a copy of the database: services are told then what it must hold.
    """

    def __init__(
        self,
        wait: Wait,
        schemas: Sequence[ServiceName] = ("intake", "routing", "sla", "reporting"),
        *,
        note: Note = lambda _tenant, _position: None,
        copied: bool = False,
    ) -> None:
        self._wait = wait
        self._note = note
        self._schemas = tuple(schemas)
        self._copied = copied
        self._unseen: dict[tuple[str, str], deque[int]] = {}
        self._latest: dict[str, tuple[int, float]] = {}
        self._known: dict[str, deque[int]] = {}

    def wrote(self, tenant: str, position: int) -> None:
        """Remember what was written. Only the latest of each tenant are kept: older ones have long been applied."""
        self._note(tenant, position)
        self.heard(tenant, position)

    def heard(self, tenant: str, position: int) -> None:
        """Likewise of a write that perhaps went through another portal; told again, it is nothing new."""
        known = self._known.setdefault(tenant, deque(maxlen=_MOST))
        if position in known:
            return
        known.append(position)
        if position > self._latest.get(tenant, (0, 0.0))[0]:  # what is heard of may be older than what was written here
            self._latest[tenant] = (position, time.monotonic())
        for schema in self._schemas:
            self._unseen.setdefault((tenant, schema), deque(maxlen=_MOST)).append(position)

    def catch_up(self, tenant: str, schema: str) -> None:
        """Wait for a projection, for a bounded time; a position is waited for once, and then no more.

        The reader did not ask for this, so a projection that stays behind costs them the wait, never the answer.
        """
        unseen = self._unseen.get((tenant, schema))
        deadline = time.monotonic() + _SECONDS
        while unseen:
            position = unseen[0]
            self._wait([schema], position, max(0.0, deadline - time.monotonic()))
            if unseen and unseen[0] == position:  # another reader may have waited for it as well
                unseen.popleft()
        if self._copied:
            set_written(self._lately(tenant))

    def _lately(self, tenant: str) -> int | None:
        """What was written last of a tenant, if a copy may lack it yet."""
        position, at = self._latest.get(tenant, (None, 0.0))
        return position if time.monotonic() - at < _COPIED_SECONDS else None


def waiting_in(database: Database) -> Wait:
    """The wait on a database's projections."""
    return lambda schemas, position, seconds: wait_until(database, schemas, position, seconds)
