"""What is forgotten: contents after thirty days, and a person with the last complaint that is theirs.

Erasing a complaint destroys its key; here that is looked for, so that whatever erased it, nothing is missed.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from channels import rows
from channels.conversing import House
from shared.application.runtime import Runtime
from shared.channels.names import names_of
from shared.store.eventstore.reading import head

log = logging.getLogger(__name__)

KEPT: Final = timedelta(days=30)
"""Contents of messages that were dealt with; and persons without a complaint."""
_BATCH: Final = 500
_LOOKED_AT: Final = 5_000
"""Complaints of which it is asked at once whether they were erased: all that ever came by a channel, hour by hour."""

_CONTENTS: Final = """
    UPDATE channels.heard SET sealed = NULL
     WHERE sealed IS NOT NULL AND state <> 'new' AND received_at < clock_timestamp() - %s
"""
_ROWS: Final = """
    DELETE FROM channels.heard
     WHERE sealed IS NULL AND state <> 'new' AND received_at < clock_timestamp() - 2 * %s
"""
_REPORTS: Final = "DELETE FROM channels.reported WHERE handled_at < clock_timestamp() - %s"
_DONE: Final = "DELETE FROM channels.outgoing WHERE done_at < clock_timestamp() - %s"
_ERASED: Final = "DELETE FROM channels.dossiers WHERE dossier = ANY(%s::uuid[]) RETURNING tenant, person, sealed"
_SAID: Final = """
    UPDATE channels.heard SET sealed = NULL
     WHERE tenant = %s AND person = %s AND message_id = ANY(%s) AND state <> 'new'
"""
_JUST_ERASED: Final = """
    SELECT DISTINCT dossier FROM eventstore.events WHERE position > %s AND position <= %s AND type = 'Erased'
"""
_STRANGERS: Final = """
    SELECT p.tenant, p.person FROM channels.persons p
     WHERE NOT EXISTS (SELECT FROM channels.dossiers d WHERE d.tenant = p.tenant AND d.person = p.person)
       AND NOT EXISTS (SELECT FROM channels.heard h
                        WHERE h.tenant = p.tenant AND h.person = p.person AND h.sealed IS NOT NULL)
       AND NOT EXISTS (SELECT FROM channels.outgoing o
                        WHERE o.tenant = p.tenant AND o.person = p.person AND o.done_at IS NULL)
       AND NOT EXISTS (SELECT FROM channels.joined j WHERE j.tenant = p.tenant AND j.former = p.person)
     LIMIT %s
"""


def forget(house: House) -> int:
    """Forget what is due; how many persons were forgotten.

    :raises Unavailable: if notify, which knows addresses too, does not answer; the next time goes on from there.
    """
    database = house.runtime.database
    with database.autocommit() as cursor:
        for statement in (_CONTENTS, _ROWS, _REPORTS, _DONE):
            cursor.execute(statement, (KEPT,))
    bereft = _erased(house)
    with database.autocommit() as cursor:
        cursor.execute(_STRANGERS, (_BATCH,))
        strangers = [(tenant, person) for tenant, person in cursor.fetchall()]
    gone = 0
    for tenant, person in dict.fromkeys([*bereft, *strangers]):
        gone += _forget_person(house, tenant, person)
    return gone


@dataclass
class LookedForErasures:
    """How far a process has looked for erasures.

    :param position: of the log; none before it has looked at all.
    """

    runtime: Runtime
    position: int | None = None


def forget_erased(house: House) -> None:
    """Forget what is of complaints that were erased since this process last looked.

    :raises Unavailable: as :func:`erased_since`.
    """
    looked = house.runtime.once(LookedForErasures)
    looked.position = erased_since(house, looked.position)


def erased_since(house: House, position: int | None) -> int:
    """Forget at once what is of complaints that were erased after a position of the log.

    :param position: none at first: what was erased before the start is looked for by :func:`forget`, not in the log.
    :returns: the position up to which that was looked at.
    :raises Unavailable: if notify does not answer; the next time looks again.
    """
    with house.runtime.database.autocommit() as cursor:
        last = head(cursor)
        if position is None or last <= position:
            return max(last, position or 0)
        cursor.execute(_JUST_ERASED, (position, last))
        dossiers = [str(dossier) for (dossier,) in cursor.fetchall()]
    if dossiers:
        bereft = _let_go(house, dossiers)
        for tenant, person in dict.fromkeys(bereft):
            _forget_person(house, tenant, person)
    return last


def _let_go(house: House, dossiers: Sequence[str]) -> list[tuple[str, UUID]]:
    """Let go of complaints, and of the messages of which they were made; whose they were."""
    vault = house.runtime.vault
    with house.runtime.database.transaction() as cursor:
        cursor.execute(_ERASED, (list(dossiers),))
        gone = cursor.fetchall()
        keys = vault.keys(cursor, list({person for _, person, _ in gone}))
        for tenant, person, sealed in gone:
            key = keys[person]
            messages = rows.messages_of(key, sealed) if key is not None else ()
            if messages:
                cursor.execute(_SAID, (tenant, str(person), list(messages)))
    return [(tenant, person) for tenant, person, _ in gone]


def _erased(house: House) -> list[tuple[str, UUID]]:
    """Let go of complaints whose key is gone; whose they were."""
    found: list[tuple[str, UUID]] = []
    after = UUID(int=0)
    while True:
        with house.runtime.database.autocommit() as cursor:
            cursor.execute(
                "SELECT dossier FROM channels.dossiers WHERE dossier > %s ORDER BY dossier LIMIT %s",
                (str(after), _LOOKED_AT),
            )
            looked = [row[0] for row in cursor.fetchall()]
            if not looked:
                return found
            gone = [str(dossier) for dossier in house.runtime.vault.keyless(cursor, looked)]
        if gone:
            found += _let_go(house, gone)
        after = looked[-1]


def _forget_person(house: House, tenant: str, person: UUID) -> int:
    """Forget a person, unless something of theirs is left or under way."""
    runtime = house.runtime
    with runtime.database.transaction() as cursor:
        if _is_needed(cursor, tenant, person, runtime.clock.now()):
            return 0
        names = names_of(cursor, tenant, person)
    for name in names:
        house.ask("notify", "forget_person", tenant=tenant, person=str(name))
    with runtime.database.transaction() as cursor:
        if _is_needed(cursor, tenant, person, runtime.clock.now()) or names_of(cursor, tenant, person) != names:
            return 0  # they have just written
        for name in names:
            _forget_name(house, cursor, tenant, name)
        cursor.execute("DELETE FROM channels.joined WHERE tenant = %s AND person = %s", (tenant, str(person)))
    log.info("a person of a channel was forgotten", extra={"tenant": tenant})
    return 1


def _forget_name(house: House, cursor: Any, tenant: str, name: UUID) -> None:
    for table in ("ids", "talks", "outgoing", "media", "persons"):
        cursor.execute(
            f"DELETE FROM channels.{table} WHERE tenant = %s AND person = %s",  # noqa: S608 - names of ours
            (tenant, str(name)),
        )
    cursor.execute(
        "UPDATE channels.heard SET sealed = NULL, state = 'gone' WHERE tenant = %s AND person = %s",
        (tenant, str(name)),
    )
    house.runtime.vault.destroy(name, cursor)


def _is_needed(cursor: Any, tenant: str, person: UUID, now: datetime) -> bool:
    """Whether a complaint, a conversation or something to be done is left of a person, or it is a former name."""
    cursor.execute(
        """
        SELECT EXISTS (SELECT FROM channels.dossiers WHERE tenant = %(tenant)s AND person = %(person)s)
            OR EXISTS (SELECT FROM channels.talks
                        WHERE tenant = %(tenant)s AND person = %(person)s AND wake_at > %(now)s)
            OR EXISTS (SELECT FROM channels.heard
                        WHERE tenant = %(tenant)s AND person = %(person)s AND state = 'new')
            OR EXISTS (SELECT FROM channels.outgoing
                        WHERE tenant = %(tenant)s AND person = %(person)s AND done_at IS NULL)
            OR EXISTS (SELECT FROM channels.joined WHERE tenant = %(tenant)s AND former = %(person)s)
        """,
        {"tenant": tenant, "person": str(person), "now": now},
    )
    return cursor.fetchone() == (True,)
