"""Moving a simulated clock, and waiting until everything that the move brings about has happened."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg2.extensions import connection, cursor

from shared.application.runtime import Runtime
from shared.base.clock import LATEST, SimulatedClock
from shared.base.errors import Conflict, Invalid, Unavailable
from shared.base.services import SERVICES
from shared.base.times import from_iso, to_iso
from shared.platform.database.connecting import lives
from shared.platform.database.prepared import preparing
from shared.store.eventstore.reading import head
from shared.store.projection.lag import Look, all_applied, caught_up

REST_SECONDS = 30.0
_LOOK_SECONDS = 0.05
"""How often one looks though nothing is heard to have been done."""
_TRUST_SECONDS = 1.0  # after a longer silence the connection is asked whether it still lives
_TO_APPLY = "events to be applied"


@dataclass(frozen=True)
class Duty:
    """What a service has to do by itself.

    :param due: an expression in SQL: whether there is any of it at the instant ``%(now)s``. True until what comes of
        it is in the log.
    :param begin: has it begun with now, if the service runs in this process.
    :param seen: whether there is any of it of which the database knows nothing.
    """

    due: str
    begin: Callable[[], None]
    seen: Callable[[], bool] = lambda: False


Outstanding = Mapping[str, Duty]
"""What services have to do by themselves, by what it is."""


_FILE = "simulated-clock"


def remembered(data_dir: Path) -> datetime | None:
    """Where the simulated clock of an embedded installation stands; none where time is real.

    :raises Conflict: if the file that tells it holds something else.
    """
    file = data_dir / _FILE
    if not file.exists():
        return None
    try:
        return SimulatedClock(from_iso(file.read_bytes().decode("ascii").strip())).now()
    except ValueError as error:
        raise Conflict("simulated_clock_unreadable", {"file": str(file)}) from error


class Simulation:
    """The simulated clock of an installation that runs in one process.

    :param runtime: with a :class:`SimulatedClock`.
    :param outstanding: what is waited for besides events to be applied.
    """

    def __init__(self, runtime: Runtime, outstanding: Outstanding) -> None:
        if not isinstance(runtime.clock, SimulatedClock):
            raise TypeError("only a simulated clock can be moved")
        self._clock = runtime.clock
        self._runtime = runtime
        self._asked = outstanding
        self._applied: int | None = None
        self._connection: connection | None = None
        self._looked = 0.0
        self._file = runtime.settings.data_dir / _FILE
        self._remember()

    def close(self) -> None:
        """Ask no more."""
        if self._connection is not None:
            self._connection.close()

    def now(self) -> datetime:
        """The simulated instant, in UTC."""
        return self._clock.now()

    def advance_to(self, instant: datetime) -> datetime:
        """Move the clock, and come back when every due timer has fired and every projection has caught up.

        What is under way now is done first, at the present instant: the services would not take minutes over it.
        Timers act as of their due times, so one long step tells the same as many short ones.

        :raises Conflict: if the instant lies in the past.
        :raises Invalid: if it lies where nothing can be reckoned with any more; nothing is moved then.
        :raises Unavailable: if things do not come to rest.
        """
        if instant >= LATEST:
            raise Invalid("clock_too_far", {"latest": LATEST.isoformat()})
        self.rest()
        if instant == self.now():
            return instant
        try:
            self._clock.move_to(instant)
        except ValueError as error:
            raise Conflict("clock_cannot_go_back", {"now": self.now().isoformat()}) from error
        self._remember()
        self.rest()
        return self.now()

    def rest(self, seconds: float = REST_SECONDS) -> None:
        """Wait until nothing is under way.

        :param seconds: of the machine's time.
        :raises Unavailable: if something still is after that long.
        """
        deadline = time.monotonic() + seconds
        bell = self._runtime.database.bell
        with bell.hurrying(), bell.watching() as ear:
            while outstanding := self._outstanding():
                if time.monotonic() > deadline:
                    raise Unavailable("not_settled", {"seconds": seconds, "outstanding": outstanding})
                ear.wait(_LOOK_SECONDS)

    def _remember(self) -> None:
        """For commands that are run beside it, and for the next start."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{to_iso(self.now())}\n", encoding="ascii")
        draft.replace(self._file)  # whoever reads beside it finds the one or the other

    def _outstanding(self) -> str | None:
        """What is still under way, if anything is; it is begun with.

        What a service has to do comes of events that are applied, and makes events before it is done: when at one
        moment all events are applied and nothing is to be done, nothing is under way.
        """
        look = self._look()
        if look is None:
            return _TO_APPLY
        for (what, duty), due in zip(self._asked.items(), look.besides, strict=True):
            if due or duty.seen():
                duty.begin()
                return what
        return None

    def _look(self) -> Look | None:
        """What is due, if every event is applied. What was found applied once is not looked at again."""
        dues = [duty.due for duty in self._asked.values()]
        with self._looking() as cursor:
            if self._applied is None:  # of a log that may be long each service has noted from where to look
                settled = head(cursor)
                if not caught_up(cursor, SERVICES, settled):
                    return None
                self._applied = settled
            look = all_applied(cursor, SERVICES, self._applied, dues, self._clock.now())
        if not look.applied:
            return None
        self._applied = look.latest
        return look

    @contextmanager
    def _looking(self) -> Iterator[cursor]:
        """A cursor of a connection of its own, over which the same is asked again and again: planned once."""
        kept = self._connection
        if kept is not None and time.monotonic() - self._looked > _TRUST_SECONDS and not lives(kept):
            kept.close()
        if kept is None or kept.closed:
            kept = self._connection = preparing(self._runtime.database.connect())
        with kept.cursor() as opened:
            yield opened
        self._looked = time.monotonic()
