"""How events become inbox rows: one row for each open task that a dossier is to somebody."""

from services.routing.tasks import after
from shared.domain.dossier.events import ComplaintFiled, DossierEvent
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.projection import Projection, Rows
from shared.store.projection.table import Table

INBOX = Table(
    schema="routing",
    name="inbox",
    key=("dossier", "task", "task_version"),
    columns=(
        "dossier",
        "task",
        "task_version",
        "tenant",
        "step",
        "actor",
        "agency",
        "status",
        "since",
        "due_at",
        "judged",
        "state",
        "paused_until",
    ),
)
"""What the columns say is told in :mod:`services.routing.tasks`."""

DOSSIERS = Table(schema="routing", name="dossiers", key=("dossier",), columns=("dossier", "ticket", "filed"))
"""``filed`` is the sealed filing, opened when the inbox is read: a destroyed key leaves no title behind."""


class InboxProjection(Projection):
    """The inboxes of all agencies and desks.

    A dossier that ends takes its tasks with it. One that has ended may still be a task: when its reporter could not be
    told of how it ended.
    """

    name = "routing"
    tables = (INBOX, DOSSIERS)

    def evolve(self, rows: Rows, event: DossierEvent, recorded: RecordedEvent) -> Rows:  # noqa: ARG002 - the projection's signature
        """The dossier's open tasks after one more event."""
        dossiers = rows[DOSSIERS.name]
        if isinstance(event, ComplaintFiled):
            dossiers = [{"dossier": event.originator_id, "ticket": event.ticket, "filed": event.sealed}]
        return {INBOX.name: after(rows[INBOX.name], event), DOSSIERS.name: dossiers}
