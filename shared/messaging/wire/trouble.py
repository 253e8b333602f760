"""Whether something that a part needs is away, and for how long: what readiness is told."""

import logging
import time
from typing import Final

from shared.messaging.wire.failures import describe

log = logging.getLogger(__name__)

_PATIENCE_SECONDS: Final = 10.0
"""How long it may last before the part counts as not ready."""


class Trouble:
    """Notes failures and their end. Logs the first of each row of failures and the end of it, not every try.

    :param who: whose trouble it is, for the log.
    """

    def __init__(self, who: str) -> None:
        self._who = who
        self._patience = _PATIENCE_SECONDS
        self._since: dict[str, float] = {}

    def note(self, what: str, error: BaseException) -> None:
        """Something is away.

        :param what: ``broker`` or ``database``, or whatever is needed.
        """
        if what not in self._since:
            self._since[what] = time.monotonic()
            log.warning("waiting", extra={"part": self._who, "cause": what, "error": describe(error)})

    def over(self, what: str) -> None:
        """It is back."""
        since = self._since.pop(what, None)
        if since is not None:
            seconds = round(time.monotonic() - since, 3)
            log.info("going on", extra={"part": self._who, "cause": what, "seconds": seconds})

    def lasting(self) -> list[str]:
        """What has been away for longer than our patience."""
        now = time.monotonic()
        return [what for what, since in self._since.items() if now - since > self._patience]
