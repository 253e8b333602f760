"""What notify still has of an erased dossier: letters in the outbox. Those that were mailed have left the house."""

from collections.abc import Sequence
from uuid import UUID

from services.notify.commands import SERVICE
from services.notify.ledger import forget_addresses
from services.notify.outbox import Outbox
from services.notify.post import Post, post_for
from shared.application.runtime import Runtime
from shared.domain.dossier.events import ComplaintFiled, Erased
from shared.store.eventstore.reading import RecordedEvent


def forget(runtime: Runtime, events: Sequence[RecordedEvent], post: Post | None = None) -> None:
    """Remove the letters of dossiers that these events erase. Repeating it changes nothing.

    :param post: the way out; by the settings unless given.
    """
    erased = [event.dossier for event in events if event.type == Erased.__name__]
    if erased:
        forget_dossiers(runtime, erased, post)


def forget_dossiers(runtime: Runtime, dossiers: Sequence[UUID], post: Post | None = None) -> None:
    """Remove the letters of those of the dossiers that were erased, and of no other.

    :param post: the way out; by the settings unless given.
    """
    histories = runtime.dossiers(SERVICE).open_all(dossiers)
    erased = {id_: history for id_, history in histories.items() if any(isinstance(each, Erased) for each in history)}
    if not erased:
        return
    with runtime.database.autocommit() as cursor:
        forget_addresses(cursor, list(erased))
    way = post or post_for(runtime.settings)
    for history in erased.values():
        if isinstance(way, Outbox) and isinstance(history[0], ComplaintFiled):
            way.remove(history[0].ticket)


def forget_person(runtime: Runtime, tenant: str, person: UUID) -> None:
    """Remove a person's address, and what was still to be said to them."""
    with runtime.database.autocommit() as cursor:
        cursor.execute("DELETE FROM notify.reach WHERE tenant = %s AND person = %s", (tenant, str(person)))
        cursor.execute("DELETE FROM notify.spared WHERE tenant = %s AND person = %s", (tenant, str(person)))
        cursor.execute(
            "UPDATE notify.carried SET person = NULL, shortened = false WHERE tenant = %s AND person = %s",
            (tenant, str(person)),
        )
        cursor.execute("DELETE FROM notify.talks WHERE tenant = %s AND person = %s", (tenant, str(person)))
