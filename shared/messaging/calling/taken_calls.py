"""The calls that a service took, and what it has answered lately.

The broker delivers a call again, its caller sends it again, or a stranger repeats it: it is not carried out again. One
that was answered is answered again with the same words, since the first answer may have been lost with a connection. A
stranger who repeats a call learns nothing by that: the answer is sealed, and leads to where its caller listens.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import eventlet

from shared.messaging.calling.call_publisher import NotSent
from shared.messaging.wire.backoff import Retries
from shared.messaging.wire.connections import BROKER_ERRORS
from shared.messaging.wire.outgoing import Outgoing
from shared.messaging.wire.seal import Call

_MANY: Final = 1024
_ANSWERS: Final = 512
_BYTES: Final = 16_000_000
"""What the kept answers may take together; long lists and registers push out those before them."""
_AGAIN: Final = Retries(times=6, first_seconds=0.2, most_seconds=2.0)
_UNSURE_SECONDS: Final = 15.0
"""How long a connection may have been dead before that is found out: some two heartbeats."""


class TakenCalls:
    """Those of one service in one process."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}
        self._tidied_at = _MANY
        self._answers: OrderedDict[str, tuple[float, Outgoing]] = OrderedDict()
        self._bytes = 0

    def before(self, call: Call, now: datetime) -> bool:
        """Whether this call was taken before; from now on it was."""
        if len(self._until) >= self._tidied_at:
            self._until = {each: deadline for each, deadline in self._until.items() if deadline > now}
            # Not for each call, where many are under way: going through all of them would cost more than the calls.
            self._tidied_at = max(_MANY, 2 * len(self._until))
        seen = call.id in self._until
        self._until[call.id] = call.deadline
        return seen

    def let_go(self, call: Call) -> None:
        """A call that was taken goes back unbegun: here too it may be taken when it comes again."""
        self._until.pop(call.id, None)

    def answered(self, call_id: str, answer: Outgoing) -> None:
        """Keep an answer for a while."""
        self._forget(call_id)
        self._answers[call_id] = (time.monotonic(), answer)
        self._bytes += len(answer.body)
        while len(self._answers) > _ANSWERS or self._bytes > _BYTES:
            self._forget(next(iter(self._answers)))

    def answer(self, call_id: str) -> Outgoing | None:
        """What was answered to a call; none if it is still being carried out, or that was long ago."""
        kept = self._answers.get(call_id)
        return None if kept is None else kept[1]

    def lately(self, seconds: float) -> list[Outgoing]:
        """The answers of the last so many seconds, those of now last."""
        since = time.monotonic() - seconds
        return [answer for at, answer in self._answers.values() if at >= since]

    def _forget(self, call_id: str) -> None:
        kept: Any = self._answers.pop(call_id, None)
        if kept is not None:
            self._bytes -= len(kept[1].body)


class AnsweringAgain:
    """Sends again what may have been lost with a connection. Who has heard it already takes no notice.

    :param taken: where the answers are.
    :param publish: sends one; raises as :func:`shared.messaging.calling.call_publisher.publish`.
    """

    def __init__(self, taken: TakenCalls, publish: Callable[[Outgoing], object]) -> None:
        self._taken = taken
        self._publish = publish
        self._unsure = self._at_it = False

    def broken(self) -> None:
        """A connection has ended over which answers went. Comes back when they were sent, or given up.

        Where the broker stays away nothing is gained by more: its callers ask again as soon as it is back.
        """
        self._unsure = True
        if self._at_it:
            return
        self._at_it = True
        try:
            for tried in range(_AGAIN.times):
                if not self._unsure:
                    return
                self._unsure = False  # before they go: with another connection that ends meanwhile some are lost again
                if not self._sent():
                    self._unsure = True
                    eventlet.sleep(_AGAIN.wait_seconds(tried))
        finally:
            self._at_it = False

    def _sent(self) -> bool:
        try:
            for answer in self._taken.lately(_UNSURE_SECONDS):
                self._publish(answer)
        except (NotSent, *BROKER_ERRORS):
            return False
        return True
