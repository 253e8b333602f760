"""How events become notices: one row per event, with all that decides who is told of it.

Who is in fact told is the SOP's to say, and is decided once, when the event comes in (see
:mod:`services.notify.planning`). So these rows can be rebuilt at any time, under any rules, and nobody is written to
again.
"""

from collections.abc import Sequence
from typing import Any

from shared.domain.dossier.dossier import agency_after
from shared.domain.dossier.events import ClockEvent, DataAsked, DossierEvent, Escalated, HelpAsked, HelpCancelled
from shared.domain.dossier.promise import CASE
from shared.domain.sop.vocabulary import FINAL_STATUSES
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.projection import Projection, Row, Rows
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
        "category",
        "unit",
        "unit_actor",
        "former",
        "former_agency",
    ),
)
"""``agency`` is responsible after the event, and ``desk`` holds the dossier. ``holder`` is whom the event is about: for
a clock whoever held it, for an escalation whoever it is brought before, for another agency's part whoever does it, else
the desk. ``former`` is who had the dossier before the event. ``unit`` is the part of an agency to which it was passed,
and ``unit_actor`` the role in which that part acts."""


_NOTHING: dict[str, Any] = dict.fromkeys(NOTICES.columns)


class NoticeProjection(Projection):
    """Everything that somebody may have to be told."""

    name = "notify"
    tables = (NOTICES,)
    notes_rebuilds = True

    def evolve(self, rows: Rows, event: DossierEvent, recorded: RecordedEvent) -> Rows:
        """The dossier's notices, and one more."""
        earlier = rows[NOTICES.name]
        return {NOTICES.name: [*earlier, _notice(earlier, event, recorded)]}

    def history(self, events: Sequence[tuple[DossierEvent, RecordedEvent]]) -> Rows:
        """As `evolve` comes to: a notice is never changed by the next."""
        notices: list[Row] = []
        for event, recorded in events:
            notices.append(_notice(notices, event, recorded))
        return {NOTICES.name: notices}


def _notice(earlier: Sequence[Row], event: DossierEvent, recorded: RecordedEvent) -> Row:
    last = earlier[-1] if earlier else _NOTHING
    said = vars(event)  # most events say little of what follows, and to ask in vain is dear
    desk, desk_agency = _desk(event, last["desk"], last["desk_agency"])
    holder, holder_agency = _holder(event, desk, desk_agency, earlier)
    former = (last["desk"], last["desk_agency"]) if last["desk"] else (last["former"], last["former_agency"])
    agency = agency_after(last["agency"], event)
    return {
        "dossier": recorded.dossier,
        "version": recorded.version,
        "tenant": event.tenant,
        "sop_version": event.sop_version,
        "event": event.type,
        "kind": said.get("kind"),
        "why": said.get("why"),
        "step": event.step,
        "to_step": event.promise.step if event.promise else None,
        "status": event.status,
        "agency": agency,
        "holder": holder,
        "holder_agency": holder_agency,
        "desk": desk,
        "desk_agency": desk_agency,
        "recorded_at": event.recorded_at,
        "category": said.get("category") or last["category"],
        **_unit(event, last if agency == last["agency"] else _NOTHING),
        "former": former[0],
        "former_agency": former[1],
    }


def _desk(event: DossierEvent, desk: Any, agency: Any) -> tuple[str | None, str | None]:
    if event.status in FINAL_STATUSES:
        return None, None
    if event.promise is not None:
        return event.promise.actor, event.promise.agency
    return desk, agency


def _unit(event: DossierEvent, last: Row) -> dict[str, Any]:
    """The unit that an event passes the dossier to, or that it was with before, while the agency is the same."""
    named = vars(event).get("to_unit")
    if named is None or event.promise is None:
        return {"unit": last["unit"], "unit_actor": last["unit_actor"]}
    return {"unit": named, "unit_actor": event.promise.actor}


def _holder(
    event: DossierEvent, desk: str | None, desk_agency: str | None, earlier: Sequence[Row]
) -> tuple[str | None, str | None]:
    if isinstance(event, DataAsked):
        return event.data.actor, event.data.agency
    if isinstance(event, HelpAsked):
        return event.help.actor, event.help.agency
    if isinstance(event, HelpCancelled):
        asked = next((row for row in earlier if row["version"] == event.part), None)
        if asked is not None and asked["holder_agency"] != event.agency:
            return asked["holder"], asked["holder_agency"]
    if isinstance(event, Escalated):
        return event.to_actor, event.holder_agency
    if isinstance(event, ClockEvent) and event.target != CASE:
        return event.holder, event.holder_agency
    return desk, desk_agency
