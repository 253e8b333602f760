"""Last month's figures for the first page of each government: asked for once a minute, and never waited for long.

The page is the way to filing: where figures cannot be had at once it does without.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import eventlet

from shared.base.clock import Clock, SystemClock
from shared.base.errors import Unavailable

PATIENCE_SECONDS: Final = 0.5
LASTS: Final = timedelta(minutes=1)
_MOST: Final = 1000
log = logging.getLogger(__name__)


@dataclass
class FrontFigures:
    """What was answered of late, by government and month; none where nothing was.

    :param machine: the machine's clock: whether somebody answers has nothing to do with simulated time.
    """

    machine: Clock = field(default_factory=SystemClock)
    _kept: dict[tuple[str, str], tuple[datetime, dict[str, Any] | None]] = field(default_factory=dict)

    def of(self, tenant: str, month: str, ask: Callable[[str, str], dict[str, Any]]) -> dict[str, Any] | None:
        """A month's, as they were told within the last minute; none if nobody could tell them then.

        :param ask: who is asked otherwise, by government and month; given up after :data:`PATIENCE_SECONDS`.
        """
        now = self.machine.now()
        kept = self._kept.get((tenant, month))
        if kept is not None and timedelta(0) <= now - kept[0] < LASTS:
            return kept[1]
        told = None
        try:
            with eventlet.Timeout(PATIENCE_SECONDS, Unavailable("service_unavailable", {"service": "reporting"})):
                told = ask(tenant, month)
        except Unavailable:
            log.warning("a first page does without figures", extra={"tenant": tenant, "month": month})
        self._keep((tenant, month), (now, told))
        return told

    def _keep(self, place: tuple[str, str], told: tuple[datetime, dict[str, Any] | None]) -> None:
        """Keep it; the longest kept goes where there are too many."""
        self._kept.pop(place, None)
        self._kept[place] = told
        while len(self._kept) > _MOST:
            del self._kept[next(iter(self._kept))]
