"""How events become notices: one row per event, with all that decides who is told of it.

Who is in fact told is the SOP's to say, and is decided once, when the event comes in (see
:mod:`services.notify.planning`). So these rows can be rebuilt at any time, under any rules, and nobody is written to
again.
"""

from typing import Any

from shared.domain.dossier.dossier import TERMINAL, agency_after
from shared.domain.dossier.events import ClockEvent, DossierEvent, Escalated
from shared.domain.dossier.promise import CASE
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.projection import Projection, Rows
from shared.store.projection.table import Table

NOTICES = Table(
    schema="notify",
    name="notices",
    key=("dossier", "version"),
    columns=(
        "dossier",
        "version",
        "tenant",
        "sop_version",
        "event",
        "kind",
        "why",
        "step",
        "to_step",
        "status",
        "agency",
        "holder",
        "holder_agency",
        "desk",
        "desk_agency",
        "recorded_at",
    ),
)
"""``agency`` is responsible after the event, and ``desk`` holds the dossier. ``holder`` is whom the event is about: for
a clock whoever held it, for an escalation whoever it is brought before, else the desk."""


class NoticeProjection(Projection):
    """Everything that somebody may have to be told."""

    name = "notify"
    tables = (NOTICES,)

    def evolve(self, rows: Rows, event: DossierEvent, recorded: RecordedEvent) -> Rows:
        """The dossier's notices, and one more."""
        earlier = rows[NOTICES.name]
        last = earlier[-1] if earlier else {"agency": None, "desk": None, "desk_agency": None}
        desk, desk_agency = _desk(event, last["desk"], last["desk_agency"])
        holder, holder_agency = _holder(event, desk, desk_agency)
        notice = {
            "dossier": recorded.dossier,
            "version": recorded.version,
            "tenant": event.tenant,
            "sop_version": event.sop_version,
            "event": event.type,
            "kind": getattr(event, "kind", None),
            "why": getattr(event, "why", None),
            "step": event.step,
            "to_step": event.promise.step if event.promise else None,
            "status": event.status,
            "agency": agency_after(last["agency"], event),
            "holder": holder,
            "holder_agency": holder_agency,
            "desk": desk,
            "desk_agency": desk_agency,
            "recorded_at": event.recorded_at,
        }
        return {NOTICES.name: [*earlier, notice]}


def _desk(event: DossierEvent, desk: Any, agency: Any) -> tuple[str | None, str | None]:
    if event.status in TERMINAL:
        return None, None
    if event.promise is not None:
        return event.promise.actor, event.promise.agency
    return desk, agency


def _holder(event: DossierEvent, desk: str | None, desk_agency: str | None) -> tuple[str | None, str | None]:
    if isinstance(event, Escalated):
        return event.to_actor, event.holder_agency
    if isinstance(event, ClockEvent) and event.target != CASE:
        return event.holder, event.holder_agency
    return desk, desk_agency
