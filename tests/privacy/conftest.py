"""One installation for all these tests, in which everybody has said something personal wherever they could."""

import shutil
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.fixtures.broker import OutsideBroker
from tests.fixtures.places import fast_directory
from tests.fixtures.postgres import execute, with_database
from tests.fixtures.rabbitmq import RabbitMQ
from tests.privacy.installation import Installation, installed
from tests.privacy.saying import Talk
from tests.privacy.talk import talked


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who needs the installation comes last: it looks for work fifty times a second, and tells of each look."""
    items.sort(key=lambda item: "installation" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def installation(
    postgres_url: str, migrated_template: str, rabbitmq: RabbitMQ | OutsideBroker
) -> Iterator[Installation]:
    """``aduan up`` on a real broker."""
    name = f"privacy_{uuid4().hex[:8]}"
    execute(postgres_url, f"CREATE DATABASE {name} TEMPLATE {migrated_template}")
    vhost = rabbitmq.new_vhost()
    place = fast_directory("aduan-privacy")
    with installed(with_database(postgres_url, name), rabbitmq.url_of(vhost), place) as running:
        yield running
    rabbitmq.drop_vhost(vhost)
    execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def talk(installation: Installation) -> Talk:
    """All that was said."""
    return talked(installation)
