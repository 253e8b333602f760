"""Waits that have run out: what comes after one comes too late, whether or not a timer has said so yet."""

from datetime import datetime

from shared.base.errors import Conflict
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.promise import REPLY


def check_in_time(dossier: Dossier, now: datetime) -> None:
    """Refuse to act on a dossier whose wait has run out: what follows from that is only still to be recorded.

    :raises Conflict: ``too_late``, with the instant at which it ran out.
    """
    wait = dossier.open_clock(REPLY)
    if wait is not None and wait.effect is not None and now > wait.due_at:
        raise Conflict("too_late", {"due_at": wait.due_at.isoformat()})
