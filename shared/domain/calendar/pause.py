"""Pauses of a clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Pause:
    """A stretch during which a clock stands still.

    :param starts: when it was paused.
    :param ends: when it was resumed; none while it is still paused.
    :param reason: why, in the words the explanation shows.
    """

    starts: datetime
    ends: datetime | None
    reason: str = ""


def in_order(pauses: Iterable[Pause]) -> list[Pause]:
    """The pauses by time, with overlaps joined: a clock paused twice at once stands still only once.

    Empty ones, which end no later than they start, are left out.
    """
    joined: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.starts):
        if pause.ends is not None and pause.ends <= pause.starts:
            continue
        last = joined[-1] if joined else None
        if last is None or (last.ends is not None and last.ends < pause.starts):
            joined.append(pause)
            continue
        ends = None if last.ends is None or pause.ends is None else max(last.ends, pause.ends)
        reasons = dict.fromkeys(reason for reason in (last.reason, pause.reason) if reason)
        joined[-1] = Pause(last.starts, ends, ", ".join(reasons))
    return joined
