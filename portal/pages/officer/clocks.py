"""The clocks of a dossier, explained: when each runs out, and the sum by which that comes about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.pages.frame import saying
from portal.pages.frame.counted import counted
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at
from portal.pages.frame.time_left import Running, TimeLeft, time_left
from portal.pages.officer.words import choice_words
from shared.domain.calendar.duration import Duration
from shared.domain.dossier.states import BREACHED, CANCELLED, PAUSED
from shared.domain.tenants import Tenant


@dataclass(frozen=True)
class ClockShown:
    """One clock.

    :param lines: how its due time comes about.
    :param outcome: what became of it, if it has ended.
    """

    title: str
    due: str
    left: TimeLeft | None
    lines: tuple[str, ...]
    outcome: str | None


def clocks(view: Mapping[str, Any], home: Tenant, now: datetime) -> tuple[ClockShown, ...]:
    """All of them, those that run first: they stay on the dossier for ever, with promise and outcome."""
    told = [_clock(each, view, home, now) for each in reversed(view["clocks"])]
    return tuple(sorted(told, key=lambda clock: clock.left is None))


def running(view: Mapping[str, Any], home: Tenant, now: datetime) -> TimeLeft | None:
    """How much time the present step has; none once the dossier is nobody's."""
    if view["step"] is None:
        return None
    open_ = [each for each in view["clocks"] if each["ended_at"] is None and each["target"] in ("step", "reply")]
    if not open_:
        return time_left(Running(due=None), now, home.calendar)
    return _left(open_[-1], view, home, now)


def _clock(clock: Mapping[str, Any], view: Mapping[str, Any], home: Tenant, now: datetime) -> ClockShown:
    due = instant_at(clock["due_at"], home)
    target = choice_words(clock["target"]).capitalize()
    activity = home.sop_of(view["sop_version"]).step(clock["step"]).activity if clock["step"] else ""
    return ClockShown(
        f"{target}: {activity}" if activity else target,
        saying.moment(due, now),
        None if clock["ended_at"] else _left(clock, view, home, now),
        counted(clock, Duration.parse(clock["within"]), due, home, now),
        _outcome(clock, home, now) if clock["ended_at"] else None,
    )


def _left(clock: Mapping[str, Any], view: Mapping[str, Any], home: Tenant, now: datetime) -> TimeLeft:
    until, warn = clock["paused_until"], clock["warn_at"]
    return time_left(
        Running(
            due=instant_at(clock["due_at"], home),
            warn=instant_at(warn, home) if warn else None,
            within=Duration.parse(clock["within"]),
            stands=clock["state"] == PAUSED,
            until=instant_at(until, home) if until else None,
            why="" if until else _waits_for(view["status"]),
        ),
        now,
        home.calendar,
    )


def _waits_for(status: str) -> str:
    """For what a clock stands still that nobody was given leave for."""
    return {"returned": _("menunggu pelapor"), "transferred": _("menunggu instansi lain")}.get(status, "")


def _outcome(clock: Mapping[str, Any], home: Tenant, now: datetime) -> str:
    """What became of a clock. One that was late while the office was closed is late by no time of its own kind."""
    ended = saying.brief(instant_at(clock["ended_at"], home), now)
    if clock["state"] == CANCELLED:
        return _("dihentikan %(when)s", when=ended)
    if clock["late_seconds"]:
        late = saying.lateness(clock["late_seconds"])
        return _("selesai %(when)s, terlambat %(length)s", when=ended, length=late)
    if clock["state"] == BREACHED:
        return _("selesai %(when)s, lewat waktu", when=ended)
    return _("selesai %(when)s, tepat waktu", when=ended)
