"""What providers say of letters and replies: in any order, any number of times, with the same end.

``read`` says more than ``delivered``, that more than ``failed``, and that more than ``sent`` and ``accepted``: a late
word never lowers what is known, and somebody who has it has it.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.notify import followed
from services.notify.alarms import channel_has_trouble
from services.notify.bounces import came_back
from services.notify.carrying import way_named
from shared.application.runtime import Runtime
from shared.base.times import from_iso
from shared.channels.installed import channels_of
from shared.messaging.wire.failures import is_transient
from shared.platform.database.named import named_rows
from shared.platform.metrics import LETTERS_REPORTED

log = logging.getLogger(__name__)

RANKS: Final = ("planned", "unknown", "accepted", "sent", "failed", "delivered", "read")
"""All states of a letter; a later one says more."""
ARRIVED: Final = RANKS[-2:]
_RANK: Final = f"array_position(ARRAY{list(RANKS)}, {{}})"
_HAS_ARRIVED: Final = f"%(state)s IN {ARRIVED}"


def noted(runtime: Runtime, told: Mapping[str, str]) -> bool:
    """Note one of several words: what breaks it is its own affair, and the others count all the same.

    :param told: the arguments of :func:`reported`, the instant as text.
    :returns: as there; false too if it could not be dealt with: whoever hands it on tries again for a while.
    """
    try:
        return reported(runtime, **{**told, "at": from_iso(told["at"])})  # type: ignore[arg-type]
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("a provider's word could not be dealt with", extra={"channel": told.get("channel", "")})
        return False


def reported(
    runtime: Runtime,
    tenant: str,
    *,
    channel: str,
    provider_id: str,
    key: str,
    state: str,
    part: str,
    code: str,
    at: datetime,
) -> bool:
    """Note a provider's word of a letter, and let what follows from it follow.

    :param key: ours, where the provider carries it through.
    :returns: whether the letter is known: its id may not be written down yet.
    """
    values = {
        "tenant": tenant,
        "channel": channel,
        "provider_id": provider_id.lower(),
        "key": _uuid(key),
        "state": state,
        "part": part,
        "code": code or None,
        "at": at,
        "now": runtime.clock.now(),
    }
    with runtime.database.transaction() as cursor:
        reply = _told(cursor, "talks", values)
        trouble = followed.note(cursor, reply, runtime.clock.now()) if reply is not None else ""
        known = reply is not None or _letter(cursor, values)
    if known and state == "failed":
        is_trouble = _learnt(runtime, tenant, channel, key, code)
        trouble = trouble or (f"a letter that was taken is refused after all: {code}" if is_trouble else "")
    if trouble:
        channel_has_trouble(runtime, tenant, channel, trouble)
    return known or (state == "failed" and came_back(runtime, tenant, provider_id, code))


def _told(cursor: Any, table: str, values: dict[str, Any]) -> Any:
    """Raise the state of a row of a table; the row as it stands then, none if no such letter is known.

    Of a letter in several parts whose parts are told singly, each counts once, and all of them make it arrive.
    """
    cursor.execute(
        f"""
        WITH found AS (
            SELECT t.key, t.state AS before FROM notify.{table} t
             WHERE t.tenant = %(tenant)s AND t.channel = %(channel)s
               AND (t.key = %(key)s::uuid OR (%(provider_id)s <> '' AND lower(t.provider_id) = %(provider_id)s))
             LIMIT 1 FOR UPDATE),
        arriving AS (
            UPDATE notify.{table} t
               SET arrived = CASE WHEN {_HAS_ARRIVED} AND %(part)s <> ''
                                   AND NOT %(part)s = ANY(t.arrived)
                              THEN array_append(t.arrived, %(part)s) ELSE t.arrived END,
                   provider_id = coalesce(t.provider_id, nullif(%(provider_id)s, '')),
                   state = CASE
                       WHEN {_HAS_ARRIVED} AND %(part)s <> '' AND t.parts > 1
                            AND cardinality(t.arrived)
                                + CASE WHEN %(part)s = ANY(t.arrived) THEN 0 ELSE 1 END < t.parts THEN t.state
                       WHEN {_RANK.format("%(state)s")} > {_RANK.format("t.state")} THEN %(state)s
                       ELSE t.state END,
                   code = CASE WHEN {_RANK.format("%(state)s")} > {_RANK.format("t.state")}
                               THEN %(code)s ELSE t.code END,
                   state_at = CASE WHEN {_RANK.format("%(state)s")} > {_RANK.format("t.state")}
                                   THEN %(at)s ELSE t.state_at END
              FROM found WHERE t.key = found.key
            RETURNING t.*, found.before)
        SELECT * FROM arriving
        """,  # noqa: S608 - names of ours
        values,
    )
    row = next(iter(named_rows(cursor)), None)
    if row is not None and row["state"] != row["before"]:
        LETTERS_REPORTED.labels(values["channel"], row["state"]).inc()
    return row


def _letter(cursor: Any, values: dict[str, Any]) -> bool:
    row = _told(cursor, "carried", values)
    if row is None:
        return False
    message = {name: row[name] for name in ("dossier", "version", "recipient", "template")}
    mine = "dossier = %(dossier)s AND version = %(version)s AND recipient = %(recipient)s AND template = %(template)s"
    if row["state"] in ARRIVED and _is_in_vain(cursor, row["key"]):
        return True  # its announcement was read, and what it announced has not come
    if row["state"] in ARRIVED:
        # Also what had been given up: the provider's last word is that somebody has it.
        cursor.execute(
            f"UPDATE notify.messages SET outcome = 'sent', way = %(way)s, reason = NULL, done_at = %(now)s, "  # noqa: S608 - ours
            f"settled = false, lease = NULL, leased_until = NULL, next_attempt_at = %(now)s "
            f"WHERE {mine} AND outcome IS DISTINCT FROM 'sent'",
            {**message, "way": way_named(row["channel"]), "now": values["now"]},
        )
    elif row["state"] == "failed":
        cursor.execute(
            f"UPDATE notify.messages SET next_attempt_at = %(now)s WHERE {mine} AND outcome IS NULL",  # noqa: S608 - ours
            {**message, "now": values["now"]},
        )
        # What counts as told when the carrier has taken it (an officer's telephone, a gateway whose word is trusted)
        # has not arrived after all: another way has to be found, unless one was meanwhile.
        cursor.execute(
            f"""
            UPDATE notify.messages m
               SET outcome = NULL, way = NULL, settled = false, next_attempt_at = %(now)s,
                   lease = NULL, leased_until = NULL
             WHERE {mine} AND outcome = 'sent' AND way <> 'email'
               AND (recipient <> 'reporter' OR (way = %(way)s AND NOT EXISTS (
                   SELECT FROM notify.carried c
                    WHERE (c.dossier, c.version, c.recipient, c.template)
                        = (m.dossier, m.version, m.recipient, m.template)
                      AND c.state <> 'failed' AND NOT {followed.FAILED_IN_FULL})))
            """,  # noqa: S608 - names of ours
            {**message, "way": way_named(row["channel"]), "now": values["now"]},
        )
    return True


def _is_in_vain(cursor: Any, key: UUID) -> bool:
    """Whether the whole of a letter failed that had gone shortened."""
    cursor.execute(
        f"SELECT EXISTS (SELECT FROM notify.carried c WHERE c.key = %s AND {followed.FAILED_IN_FULL})",  # noqa: S608 - ours
        (str(key),),
    )
    return cursor.fetchone() == (True,)


def _learnt(runtime: Runtime, tenant: str, channel: str, key: str, code: str) -> bool:
    """Have a channel learn from a later refusal; whether its operator has to see to that."""
    found = channels_of(runtime).find(tenant, channel) if tenant in runtime.tenants.ids() else None
    if found is None:
        return False
    for each in found.learning.values():
        each.refused_after_all(key, code)
    return any(code in each.traits.troubles for each in found.carriers.values())


def _uuid(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
