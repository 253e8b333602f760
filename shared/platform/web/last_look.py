"""A time-out after one more look at what has come: timers run first, so that a process that stood still would find the
time over before it finds what came in time.
"""

import eventlet
from eventlet.hubs import get_hub


class LastLook(eventlet.Timeout):
    """As a time-out of eventlet's, but whoever waits for a connection reads first what has come meanwhile."""

    def start(self) -> "LastLook":
        """Begin to wait. When the time is over the loop goes round once more, and finds what has come."""
        hub, waiting = get_hub(), eventlet.getcurrent()
        raised = self if self.exception is None or isinstance(self.exception, bool) else self.exception

        def over() -> None:
            self.timer = hub.schedule_call_global(0, waiting.throw, raised)

        self.timer = hub.schedule_call_global(self.seconds, over)
        return self
