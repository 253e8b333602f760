"""What officers decided about past complaints, as labelled texts to learn from."""

from collections.abc import Iterator
from uuid import UUID

from shared.application.runtime import Runtime
from shared.domain.classifying.corpus import Labelled
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.dossier import fold
from shared.domain.dossier.events import Answered, Classified, DossierEvent
from shared.domain.tenants import Tenant
from shared.store.eventstore.reading import read_after

_BATCH = 5_000


def disposed_texts(runtime: Runtime, tenant_id: str) -> Iterator[Labelled]:
    """The complaints of a government of which a person said what they are.

    That is what an officer classified; or, where the system's guess led to a final answer of the agency that it was
    sent to, the guess. What was erased, and what is in no list, is left out.

    :raises NotFound: if there is no such government.
    """
    tenant = runtime.tenants.get(tenant_id)
    for events in _classified(runtime, tenant_id):
        dossier = fold(events)
        if dossier is None or dossier.classification is None or not _decided(events, tenant):
            continue
        key = runtime.vault.key_of(dossier.id)
        complaint = complaint_of(events, key) if key is not None else {}
        text = f"{complaint.get('title') or ''}\n{complaint.get('message') or ''}".strip()
        category = tenant.entries.category(dossier.category)
        if text and (category or dossier.category is None):
            yield Labelled(text, dossier.classification, category)


def _classified(runtime: Runtime, tenant_id: str) -> Iterator[list[DossierEvent]]:
    """All dossiers in which something was classified, in the order of the log."""
    ids: dict[UUID, None] = {}
    position = 0
    with runtime.database.autocommit() as cursor:
        while batch := read_after(cursor, position, _BATCH):
            position = batch[-1].position
            ids |= {
                event.dossier: None
                for event in batch
                if event.type == Classified.__name__ and event.data["tenant"] == tenant_id
            }
    repository = runtime.dossiers("routing")
    for dossier in ids:
        yield repository.history(dossier)


def _decided(events: list[DossierEvent], tenant: Tenant) -> bool:
    said = [event for event in events if isinstance(event, Classified)]
    if any(event.by == "officer" for event in said):
        return True
    agency = tenant.agency_for(said[-1].category)
    answers = [event for event in events if isinstance(event, Answered) and event.kind == "final"]
    return agency is not None and any(answer.agency == agency.id for answer in answers)
