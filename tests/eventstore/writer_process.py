"""A writer in a process of its own, to be killed: appends with pauses before the commit until it is stopped.

Run as ``python writer_process.py URL SEED``.
"""

import random
import sys
import time
from uuid import UUID

import psycopg2
from eventsourcing.persistence import StoredEvent

from shared.store.eventstore.appending import append


def main() -> None:
    """Write for ever."""
    source = random.Random(sys.argv[2])
    connection = psycopg2.connect(sys.argv[1], application_name="writer process")
    while True:
        dossier = UUID(int=source.getrandbits(128), version=4)
        with connection.cursor() as cursor:
            append(
                cursor, [StoredEvent(dossier, version, "Noted", b"{}") for version in range(1, source.randint(2, 6))]
            )
            time.sleep(source.random() * 0.01)
        if source.random() < 0.2:
            connection.rollback()
        else:
            connection.commit()


if __name__ == "__main__":
    main()
