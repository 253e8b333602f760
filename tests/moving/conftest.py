"""Two databases: one with two governments, of which one has something in every table, and an empty one."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg2
import pytest

from cli.commands import aduan
from cli.failures import told
from shared.application.moving.copying import Sums, remember_dossiers, sums_of
from shared.base.services import SERVICES
from tests.cli.command import settings_of
from tests.fixtures.office import Office
from tests.fixtures.postgres import fresh_database
from tests.moving.asking import rows
from tests.moving.everything import fill, names

MOVED, STAYS = "bantul", "cilacap"
FOLLOWED = """
    INSERT INTO messaging.followers (service, position)
    SELECT service, (SELECT max(position) FROM eventstore.events) FROM unnest(%s::text[]) AS service
    ON CONFLICT (service) DO UPDATE SET position = excluded.position
"""


@dataclass(frozen=True)
class Pair:
    """The two.

    :param office: on the former.
    :param run: the command ``aduan tenant move``, with more options; its exit status.
    """

    office: Office
    former: str
    other: str
    run: Callable[..., int]

    def rows(self, url: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Any question to one of them."""
        return rows(url, statement, *values)

    def sums(self, url: str, tenant: str) -> Sums:
        """What lies there of a government."""
        with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
            cursor.execute("SET timezone = 'UTC'")
            remember_dossiers(cursor, tenant)
            return sums_of(cursor, tenant)

    def state(self, url: str) -> str | None:
        """How a database stands towards the one that goes."""
        found = self.rows(url, "SELECT state FROM eventstore.moves WHERE tenant = %s", MOVED)
        return str(found[0][0]) if found else None

    def followed(self) -> None:
        """Services have come to the end of the log, and were stopped; so was the office."""
        self.rows(self.former, FOLLOWED, list(SERVICES))
        self.stopped()

    def stopped(self) -> None:
        """The office lets go of its connections; it takes new ones when it goes on."""
        self.office.runtime.database._drop_idle()


@pytest.fixture
def pair(
    office: Office,
    database_url: str,
    postgres_url: str,
    migrated_template: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Pair]:
    """Both of them."""
    for name in [name for name in os.environ if name.startswith("ADUAN_")]:
        monkeypatch.delenv(name)
    for name, value in settings_of(office).items():
        monkeypatch.setenv(name, value)
    filed = {tenant: [office.file(tenant) for _ in range(3)] for tenant in (MOVED, STAYS)}
    with office.runtime.database.transaction() as cursor:
        for tenant, receipts in filed.items():
            fill(cursor, tenant, receipts[0].id)
            office.runtime.vault.store(cursor, [office.runtime.vault.new_key(each) for each in names(tenant)])
    made = fresh_database(postgres_url, migrated_template)
    other = next(made)

    def run(*more: str, to: str = other, tenant: str = MOVED) -> int:
        return told(aduan, ["tenant", "move", tenant, "--to", to, *more])

    try:
        yield Pair(office, database_url, other, run)
    finally:
        office.runtime.database._drop_idle()
        made.close()


def differing_from(expected: Sums, found: Sums, but: Sequence[str] = ()) -> set[str]:
    """The tables that are not as expected."""
    return {name for name in expected if expected[name] != found[name]} - set(but)
