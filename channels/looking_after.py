"""Asking every channel's provider once a day whether all is well: silence alarms nobody, it may be a quiet week.

Each process that does this asks for itself; the operator is told of the same trouble once a day.
"""

import logging
import time
from dataclasses import dataclass, field
from typing import Final

from channels.conversing import House
from shared.application.runtime import Runtime
from shared.base.errors import Unavailable
from shared.channels.asking import faults_of

log = logging.getLogger(__name__)

_FIRST_SECONDS: Final = 3600.0
"""After a start: whoever has just changed something asks by themselves, with ``aduan channel check``."""
_AGAIN_SECONDS: Final = 600.0
_EVERY_SECONDS: Final = 86_400.0


@dataclass(frozen=True)
class Rounds:
    """What a process remembers of its asking.

    :param due: when each channel of each government is asked about next, by the machine's own count of seconds.
    """

    runtime: Runtime
    due: dict[tuple[str, str], float] = field(default_factory=dict)


def tick(house: House, now: float | None = None) -> bool:
    """Ask about one channel whose day is over; whether there was one. Only those of who has an operator to be told.

    :param now: the machine's count of seconds; as it is unless given.
    """
    now = time.monotonic() if now is None else now
    due = house.runtime.once(Rounds).due
    for tenant in house.runtime.tenants.ids():
        book = house.channels.book(tenant)
        for spec in book.channels if book.operator else ():
            if due.setdefault((tenant, spec.id), now + _FIRST_SECONDS) <= now:
                due[tenant, spec.id] = now + (_EVERY_SECONDS if _look(house, tenant, spec.id) else _AGAIN_SECONDS)
                return True
    return False


def _look(house: House, tenant: str, channel: str) -> bool:
    """Ask about one, and have its operator told; false if nobody can be told now."""
    found = house.channels.find(tenant, channel)
    if found is None or not (found.carriers or found.polled is not None):
        return True  # declared only
    for what in faults_of(found):
        log.warning("a channel is not well", extra={"tenant": tenant, "channel": channel, "what": what})
        try:
            house.ask("notify", "channel_trouble", tenant=tenant, channel=channel, what=what)
        except Unavailable:
            log.warning("nobody could be told of a channel's trouble", extra={"tenant": tenant, "channel": channel})
            return False
    return True
