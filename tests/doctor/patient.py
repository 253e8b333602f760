"""An installation that is well, with everything by which that is told; tests then break it."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection

from cli.doctoring.examining import examine
from cli.doctoring.line import Diagnosis, Measures
from shared.base.services import SERVICES
from shared.messaging.consuming.positions import try_to_lead
from shared.messaging.wire.topology import declare_all, own_queue, submission_queue
from shared.platform.database.pool import Database
from shared.platform.secret import new_secret
from shared.platform.settings import PROJECT

TENANT = "cirebon"
DECREED = """
decrees:
  - id: far
    instrument: SKB
    issued: 2020-01-01
    approved_by: [Menteri]
    national_holiday: {2199-01-01: Tahun Baru}
"""
"""So that no year's holidays are missing on whatever day a test runs."""


@dataclass
class Patient:
    """The installation.

    :param followers: the connection whose locks say that services follow the log.
    :param consumers: the connection over which their queues are consumed; none if the broker is away.
    """

    url: str
    broker: str
    tenants: Path
    secrets: Path
    master_key: str
    environment: pytest.MonkeyPatch
    database: Database
    followers: Any
    consumers: Any = None
    measures: Measures = field(default_factory=Measures)

    def sql(self, *statements: str) -> None:
        """Run statements as the tables' owner."""
        with self.database.autocommit() as cursor:
            for each in statements:
                cursor.execute(each)

    def set(self, **settings: str) -> None:
        """Change settings."""
        for name, value in settings.items():
            self.environment.setenv(name, value)

    def look(self, *parts: str) -> dict[str, Diagnosis]:
        """What the doctor says, by the check.

        :param parts: those looked at; all if none is given.
        """
        measures = replace(self.measures, parts=parts) if parts else self.measures
        return {each.check: each for each in examine(None, measures)}


@contextmanager
def patient_on(url: str, broker: str, place: Path, environment: pytest.MonkeyPatch) -> Iterator[Patient]:
    """The installation, and whoever works for it, during the block."""
    tenants, secrets = place / "tenants", place / "secrets"
    for folder in ("_messages", "_reference", "_national", "_documents", TENANT):
        shutil.copytree(PROJECT / "tenants" / folder, tenants / folder)
    with (tenants / TENANT / "calendar.yaml").open("a", encoding="utf-8") as file:
        file.write(DECREED)
    secrets.mkdir()
    key = new_secret()
    given = {
        "ADUAN_DATABASE_URL": url,
        "ADUAN_BROKER_URL": broker,
        "ADUAN_MASTER_KEY": key,
        "ADUAN_TENANTS_DIR": str(tenants),
        "ADUAN_SECRETS_DIR": str(secrets),
        "ADUAN_DATA_DIR": str(place),
    }
    for name, value in given.items():
        environment.setenv(name, value)
    database = Database(url, pool_size=2)
    with closing(database), closing(database.connect()) as followers, followers.cursor() as cursor:
        for service in SERVICES:
            cursor.execute("INSERT INTO messaging.followers (service, position) VALUES (%s, 0)", (service,))
            assert try_to_lead(cursor, service)
        patient = Patient(url, broker, tenants, secrets, key, environment, database, followers)
        if ":1//" in broker:
            yield patient
            return
        with Connection(broker) as connection:
            connection.connect()
            declare_all(connection)
            patient.consumers = connection.channel()
            for queue in (*map(own_queue, SERVICES), submission_queue()):
                patient.consumers.basic_consume(queue.name, callback=lambda _: None)
            yield patient
