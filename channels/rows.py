"""What the worker reads and writes of the tables of channels; each row's content sealed with its person's key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from shared.channels.talk.state import Talk
from shared.domain.sealing import DataKey
from shared.platform.database.locks import Lock, try_for_now

_TALKS: Final = "channels.talks"
_OUTGOING: Final = "channels.outgoing"
_DOSSIERS: Final = "channels.dossiers"
_OF_REPORT: Final = ("tenant", "channel", "account", "letter", "state", "part")
_LEASE_SECONDS: Final = 120


@dataclass(frozen=True)
class New:
    """A message of the journal that nobody has dealt with.

    :param age: seconds since it came, of the machine's time.
    """

    channel: str
    account: str
    message_id: str
    provider_at: datetime
    sealed: str
    attempts: int
    age: float


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


@dataclass(frozen=True)
class OutgoingRow:
    """Something to be done."""

    id: UUID
    tenant: str
    person: UUID
    kind: str
    attempts: int
    sealed: str

    def opened(self, key: DataKey) -> dict[str, Any]:
        """What it is about."""
        return key.open(self.sealed, _OUTGOING)


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
               extract(epoch FROM clock_timestamp() - received_at)::float8
          FROM channels.heard
         WHERE tenant = %s AND person = %s AND state = 'new'
         ORDER BY provider_at, received_at, message_id {"FOR UPDATE" if keep else ""}
        """,  # noqa: S608 - one of two words of ours
        (tenant, str(person)),
    )
    return [New(*row) for row in cursor.fetchall()]


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
               next_attempt_at = clock_timestamp() + least(power(2, attempts), 3600) * interval '1 second'
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
    """A person's conversation, and by what it goes on."""

    talk: Talk
    channel: str
    account: str
    to: str
    name: str
    phone: str | None


def talk_of(cursor: Any, tenant: str, person: UUID, key: DataKey) -> TalkStanding | None:
    """A person's conversation; none if they never wrote."""
    cursor.execute(
        "SELECT channel, account, sealed FROM channels.talks WHERE tenant = %s AND person = %s", (tenant, str(person))
    )
    row = cursor.fetchone()
    if row is None:
        return None
    kept = key.open(row[2], _TALKS)
    return TalkStanding(Talk.from_dict(kept["talk"]), row[0], row[1], kept["to"], kept["name"], kept["phone"])


def keep_talk(cursor: Any, tenant: str, person: UUID, key: DataKey, standing: TalkStanding) -> None:
    """Where a conversation stands now."""
    kept = {
        "talk": standing.talk.to_dict(),
        "to": standing.to,
        "name": standing.name,
        "phone": standing.phone,
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


def to_do(cursor: Any, id_: UUID, tenant: str, key: DataKey, kind: str, what: Mapping[str, Any]) -> None:
    """Write down what is to be done; written down twice it is done once."""
    cursor.execute(
        "INSERT INTO channels.outgoing (id, tenant, person, kind, sealed) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT DO NOTHING",
        (str(id_), tenant, str(key.dossier), kind, key.seal(what, _OUTGOING)),
    )


def claim(cursor: Any) -> OutgoingRow | None:
    """The next thing to be done, of the person who has waited longest; each person's in their order."""
    cursor.execute(
        """
        UPDATE channels.outgoing SET attempts = attempts + 1,
               next_attempt_at = clock_timestamp() + %s * interval '1 second'
         WHERE id = (
            SELECT o.id FROM channels.outgoing o
             WHERE o.done_at IS NULL AND o.next_attempt_at <= clock_timestamp()
               AND NOT EXISTS (SELECT FROM channels.outgoing e
                                WHERE e.tenant = o.tenant AND e.person = o.person AND e.done_at IS NULL
                                  AND e.number < o.number)
             ORDER BY o.number LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id, tenant, person, kind, attempts, sealed
        """,
        (_LEASE_SECONDS,),
    )
    row = cursor.fetchone()
    return OutgoingRow(*row) if row else None


def finished(cursor: Any, id_: UUID) -> bool:
    """Something is done; false if it was before."""
    cursor.execute(
        "UPDATE channels.outgoing SET done_at = clock_timestamp(), sealed = '' WHERE id = %s AND done_at IS NULL",
        (str(id_),),
    )
    return bool(cursor.rowcount == 1)


def again(cursor: Any, id_: UUID, after: timedelta) -> None:
    """Something is to be tried again."""
    cursor.execute(
        "UPDATE channels.outgoing SET next_attempt_at = clock_timestamp() + %s WHERE id = %s", (after, str(id_))
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
    """A person's complaints since an instant, the newest first."""
    cursor.execute(
        "SELECT dossier, ticket, sealed FROM channels.dossiers "
        "WHERE tenant = %s AND person = %s AND filed_at >= %s ORDER BY filed_at DESC, ticket DESC LIMIT 20",
        (tenant, str(person), since),
    )
    found = []
    for dossier, ticket, sealed in cursor.fetchall():
        kept = key.open(sealed, _DOSSIERS)
        found.append(Owned(dossier, ticket, kept["code"], kept["title"], tuple(kept.get("messages", ()))))
    return found


def messages_of(key: DataKey, sealed: str) -> tuple[str, ...]:
    """The ids of the messages of which a complaint was made."""
    return tuple(key.open(sealed, _DOSSIERS).get("messages", ()))


def open_reports(cursor: Any, limit: int) -> list[dict[str, Any]]:
    """What providers said of letters and nobody has heard yet."""
    cursor.execute(
        """
        SELECT tenant, channel, account, letter, state, part, provider_id, key, code, at,
               extract(epoch FROM clock_timestamp() - received_at)::float8 AS age
          FROM channels.reported WHERE handled_at IS NULL ORDER BY received_at LIMIT %s
        """,
        (limit,),
    )
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def heard_reports(cursor: Any, reports: Sequence[Mapping[str, Any]]) -> None:
    """These reports have been handed on, or nobody knows their letters."""
    cursor.execute(
        f"""
        UPDATE channels.reported r SET handled_at = clock_timestamp()
          FROM unnest({", ".join(["%s::text[]"] * len(_OF_REPORT))}) AS these ({", ".join(_OF_REPORT)})
         WHERE {" AND ".join(f"r.{name} = these.{name}" for name in _OF_REPORT)}
        """,  # noqa: S608 - names of ours
        [[report[name] for report in reports] for name in _OF_REPORT],
    )
