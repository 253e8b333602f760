"""The sender's tick: claims what is due, brings it on its way, writes down what became of it.

No transaction is open while a mail server takes its time. Dying after a letter was taken and before that was written
down sends it again, with the same Message-ID; dying anywhere else sends it once.
"""

import time

from services.notify.batch import Batch
from services.notify.carrying import Carriers
from services.notify.ledger import anything_due, claim
from services.notify.post import Post, post_for
from services.notify.smtp import leave_idle
from services.notify.ways import Ways
from shared.application.runtime import Runtime
from shared.base.randomness import new_uuid
from shared.channels.installed import channels_of

BATCH = 100
LEASE_SECONDS = 180
PATIENCE_SECONDS = 45.0
"""No letter is begun after so long in one tick: the lease must outlast the last one, which may take two minutes."""

_CARRIERS: dict[int, Carriers] = {}


def carriers_of(runtime: Runtime) -> Carriers:
    """The process's carriers, made once: they remember their pace."""
    known = _CARRIERS.get(id(runtime))
    if known is None or known.channels.runtime is not runtime:
        known = _CARRIERS[id(runtime)] = Carriers(channels_of(runtime))
    return known


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
    until = time.monotonic() + PATIENCE_SECONDS
    with way_out.session() as session:
        for message in messages:
            if time.monotonic() < until:
                batch.handle(message, session)
            else:
                batch.leave(message)
            time.sleep(0)  # to word a letter takes a while: whoever waits for the processor comes first
        batch.finish(session)
    return len(messages)
