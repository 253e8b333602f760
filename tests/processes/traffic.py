"""Channel adapters for tests, and a look at what has become of what they sent."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

import psycopg2
from kombu import Connection, Exchange, Producer

from cli.projections import projection_of
from shared.application.dossiers.codec import decode
from shared.base.services import SERVICES
from shared.messaging.consuming.dead_letters import list_dead
from shared.messaging.wire.connections import BROKER_ERRORS
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.fold import Changes, fold
from shared.store.projection.projection import Projection
from shared.store.projection.table import Table
from tests.fixtures.waiting import eventually
from tests.processes.cluster import ProcessCluster

MESSAGE = "Lampu jalan di depan balai desa Hanum mati sejak hari Senin."
PROJECTIONS: tuple[Projection, ...] = tuple(projection_of(service) for service in SERVICES)
Rows = list[tuple[Any, ...]]
_BEGUN = "WHERE dossier IN (SELECT dossier FROM eventstore.events WHERE version = 1 AND position > %s)"


def submit(broker_url: str, batch: str, count: int) -> None:
    """Publish complaints as a channel adapter does: what the broker has not confirmed is sent again."""
    exchange = Exchange("aduan.intake", type="topic", durable=True)
    number = 0
    while number < count:
        try:
            with Connection(broker_url, transport_options={"confirm_publish": True}) as connection:
                producer = Producer(connection.channel(), exchange=exchange, serializer="json")
                while number < count:
                    producer.publish(complaint(f"{batch}-{number}"), routing_key="submission.whatsapp", delivery_mode=2)
                    number += 1
        except BROKER_ERRORS:
            eventually(lambda: _there(broker_url), within=60, every=0.1, what="the broker back")


def complaint(external_id: str) -> dict[str, Any]:
    """A submission."""
    return {
        "tenant": "cilacap",
        "external_id": external_id,
        "message": MESSAGE,
        "reporter": {"name": "Agus Santoso", "address": "RT 01/RW 02 Hanum", "email": "agus@warga.example"},
        "category": "PERHUBUNGAN",
    }


def query(cluster: ProcessCluster, sql: str, *parameters: Any) -> Rows:
    """Look into the database, as its owner."""
    with _looking(cluster) as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def filed(cluster: ProcessCluster) -> int:
    """How many complaints the log holds."""
    return int(query(cluster, "SELECT count(*) FROM eventstore.events WHERE type = 'ComplaintFiled'")[0][0])


def gaps(cluster: ProcessCluster) -> Rows:
    """The governments and years whose numbers do not follow one another from the first to the last."""
    numbers = "SELECT tenant, count(*) AS given, max(right(ticket, 6)::integer) AS last FROM intake.tickets"
    return query(cluster, f"SELECT * FROM ({numbers} GROUP BY tenant, left(ticket, -7)) AS all_of WHERE given <> last")


def differing(cluster: ProcessCluster, since: int = 0) -> list[str]:
    """The tables that do not hold exactly what the log says: events missing, or applied twice, or out of order.

    :param since: look only at dossiers that were begun after this position, which is quicker.
    """
    return differing_at(cluster.database_url, since)


def differing_at(database_url: str, since: int = 0) -> list[str]:
    """The same, for any installation."""
    with _looking_at(database_url) as cursor:
        expected = _folded(cursor, since)
        return [name for name, rows in _stored(cursor, since).items() if rows != expected[name]]


def head(cluster: ProcessCluster) -> int:
    """The last position of the log."""
    return int(query(cluster, "SELECT coalesce(max(position), 0) FROM eventstore.events")[0][0])


def tables(cluster: ProcessCluster) -> dict[str, Rows]:
    """Every row of every projection, in a fixed order."""
    with _looking(cluster) as cursor:
        return _stored(cursor)


def dead_letters(cluster: ProcessCluster) -> list[Any]:
    """What any service has put aside."""
    return [letter for each in PROJECTIONS for letter in list_dead(cluster.broker_url, each.name)]


def unsent(cluster: ProcessCluster) -> int:
    """How many messages to reporters and officers are not done with.

    What a killed sender was working on is taken up when its lease has run out; these tests do not wait so long.
    """
    return int(query(cluster, "SELECT count(*) FROM notify.messages WHERE NOT settled")[0][0])


def end_leases(cluster: ProcessCluster) -> None:
    """As if the minutes had passed for which a sender that was killed has claimed its messages."""
    with _looking(cluster) as cursor:
        cursor.execute("UPDATE notify.messages SET leased_until = clock_timestamp() WHERE leased_until IS NOT NULL")


def _folded(cursor: Any, since: int) -> dict[str, Rows]:
    columns = "position, dossier, version, type, state"
    cursor.execute(f"SELECT {columns} FROM eventstore.events {_BEGUN} ORDER BY dossier, version", [since])
    histories: dict[Any, list[tuple[Any, RecordedEvent]]] = {}
    for position, dossier, version, kind, state in cursor.fetchall():
        recorded = RecordedEvent(position, dossier, version, kind, bytes(state))
        histories.setdefault(dossier, []).append((decode(recorded), recorded))
    found: dict[str, Rows] = {}
    for projection in PROJECTIONS:
        changes = {table.name: Changes() for table in projection.tables}
        for history in histories.values():
            fold(projection, {table.name: () for table in projection.tables}, history, changes)
        for table in projection.tables:
            rows = [tuple(row[column] for column in table.columns) for row in changes[table.name].upserts]
            found[str(table)] = sorted(rows, key=partial(_key, table))
    return found


def _stored(cursor: Any, since: int = 0) -> dict[str, Rows]:
    found = {}
    for projection in PROJECTIONS:
        for table in projection.tables:
            cursor.execute(f"SELECT {', '.join(table.columns)} FROM {table} {_BEGUN}", [since])
            found[str(table)] = sorted(cursor.fetchall(), key=partial(_key, table))
    return found


def _key(table: Table, row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(row[table.columns.index(column)] for column in table.key)


def _looking(cluster: ProcessCluster) -> AbstractContextManager[Any]:
    return _looking_at(cluster.database_url)


@contextmanager
def _looking_at(database_url: str) -> Iterator[Any]:
    session = psycopg2.connect(database_url)
    try:
        session.autocommit = True
        with session.cursor() as cursor:
            yield cursor
    finally:
        session.close()


def _there(broker_url: str) -> bool:
    try:
        with Connection(broker_url) as connection:
            connection.ensure_connection(max_retries=0, reraise_as_library_errors=False)
    except BROKER_ERRORS:
        return False
    return True
