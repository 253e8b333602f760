"""The baseline of the filings benchmark: a Flask application on eventlet's web server that inserts what it is sent.

``python -m benchmarks.bare_web PORT DATABASE``. It checks nothing, seals nothing and promises nothing: JSON in, INSERT
and COMMIT, a number out. Deliveries of webhooks likewise: bytes in, INSERT and COMMIT.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import eventlet

eventlet.monkey_patch()

import sys
from contextlib import closing
from hashlib import sha256
from typing import Any

import psycopg2
from eventlet import wsgi
from eventlet.queue import LifoQueue
from flask import Flask, Response, jsonify, request

from benchmarks.bare_rows import EVENT, event_of

_CONNECTIONS = 10
DELIVERIES = "CREATE TABLE IF NOT EXISTS deliveries (digest bytea PRIMARY KEY, body bytea NOT NULL)"
DELIVERY = "INSERT INTO deliveries VALUES (%s, %s) ON CONFLICT DO NOTHING"


def application(database_url: str) -> Flask:
    """The application, with as many connections as one of our processes has."""
    app = Flask(__name__)
    idle: Any = LifoQueue()
    for _ in range(_CONNECTIONS):
        idle.put(psycopg2.connect(database_url))
    with closing(psycopg2.connect(database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(DELIVERIES)

    @app.post("/<tenant>/complaints")
    def file(tenant: str) -> tuple[Response, int]:  # noqa: ARG001 - part of the address
        dossier, state = event_of(request.get_json())
        connection = idle.get()
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(EVENT, (dossier, 1, "ComplaintFiled", state))
        finally:
            idle.put(connection)
        return jsonify(id=dossier, ticket=f"CLP-2026-{dossier[:8]}", status="in_progress"), 201

    @app.post("/hooks")
    def keep() -> tuple[str, int]:
        connection = idle.get()
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(DELIVERY, (sha256(request.get_data()).digest(), request.get_data()))
        finally:
            idle.put(connection)
        return "", 200

    return app


def main(port: int, database_url: str) -> None:
    """Serve until stopped."""
    with closing(eventlet.listen(("127.0.0.1", port))) as socket:
        wsgi.server(socket, application(database_url), log=wsgi.LoggerNull(), log_output=False, debug=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
