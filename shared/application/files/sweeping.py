"""What a crash has left in the store: bodies that nobody fetched, and files that were never recorded."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shared.application.files.drops import DROPS
from shared.application.files.keeping import PENDING
from shared.application.runtime import Runtime
from shared.base.clock import SystemClock
from shared.base.errors import NotFound
from shared.domain.dossier.events import FileAdded

OLD: Final = timedelta(hours=1)
"""By the machine's clock: longer than anybody takes over one file."""


def sweep(runtime: Runtime, service: str, now: datetime | None = None) -> int:
    """Delete what was left more than an hour ago.

    :param now: by the machine's clock.
    :returns: how many were found.
    :raises OSError: if the store does not let us.
    """
    if not runtime.has_files:
        return 0
    before = (now or SystemClock().now()) - OLD
    store, found = runtime.files, 0
    for name, written in list(store.names(DROPS)):
        if written < before:
            store.delete(name)
            found += 1
    for mark, written in list(store.names(PENDING)):
        if written < before:
            place = mark.removeprefix(f"{PENDING}/")
            if not _recorded(runtime, service, place):
                store.delete(place)
            store.delete(mark)
            found += 1
    return found


def _recorded(runtime: Runtime, service: str, place: str) -> bool:
    tenant, dossier, file = place.split("/")
    try:
        _, events = runtime.dossiers(service).open(UUID(dossier), tenant)
    except (NotFound, ValueError):
        return False
    return any(isinstance(event, FileAdded) and str(event.file) == file for event in events)
