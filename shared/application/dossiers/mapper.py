"""The `eventsourcing` library's mapper for dossier events: stable names and plain JSON instead of Python paths."""

import json
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent

from shared.application.dossiers.codec import from_data, to_bytes
from shared.domain.dossier.events import DossierEvent


class DossierMapper(Mapper[UUID]):
    """Maps dossier events to what the recorder stores, and back."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The stored form of an event."""
        if not isinstance(domain_event, DossierEvent):
            raise TypeError(f"not an event of a dossier: {type(domain_event).__name__}")
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=domain_event.type,
            state=to_bytes(domain_event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DossierEvent:
        """The typed event, lifted to the present schema."""
        originator_id = stored_event.originator_id
        dossier = originator_id if isinstance(originator_id, UUID) else UUID(originator_id)
        return from_data(stored_event.topic, dossier, stored_event.originator_version, json.loads(stored_event.state))
