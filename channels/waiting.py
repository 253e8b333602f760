"""Whether something of conversations is under way now: what a simulated clock waits for before it moves on."""

from typing import Final

from shared.application.runtime import Runtime

_UNDER_WAY: Final = """
    SELECT EXISTS (SELECT FROM channels.heard WHERE state = 'new' AND next_attempt_at <= clock_timestamp())
        OR EXISTS (SELECT FROM channels.outgoing
                    WHERE done_at IS NULL
                      AND (next_attempt_at <= clock_timestamp()
                           OR (attempts <= 5 AND next_attempt_at > clock_timestamp() + interval '100 s')))
        OR EXISTS (SELECT FROM channels.reported
                    WHERE handled_at IS NULL AND received_at > clock_timestamp() - interval '5 s')
        OR EXISTS (SELECT FROM channels.talks WHERE wake_at <= %s)
"""


def outstanding(runtime: Runtime) -> bool:
    """Whether something is to be done at this instant, or is being done.

    What was put off because somebody is away, or for which no letter is known yet, is not waited for.
    """
    with runtime.database.autocommit() as cursor:
        # What is being done is leased for two minutes, longer than anything of its first tries is put off.
        cursor.execute(_UNDER_WAY, (runtime.clock.now(),))
        return cursor.fetchone() == (True,)
