"""Calls that wait for their answers, and what becomes of them when a connection to the broker breaks.

With the connection the call may be lost, or its answer, or neither; nobody is told which. To wait for the rest of the
call's time would keep a person waiting half a minute for nothing. So the same message is sent again as soon as answers
can be heard again: whoever took it before knows it by its id, says again what it has answered, and carries nothing out
twice; another instance knows a write by its key. Where the broker does not come back soon, the caller is told at once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import eventlet

from shared.messaging.calling.call_publisher import NotSent, Undeliverable
from shared.messaging.wire.backoff import Retries
from shared.messaging.wire.connections import BROKER_ERRORS, patience
from shared.messaging.wire.outgoing import Outgoing

_GIVE_UP_SECONDS: Final = 10.0
"""After how long without a connection a call fails: a broker that was only restarted is back, a cut one long since."""
_WAITS: Final = Retries(first_seconds=0.2, most_seconds=2.0)


@dataclass
class _Pending:
    """One call.

    :param lost: since when it waits to be sent again, by the monotonic clock, or when it last did; none while it never
        was in doubt.
    :param asked: how often it was sent again.
    """

    message: Outgoing
    lost: float | None = None
    asked: int = 0


class PendingCalls:
    """The calls of one container that wait for their answers.

    :param publish: sends a call again; raises as :func:`shared.messaging.calling.call_publisher.publish`.
    :param wait_listening: comes back when answers can be heard.
    :param fail: told the id of a call that is given up, and why.
    """

    def __init__(
        self,
        publish: Callable[[Outgoing], object],
        wait_listening: Callable[[], object],
        fail: Callable[[str, Exception], object],
    ) -> None:
        self._publish = publish
        self._wait_listening = wait_listening
        self._fail = fail
        self._calls: dict[str, _Pending] = {}
        self._lost: set[str] = set()
        self._mending = False

    def add(self, call_id: str, message: Outgoing) -> None:
        """A call was sent."""
        self._calls[call_id] = _Pending(message)

    def remove(self, call_id: str) -> None:
        """It is answered, or nobody waits for it any more."""
        self._calls.pop(call_id, None)
        self._lost.discard(call_id)

    def in_doubt(self, call_id: str) -> bool:
        """Whether more than one copy of a call may be under way: who refuses one says nothing about the other."""
        found = self._calls.get(call_id)
        return found is not None and found.lost is not None

    def broken(self) -> None:
        """A connection has ended over which calls or answers went. Comes back at once."""
        self._lose(list(self._calls))

    def unheard(self, call_id: str) -> None:
        """A call was sent while no answers are heard."""
        self._lose([call_id])

    def returned(self, call_id: str) -> None:
        """No queue takes a call. What was in doubt is sent again for a while: its service may be on its way back."""
        if self.in_doubt(call_id):
            self._lose([call_id])
        else:
            self._fail(call_id, Undeliverable())

    def _lose(self, call_ids: list[str]) -> None:
        now = time.monotonic()
        for call_id in call_ids:
            if call_id not in self._lost:
                self._calls[call_id].lost = now
        self._lost.update(call_ids)
        if self._lost and not self._mending:
            self._mending = True
            eventlet.spawn(self._mend)

    def _mend(self) -> None:
        """Send again what is in doubt, or give it up."""
        try:
            while self._lost:
                eventlet.sleep(self._wait_seconds())
                try:
                    with patience(_GIVE_UP_SECONDS):
                        self._wait_listening()
                    for call_id in list(self._lost):
                        self._ask_again(call_id)
                except (NotSent, Undeliverable, *BROKER_ERRORS):
                    self._give_up()
        finally:
            self._mending = False

    def _wait_seconds(self) -> float:
        asked = max((self._calls[call_id].asked for call_id in self._lost), default=0)
        return _WAITS.wait_seconds(asked - 1) if asked else 0.0

    def _ask_again(self, call_id: str) -> None:
        pending = self._calls.get(call_id)
        if pending is None:  # it was answered meanwhile
            return
        pending.asked += 1
        self._lost.discard(call_id)
        try:
            self._publish(pending.message)
        except BaseException:
            if call_id in self._calls:
                self._lost.add(call_id)
            raise

    def _give_up(self) -> None:
        now = time.monotonic()
        for call_id in list(self._lost):
            lost = self._calls[call_id].lost
            if lost is not None and now - lost >= _GIVE_UP_SECONDS:
                self._lost.discard(call_id)
                self._fail(call_id, ConnectionResetError("the connection to the broker broke, and is not back"))
