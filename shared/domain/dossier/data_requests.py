"""What is owed to a reporter who asks about their own data, by whom and by when.

Source: Law 27/2022 on personal data: 3 x 24 hours, by the wall clock.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from shared.domain.dossier.data_events import DataAnswered, DataAsked
from shared.domain.dossier.event import COORDINATOR, DossierEvent
from shared.domain.dossier.promise import DATA, Promise
from shared.domain.dossier.telling_desk import coordinator
from shared.domain.sop.model import Sop

WITHIN: Final = timedelta(hours=3 * 24)
WARNED_BEFORE: Final = timedelta(hours=24)
STANDARD: Final = "72 h wall"


def data_promise(sop: Sop, calendar_version: str, at: datetime) -> Promise:
    """By when it must be answered, and by whom: whoever runs the procedure for the whole government.

    Its step is one by whose chain their lateness climbs, where the procedure has somebody above them.
    """
    actor = coordinator(sop) or COORDINATOR
    own = [each for each in sop.steps if each.actor == actor] or list(sop.steps)
    step = next((each for each in own if each.escalate_to), own[0])
    return Promise(
        target=DATA,
        step=step.id,
        actor=actor,
        agency=None,
        started_at=at,
        due_at=at + WITHIN,
        warn_at=at + WITHIN - WARNED_BEFORE,
        within=STANDARD,
        sop_version=sop.version,
        calendar_version=calendar_version,
    )


def open_requests(events: Sequence[DossierEvent]) -> dict[int, DataAsked]:
    """Those that nobody has answered, by the version of their event."""
    found: dict[int, DataAsked] = {}
    for event in events:
        if isinstance(event, DataAsked):
            found[event.originator_version] = event
        elif isinstance(event, DataAnswered):
            found.pop(event.asked, None)
    return found


def given_to(events: Sequence[DossierEvent]) -> DataAnswered | None:
    """The answer by which a copy was given; none if there is none, or a later request was refused."""
    answered = [each for each in events if isinstance(each, DataAnswered) and each.kind == "access"]
    return answered[-1] if answered and answered[-1].outcome == "done" else None
