"""The dossiers: loading and appending, on the `eventsourcing` library."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import InfrastructureFactory, IntegrityError, StoredEvent
from eventsourcing.utils import Environment

from shared.application.dossiers.codec import decode
from shared.application.dossiers.owners import OWNERS
from shared.base.deadline import check_deadline
from shared.base.errors import Conflict, NotFound
from shared.domain.dossier.dossier import Dossier, evolve, fold
from shared.domain.dossier.events import ClockBreached, ClockWarned, ComplaintFiled, DossierEvent
from shared.platform import metrics, tracing
from shared.platform.database.pool import Database
from shared.store.eventstore.appending import append, append_and_commit
from shared.store.eventstore.factory import LogFactory
from shared.store.eventstore.reading import read_dossier, read_dossiers

Also = Callable[[Any], None]


class Dossiers(Application[UUID]):
    """The event-sourced dossiers, as one service may use them.

    :param database: where the event store is.
    :param service: the service that appends; it may append only the event types it owns.
    """

    name = "dossiers"
    env = {  # noqa: RUF012 - the library's way of configuring an application
        "PERSISTENCE_MODULE": "shared.store.eventstore.persistence",
        "MAPPER_TOPIC": "shared.application.dossiers.mapper:DossierMapper",
    }

    def __init__(self, database: Database, service: str) -> None:
        self.database = database
        self.service = service
        super().__init__()

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """The recorders read by the same connections as everything else in the process."""
        return LogFactory(env, self.database)

    def load(self, dossier_id: UUID) -> Dossier:
        """The dossier as it stands.

        :raises NotFound: if there is no such dossier.
        """
        try:
            return self.repository.get(dossier_id, projector_func=_project)
        except AggregateNotFoundError:
            raise NotFound("unknown_dossier") from None

    def history(self, dossier_id: UUID) -> list[DossierEvent]:
        """All events of a dossier, in order.

        :raises NotFound: if there is no such dossier.
        """
        events = [event for event in self.events.get(dossier_id) if isinstance(event, DossierEvent)]
        if not events:
            raise NotFound("unknown_dossier")
        return events

    def open(self, dossier_id: UUID, tenant: str | None = None) -> tuple[Dossier, list[DossierEvent]]:
        """A dossier with its whole history, read once.

        :param tenant: the government in whose rooms it is asked for; another's dossier is not there.
        :raises NotFound: if there is no such dossier, or it is another tenant's.
        """
        events = self.history(dossier_id)
        dossier = fold(events)
        if dossier is None or (tenant is not None and dossier.tenant != tenant):
            raise NotFound("unknown_dossier")
        return dossier, events

    def position(self, dossier_id: UUID, version: int) -> int:
        """The place in the log of what was recorded of a dossier at a version that it has."""
        with self.database.autocommit() as cursor:
            [recorded] = read_dossier(cursor, dossier_id, version - 1, version)
        return recorded.position

    def open_all(
        self, dossier_ids: Sequence[UUID], types: Iterable[type[DossierEvent]] | None = None
    ) -> dict[UUID, list[DossierEvent]]:
        """The histories of many dossiers, in one query.

        :param types: only what they tell in events of these types: where no more is asked, a page costs much less.
        """
        wanted = [each.__name__ for each in types] if types is not None else None
        with self.database.autocommit() as cursor:
            recorded = read_dossiers(cursor, dossier_ids, wanted)
        histories: dict[UUID, list[DossierEvent]] = {}
        for each in recorded:
            histories.setdefault(each.dossier, []).append(decode(each))
        return histories

    def append(self, events: Sequence[DossierEvent], also: Also | None = None) -> list[int]:
        """Append events, of one dossier or of several, in one transaction.

        :param also: writes that must commit with them, given the transaction's cursor; run after the append.
        :returns: their positions in the log.
        :raises Conflict: if a dossier has moved on since it was loaded (``stale_version``).
        :raises PermissionError: if an event type belongs to another service.
        :raises Unavailable: if whoever asked for it does not wait any more (``call_expired``).
        """
        stored = self._stored(events)
        with self._watched():
            positions = self._append(stored, also)
        self.count(events)
        return positions

    def append_and_commit(
        self, cursor: Any, events: Sequence[DossierEvent], also: str, values: tuple[object, ...]
    ) -> list[int]:
        """Append events within the caller's transaction, as its first write, write what else is to be, and commit: in
        one round trip. Who called counts them.

        Who waits for it, and for how long, is the caller's affair too.

        :param cursor: in a transaction that was begun on it by hand.
        :param also: the other statements.
        :param values: of their parameters.
        :returns: their positions in the log.
        :raises Conflict: as :meth:`append`.
        :raises PermissionError: as :meth:`append`.
        """
        stored = self._stored(events)
        with self._watched():
            return append_and_commit(cursor, stored, also, values)

    def _stored(self, events: Sequence[DossierEvent]) -> list[StoredEvent]:
        for event in events:
            if self.service not in OWNERS[event.type]:
                raise PermissionError(f"{self.service} may not append {event.type}")
        return [self.mapper.to_stored_event(event) for event in events]

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            with metrics.APPEND_SECONDS.labels(self.service).time():
                yield
        except IntegrityError as error:
            metrics.APPEND_CONFLICTS.labels(self.service).inc()
            raise Conflict("stale_version") from error

    def _append(self, stored: Sequence[StoredEvent], also: Also | None) -> list[int]:
        if also is None:
            with self.database.autocommit() as cursor:
                check_deadline()  # as late as can be: a connection may have been waited for
                return append(cursor, stored)
        with self.database.transaction() as cursor:
            check_deadline()
            positions = append(cursor, stored)
            also(cursor)
            return positions

    def count(self, events: Sequence[DossierEvent]) -> None:
        """Keep the figures on events that were appended, and their spans."""
        for event in events:
            metrics.EVENTS_APPENDED.labels(self.service, event.type).inc()
            tracing.event(event.type, event.tenant, event.event_id, event.correlation_id, event.causation_id)
            if isinstance(event, ComplaintFiled):
                metrics.COMPLAINTS_FILED.labels(event.tenant, event.channel).inc()
            elif isinstance(event, ClockWarned | ClockBreached):
                outcome = "warned" if isinstance(event, ClockWarned) else "breached"
                metrics.CLOCKS_DECIDED.labels(event.tenant, event.step or event.target, outcome).inc()


def _project(dossier: Dossier | None, events: Any) -> Dossier | None:
    for event in events:
        dossier = evolve(dossier, event)
    return dossier
