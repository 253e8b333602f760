"""What the worker reads and writes of messages, conversations and complaints of people, each sealed with its
person's key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shared.base.times import from_iso, to_iso
from shared.channels.talk.state import Talk
from shared.domain.sealing import DataKey
from shared.platform.database.locks import Lock, try_for_now

_TALKS: Final = "channels.talks"
_DOSSIERS: Final = "channels.dossiers"

DUE: Final = """
    EXISTS (SELECT FROM channels.heard WHERE state = 'new' AND next_attempt_at <= clock_timestamp())
    OR EXISTS (SELECT FROM channels.talks WHERE wake_at <= %(now)s)
"""
"""Whether somebody may have written, or slept for long enough."""


@dataclass(frozen=True)
class New:
    """A message of the journal that nobody has dealt with.

    :param age: seconds since it came, of the machine's time.
    :param request: the id of the request that delivered it; none of what was fetched.
    """

    channel: str
    account: str
    message_id: str
    provider_at: datetime
    sealed: str
    attempts: int
    age: float
    request: UUID | None = None


@dataclass(frozen=True)
class Owned:
    """A complaint of a person's.

    :param title: how it begins.
    :param messages: the ids of the messages of which it was made.
    """

    dossier: UUID
    ticket: str
    code: str
    title: str
    messages: tuple[str, ...] = ()


def lock(cursor: Any, tenant: str, person: UUID) -> bool:
    """Take a person's turn, until the transaction ends; false if another process has it."""
    return try_for_now(cursor, Lock.TALKING, f"{tenant} {person}")


def who_wrote(cursor: Any, limit: int) -> list[tuple[str, UUID, list[str], float]]:
    """Persons with new messages: the channels by which they came, and how many seconds ago the latest did."""
    cursor.execute(
        """
        SELECT tenant, person, array_agg(DISTINCT channel),
               extract(epoch FROM clock_timestamp() - max(received_at))::float8
          FROM channels.heard WHERE state = 'new'
         GROUP BY tenant, person HAVING max(next_attempt_at) <= clock_timestamp()
         ORDER BY max(received_at) LIMIT %s
        """,
        (limit,),
    )
    return [(tenant, person, list(channels), float(age)) for tenant, person, channels, age in cursor.fetchall()]


def who_sleeps(cursor: Any, now: datetime, limit: int) -> list[tuple[str, UUID]]:
    """Persons whose conversation has waited long enough; not of whom something lies new: they are not asleep."""
    cursor.execute(
        """
        SELECT tenant, person FROM channels.talks t
         WHERE wake_at <= %s AND NOT EXISTS (SELECT FROM channels.heard h
               WHERE h.tenant = t.tenant AND h.person = t.person AND h.state = 'new')
         ORDER BY wake_at LIMIT %s
        """,
        (now, limit),
    )
    return [(tenant, person) for tenant, person in cursor.fetchall()]


def new_of(cursor: Any, tenant: str, person: UUID, *, keep: bool = False) -> list[New]:
    """A person's new messages, in the order in which they wrote them.

    :param keep: lock them until the transaction ends.
    """
    cursor.execute(
        f"""
        SELECT channel, account, message_id, provider_at, sealed, attempts,
               extract(epoch FROM clock_timestamp() - received_at)::float8, request
          FROM channels.heard
         WHERE tenant = %s AND person = %s AND state = 'new'
         ORDER BY provider_at, received_at, message_id {"FOR UPDATE" if keep else ""}
        """,  # noqa: S608 - one of two words of ours
        (tenant, str(person)),
    )
    return [New(*row) for row in cursor.fetchall()]


def last_channel_of(cursor: Any, tenant: str, person: UUID) -> str:
    """The channel by which a person wrote last; blank if none is known any more."""
    cursor.execute(
        "SELECT channel FROM channels.heard WHERE tenant = %s AND person = %s ORDER BY received_at DESC LIMIT 1",
        (tenant, str(person)),
    )
    row = cursor.fetchone()
    return row[0] if row else ""


def done_with(cursor: Any, tenant: str, rows: Sequence[New]) -> None:
    """These messages have been dealt with."""
    _become(cursor, tenant, rows, "done", None)


def put_off(cursor: Any, tenant: str, row: New, seconds: float) -> None:
    """A message is looked at again later: its file could not be had now, or it is a part of one."""
    cursor.execute(
        "UPDATE channels.heard SET attempts = attempts + 1, "
        "next_attempt_at = clock_timestamp() + %s * interval '1 second' "
        "WHERE tenant = %s AND channel = %s AND account = %s AND message_id = %s",
        (seconds, tenant, row.channel, row.account, row.message_id),
    )


def rest(cursor: Any, tenant: str, person: UUID) -> None:
    """What a person wrote is looked at again later, each time later still: it could not be dealt with."""
    cursor.execute(
        """
        UPDATE channels.heard SET attempts = attempts + 1,
               next_attempt_at = clock_timestamp() + least(power(2, least(attempts, 12)), 3600) * interval '1 second'
         WHERE tenant = %s AND person = %s AND state = 'new'
        """,
        (tenant, str(person)),
    )


def odd(cursor: Any, tenant: str, rows: Sequence[New], reason: str) -> None:
    """These messages cannot be used after all."""
    _become(cursor, tenant, rows, "odd", reason)


def _become(cursor: Any, tenant: str, rows: Sequence[New], state: str, reason: str | None) -> None:
    if not rows:
        return
    cursor.execute(
        """
        UPDATE channels.heard h SET state = %s, reason = coalesce(%s, reason)
          FROM unnest(%s::text[], %s::text[], %s::text[]) AS these (channel, account, message_id)
         WHERE h.tenant = %s AND h.channel = these.channel AND h.account = these.account
           AND h.message_id = these.message_id
        """,
        (
            state,
            reason,
            [row.channel for row in rows],
            [row.account for row in rows],
            [row.message_id for row in rows],
            tenant,
        ),
    )


@dataclass(frozen=True)
class TalkStanding:
    """A person's conversation, and by what it goes on.

    :param heard_at: when they last wrote; none where that was not kept yet.
    """

    talk: Talk
    channel: str
    account: str
    to: str
    name: str
    phone: str | None
    heard_at: datetime | None = None


def talk_of(cursor: Any, tenant: str, person: UUID, key: DataKey) -> TalkStanding | None:
    """A person's conversation; none if they never wrote."""
    cursor.execute(
        "SELECT channel, account, sealed FROM channels.talks WHERE tenant = %s AND person = %s", (tenant, str(person))
    )
    row = cursor.fetchone()
    if row is None:
        return None
    kept = key.open(row[2], _TALKS)
    heard_at = from_iso(kept["heard_at"]) if kept.get("heard_at") else None
    return TalkStanding(Talk.from_dict(kept["talk"]), row[0], row[1], kept["to"], kept["name"], kept["phone"], heard_at)


def keep_talk(cursor: Any, tenant: str, person: UUID, key: DataKey, standing: TalkStanding) -> None:
    """Where a conversation stands now."""
    kept = {
        "talk": standing.talk.to_dict(),
        "to": standing.to,
        "name": standing.name,
        "phone": standing.phone,
        "heard_at": to_iso(standing.heard_at) if standing.heard_at else None,
    }
    cursor.execute(
        """
        INSERT INTO channels.talks (tenant, person, channel, account, sealed, wake_at) VALUES (%s, %s, %s, %s, %s, %s)
        ON CONFLICT (tenant, person) DO UPDATE SET channel = excluded.channel, account = excluded.account,
               sealed = excluded.sealed, wake_at = excluded.wake_at
        """,
        (
            tenant,
            str(person),
            standing.channel,
            standing.account,
            key.seal(kept, _TALKS),
            standing.talk.wake_at,
        ),
    )


def own_dossier(
    cursor: Any, tenant: str, key: DataKey, dossier: UUID, ticket: str, kept: Mapping[str, Any], now: datetime
) -> None:
    """A complaint is this person's."""
    cursor.execute(
        "INSERT INTO channels.dossiers (tenant, dossier, person, ticket, sealed, filed_at) "
        "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (tenant, str(dossier), str(key.dossier), ticket, key.seal(kept, _DOSSIERS), now),
    )


def dossiers_of(cursor: Any, tenant: str, person: UUID, key: DataKey, since: datetime) -> list[Owned]:
    """A person's latest complaints since an instant, twenty at most, the newest first."""
    cursor.execute(
        "SELECT dossier, ticket, sealed FROM channels.dossiers "
        "WHERE tenant = %s AND person = %s AND filed_at >= %s ORDER BY filed_at DESC, ticket DESC LIMIT 20",
        (tenant, str(person), since),
    )
    return [_owned(key, *row) for row in cursor.fetchall()]


def named_dossiers(cursor: Any, tenant: str, person: UUID, key: DataKey, tickets: Sequence[str]) -> list[Owned]:
    """Those of some complaints that are a person's, in the order of their tickets as given."""
    cursor.execute(
        "SELECT dossier, ticket, sealed FROM channels.dossiers "
        "WHERE tenant = %(tenant)s AND person = %(person)s AND ticket = ANY(%(tickets)s) "
        "ORDER BY array_position(%(tickets)s::text[], ticket)",
        {"tenant": tenant, "person": str(person), "tickets": list(tickets)},
    )
    return [_owned(key, *row) for row in cursor.fetchall()]


def _owned(key: DataKey, dossier: UUID, ticket: str, sealed: str) -> Owned:
    kept = key.open(sealed, _DOSSIERS)
    return Owned(dossier, ticket, kept["code"], kept["title"], tuple(kept.get("messages", ())))


def messages_of(key: DataKey, sealed: str) -> tuple[str, ...]:
    """The ids of the messages of which a complaint was made."""
    return tuple(key.open(sealed, _DOSSIERS).get("messages", ()))
