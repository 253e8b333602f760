"""How often deliveries of a channel were refused as unsigned: from some on in an hour its operator is told.

A secret that was changed on one side only loses every message from then on, and says nothing: a provider that is
refused repeats for days and gives up. Counted in this process: whoever floods a hook costs the database nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

MOST: Final = 20
"""Refusals of one channel in an hour that may be anybody's mistake."""
_SECONDS: Final = 3600.0
_MOST_CHANNELS: Final = 1000


@dataclass
class _Hour:
    began: float
    refused: int = 0


@dataclass(frozen=True)
class Refusals:
    """Those of a process.

    :param monotonic: the machine's clock.
    """

    monotonic: Callable[[], float] = time.monotonic
    _hours: dict[tuple[str, str], _Hour] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def count(self, tenant: str, channel: str) -> bool:
        """Count one; true for the one that makes them too many, once in an hour."""
        now = self.monotonic()
        with self._lock:
            if len(self._hours) >= _MOST_CHANNELS:
                self._hours.clear()
            hour = self._hours.get((tenant, channel))
            if hour is None or now - hour.began >= _SECONDS:
                hour = self._hours[tenant, channel] = _Hour(now)
            hour.refused += 1
            return hour.refused == MOST + 1
