"""What the SOP gives to the system in routing: disposition by category.

Runs after the events were projected and before they are acknowledged; a crash in between repeats it, and the
dossier's own state shows what was already done.
"""

from collections.abc import Sequence
from functools import partial

from services.routing.commands import dispose_by_category
from shared.dossier.codec import decode
from shared.dossier.desk import Cause
from shared.dossier.retrying import on_fresh_state
from shared.eventstore.reading import RecordedEvent
from shared.projection.errors import UnknownEventType
from shared.runtime import Runtime


def automate(runtime: Runtime, events: Sequence[RecordedEvent]) -> None:
    """Carry out the automatic steps that these events lead into."""
    for recorded in events:
        try:
            event = decode(recorded)
        except UnknownEventType:
            continue
        if event.promise is None:
            continue
        sop = runtime.tenants.get(event.tenant).sops[event.sop_version]
        if sop.step(event.promise.step).automatic != "dispose":
            continue
        cause = Cause(correlation_id=event.correlation_id, causation_id=event.event_id)
        on_fresh_state(partial(dispose_by_category, runtime, recorded.dossier, event.tenant, cause))
