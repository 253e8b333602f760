"""Following the log by asking again and again.

The library's own subscriptions wait for a notification in a thread of their own; they do not work under eventlet's
monkey patch on Python 3.11, and a NOTIFY in every append would make commits wait for one another.
"""

import time
from collections import deque
from collections.abc import Sequence

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

_LIMIT = 500
_PAUSE_SECONDS = 0.05


class PollingSubscription(Subscription[ApplicationRecorder]):
    """Yields the events that are recorded and those that will be, until stopped."""

    def __init__(self, recorder: ApplicationRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder, gt, topics)
        self._next: deque[Notification] = deque()

    def __next__(self) -> Notification:
        """The next event; waits for it.

        :raises StopIteration: once stopped.
        """
        while not self._has_been_stopped:
            if self._next:
                notification = self._next.popleft()
                self._last_notification_id = notification.id
                return notification
            self._next.extend(
                self._recorder.select_notifications(
                    start=self._last_notification_id or 0, limit=_LIMIT, topics=self._topics, inclusive_of_start=False
                )
            )
            if not self._next:
                time.sleep(_PAUSE_SECONDS)
        raise StopIteration
