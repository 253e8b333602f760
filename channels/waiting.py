"""What of conversations is under way now, which a simulated clock waits for; and what lies there, for who watches."""

from typing import Final

from shared.application.runtime import Runtime
from shared.platform.metrics import CHANNEL_GIVEN_UP, HEARD_WAITING_SECONDS

# What is being done is leased for two minutes, longer than anything of its first tries is put off.
UNDER_WAY: Final = """
    EXISTS (SELECT FROM channels.heard WHERE state = 'new' AND next_attempt_at <= clock_timestamp())
        OR EXISTS (SELECT FROM channels.outgoing
                    WHERE done_at IS NULL AND given_up_at IS NULL
                      AND (next_attempt_at <= clock_timestamp()
                           OR (attempts <= 5 AND next_attempt_at > clock_timestamp() + interval '100 s')))
        OR EXISTS (SELECT FROM channels.reported
                    WHERE handled_at IS NULL AND received_at > clock_timestamp() - interval '5 s')
        OR EXISTS (SELECT FROM channels.talks WHERE wake_at <= %(now)s)
"""
"""Whether something is to be done at the instant ``now``, or is being done.

What was put off because somebody is away, or for which no letter is known yet, is not waited for.
"""

_OLDEST: Final = """
    SELECT coalesce(extract(epoch FROM clock_timestamp() - min(received_at)), 0)::float8
      FROM channels.heard WHERE state = 'new'
"""
_GIVEN_UP: Final = "SELECT count(*) FROM channels.outgoing WHERE given_up_at IS NOT NULL"


def measure(runtime: Runtime) -> None:
    """Keep the figures on the first message that nobody has taken up, and on what was given up: two small indexes."""
    with runtime.database.autocommit() as cursor:
        cursor.execute(_OLDEST)
        [(seconds,)] = cursor.fetchall()
        cursor.execute(_GIVEN_UP)
        [(given_up,)] = cursor.fetchall()
    HEARD_WAITING_SECONDS.set(seconds)
    CHANNEL_GIVEN_UP.set(given_up)
