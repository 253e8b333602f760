"""How events become inbox rows: one row for each open task that a dossier is to somebody."""

from collections.abc import Sequence
from typing import Any, Final

from services.routing.tasks import after
from shared.domain.dossier.events import Classified, ComplaintFiled, DossierEvent, Returned, Supplemented
from shared.domain.dossier.known_after import known_after
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.projection import Projection, Row, Rows
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
        "from_actor",
        "from_agency",
        "beside",
    ),
)
"""What the columns say is told in :mod:`services.routing.tasks`."""

DOSSIERS = Table(
    schema="routing",
    name="dossiers",
    key=("dossier",),
    columns=("dossier", "ticket", "filed", "channel", "category", "kecamatan", "privacy", "wrong_agency"),
)
"""``filed`` is the sealed filing, opened when the inbox is read: a destroyed key leaves no title behind.
``wrong_agency`` tells whether an office once returned it as not its own. That whoever disposed took it back does not:
it may go to the same office again.
"""

_TOLD_LATER: Final = ("category", "kecamatan", "privacy")
"""What officers and reporters say of a complaint after its filing, too."""

_TELLING: Final = (Classified, Supplemented)


class InboxProjection(Projection):
    """The inboxes of all agencies and desks.

    A dossier that ends takes its tasks with it. One that has ended may still be a task: when its reporter could not be
    told of how it ended.
    """

    name = "routing"
    tables = (INBOX, DOSSIERS)

    def evolve(self, rows: Rows, event: DossierEvent, recorded: RecordedEvent) -> Rows:  # noqa: ARG002 - the projection's signature
        """The dossier's open tasks after one more event."""
        return {INBOX.name: after(rows[INBOX.name], event), DOSSIERS.name: _dossiers(rows[DOSSIERS.name], event)}

    def history(self, events: Sequence[tuple[DossierEvent, RecordedEvent]]) -> Rows:
        """As `evolve` comes to: no task depends on the order of the others."""
        tasks: Sequence[Row] = ()
        dossiers: Sequence[Row] = ()
        for event, _ in events:
            tasks, dossiers = after(tasks, event), _dossiers(dossiers, event)
        return {INBOX.name: tasks, DOSSIERS.name: dossiers}


def _dossiers(rows: Sequence[Row], event: DossierEvent) -> Sequence[Row]:
    if isinstance(event, ComplaintFiled):
        return [_filed(event)]
    if isinstance(event, Returned) and event.why == "wrong_agency":
        return [{**row, "wrong_agency": True} for row in rows]
    if isinstance(event, _TELLING):
        return [{**row, **known_after(row, event, _TOLD_LATER)} for row in rows]
    return rows


def _filed(event: ComplaintFiled) -> dict[str, Any]:
    return {
        "dossier": event.originator_id,
        "ticket": event.ticket,
        "filed": event.sealed,
        "channel": event.channel,
        "wrong_agency": False,
        **{name: getattr(event, name) for name in _TOLD_LATER},
    }
