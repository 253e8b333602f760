"""Lists and figures, read from a replica where there is one that knows enough; else from the primary.

Only what reads tables and writes nothing is read so. Whoever decides on a right, records a reading or opens a dossier's
key does so on the primary: a key that was destroyed a moment ago is destroyed for a list, too.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

import psycopg2
from psycopg2.errorcodes import QUERY_CANCELED

from shared.application.runtime import Runtime, ensure_seen
from shared.base.errors import Unavailable
from shared.base.freshness import present_written
from shared.base.services import ServiceName
from shared.platform.database.replica import BEHIND, Replica
from shared.platform.metrics import LIST_READS
from shared.store.projection.lag import wait_until

T = TypeVar("T")
_WAIT_SECONDS: Final = 0.5
"""Longer than a standby that is well needs; then the primary is asked, which knows."""
_FAILED: Final = "failed"
_NOTHING: Final = ""


def read(
    runtime: Runtime, schemas: Sequence[ServiceName], min_position: int | None, query: Callable[[Runtime], T]
) -> T:
    """What a query answers, from tables that have applied the event at a position.

    :param schemas: the projections that it reads, by their PostgreSQL schema.
    :param min_position: what the reader named; what was written through the portal that asks counts besides.
    :param query: reads by the runtime's ``database`` and writes nothing; may be asked a second time.
    :raises Unavailable: if the projections have not got it in time.
    """
    replica = runtime.replica
    if replica is not None:
        why = _why_not(replica, schemas, min_position)
        if not why:
            try:
                answer = query(replace(runtime, database=replica.database, reads_only=True, _dossiers={}))
            except (psycopg2.Error, Unavailable) as error:
                if getattr(error, "pgcode", None) == QUERY_CANCELED:
                    raise  # it takes too long there, and would here
                replica.failed(error)
                why = _FAILED
            else:
                LIST_READS.labels("replica", _NOTHING).inc()
                return answer
        LIST_READS.labels("primary", why).inc()
    ensure_seen(runtime, schemas, min_position)
    return query(runtime)


def _why_not(replica: Replica, schemas: Sequence[ServiceName], min_position: int | None) -> str:
    why = replica.why_not()
    position = max(min_position or 0, present_written() or 0)
    if why or not position:
        return why
    try:
        return "" if wait_until(replica.database, schemas, position, _WAIT_SECONDS) else BEHIND
    except (psycopg2.Error, Unavailable) as error:
        replica.failed(error)
        return _FAILED
