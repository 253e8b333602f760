"""Who has a dossier open besides: kept in this process's memory for a minute, never written anywhere."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from shared.base.clock import Clock, SystemClock

LASTS: Final = timedelta(minutes=1)
_MOST: Final = 10_000


@dataclass
class Presence:
    """The readers of dossiers.

    :param machine: the machine's clock: whether somebody sits there has nothing to do with simulated time.
    """

    machine: Clock = field(default_factory=SystemClock)
    _seen: dict[tuple[str, str], dict[str, tuple[str, datetime]]] = field(default_factory=dict)

    def others(self, tenant: str, ticket: str, user: str, role: str) -> list[str]:
        """Note that somebody has a dossier open, and say who else has.

        :param user: their account.
        :param role: as others shall read of them.
        """
        now = self.machine.now()
        readers = self._seen.setdefault((tenant, ticket), {})
        readers[user] = (role, now)
        for each in [each for each, (_, at) in readers.items() if now - at > LASTS]:
            del readers[each]
        if len(self._seen) > _MOST:
            self._forget(now)
        return sorted(told for each, (told, _) in readers.items() if each != user)

    def _forget(self, now: datetime) -> None:
        """Let go of dossiers that nobody looks at any more."""
        for place in [
            place for place, readers in self._seen.items() if all(now - at > LASTS for _, at in readers.values())
        ]:
            del self._seen[place]
