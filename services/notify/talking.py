"""Replies within a conversation: kept, sent in order, each person's one after the other."""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from services.notify import followed, receipts
from services.notify.alarms import channel_has_trouble
from services.notify.carrying import Carriers, reach
from services.notify.commands import SERVICE
from services.notify.enclosed import enclosed
from services.notify.tries import BY_CHANNEL, LONGEST_OF_REPLY, pause
from shared.application.runtime import Runtime
from shared.channels.carrier import Choice, Enclosure, Maybe, Refused, Words
from shared.domain.dossier.events import ComplaintFiled
from shared.messaging.wire.failures import is_transient
from shared.platform.database.named import named_rows
from shared.platform.metrics import MESSAGES

log = logging.getLogger(__name__)

_SEALED: Final = "notify.talks"
_LEASE_SECONDS: Final = 90
_PATIENCE_SECONDS: Final = 30.0
"""No reply is begun after so long in one look: its lease must outlast it, and a provider may take its time."""
_AT_ONCE: Final = 20
_OLDEST: Final = timedelta(minutes=30)
"""An old question is worse than none. Of the machine's time."""
_OLDEST_OF_A_TICKET: Final = timedelta(days=3)
"""What tells of a complaint, its receipt first of all, is not out of date so soon: nobody else tells its number."""
_UNKNOWN_SECONDS: Final = 60.0
"""For so long a status is waited for that would tell whether a reply was taken; then it is sent again."""
_MOST_UNKNOWN: Final = 5
_MOST_FAULTS: Final = 10
"""So often a reply is tried that a fault of ours breaks."""
INTERNAL_ERROR: Final = "internal_error"
"""Why a reply failed that a fault of ours broke to the last."""
FORGOTTEN: Final = "forgotten"
"""Why a reply failed whose person is nobody's business any more."""

DUE: Final = """
    EXISTS (SELECT FROM notify.talks WHERE state IN ('planned', 'unknown') AND next_attempt_at <= clock_timestamp())
"""
"""Whether there is something to be sent: a fifth of what a claim costs that finds nothing."""
WAITED_FOR: Final = """
    EXISTS (SELECT FROM notify.talks
             WHERE state = 'planned'
               AND (next_attempt_at <= clock_timestamp()
                    OR (attempts <= 5 AND next_attempt_at > clock_timestamp() + interval '70 s')))
"""
"""Whether a reply is due, or is being sent: that is leased for longer than any of its first tries is put off."""
_CLAIM: Final = """
    UPDATE notify.talks SET attempts = attempts + 1,
           next_attempt_at = clock_timestamp() + %(lease)s * interval '1 second'
     WHERE key IN (
        SELECT t.key FROM notify.talks t
         WHERE t.state IN ('planned', 'unknown') AND t.next_attempt_at <= clock_timestamp()
           AND NOT EXISTS (SELECT FROM notify.talks e
                            WHERE e.tenant = t.tenant AND e.person = t.person AND e.number < t.number
                              AND e.state IN ('planned', 'unknown'))
         ORDER BY t.number LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
    RETURNING key, tenant, person, channel, account, sealed, attempts, clock_timestamp() - queued_at, about,
              faults, unsure
"""


def talk(
    runtime: Runtime,
    tenant: str,
    person: UUID,
    key: UUID,
    *,
    channel: str,
    account: str,
    about: str,
    receipt: str = "",
    **said: Any,
) -> None:
    """Keep a reply that is to be sent; the same key again changes nothing.

    :param about: the ticket that it is about; blank if it is about none.
    :param receipt: the complaint whose receipt it is; blank if it is none.
    :param said: ``to``, ``text`` and ``choices``; ``place``, the title of a button by which a pin is sent, ``number``
        of one by which a telephone number is; of a letter ``subject`` and ``quotes``, the id that it answers;
        ``seen``, the id of the message that it answers where that is marked as read then;
        ``encloses``, dossier and version of an answer whose paper goes with it.
    """
    secret = runtime.vault.key_of(person)
    if secret is None:
        return  # forgotten meanwhile
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            "INSERT INTO notify.talks (key, tenant, person, channel, account, sealed, about, receipt) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (
                str(key),
                tenant,
                str(person),
                channel,
                account,
                secret.seal(said, _SEALED),
                about or None,
                receipt or None,
            ),
        )


def unsaid(runtime: Runtime, tenant: str, person: UUID, key: UUID, *, channel: str, account: str, receipt: str) -> None:
    """Note that a receipt was not said, as if it had been and had failed; the same key again changes nothing.

    :param receipt: the complaint whose receipt it is.
    """
    with runtime.database.transaction() as cursor:
        cursor.execute(
            "INSERT INTO notify.talks (key, tenant, person, channel, account, sealed, receipt) "
            "VALUES (%s, %s, %s, %s, %s, '', %s) ON CONFLICT DO NOTHING",
            (str(key), tenant, str(person), channel, account, receipt),
        )
        trouble = _end(cursor, runtime, key, "failed", receipts.UNSAID)  # before anybody sees it, and would send it
    if trouble is not None:
        channel_has_trouble(runtime, *trouble)


def tick(runtime: Runtime, carriers: Carriers, patience_seconds: float = _PATIENCE_SECONDS) -> int:
    """Send what is due; how many were taken up.

    :param patience_seconds: after so long no further one is begun: another process takes up what is leased no more.
    """
    with runtime.database.autocommit() as cursor:
        cursor.execute(f"SELECT {DUE}")
        if cursor.fetchone() != (True,):
            return 0
        cursor.execute(_CLAIM, {"lease": _LEASE_SECONDS, "limit": _AT_ONCE})
        claimed = sorted(cursor.fetchall(), key=lambda row: row[7], reverse=True)
    until = time.monotonic() + patience_seconds
    for row in claimed:
        if time.monotonic() < until:
            _send_one(runtime, carriers, row)
        else:
            _give_back(runtime, row[0])
    return len(claimed)


def about(runtime: Runtime, tenant: str, letters: Sequence[str]) -> dict[str, str]:
    """The tickets that letters of ours were about, by their ids at the provider."""
    wanted = [letter.lower() for letter in letters[:50]]
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            "SELECT provider_id, about FROM notify.talks "
            "WHERE tenant = %s AND lower(provider_id) = ANY(%s) AND about IS NOT NULL",
            (tenant, wanted),
        )
        found = dict(cursor.fetchall())
        cursor.execute(
            "SELECT provider_id, dossier FROM notify.carried WHERE tenant = %s AND lower(provider_id) = ANY(%s)",
            (tenant, wanted),
        )
        carried = dict(cursor.fetchall())
    histories = runtime.dossiers(SERVICE).open_all(list(set(carried.values())), [ComplaintFiled]) if carried else {}
    tickets = {
        dossier: event.ticket
        for dossier, history in histories.items()
        for event in history
        if isinstance(event, ComplaintFiled)
    }
    return found | {letter: tickets[dossier] for letter, dossier in carried.items()}


def _send_one(runtime: Runtime, carriers: Carriers, row: Any) -> None:
    """Send a reply. What breaks it is its own affair: it is tried a few times, and the others are sent."""
    key, channel, faults = row[0], row[3], row[9] + 1
    try:
        _send(runtime, carriers, row)
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("a reply could not be dealt with", extra={"channel": channel})
        if faults >= _MOST_FAULTS:
            _ended(runtime, key, "failed", INTERNAL_ERROR)
            MESSAGES.labels(channel, "failed").inc()
        else:
            _later(runtime, key, _pause_seconds(runtime, faults), None, faults=faults)


def _send(runtime: Runtime, carriers: Carriers, row: Any) -> None:
    key, tenant, person, channel, account, sealed, attempts, age, ticket, _, unsure = row
    secret = runtime.vault.key_of(person)
    if secret is None or age > (_OLDEST_OF_A_TICKET if ticket else _OLDEST):
        _ended(runtime, key, "failed", FORGOTTEN if secret is None else "too_old")
        return
    said = secret.open(sealed, _SEALED)
    choices = tuple(Choice(each["id"], each["title"]) for each in said["choices"])
    with runtime.database.autocommit() as cursor:
        known = reach(cursor, tenant, person, channel, runtime.vault, runtime.clock.now())
    window = known.window_until if known else None
    values, quotes = {"ticket": ticket or ""}, said.get("quotes", "")
    words = Words(said["text"], choices=choices, values=values, subject=said.get("subject", ""))
    words = replace(words, place=said.get("place", ""), number=said.get("number", ""))
    if said.get("encloses"):
        words = replace(words, files=_enclosed(runtime, *said["encloses"]))
    try:
        taken = carriers.send(tenant, channel, account, said["to"], words, key, window, quotes)
    except Maybe as lost:
        if unsure + 1 >= _MOST_UNKNOWN:  # it may have come each time: never without end
            _ended(runtime, key, "failed", "unknown", parts=lost.parts)
        else:
            _later(runtime, key, _UNKNOWN_SECONDS, "unknown", lost.parts, unsure=unsure + 1)
    except Refused as refused:
        if refused.remedy in ("later", "shut"):
            _later(runtime, key, refused.seconds or _pause_seconds(runtime, attempts), None)
        else:
            log.warning("a reply was given up", extra={"channel": channel, "code": refused.code})
            _ended(runtime, key, "failed", refused.code)
            MESSAGES.labels(channel, "failed").inc()
    else:
        _ended(runtime, key, "accepted", None, taken.provider_id, taken.parts)
        MESSAGES.labels(channel, "sent").inc()
        if said.get("seen"):
            carriers.seen(tenant, channel, account, said["seen"])


def _pause_seconds(runtime: Runtime, tries: int) -> float:
    return pause(tries, BY_CHANNEL, LONGEST_OF_REPLY, runtime.randomness).total_seconds()


def _enclosed(runtime: Runtime, dossier: str, version: int) -> tuple[Enclosure, ...]:
    """What goes with a letter that is sent in full; the words go also while it cannot be had."""
    id_ = UUID(dossier)
    key, history = runtime.vault.key_of(id_), runtime.dossiers(SERVICE).history(id_)
    try:
        return enclosed(runtime, history[version - 1], history, key) if key is not None else ()
    except OSError as away:
        log.warning("a reply goes without its paper", extra={"why": type(away).__name__})
        return ()


def _ended(runtime: Runtime, key: UUID, state: str, code: str | None, provider_id: str = "", parts: int = 1) -> None:
    with runtime.database.transaction() as cursor:
        trouble = _end(cursor, runtime, key, state, code, provider_id, parts)
    if trouble is not None:
        channel_has_trouble(runtime, *trouble)


def _end(
    cursor: Any, runtime: Runtime, key: UUID, state: str, code: str | None, provider_id: str = "", parts: int = 1
) -> tuple[str, str, str] | None:
    """Write down what became of it. A status that was faster than we are is not lowered; what was said is forgotten.

    :returns: the government, the channel and in words what whoever looks after that has to be told; none if nothing.
    """
    now = runtime.clock.now()
    cursor.execute(
        """
        WITH before AS (SELECT key, state FROM notify.talks WHERE key = %s FOR UPDATE)
        UPDATE notify.talks t SET provider_id = coalesce(nullif(%s, ''), t.provider_id), parts = %s, sealed = '',
               state = CASE WHEN t.state IN ('planned', 'unknown') THEN %s ELSE t.state END,
               code = coalesce(%s, t.code), state_at = %s
          FROM before WHERE t.key = before.key
        RETURNING t.*, before.state AS before
        """,
        (str(key), provider_id, parts, state, code, now),
    )
    row = next(iter(named_rows(cursor)), None)
    trouble = followed.note(cursor, row, now) if row is not None and code != FORGOTTEN else ""
    return (row["tenant"], row["channel"], trouble) if row is not None and trouble else None


def _give_back(runtime: Runtime, key: UUID) -> None:
    """Let it be taken up at once, by anybody; it was not begun."""
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            "UPDATE notify.talks SET attempts = attempts - 1, next_attempt_at = clock_timestamp() "
            "WHERE key = %s AND state IN ('planned', 'unknown')",
            (str(key),),
        )


def _later(
    runtime: Runtime, key: UUID, seconds: float, state: str | None, parts: int = 1, *, faults: int = 0, unsure: int = 0
) -> None:
    """Try it again later.

    :param state: that it is in until then; none if that stays as it is.
    :param faults: how often a fault of ours has broken it by now; 0 if this time none has.
    :param unsure: how often nobody has said by now whether it was taken; 0 if this time somebody has.
    """
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            "UPDATE notify.talks SET next_attempt_at = clock_timestamp() + %s * interval '1 second', "
            "state = coalesce(%s, state), parts = greatest(parts, %s), faults = greatest(faults, %s), "
            "unsure = greatest(unsure, %s) WHERE key = %s AND state IN ('planned', 'unknown')",
            (seconds, state, parts, faults, unsure, str(key)),
        )
