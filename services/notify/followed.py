"""Replies with which more than a conversation goes on: what follows when one of them fails, or arrives after all.

A reply may be the receipt of a complaint, or tell in full what a template had only announced. Either way somebody who
was not told must be told otherwise.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from services.notify import receipts
from services.notify.carrying import way_named

FAILED_IN_FULL: Final = "EXISTS (SELECT FROM notify.talks t WHERE t.key = c.in_full AND t.state = 'failed')"
"""Of a row ``c`` of letters that were carried: whether its reader asked for the whole of it, in vain."""
_LETTERS: Final = """
    (m.dossier, m.version, m.recipient, m.template) IN (
        SELECT c.dossier, c.version, c.recipient, c.template FROM notify.carried c WHERE c.in_full = %(key)s)
"""
# Unless it went, or goes, by another way meanwhile.
_NOT_ARRIVED: Final = f"""
    UPDATE notify.messages m
       SET outcome = NULL, way = NULL, settled = false, next_attempt_at = %(now)s, lease = NULL, leased_until = NULL
     WHERE {_LETTERS} AND (m.outcome IS NULL OR (m.outcome = 'sent' AND m.way = %(way)s))
       AND NOT EXISTS (
           SELECT FROM notify.carried c
            WHERE (c.dossier, c.version, c.recipient, c.template) = (m.dossier, m.version, m.recipient, m.template)
              AND c.state <> 'failed' AND NOT {FAILED_IN_FULL})
"""  # noqa: S608 - constants of ours
_ARRIVED: Final = f"""
    UPDATE notify.messages m
       SET outcome = 'sent', way = %(way)s, reason = NULL, done_at = %(now)s, settled = false,
           next_attempt_at = %(now)s, lease = NULL, leased_until = NULL
     WHERE {_LETTERS} AND m.outcome IS DISTINCT FROM 'sent'
"""  # noqa: S608 - constants of ours


def note(cursor: Any, reply: Mapping[str, Any], now: datetime) -> str:
    """Let follow what follows from what became of a reply.

    :param reply: its row, with the state ``before``.
    :returns: what whoever looks after the channel has to be told, in words; blank if nothing.
    """
    if reply["state"] == reply["before"]:
        return ""
    told = {"key": str(reply["key"]), "way": way_named(reply["channel"]), "now": now}
    if reply["state"] == "failed":
        cursor.execute(_NOT_ARRIVED, told)
    elif reply["before"] == "failed":
        cursor.execute(_ARRIVED, told)
    return receipts.note(cursor, reply, now)
