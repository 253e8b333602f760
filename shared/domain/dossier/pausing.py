"""A clock under leave: it stands still for a while and goes on by itself, or its due time is put off.

A pause that was given has an end, and ends then whatever a timer does: ``Resumed`` only notes it. So the due time of a
clock that stands still is known from the beginning, and is earlier if the pause is ended early. The promise on record
stays.
"""

from datetime import datetime

from shared.base.frozen import changed
from shared.domain.dossier.clock import DossierClock
from shared.domain.dossier.leave import PAUSE, LeaveGranted, Resumed
from shared.domain.dossier.states import PAUSED, RUNNING


def granted(clock: DossierClock, event: LeaveGranted) -> DossierClock:
    """The clock after leave was given for it; it still runs or stands still, see :meth:`DossierClock.at`.

    Asked for again while it stands still, the one pause goes on until the new end. What had breached stays breached.
    """
    if event.due_at is None:
        return clock
    if event.kind != PAUSE:
        return changed(_warned_anew(clock, event.warn_at, event.occurred_at), due_at=event.due_at)
    stands = clock.state == PAUSED
    began = clock.paused_at if stands else event.occurred_at
    # Whoever had been warned needs no second warning: what is left is as much as it was.
    warned = clock.warn_at is not None and began is not None and clock.warn_at < began
    return changed(
        clock,
        state=PAUSED,
        paused_at=began,
        paused_until=event.until_at,
        due_before=clock.due_before if stands else clock.due_at,
        due_at=event.due_at,
        warn_at=clock.warn_at if warned else event.warn_at,
    )


def resumed(clock: DossierClock, event: Resumed) -> DossierClock:
    """The clock after the end of its pause was noted: ended early, or over since a while, or since before it ended."""
    if clock.paused_until is None:
        return clock
    if clock.state != PAUSED or clock.paused_at is None:
        return changed(clock, paused_until=None)
    warned = clock.warn_at is not None and clock.warn_at < clock.paused_at
    return changed(
        clock,
        state=RUNNING,
        paused_at=None,
        paused_until=None,
        due_before=None,
        due_at=event.due_at,
        warn_at=clock.warn_at if warned else event.warn_at,
    )


def noting(clock: DossierClock) -> datetime | None:
    """The next instant of which a timer has something to note that has to do with leave; none if there is nothing."""
    if clock.missed_warn_at is not None:
        return clock.missed_warn_at
    until = clock.paused_until
    if until is None:
        return None
    if clock.warn_at is not None and clock.warned_at is None and clock.warn_at < (clock.paused_at or until):
        return clock.warn_at
    return until


def _warned_anew(clock: DossierClock, warn_at: datetime | None, at: datetime) -> DossierClock:
    """With a warning before the new due time, also if there was one before the old; that one is noted all the same."""
    if warn_at is None or warn_at <= at:
        return clock
    if clock.warn_at is None or clock.warn_at >= at:
        return changed(clock, warn_at=warn_at)
    missed = clock.warn_at if clock.warned_at is None else clock.missed_warn_at
    return changed(clock, warn_at=warn_at, warned_at=None, missed_warn_at=missed)
