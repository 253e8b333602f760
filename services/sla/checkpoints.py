"""Signing the log from time to time, where the installation has a key for it."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from shared.application.runtime import Runtime
from shared.platform.metrics import CHECKPOINT_FAILED
from shared.store.eventstore.checkpoints.errors import LogChanged
from shared.store.eventstore.checkpoints.keeping import copy_to, last_kept
from shared.store.eventstore.checkpoints.making import MOST, make_checkpoint
from shared.store.eventstore.checkpoints.signed import signing_key
from shared.store.eventstore.reading import latest_position

log = logging.getLogger(__name__)


def sign(runtime: Runtime) -> bool:
    """Make a checkpoint if one is due, and add it to the copy.

    A log that was changed, or a copy that cannot be written, stops no clock: both are told in the log and as a figure.

    :returns: whether there may be more to sign at once.
    """
    if not runtime.settings.checkpoint_key or not _is_due(runtime):
        return False
    try:
        made = make_checkpoint(runtime.database, signing_key(runtime.settings.checkpoint_key), runtime.clock.now())
        if runtime.settings.checkpoint_copy:
            with runtime.database.autocommit() as cursor:
                copy_to(cursor, Path(runtime.settings.checkpoint_copy))
    except (LogChanged, OSError):
        CHECKPOINT_FAILED.set(1)
        log.exception("the log could not be signed")
        return False
    CHECKPOINT_FAILED.set(0)
    return made is not None


def _is_due(runtime: Runtime) -> bool:
    """Whether the last one is old enough, or as much has come since as one takes."""
    with runtime.database.autocommit() as cursor:
        try:
            last = last_kept(cursor)
        except LogChanged:
            return True  # whoever makes one tells of it
        if last is None or latest_position(cursor) - last.position > MOST:
            return True
    every = timedelta(minutes=runtime.settings.checkpoint_minutes)
    return datetime.fromisoformat(last.made_at) + every <= runtime.clock.now()
