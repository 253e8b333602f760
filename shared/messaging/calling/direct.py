"""Calls within a process: a service that runs here is called without the broker, and otherwise as from anywhere.

Which services share a process is a matter of deployment, not of code. So a call that is handed in here is carried out
by a worker of the service just as one that came as a message, with copies of what it was given, and answered with a
copy of what it says: the same checks, the same errors, the same deadline.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from eventlet.event import Event
from eventlet.semaphore import Semaphore
from kombu.utils import json as wire

from shared.messaging.wire.seal import Call

HOSTED: Final = "aduan.hosted"
"""The key under which nameko's configuration holds the services of the process."""

_RESERVED_WORKERS: Final = 4


def calls_at_once(workers: int) -> int:
    """How many calls of its process a service takes at once, and how many over the broker.

    Some workers are left for what calls may be waiting for: the service's projection, say.

    :param workers: as many as the service has.
    """
    return max(1, (workers - _RESERVED_WORKERS) // 2)


class DoorClosed(Exception):
    """The service takes no more calls: this one was not carried out."""


class Handed:
    """A call that was handed in, where otherwise a message from the broker would be.

    :param call: with arguments of its own.
    :param answered: told what the service says.
    """

    def __init__(self, call: Call, answered: Callable[[dict[str, Any]], object]) -> None:
        self.call = call
        self.delivery_info = {"routing_key": call.method}
        self._answered = answered

    def answer(self, said: dict[str, Any]) -> None:
        """Answer it.

        :param said: ``result`` and ``error``.
        :raises TypeError: if they are no JSON; it is not answered then.
        """
        self._answered(as_sent(said))


class ServiceDoor:
    """Where the calls of this process for one of its services are handed in."""

    def __init__(self) -> None:
        self._opened: Any = Event()
        self._take: Callable[[Handed], object] | None = None
        self._places: Any = None

    @property
    def is_open(self) -> bool:
        """Whether calls are carried out now."""
        return self._take is not None

    def open(self, take: Callable[[Handed], object], places: int) -> None:
        """From now on calls are carried out.

        :param take: has a call carried out, and comes back at once.
        :param places: how many at once; who comes later waits, within the time of the call.
        """
        self._take, self._places = take, Semaphore(places)
        if not self._opened.ready():
            self._opened.send(None)

    def close(self) -> None:
        """From now on none is."""
        self._take = None
        if not self._opened.ready():
            self._opened.send(None)

    def enter(self) -> Any:
        """Wait until the service runs and has a place for a call: set a time-out around it. Then :meth:`hand_in`.

        :returns: the place.
        :raises DoorClosed: if the service takes no more.
        """
        self._opened.wait()
        if self._take is None:
            raise DoorClosed
        places = self._places
        places.acquire()
        return places

    def hand_in(self, call: Call, place: Any) -> Any:
        """Have a call carried out.

        :param place: of :meth:`enter`.
        :returns: an event that is sent what the service says.
        :raises DoorClosed: if the service takes no more.
        """
        answered: Any = Event()

        def leave(said: dict[str, Any]) -> None:
            if not answered.ready():
                place.release()
                answered.send(said)

        take = self._take
        if take is None:  # since it entered
            place.release()
            raise DoorClosed
        try:
            take(Handed(call, leave))
        except BaseException:
            if not answered.ready():
                place.release()
            raise
        return answered


class Hosted:
    """The services of one process.

    :param names: those that run here, or are about to.
    :param complete: whether these are all that there are: then nobody here calls anything over the broker.
    """

    def __init__(self, names: Iterable[str] = (), *, complete: bool = False) -> None:
        self._doors = {name: ServiceDoor() for name in names}
        self.complete = complete

    @property
    def open(self) -> bool:
        """Whether all of them can be called."""
        return all(door.is_open for door in self._doors.values())

    def door(self, service: str) -> ServiceDoor | None:
        """The door of a service; none if it runs elsewhere, if at all.

        :raises DoorClosed: if it is none of all that there are.
        """
        found = self._doors.get(service)
        if found is None and self.complete:
            raise DoorClosed
        return found


def hosted_of(config: Mapping[str, Any]) -> Hosted:
    """The services of the process with this configuration; none are known where it does not say."""
    hosted: Hosted | None = config.get(HOSTED)
    return hosted or _NONE


_NONE: Final = Hosted()


def as_sent(said: Any) -> Any:
    """What would arrive if this were sent: a copy, so that neither side sees what the other does with its own.

    :raises TypeError: if it is no JSON.
    """
    try:
        return json.loads(json.dumps(said))
    except TypeError:
        return wire.loads(wire.dumps(said))  # instants and the like, which the wire knows
