"""A portal over an in-memory gateway, with the tenants as they ship and accounts in a real database."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from shared.application.bootstrap import bootstrap
from shared.application.identity.membership import administrator
from shared.application.identity.tokens import issue_token
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.clock import LATEST, SimulatedClock
from shared.base.errors import Invalid
from shared.platform.settings import Settings
from tests.fixtures.postgres import execute, with_database
from tests.portal.memory_gateway import AT, MemoryGateway

_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

_SHARED = "portal_tests"

Bearer = Callable[..., dict[str, str]]


class StillSimulation:
    """A simulated clock in an installation where nothing else happens."""

    def __init__(self) -> None:
        self.clock = SimulatedClock(datetime.fromisoformat(AT))

    def now(self) -> datetime:
        """Where it stands."""
        return self.clock.now()

    def advance_to(self, instant: datetime) -> datetime:
        """Move it, as far as time can be reckoned."""
        if instant >= LATEST:
            raise Invalid("clock_too_far", {"latest": LATEST.isoformat()})
        self.clock.move_to(instant)
        return self.clock.now()


@pytest.fixture(scope="session")
def shared_runtime(postgres_url: str, migrated_template: str) -> Iterator[Runtime]:
    """A runtime whose database the tests share: most of them write nothing there."""
    execute(postgres_url, f"CREATE DATABASE {_SHARED} TEMPLATE {migrated_template}")
    made = runtime_on(with_database(postgres_url, _SHARED))
    yield made
    made.database.close()


@pytest.fixture
def runtime(shared_runtime: Runtime) -> Runtime:
    """What the portal is given."""
    return shared_runtime


def runtime_on(database_url: str) -> Runtime:
    """A runtime on a migrated database."""
    environ = {"ADUAN_DATABASE_URL": database_url, "ADUAN_BROKER_URL": "memory://", "ADUAN_MASTER_KEY": _KEY}
    return bootstrap(Settings.from_environment(environ))


@pytest.fixture
def gateway() -> MemoryGateway:
    """The services' stand-in."""
    return MemoryGateway()


@pytest.fixture
def simulation() -> StillSimulation:
    """A simulated clock."""
    return StillSimulation()


@pytest.fixture
def waited() -> list[tuple[str, int]]:
    """What the portal waited for: projection and position."""
    return []


@pytest.fixture
def app(gateway: MemoryGateway, runtime: Runtime, simulation: StillSimulation, waited: list[tuple[str, int]]) -> Flask:
    """The portal under a simulated clock, over projections that are never behind."""

    def wait(schemas: Sequence[str], position: int, _seconds: float) -> bool:
        waited.extend((schema, position) for schema in schemas)
        return True

    return create_app(gateway, runtime, simulation=simulation, wait=wait)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of it."""
    return app.test_client()


@pytest.fixture
def bearer(runtime: Runtime) -> Bearer:
    """The header of a token: ``bearer("operator", "dpupr")``, or ``bearer(admin=True)``."""

    def header(
        actor: str = "coordinator", agency: str | None = None, *, tenant: str = "cilacap", admin: bool = False
    ) -> dict[str, str]:
        who = administrator("root") if admin else Caller(tenant=tenant, actor=actor, agency=agency, user="siti")
        return {"Authorization": f"Bearer {issue_token(runtime.settings.token_key, who)}"}

    return header


@pytest.fixture
def agencies(runtime: Runtime) -> tuple[str, str]:
    """Two of the tenant's agencies."""
    first, second, *_ = runtime.tenants.get("cilacap").agencies
    return first.id, second.id
