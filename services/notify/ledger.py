"""The messages' own book-keeping: who works on which, and what became of it.

A message is claimed with a lease in one short statement, sent with nothing held open, and written off in another. A
lease is counted by the database's clock, so that instances agree on it whatever time is being simulated; everything
else is told in the installation's time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any, Final, Literal
from uuid import UUID

from shared.domain.sop.vocabulary import Way
from shared.platform.database.many import rows_as_json
from shared.platform.database.named import named_rows

LetterState = Literal["sent", "failed", "dropped"]
SENT: Final = "sent"
FAILED: Final = "failed"
DROPPED: Final = "dropped"
NOBODY = UUID(int=0)
"""The lease of a message that nobody works on."""

_DUE_ROWS: Final = """
    SELECT dossier, version, recipient, template FROM notify.messages m
     WHERE NOT settled AND next_attempt_at <= %(now)s AND (leased_until IS NULL OR leased_until < clock_timestamp())
       -- A step of the system's goes on when its messages have been tried: trouble with the mail holds nobody up.
       AND (recipient <> 'system' OR NOT EXISTS (
            SELECT FROM notify.messages o
             WHERE o.dossier = m.dossier AND o.version = m.version AND o.recipient <> 'system'
               AND o.outcome IS NULL AND o.reason IS NULL))
"""
# Where more is due than is taken at once, as after an import, who writes now does not wait behind all of it: half are
# the latest, but for those that must not overtake an earlier one to the same recipient.
_OPEN: Final = f"""
    WITH first AS (
        {_DUE_ROWS} ORDER BY next_attempt_at, dossier, version LIMIT %(first)s FOR UPDATE SKIP LOCKED),
    latest AS (
        {_DUE_ROWS}
           AND (SELECT count(*) FROM first) = %(first)s
           AND NOT EXISTS (
                SELECT FROM notify.messages earlier
                 WHERE earlier.dossier = m.dossier AND earlier.recipient = m.recipient
                   AND earlier.version < m.version AND NOT earlier.settled)
         ORDER BY next_attempt_at DESC, dossier, version LIMIT %(latest)s FOR UPDATE SKIP LOCKED)
    SELECT * FROM first UNION SELECT * FROM latest
"""  # noqa: S608 - constants of ours
# A claim that is lost with the machine is a letter that nobody has sent: what became of one waits for the disk.
_CLAIM = f"""
    SET LOCAL synchronous_commit = off;
    UPDATE notify.messages
       SET lease = %(lease)s, leased_until = clock_timestamp() + %(seconds)s * interval '1 second',
           attempts = attempts + CASE WHEN outcome IS NULL THEN 1 ELSE 0 END
     WHERE (dossier, version, recipient, template) IN ({_OPEN})
    RETURNING dossier, version, recipient, template, tenant, attempts, outcome, way, reason, queued_at
"""  # noqa: S608 - a constant of ours
_KEY_NAMES: Final = ("dossier", "version", "recipient", "template", "lease")
_KEY_TYPES: Final = "dossier uuid, version integer, recipient text, template text, lease uuid"
# A row is ours to write while it bears our lease; if that ran out and somebody else has taken it, it is theirs.
_SAME = """(m.dossier, m.version, m.recipient, m.template, m.lease)
         = (done.dossier, done.version, done.recipient, done.template, done.lease)"""
_MINE = "dossier = %(dossier)s AND version = %(version)s AND recipient = %(recipient)s AND template = %(template)s"
DUE: Final = "EXISTS (SELECT FROM notify.messages WHERE NOT settled AND next_attempt_at <= %(now)s)"
"""Whether there is something to do: one probe of an index that holds open messages only."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message that this process works on.

    :param version: the event that it tells of.
    :param attempts: how often it was begun, this time included.
    :param outcome: set where it was sent, failed or dropped before, and what follows from that was not yet recorded.
    :param way: how it was brought.
    :param reason: why it failed, as a code.
    :param lease: what marks it as ours.
    """

    dossier: UUID
    version: int
    recipient: str
    template: str
    tenant: str
    attempts: int
    outcome: LetterState | None
    way: Way | None
    reason: str | None
    queued_at: datetime
    lease: UUID


@dataclass(frozen=True)
class Outcome:
    """What became of a message.

    :param state: :data:`SENT`, :data:`FAILED` or :data:`DROPPED`.
    :param way: how it was brought, or tried.
    :param reason: why not, as a code.
    :param address_hash: whereto it went, so that only who has the key and the address can tell.
    :param message_id: under which it went.
    """

    state: LetterState
    way: Way | None = None
    reason: str | None = None
    address_hash: str | None = None
    message_id: str | None = None


def anything_due(cursor: Any, now: datetime) -> bool:
    """Whether there is something to do: one probe of an index that holds open messages only."""
    cursor.execute(f"SELECT {DUE}", {"now": now})
    return bool(cursor.fetchone()[0])


def claim(cursor: Any, now: datetime, lease: UUID, limit: int, seconds: int) -> list[Message]:
    """Take messages that are due, for so many seconds of the database's clock.

    :param limit: at most so many; of more, half are the earliest and half the latest.
    :returns: the earliest first; of both halves by turns.
    """
    latest = limit // 2
    given = {"now": now, "lease": lease, "first": limit - latest, "latest": latest, "seconds": seconds}
    cursor.execute(_CLAIM, given)
    claimed = [Message(**row, lease=lease) for row in named_rows(cursor)]
    claimed.sort(key=lambda message: (message.queued_at, message.dossier, message.version, message.recipient))
    if len(claimed) <= limit - latest:
        return claimed
    # By turns: whoever carries them may have no time for all, and the latest would be left over each time.
    early, late = claimed[: limit - latest], claimed[limit - latest :]
    begun = {message.dossier for message in early}
    apart = [message for message in late if message.dossier not in begun]
    by_turns = [message for pair in zip_longest(early, apart) for message in pair if message is not None]
    return by_turns + [message for message in late if message.dossier in begun]


def find_by_id(cursor: Any, message_id: str) -> Message | None:
    """The message that was sent under a Message-ID, with or without its angle brackets; none if there is none."""
    cursor.execute(
        """
        SELECT dossier, version, recipient, template, tenant, attempts, outcome, way, reason, queued_at
          FROM notify.messages WHERE message_id = %s
        """,
        (f"<{message_id.strip().strip('<>')}>",),
    )
    return _found(cursor)


def forget_addresses(cursor: Any, dossiers: Sequence[UUID]) -> None:
    """Of erased dossiers not even a hash of an address is kept."""
    cursor.execute(
        "UPDATE notify.messages SET address_hash = NULL WHERE dossier = ANY(%s::uuid[])",
        ([str(dossier) for dossier in dossiers],),
    )


def find_sent(cursor: Any, dossier: UUID, version: int, recipient: str) -> Message | None:
    """The message of an event to a recipient, if it was sent, or was and came back."""
    cursor.execute(
        """
        SELECT dossier, version, recipient, template, tenant, attempts, outcome, way, reason, queued_at
          FROM notify.messages
         WHERE dossier = %s AND version = %s AND recipient = %s AND outcome IN ('sent', 'failed') AND way IS NOT NULL
        """,
        (str(dossier), version, recipient),
    )
    return _found(cursor)


def _found(cursor: Any) -> Message | None:
    return next((Message(**row, lease=NOBODY) for row in named_rows(cursor)), None)


def sent_back(cursor: Any, message: Message, reason: str, now: datetime) -> None:
    """Write down that a message which was sent came back."""
    cursor.execute(
        f"UPDATE notify.messages SET outcome = 'failed', reason = %(reason)s, done_at = %(now)s "  # noqa: S608 - ours
        f"WHERE {_MINE} AND outcome = 'sent'",
        {
            "dossier": str(message.dossier),
            "version": message.version,
            "recipient": message.recipient,
            "template": message.template,
            "reason": reason,
            "now": now,
        },
    )


def conclude(cursor: Any, done: Sequence[tuple[Message, Outcome, bool]], now: datetime) -> None:
    """Write down what became of messages.

    :param done: each with its outcome, and whether it is settled: false if something follows that is to be recorded.
    """
    cursor.execute(
        f"""
        UPDATE notify.messages m
           SET outcome = done.outcome, way = done.way, reason = done.reason, done_at = %s,
               address_hash = done.address_hash, message_id = done.message_id,
               settled = done.settled,
               lease = CASE WHEN done.settled THEN NULL ELSE m.lease END,
               leased_until = CASE WHEN done.settled THEN NULL ELSE m.leased_until END
          FROM json_to_recordset(%s) AS done ({_KEY_TYPES}, outcome text, way text, reason text, address_hash text,
               message_id text, settled boolean)
         WHERE {_SAME}
        """,  # noqa: S608 - constants of ours
        (
            now,
            rows_as_json(
                (*_KEY_NAMES, "outcome", "way", "reason", "address_hash", "message_id", "settled"),
                [
                    (
                        *_key(message),
                        outcome.state,
                        outcome.way,
                        outcome.reason,
                        outcome.address_hash,
                        outcome.message_id,
                        settled,
                    )
                    for message, outcome, settled in done
                ],
            ),
        ),
    )


def close(cursor: Any, messages: Sequence[Message]) -> None:
    """Write down that everything which follows from these messages' outcomes has been recorded."""
    cursor.execute(
        f"""
        UPDATE notify.messages m SET settled = true, lease = NULL, leased_until = NULL
          FROM json_to_recordset(%s) AS done ({_KEY_TYPES}) WHERE {_SAME}
        """,  # noqa: S608 - constants of ours
        (rows_as_json(_KEY_NAMES, map(_key, messages)),),
    )


def put_off(
    cursor: Any, message: Message, reason: str, until: datetime, *, begun: bool = True, anew: bool = False
) -> None:
    """Try again later, for a reason; the reason of an outcome stays what it was.

    :param begun: whether it was tried; what only waits is not one attempt nearer to being given up.
    :param anew: whether it goes by another way now, and has all its attempts there.
    """
    _write(
        cursor,
        message,
        "reason = CASE WHEN outcome IS NULL THEN %(reason)s ELSE reason END, next_attempt_at = %(until)s, "
        "attempts = CASE WHEN %(anew)s THEN 0 WHEN outcome IS NULL AND NOT %(begun)s THEN attempts - 1 "
        "ELSE attempts END, lease = NULL, leased_until = NULL",
        reason=reason,
        until=until,
        begun=begun,
        anew=anew,
    )


def give_back(cursor: Any, message: Message) -> None:
    """Let somebody else take it at once; it was not begun."""
    _write(
        cursor,
        message,
        "attempts = attempts - CASE WHEN outcome IS NULL THEN 1 ELSE 0 END, lease = NULL, leased_until = NULL",
    )


def rest(cursor: Any, message: Message, seconds: float) -> None:
    """Nobody takes it up for some seconds of the machine's time, whatever time is simulated; it was not begun."""
    _write(
        cursor,
        message,
        "attempts = attempts - CASE WHEN outcome IS NULL THEN 1 ELSE 0 END, lease = NULL, "
        "leased_until = clock_timestamp() + %(seconds)s * interval '1 second'",
        seconds=seconds,
    )


def _key(message: Message) -> tuple[Any, ...]:
    return message.dossier, message.version, message.recipient, message.template, message.lease


def _write(cursor: Any, message: Message, change: str, **values: object) -> None:
    """Change a row that is still ours."""
    cursor.execute(
        f"UPDATE notify.messages SET {change} WHERE {_MINE} AND lease = %(lease)s",  # noqa: S608 - constants of ours
        {
            "dossier": message.dossier,
            "version": message.version,
            "recipient": message.recipient,
            "template": message.template,
            "lease": message.lease,
            **values,
        },
    )
