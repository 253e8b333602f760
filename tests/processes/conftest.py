"""Clusters of processes, each on a RabbitMQ and a durable PostgreSQL of its own."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from cli.migrating import bring_up_to_date
from shared.platform.database.embedded_postgres import EmbeddedPostgres
from tests.fixtures.places import fast_directory
from tests.fixtures.proxy import Proxy
from tests.fixtures.rabbitmq import RabbitMQ
from tests.processes.cluster import APART, FEW, ProcessCluster, cluster
from tests.tamper.logins import make_logins

_LAST = "test_after_all_that_everything_is_whole"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks at all that was done comes last, wherever chance has put it."""
    items.sort(key=lambda item: item.name.partition("[")[0] == _LAST)


@dataclass
class Running:
    """The cluster, and what is under it.

    :param cluster: its processes reach broker and database by way of the proxies; whoever looks into it, directly.
    """

    cluster: ProcessCluster
    broker: RabbitMQ
    database: EmbeddedPostgres
    to_broker: Proxy
    to_database: Proxy


@contextmanager
def _everything(sets: Sequence[str]) -> Iterator[Running]:
    """Every service, in these processes. What is killed may lose nothing, so nothing is tuned for speed here."""
    place = fast_directory("aduan-cluster")
    with EmbeddedPostgres(place / "postgres") as server, RabbitMQ() as broker:
        url = server.start()
        make_logins(url)
        bring_up_to_date(url)
        with (
            Proxy(url) as to_database,
            Proxy(broker.url) as to_broker,
            cluster(to_database.url(url), to_broker.url(broker.url), place, sets, logins=True) as members,
        ):
            direct = replace(members, database_url=url, broker_url=broker.url)
            yield Running(direct, broker, server, to_broker, to_database)
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def everything() -> Iterator[Running]:
    """Every service as its own process."""
    with _everything(APART) as made:
        yield made


@pytest.fixture(scope="session")
def together() -> Iterator[Running]:
    """Portal and intake in one process, all others in another."""
    with _everything(FEW) as made:
        yield made


@pytest.fixture
def running(everything: Running) -> Running:
    """All of it, each service in a process of its own, up and ready, whatever an earlier test did to it."""
    return _revived(everything)


@pytest.fixture
def few(together: Running) -> Running:
    """All of it, in few processes, likewise."""
    return _revived(together)


def _revived(everything: Running) -> Running:
    everything.to_database.heal()
    everything.to_broker.heal()
    everything.database.start()
    everything.broker.start()
    everything.cluster.revive()
    return everything
