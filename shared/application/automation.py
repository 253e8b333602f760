"""Steps that an SOP gives to the system: finding the dossiers that have just come into one.

Services do them after their projection and before the message is acknowledged. A crash in between repeats that, and
the dossier's own state shows what was already done.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from uuid import UUID

from shared.application.dossiers.codec import decode
from shared.application.dossiers.retrying import on_fresh_state
from shared.application.runtime import Runtime
from shared.base.errors import UnknownEventType
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.events import DossierEvent
from shared.store.eventstore.reading import RecordedEvent, read_dossiers
from shared.store.projection.runner import Applied

Act = Callable[[Runtime, UUID, str, Cause], object]


def automate(runtime: Runtime, events: Sequence[RecordedEvent], applied: Applied, automatic: str, act: Act) -> None:
    """Do what is to be done in the automatic steps that these events lead into.

    :param applied: what the projection made of them. If it filled gaps, the events that the broker has not delivered,
        and may never deliver, are looked at too.
    :param automatic: which kind of step is the service's, as the SOP names it.
    :param act: does it for one dossier, given its tenant and the cause; does nothing if the dossier has moved on.
    """
    follow(runtime, events, applied, partial(leads_into, runtime, automatic), act)


def leads_into(runtime: Runtime, automatic: str, event: DossierEvent) -> bool:
    """Whether an event leads into a step that the SOP gives to the system.

    :param automatic: which kind of step, as the SOP names it.
    """
    if event.promise is None:
        return False
    sop = runtime.tenants.get(event.tenant).sop_of(event.sop_version)
    return sop.step(event.promise.step).automatic == automatic


def follow(
    runtime: Runtime,
    events: Sequence[RecordedEvent],
    applied: Applied,
    concerns: Callable[[DossierEvent], bool],
    act: Act,
) -> None:
    """Do what follows from certain events.

    :param applied: as for :func:`automate`.
    :param concerns: whether something follows from an event.
    :param act: does it for its dossier; done anew it must do no more.
    """
    if applied.filled:
        with runtime.database.autocommit() as cursor:
            events = read_dossiers(cursor, {event.dossier for event in events})
    for event in _known(events):
        if concerns(event):
            cause = Cause(correlation_id=event.correlation_id, causation_id=event.event_id)
            on_fresh_state(partial(act, runtime, event.originator_id, event.tenant, cause))


def _known(events: Iterable[RecordedEvent]) -> Iterator[DossierEvent]:
    for recorded in events:
        try:
            yield decode(recorded)
        except UnknownEventType:
            continue
