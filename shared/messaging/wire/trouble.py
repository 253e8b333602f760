"""Whether something that a part needs is away, and for how long: what readiness is told."""

import logging
import time
from collections.abc import Callable

from shared.messaging.wire.failures import describe

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 10.0


class Trouble:
    """Notes failures and their end. Logs the first of each row of failures and the end of it, not every try.

    :param who: whose trouble it is, for the log.
    :param patience_seconds: how long it may last before the part counts as not ready.
    :param now: seconds on a clock that never goes back.
    """

    def __init__(
        self, who: str, patience_seconds: float = PATIENCE_SECONDS, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._who = who
        self._patience = patience_seconds
        self._now = now
        self._since: dict[str, float] = {}

    def note(self, what: str, error: BaseException) -> None:
        """Something is away.

        :param what: ``broker`` or ``database``, or whatever is needed.
        """
        if what not in self._since:
            self._since[what] = self._now()
            log.warning("waiting", extra={"part": self._who, "cause": what, "error": describe(error)})

    def over(self, what: str) -> None:
        """It is back."""
        since = self._since.pop(what, None)
        if since is not None:
            seconds = round(self._now() - since, 3)
            log.info("going on", extra={"part": self._who, "cause": what, "seconds": seconds})

    def lasting(self) -> list[str]:
        """What has been away for longer than our patience."""
        now = self._now()
        return [what for what, since in self._since.items() if now - since > self._patience]
