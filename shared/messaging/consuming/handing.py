"""Putting what the services of a process are owed into their own queues, beside the following of the log."""

import threading
from collections.abc import Callable, Sequence
from typing import Final

import eventlet

from shared.messaging.consuming.member import Member
from shared.messaging.wire.backoff import Retries
from shared.messaging.wire.connections import BROKER_ERRORS
from shared.messaging.wire.outgoing import ConfirmedPublisher
from shared.messaging.wire.trouble import Trouble

_AT_ONCE: Final = 500
_BACKOFF: Final = Retries(first_seconds=0.1, most_seconds=2.0)


class HandingOver:
    """Hands over what members are owed; while the broker is away it waits, and the following goes on.

    :param broker_url: where the services' queues are.
    :param members: the follower's own list of them.
    :param handed: told of a member, after something of its lies in its queue.
    """

    def __init__(self, broker_url: str, members: Sequence[Member], handed: Callable[[Member], None]) -> None:
        self._publisher = ConfirmedPublisher(broker_url)
        self._members = members
        self._handed = handed
        self._owing = threading.Event()
        self.trouble = Trouble("follower's messages")

    def begin(self) -> None:
        """Something is owed."""
        self._owing.set()

    def run(self) -> None:
        """Put what is owed into the services' queues, as long as the process lives; waits for the broker."""
        tried = 0
        self._owing.set()  # what was owed when this last ended is owed still
        while True:
            self._owing.wait()
            self._owing.clear()
            for member in tuple(self._members):
                while messages := member.unsent(_AT_ONCE):
                    try:
                        self._publisher.publish([message for _, message in messages])
                    except BROKER_ERRORS as error:
                        self.trouble.note("broker", error)
                        eventlet.sleep(_BACKOFF.wait_seconds(tried))
                        tried += 1
                    else:
                        self.trouble.over("broker")
                        member.sent(len(messages))
                        self._handed(member)
                        tried = 0

    def close(self) -> None:
        """Give the connection back, once :meth:`run` has ended."""
        self._publisher.close()
