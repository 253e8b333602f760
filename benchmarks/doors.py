"""The sides of a measurement over HTTP: our services in each form that a government runs, and a bare application.

Everything runs that a government runs: all services, and letters go out. Few processes (portal and intake in one, the
rest in another), one process for each service, both on RabbitMQ, and everything in one process as by ``aduan up``.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin

import psycopg2
import requests

from benchmarks.complaints import TENANT, complaints
from benchmarks.costs import Meter, server_of
from benchmarks.processes import Side, side
from benchmarks.servers import Servers
from shared.base.services import SERVICES
from shared.platform.database.embedded_postgres import running_url
from shared.platform.secret import new_secret
from shared.platform.settings import Settings
from tests.fixtures.waiting import free_ports

CLIENTS = 8
FEW, APART, UP = "few processes", "one per service", "aduan up"
FORMS = (FEW, APART, UP)
SETS: Mapping[str, Sequence[Sequence[str]]] = {
    FEW: (("portal", "intake"), ("routing", "sla", "notify", "reporting")),
    APART: tuple((name,) for name in ("portal", *SERVICES)),
}

_READY_SECONDS = 90.0
_LETTERS_SECONDS = 120.0
_LOOK_SECONDS = 0.02
# The ways of a letter end with it being settled; version 1 is the filing.
_OUT = "SELECT count(*) FROM notify.messages WHERE version = 1 AND recipient = 'reporter' AND settled"
_OPEN = "SELECT count(*) FROM notify.messages WHERE NOT settled"
_FILED = "SELECT count(*) FROM intake.tickets"


@dataclass
class Door:
    """One side: where complaints are filed, and by what processes they are taken.

    :param address: where to post.
    :param meter: of all processes that have a part in it.
    :param environment: of its processes; none for the bare one.
    :param database_url: where its letters are told; asked when it runs. None for who sends none.
    """

    name: str
    processes: Side
    address: str
    meter: Meter
    environment: Mapping[str, str] | None = None
    database_url: Callable[[], str] | None = None

    @property
    def token_key(self) -> bytes:
        """With which it signs tokens."""
        assert self.environment is not None
        return Settings.from_environment(self.environment).token_key

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Its processes run during the block, while all other sides stand still."""
        self.processes.thaw()
        try:
            yield
        finally:
            self.processes.freeze()

    def wait(self) -> None:
        """Wait until a complaint can be filed, and all else of ours is ready: what is frozen before that gives up.

        The same one is sent each time: if an answer was missed, the next try is told that it was filed before.

        :raises TimeoutError: if that takes too long.
        """
        deadline = time.monotonic() + _READY_SECONDS
        [complaint] = complaints(1)
        said: object = None
        while time.monotonic() < deadline:
            self.processes.check()
            try:
                said = requests.post(self.address, json=complaint, timeout=5).status_code
                if said in (200, 201) and self._ready():
                    return
            except requests.RequestException as error:
                said = type(error).__name__  # does not listen yet
            time.sleep(0.1)
        raise TimeoutError(f"{self.name} takes no complaint: {said}")

    def _ready(self) -> bool:
        """Whether all of it that listens here says so; the bare one has nothing to say."""
        if self.environment is None:
            return True
        return requests.get(urljoin(self.address, "/readyz"), timeout=5).ok

    def wait_for_letters(self) -> None:
        """Wait until the letter of every complaint is out, and all others that were begun.

        :raises TimeoutError: if that takes too long.
        """
        if self.database_url is None:
            return
        deadline = time.monotonic() + _LETTERS_SECONDS
        with closing(psycopg2.connect(self.database_url())) as database, database.cursor() as cursor:
            database.autocommit = True
            while missing := max(0, _count(cursor, _FILED) - _count(cursor, _OUT)) + _count(cursor, _OPEN):
                self.processes.check()
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{self.name}: {missing} letters are not out")
                time.sleep(_LOOK_SECONDS)


@contextmanager
def doors(given: Servers, forms: Sequence[str] = FORMS) -> Iterator[Sequence[Door]]:
    """All sides, started and standing still: the bare one first."""
    with ExitStack() as stack:
        bare_port, *ports = free_ports(1 + len(forms))
        bare = stack.enter_context(side(given.directory / "bare.log"))
        bare_url = given.postgres.database("filings_bare")
        bare.start("web", ["-m", "benchmarks.bare_web", str(bare_port), bare_url], {})
        made = [
            Door(
                "bare",
                bare,
                f"http://127.0.0.1:{bare_port}/{TENANT}/complaints",
                Meter(lambda: [*bare.pids(), ("postgresql", server_of(bare_url))]),
            )
        ]
        for name, port in zip(forms, ports, strict=True):
            processes = stack.enter_context(side(given.directory / f"{name}.log"))
            sets = SETS.get(name)
            made.append(up(given, processes, port) if sets is None else served(given, processes, name, sets, port))
        for each in made:
            each.wait()
            each.processes.freeze()
        yield made


def served(given: Servers, processes: Side, name: str, sets: Sequence[Sequence[str]], port: int) -> Door:
    """A side on RabbitMQ: a process for each set of services."""
    url = given.postgres.database(f"filings_{name.replace(' ', '_')}")
    environment = {
        "ADUAN_DATABASE_URL": url,
        "ADUAN_BROKER_URL": given.virtual_host(),
        "ADUAN_MASTER_KEY": new_secret(),
        "ADUAN_DATA_DIR": str(given.directory / name),
        "ADUAN_PORTAL_PORT": str(port),
        "ADUAN_LOG_LEVEL": "WARNING",
    }
    for each in sets:
        processes.serve(each, environment)

    def all_pids() -> list[tuple[str, int]]:
        return [*processes.pids(), ("postgresql", server_of(url)), ("rabbitmq", given.broker.pid)]

    address = f"http://127.0.0.1:{port}/api/v1/{TENANT}/complaints"
    return Door(name, processes, address, Meter(all_pids), environment, lambda: url)


def up(given: Servers, processes: Side, port: int) -> Door:
    """The side that has everything in one process, with a PostgreSQL of its own."""
    data = given.directory / "together"
    environment = {"ADUAN_DATA_DIR": str(data), "ADUAN_LOG_LEVEL": "WARNING"}
    processes.start("up", ["-m", "cli.main", "up", "--port", str(port)], environment)

    def url() -> str:
        found = running_url(data / "postgres")
        if found is None:
            raise LookupError(f"no PostgreSQL runs in {data}")
        return found

    def all_pids() -> list[tuple[str, int]]:
        return [*processes.pids(), ("postgresql", server_of(url()))]

    return Door(
        UP,
        processes,
        f"http://127.0.0.1:{port}/api/v1/{TENANT}/complaints",
        Meter(all_pids),
        environment,
        url,
    )


def _count(cursor: psycopg2.extensions.cursor, statement: str) -> int:
    cursor.execute(statement)
    [(count,)] = cursor.fetchall()
    return int(count)
