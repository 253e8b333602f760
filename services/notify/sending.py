"""The sender's tick: claims what is due, brings it on its way, writes down what became of it.

No transaction is open while a mail server takes its time. Dying after a letter was taken and before that was written
down sends it again, with the same Message-ID; dying anywhere else sends it once.
"""

import logging
import time
from collections.abc import Sequence

import psycopg2

from services.notify.batch import Batch
from services.notify.carrying import Carriers
from services.notify.ledger import Message, anything_due, claim
from services.notify.post import Post, post_for
from services.notify.smtp import leave_idle
from services.notify.ways import Ways
from shared.application.runtime import Runtime
from shared.base.errors import Unavailable
from shared.base.randomness import new_uuid
from shared.base.turns import TURN_SECONDS
from shared.channels.installed import channels_of

log = logging.getLogger(__name__)

BATCH = 100
LEASE_SECONDS = 180
PATIENCE_SECONDS = 45.0
"""No letter is begun after so long in one tick: the lease must outlast the last one, which may take two minutes."""


def carriers_of(runtime: Runtime) -> Carriers:
    """The process's carriers, made once: they remember their pace."""
    return runtime.once(_carriers)


def _carriers(runtime: Runtime) -> Carriers:
    return Carriers(channels_of(runtime))


def tick(runtime: Runtime, post: Post | None = None, limit: int = BATCH) -> int:
    """Send what is due. Costs one index probe when nothing is.

    :param post: the way out; by the settings unless given.
    :param limit: at most this many messages.
    :returns: how many were taken up; 0 means that nothing was due, or that others are at it.
    :raises psycopg2.Error: if the database fails; what was claimed is taken up again when its lease has run out.
    :raises OSError: likewise, if the outbox cannot be written.
    """
    now = runtime.clock.now()
    with runtime.database.autocommit() as cursor:
        if not anything_due(cursor, now):
            leave_idle()
            return 0
        messages = claim(cursor, now, new_uuid(runtime.randomness), limit, LEASE_SECONDS)
    if not messages:
        return 0
    way_out = post or post_for(runtime.settings)
    batch = Batch(runtime, messages, Ways(runtime, carriers_of(runtime)), repeatable=way_out.repeatable)
    given = time.monotonic()
    until = given + PATIENCE_SECONDS
    waiting = messages[::-1]
    try:
        with way_out.session() as session:
            while waiting:
                message = waiting.pop()
                if (now_at := time.monotonic()) < until:
                    batch.handle(message, session)
                else:
                    batch.leave(message)
                if now_at - given >= TURN_SECONDS:
                    time.sleep(0)  # to word a letter takes a while: whoever waits for the processor comes first
                    given = time.monotonic()
            batch.finish(session)
    except Exception:
        _give_back(batch, waiting)
        raise
    return len(messages)


def _give_back(batch: Batch, waiting: Sequence[Message]) -> None:
    """Those not begun need not wait for the lease to run out, as the one in hand has to, of which nobody knows."""
    try:
        for message in waiting:
            batch.leave(message)
    except (psycopg2.Error, Unavailable):
        log.warning("messages that were not begun wait for their lease to run out")
