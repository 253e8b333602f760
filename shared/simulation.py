"""Moving a simulated clock, and waiting until everything that the move brings about has happened."""

import time
from datetime import datetime

from shared.clock import SimulatedClock
from shared.errors import Conflict, Unavailable
from shared.projection.lag import caught_up
from shared.runtime import Runtime

SCHEMAS = ("intake", "routing", "sla", "notify", "reporting")
SETTLE_SECONDS = 30.0
_POLL_SECONDS = 0.004

_TIMERS_DUE = "SELECT EXISTS (SELECT FROM sla.clocks WHERE fire_at < %s)"
_MESSAGES_DUE = "SELECT EXISTS (SELECT FROM notify.messages WHERE NOT settled AND next_attempt_at <= %s)"
_SYSTEM_STEPS = "SELECT EXISTS (SELECT FROM routing.inbox WHERE actor = 'system')"


class Simulation:
    """The simulated clock of an installation that runs in one process.

    :param runtime: with a :class:`SimulatedClock`.
    """

    def __init__(self, runtime: Runtime) -> None:
        if not isinstance(runtime.clock, SimulatedClock):
            raise TypeError("only a simulated clock can be moved")
        self._clock = runtime.clock
        self._runtime = runtime

    def now(self) -> datetime:
        """The simulated instant, in UTC."""
        return self._clock.now()

    def advance_to(self, instant: datetime) -> datetime:
        """Move the clock, and come back when every due timer has fired and every projection has caught up.

        What is under way now is done first, at the present instant: the services would not take minutes over it.
        Timers act as of their due times, so one long step tells the same as many short ones.

        :raises Conflict: if the instant lies in the past.
        :raises Unavailable: if things do not come to rest.
        """
        self.settle()
        try:
            self._clock.move_to(instant)
        except ValueError as error:
            raise Conflict("clock_cannot_go_back", {"now": self.now().isoformat()}) from error
        self.settle()
        return self.now()

    def settle(self, seconds: float = SETTLE_SECONDS) -> None:
        """Wait until nothing is under way.

        :param seconds: of the machine's time.
        :raises Unavailable: if something still is after that long.
        """
        deadline = time.monotonic() + seconds
        while outstanding := self._outstanding():
            if time.monotonic() > deadline:
                raise Unavailable("not_settled", {"seconds": seconds, "outstanding": outstanding})
            time.sleep(_POLL_SECONDS)

    def _outstanding(self) -> str | None:
        now = (self.now(),)
        with self._runtime.database.autocommit() as cursor:
            if not caught_up(cursor, SCHEMAS):
                return "events to be applied"
            for what, question, parameters in (
                ("timers to be fired", _TIMERS_DUE, now),
                ("messages to be sent", _MESSAGES_DUE, now),
                ("automatic steps to be taken", _SYSTEM_STEPS, None),
            ):
                cursor.execute(question, parameters)
                if cursor.fetchone() != (False,):
                    return what
        return None
