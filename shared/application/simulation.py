"""Moving a simulated clock, and waiting until everything that the move brings about has happened."""

import time
from datetime import datetime
from pathlib import Path

from shared.application.runtime import Runtime
from shared.base.clock import LATEST, SimulatedClock
from shared.base.errors import Conflict, Invalid, Unavailable
from shared.base.times import from_iso, to_iso

SCHEMAS = ("intake", "routing", "sla", "notify", "reporting")
SETTLE_SECONDS = 30.0
_POLL_SECONDS = 0.004

_WHAT = ("events to be applied", "timers to be fired", "messages to be sent", "automatic steps to be taken")
_APPLIED = ", ".join(
    f"coalesce((SELECT a.version FROM {schema}.applied a WHERE a.dossier = e.dossier), 0)"  # noqa: S608 - our own names
    for schema in SCHEMAS
)
_LOOK = f"""
    SELECT EXISTS (SELECT FROM eventstore.events e WHERE e.position > %(mark)s AND e.version > least({_APPLIED})),
           EXISTS (SELECT FROM sla.clocks WHERE fire_at < %(now)s),
           EXISTS (SELECT FROM notify.messages WHERE NOT settled AND next_attempt_at <= %(now)s),
           EXISTS (SELECT FROM routing.inbox WHERE actor = 'system'),
           (SELECT coalesce(max(position), 0) FROM eventstore.events
             WHERE position > %(mark)s AND txid < pg_snapshot_xmin(pg_current_snapshot()))
"""  # noqa: S608 - the schemas' own names


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
    """

    def __init__(self, runtime: Runtime) -> None:
        if not isinstance(runtime.clock, SimulatedClock):
            raise TypeError("only a simulated clock can be moved")
        self._clock = runtime.clock
        self._runtime = runtime
        self._mark = 0
        self._file = runtime.settings.data_dir / _FILE
        self._remember()

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
        self.settle()
        try:
            self._clock.move_to(instant)
        except ValueError as error:
            raise Conflict("clock_cannot_go_back", {"now": self.now().isoformat()}) from error
        self._remember()
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

    def _remember(self) -> None:
        """For commands that are run beside it, and for the next start."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{to_iso(self.now())}\n", encoding="ascii")
        draft.replace(self._file)  # whoever reads beside it finds the one or the other

    def _outstanding(self) -> str | None:
        """What is still under way, if anything is: one look, one round trip."""
        with self._runtime.database.autocommit() as cursor:
            cursor.execute(_LOOK, {"mark": self._mark, "now": self.now()})
            [(unapplied, timers, messages, steps, latest)] = cursor.fetchall()
        if not unapplied:
            # Everything settled up to there is applied for good: later looks begin behind it.
            self._mark = max(self._mark, latest)
        under_way = (unapplied, timers, messages, steps)
        return next((what for what, is_so in zip(_WHAT, under_way, strict=True) if is_so), None)
