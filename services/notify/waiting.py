"""How much waits to be sent, and for how long: figures for whoever watches."""

from datetime import datetime
from typing import Final

from shared.application.runtime import Runtime
from shared.platform import metrics

_LETTERS: Final = """
    SELECT count(*), coalesce(extract(epoch FROM %(now)s - min(next_attempt_at)), 0)::float8
      FROM notify.messages WHERE NOT settled AND next_attempt_at <= %(now)s
"""
# Replies are due by the database's clock.
_REPLIES: Final = """
    SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(next_attempt_at)), 0)::float8
      FROM notify.talks WHERE state IN ('planned', 'unknown') AND next_attempt_at <= clock_timestamp()
"""


def measure(runtime: Runtime) -> None:
    """Keep the figures on letters and replies that are due. Each costs one look at an index of what is open."""
    now: datetime = runtime.clock.now()
    with runtime.database.autocommit() as cursor:
        cursor.execute(_LETTERS, {"now": now})
        [(letters, letter_seconds)] = cursor.fetchall()
        cursor.execute(_REPLIES)
        [(replies, reply_seconds)] = cursor.fetchall()
    metrics.MESSAGES_DUE.set(letters + replies)
    metrics.MESSAGES_DUE_SECONDS.set(max(letter_seconds, reply_seconds))
