"""Appending to the log, inside a transaction of the caller's or as a transaction of its own."""

from collections.abc import Sequence
from uuid import UUID

import psycopg2
from eventsourcing.persistence import StoredEvent
from psycopg2.errorcodes import INTEGRITY_CONSTRAINT_VIOLATION, UNIQUE_VIOLATION
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from shared.base.errors import Unavailable
from shared.platform.database.answering import Watched
from shared.store.eventstore.errors import MOVED, NOT_FIRST_WRITE, in_library_words

_ONE = "eventstore.append(%s, %s, %s, %s)"
_MORE = "eventstore.append(%s, %s, %s, %s, %s::uuid[], %s::integer[], %s::text[], %s::bytea[])"
_FIRST = "aduan.first"  # of several statements only the last one's answer comes back

# Raised by the function at places where it certainly holds no lock.
_HARMLESS = {UNIQUE_VIOLATION, INTEGRITY_CONSTRAINT_VIOLATION, NOT_FIRST_WRITE, MOVED}


def append(cursor: Cursor, stored_events: Sequence[StoredEvent]) -> list[int]:
    """Append events, of one dossier or of several, all or none.

    Must be the first write of its transaction, and at most once in it; the caller's other writes come after it and
    commit with it. On an autocommit cursor it is a transaction of its own, in one round trip.

    After an error that may have struck while the order's lock was held, the connection is closed: the server then lets
    go of the lock for certain, and a pool does not keep the connection.

    :param cursor: of a connection to the log's database.
    :param stored_events: versions of a dossier must follow one another, and its last committed version.
    :returns: the positions, in the order of the events. They become readable to those who follow the log once this and
        all older transactions have ended.
    :raises eventsourcing.persistence.IntegrityError: if a dossier has that version already, or has not come so far.
    :raises eventsourcing.persistence.ProgrammingError: if the transaction has written before.
    :raises Unavailable: if the dossier's government was taken to another database.
    :raises eventsourcing.persistence.PersistenceError: for whatever else goes wrong in the database.
    """
    if not stored_events:
        return []
    call, values = _call(stored_events)
    return _done(cursor, f"SELECT {call}", values, len(stored_events))


def append_and_commit(
    cursor: Cursor, stored_events: Sequence[StoredEvent], also: str, values: tuple[object, ...]
) -> list[int]:
    """As :func:`append`, then other writes, then the transaction's end: in one round trip.

    :param cursor: in a transaction that was begun on it by hand.
    :param stored_events: at least one.
    :param also: the other statements.
    :param values: of their parameters.
    :raises eventsourcing.persistence.PersistenceError: as :func:`append`, also for what the other statements come to.
    """
    call, own = _call(stored_events)
    told = f"SELECT current_setting('{_FIRST}')::bigint"
    statement = f"SELECT set_config('{_FIRST}', {call}::text, false);{also};COMMIT;{told}"
    return _done(cursor, statement, own + values, len(stored_events))


def _done(cursor: Cursor, statement: str, values: tuple[object, ...], number: int) -> list[int]:
    try:
        cursor.execute(statement, values)
        ((first,),) = cursor.fetchall()
    except psycopg2.Error as error:
        if error.pgcode not in _HARMLESS:
            cursor.connection.close()
        if error.pgcode == MOVED:
            raise Unavailable("tenant_went_away") from error
        raise in_library_words(error) from error
    except BaseException:  # a greenlet killed, a timeout: where it struck is not known
        cursor.connection.close()
        raise
    if isinstance(cursor.connection, Watched):
        cursor.connection.appended = True  # whoever lent it tells the followers once it is committed
    return list(range(first, first + number))


def _call(stored_events: Sequence[StoredEvent]) -> tuple[str, tuple[object, ...]]:
    event, *more = stored_events
    first = (_hex(event), event.originator_version, event.topic, event.state)
    if not more:
        return _ONE, first
    arrays = (
        [_hex(event) for event in more],
        [event.originator_version for event in more],
        [event.topic for event in more],
        [event.state for event in more],
    )
    return _MORE, first + arrays


def _hex(event: StoredEvent) -> str:
    dossier = event.originator_id
    return dossier.hex if isinstance(dossier, UUID) else dossier
