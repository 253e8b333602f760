"""How events become clocks: the fold of :mod:`shared.domain.dossier.clocks`, kept as one row per clock."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from shared.base.frozen import maker
from shared.domain.dossier.clocks import DossierClock, fold_clocks, next_firing
from shared.domain.dossier.events import ComplaintFiled, DossierEvent
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.projection import Projection, Row, Rows
from shared.store.projection.table import Table

_CLOCK_FIELDS = tuple(field.name for field in fields(DossierClock))
_made = maker(DossierClock)

CLOCKS = Table(
    schema="sla",
    name="clocks",
    key=("dossier", "id"),
    columns=("dossier", "tenant", "ticket", *_CLOCK_FIELDS, "fire_at"),
)
TICKETS = Table(schema="sla", name="tickets", key=("dossier",), columns=("dossier", "ticket"))


class ClockProjection(Projection):
    """Every clock there ever was; ``fire_at`` says when a timer has to look at it again."""

    name = "sla"
    tables = (CLOCKS, TICKETS)

    def evolve(self, rows: Rows, event: DossierEvent, recorded: RecordedEvent) -> Rows:
        """The dossier's clocks after one more event."""
        tickets = rows[TICKETS.name]
        if isinstance(event, ComplaintFiled):
            tickets = [{"dossier": recorded.dossier, "ticket": event.ticket}]
        before = sorted((_clock(row) for row in rows[CLOCKS.name]), key=_order)
        after = fold_clocks(tuple(before), event)
        head = {"dossier": recorded.dossier, "tenant": event.tenant, "ticket": tickets[0]["ticket"]}
        return {CLOCKS.name: [_row(head, clock) for clock in after], TICKETS.name: tickets}

    def history(self, events: Sequence[tuple[DossierEvent, RecordedEvent]]) -> Rows:
        """As `evolve` comes to, without making rows of the clocks in between."""
        clocks: tuple[DossierClock, ...] = ()
        ticket = None
        for event, _ in events:
            if isinstance(event, ComplaintFiled):
                ticket = event.ticket
            known = len(clocks)
            clocks = fold_clocks(clocks, event)
            if len(clocks) > known:  # in the order in which `evolve` finds them: by what a clock never changes
                clocks = tuple(sorted(clocks, key=_order))
        last, recorded = events[-1]
        head = {"dossier": recorded.dossier, "tenant": last.tenant, "ticket": ticket}
        tickets = [{"dossier": recorded.dossier, "ticket": ticket}]
        return {CLOCKS.name: [_row(head, clock) for clock in clocks], TICKETS.name: tickets}


def _order(clock: DossierClock) -> tuple[datetime, str]:
    return clock.started_at, clock.id


def _clock(row: Row) -> DossierClock:
    return _made({name: row[name] for name in _CLOCK_FIELDS})


def _row(head: dict[str, Any], clock: DossierClock) -> dict[str, Any]:
    # Not `asdict`: it copies each value deeply, instants too.
    return {**head, **vars(clock), "fire_at": next_firing(clock)}
