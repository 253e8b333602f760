"""Where time comes from. Domain code never asks the machine."""

from datetime import UTC, datetime
from typing import Protocol

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Between these a simulated clock stands: far from the ends of what can be reckoned with, whatever a procedure adds."""


class Clock(Protocol):
    """A source of the present instant."""

    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until it is moved: for the demo, for tests and for rehearsing a month in a minute.

    :param start: the first instant, timezone-aware, between :data:`EARLIEST` and :data:`LATEST`.
    :raises ValueError: if it is none of these.
    """

    def __init__(self, start: datetime) -> None:
        self._now = _aware(start)

    def now(self) -> datetime:
        """The instant to which the clock was last moved, in UTC."""
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Move the clock forward.

        :raises ValueError: if the instant lies before the present one, since recorded history cannot be undone, or too
            far off.
        """
        target = _aware(instant)
        if target < self._now:
            raise ValueError(f"the simulated clock stands at {self._now.isoformat()} and cannot go back")
        self._now = target


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone, e.g. 2026-10-01T08:00:00+07:00")
    if not EARLIEST <= instant < LATEST:
        raise ValueError(f"a simulated clock stands between {EARLIEST.year} and {LATEST.year}, not at {instant}")
    return instant.astimezone(UTC)
