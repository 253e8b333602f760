"""The baseline of the throughput benchmark: one worker, as written by hand, with psycopg2 and py-amqp only.

``python -m benchmarks.bare_pipeline ROLE DATABASE BROKER BATCH``

ROLE ``intake`` takes submissions, inserts an event for each, commits, publishes it and waits for the broker's
confirmation, and acknowledges. Any other role takes the events, inserts its rows, commits and acknowledges. With BATCH
1 one message at a time; with more it takes so many into one transaction, one wait for confirmations and one
acknowledgement, as our services do.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import amqp
import psycopg2
from psycopg2.extras import execute_batch

from benchmarks.bare_rows import EVENT, ROWS, event_of, row_of

INTAKE = "bare.intake"
EVENTS = "bare.events"
ROLES = ("intake", *ROWS)
_QUIET_SECONDS = 0.004
_LINGER_SECONDS = 0.02
_QUORUM = {"x-queue-type": "quorum"}


def connect(url: str) -> Any:
    """An open AMQP connection."""
    parts = urlsplit(url)
    connection = amqp.Connection(
        host=f"{parts.hostname}:{parts.port}",
        userid=parts.username,
        password=parts.password,
        virtual_host=unquote(parts.path[1:]) or "/",
    )
    connection.connect()
    return connection


def declare(channel: Any) -> None:
    """The same kinds of exchanges and queues that our services use."""
    for exchange in (INTAKE, EVENTS):
        channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
    for role in ROLES:
        channel.queue_declare(f"bare.{role}", durable=True, auto_delete=False, arguments=_QUORUM)
        channel.queue_bind(f"bare.{role}", INTAKE if role == "intake" else EVENTS, "#")


class Publisher:
    """Publishes persistent messages and waits until the broker has confirmed them all."""

    def __init__(self, url: str, exchange: str) -> None:
        self._connection = connect(url)
        self._exchange = exchange
        self.channel = self._connection.channel()
        self.channel.confirm_select()
        self.channel.events["basic_ack"].add(self._on_ack)
        self._sent = 0
        self._confirmed = 0

    def publish(self, bodies: Sequence[bytes], routing_key: str) -> None:
        """Publish and wait."""
        for body in bodies:
            message = amqp.Message(body, delivery_mode=2, content_type="application/json")
            self.channel.basic_publish(message, self._exchange, routing_key)
            self._sent += 1
        while self._confirmed < self._sent:
            self._connection.drain_events()

    def close(self) -> None:
        """Take leave."""
        self._connection.close()

    def _on_ack(self, delivery_tag: int, multiple: bool) -> None:  # noqa: FBT001, ARG002 - called by the library
        self._confirmed = delivery_tag


def take(connection: Any, queue: str, batch: int, work: Callable[[list[bytes]], None]) -> None:
    """Take messages for ever: work on them, then acknowledge."""
    waiting: list[Any] = []
    channel = connection.channel()
    channel.basic_qos(0, max(2 * batch, 20), False)
    channel.basic_consume(queue, callback=waiting.append)
    while True:
        while not waiting:
            connection.drain_events()
        if batch > 1:
            _let_more_come(connection, waiting, batch)
        messages = waiting[:batch]
        del waiting[:batch]
        work([message.body for message in messages])
        channel.basic_ack(messages[-1].delivery_tag, multiple=True)


def _let_more_come(connection: Any, waiting: list[Any], batch: int) -> None:
    deadline = time.monotonic() + _LINGER_SECONDS
    while len(waiting) < batch and (left := deadline - time.monotonic()) > 0:
        try:
            connection.drain_events(timeout=min(left, _QUIET_SECONDS))
        except TimeoutError:
            return


def main(role: str, database_url: str, broker_url: str, batch: int) -> None:
    """Run one worker until it is stopped."""
    database = psycopg2.connect(database_url)
    connection = connect(broker_url)
    publisher = Publisher(broker_url, EVENTS)
    declare(publisher.channel)

    def insert(statements: Sequence[str], rows: Sequence[Any]) -> None:
        with database, database.cursor() as cursor:
            for statement in statements:
                if len(rows) == 1:
                    cursor.execute(statement, rows[0])
                else:
                    execute_batch(cursor, statement, rows, page_size=len(rows))

    def file(bodies: list[bytes]) -> None:
        events = [event_of(json.loads(body)) for body in bodies]
        insert([EVENT], [(dossier, 1, "ComplaintFiled", state) for dossier, state in events])
        publisher.publish([state for _, state in events], "ComplaintFiled")

    def project(bodies: list[bytes]) -> None:
        insert(ROWS[role], [row_of(body) for body in bodies])

    take(connection, f"bare.{role}", batch, file if role == "intake" else project)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
