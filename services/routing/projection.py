"""How events become inbox rows: one row for the task that a dossier is to whoever holds it now."""

from typing import Any

from shared.domain.dossier.dossier import TERMINAL
from shared.domain.dossier.events import ClockBreached, ClockWarned, ComplaintFiled, DossierEvent
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.projection import Projection, Rows
from shared.store.projection.table import Table

INBOX = Table(
    schema="routing",
    name="inbox",
    key=("dossier",),
    columns=(
        "dossier",
        "tenant",
        "ticket",
        "step",
        "actor",
        "agency",
        "status",
        "since",
        "due_at",
        "state",
        "promise_version",
        "filed",
    ),
)
"""``filed`` is the sealed filing, opened when the inbox is read: a destroyed key leaves no title behind."""


class InboxProjection(Projection):
    """The inboxes of all agencies and desks. A dossier that has ended has no row."""

    name = "routing"
    tables = (INBOX,)

    def evolve(self, rows: Rows, event: DossierEvent, recorded: RecordedEvent) -> Rows:  # noqa: ARG002 - the projection's signature
        """The dossier's inbox row after one more event."""
        row = _opened(event) if isinstance(event, ComplaintFiled) else _only(rows)
        if row is None or event.status in TERMINAL:
            return {INBOX.name: []}
        row = {**row, "status": event.status}
        if event.promise is not None:
            due_at = event.promise.due_at or (event.wait.due_at if event.wait else None)
            row |= {
                "step": event.promise.step,
                "actor": event.promise.actor,
                "agency": event.promise.agency,
                "since": event.occurred_at,
                "due_at": due_at,
                "state": "running",
                "promise_version": event.originator_version,
            }
        elif isinstance(event, ClockWarned | ClockBreached) and event.clock == f"step:{row['promise_version']}":
            row["state"] = "warned" if isinstance(event, ClockWarned) else "breached"
        return {INBOX.name: [row]}


def _only(rows: Rows) -> dict[str, Any] | None:
    found = rows.get(INBOX.name, ())
    return dict(found[0]) if found else None


def _opened(event: ComplaintFiled) -> dict[str, Any]:
    return {
        "dossier": event.originator_id,
        "tenant": event.tenant,
        "ticket": event.ticket,
        "step": None,
        "actor": None,
        "agency": None,
        "status": event.status,
        "since": event.occurred_at,
        "due_at": None,
        "state": "running",
        "promise_version": 0,
        "filed": event.sealed,
    }
