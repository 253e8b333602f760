"""How events become tickets: the register of which dossier a number stands for.

The filing writes its row in the transaction of the append, so that a ticket can be followed at once; this projection
writes the same row again, and all of them in a rebuild.
"""

from shared.domain.dossier.events import ComplaintFiled, DossierEvent
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.projection import Projection, Rows
from shared.store.projection.table import Table

TICKETS = Table(
    schema="intake",
    name="tickets",
    key=("dossier",),
    columns=("dossier", "tenant", "ticket", "channel", "filed_at"),
)


class TicketProjection(Projection):
    """All tickets ever given."""

    name = "intake"
    tables = (TICKETS,)
    heeds = frozenset({ComplaintFiled.__name__})

    def evolve(self, rows: Rows, event: DossierEvent, recorded: RecordedEvent) -> Rows:
        """A filing gives the dossier its row; nothing changes it later."""
        if not isinstance(event, ComplaintFiled):
            return rows
        return {
            TICKETS.name: [
                {
                    "dossier": recorded.dossier,
                    "tenant": event.tenant,
                    "ticket": event.ticket,
                    "channel": event.channel,
                    "filed_at": event.recorded_at,
                }
            ]
        }
