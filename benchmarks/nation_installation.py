"""An installation on which a nation complains: at its pace, made quicker, or as fast as it goes."""

import random
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from itertools import count, cycle
from threading import Event, Thread
from typing import Any, Final

import psycopg2
import requests

from benchmarks.complaints import TENANT, complaints
from benchmarks.costs import server_of
from benchmarks.desks import STEPS
from benchmarks.processes import Side
from benchmarks.servers import Servers
from shared.application.identity.tokens import issue_token
from shared.base.caller import Caller
from shared.base.services import SERVICES
from shared.domain.all_tenants import Tenants
from shared.platform.secret import new_secret
from shared.platform.settings import PROJECT, Settings
from tests.fixtures.waiting import eventually, free_ports

A_YEAR: Final = 1_500_000
"""Reports of the nation."""
SPEED: Final = 100
CLIENTS: Final = 6
_PER_HOUR: Final = A_YEAR / (365 * 24)
_LOOK_SECONDS: Final = 0.5
_SETTLE_SECONDS: Final = 600.0
_READY_SECONDS: Final = 180.0
_BEHIND: Final = """
    SELECT coalesce(max(head.position - f.position), 0)
      FROM messaging.followers f, (SELECT coalesce(max(position), 0) AS position FROM eventstore.events) head
"""
_OPEN: Final = "SELECT count(*) FROM notify.messages WHERE NOT settled"
_SIZES: Final = """
    SELECT n.nspname || CASE WHEN c.relname = 'events' AND n.nspname = 'eventstore' THEN '.events' ELSE '' END,
           sum(pg_table_size(c.oid))::bigint, sum(pg_indexes_size(c.oid))::bigint
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'migrations')
     GROUP BY 1
"""


class Nation:
    """An installation, and whoever uses it.

    :param instances: processes of each service, and of the portal.
    """

    def __init__(self, given: Servers, processes: Side, instances: int) -> None:
        self._processes = processes
        self._broker = given.broker.pid
        self._url = given.postgres.database(f"nation_{instances}")
        environment = {
            "ADUAN_DATABASE_URL": self._url,
            "ADUAN_BROKER_URL": given.virtual_host(),
            "ADUAN_MASTER_KEY": new_secret(),
            "ADUAN_DATA_DIR": str(given.directory / f"nation-{instances}"),
            "ADUAN_LOG_LEVEL": "WARNING",
            "ADUAN_POOL_SIZE": "6",
            "ADUAN_HEALTH_PORT": "0",
        }
        ports = free_ports(instances)
        for number in range(instances):
            for service in SERVICES:
                processes.start(f"{service} {number}", ["-m", "cli.main", "serve", service], environment)
            own = {**environment, "ADUAN_PORTAL_PORT": str(ports[number])}
            processes.start(f"portal {number}", ["-m", "cli.main", "serve", "portal"], own)
        self._addresses = [f"http://127.0.0.1:{port}/api/v1/{TENANT}" for port in ports]
        self._agency = Tenants(PROJECT / "tenants").get(TENANT).agencies[0].id
        self._tokens = self._issued(Settings.from_environment(environment).token_key)
        self._numbers = count()

    def _issued(self, key: bytes) -> Mapping[str, str]:
        callers = {actor: Caller(TENANT, actor, self._of(actor), actor) for actor, _ in STEPS}
        return {actor: issue_token(key, caller) for actor, caller in callers.items()}

    def _of(self, actor: str) -> str | None:
        return None if actor == "coordinator" else self._agency

    def pids(self) -> list[tuple[str, int]]:
        """Everything that has a part in it."""
        return [*self._processes.pids(), ("postgresql", server_of(self._url)), ("rabbitmq", self._broker)]

    def wait_ready(self) -> None:
        """Wait until every portal takes complaints."""
        [complaint] = complaints(1)
        for address in self._addresses:
            where = f"{address}/complaints"
            eventually(partial(_taken, where, complaint), within=_READY_SECONDS, every=0.3, what=f"{where} to answer")

    def ask(self, statement: str) -> int:
        """A figure of the database's."""
        with closing(psycopg2.connect(self._url)) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            [(figure,)] = cursor.fetchall()
            return int(figure)

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Bytes of tables and of indexes, by schema; the log's events by themselves."""
        with closing(psycopg2.connect(self._url)) as connection, connection.cursor() as cursor:
            cursor.execute(_SIZES)
            return {name: (int(tables), int(indexes)) for name, tables, indexes in cursor.fetchall()}

    @contextmanager
    def watched(self, behind: list[int]) -> Iterator[None]:
        """Look, as long as the block lasts, how far the slowest service lies behind the log."""
        stop = Event()

        def look() -> None:
            while not stop.wait(_LOOK_SECONDS):
                behind.append(self.ask(_BEHIND))

        thread = Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def paced(self, hours: float) -> list[float]:
        """Let the nation complain for so long of its time; by how many seconds each thing was late."""
        source = random.Random(0)
        late: list[float] = []
        began = time.monotonic()
        due = 0.0
        with ThreadPoolExecutor(CLIENTS) as pool:
            for address in cycle(self._addresses):
                due += source.expovariate(_PER_HOUR) * 3600 / SPEED
                if due > hours * 3600 / SPEED:
                    break
                time.sleep(max(0.0, began + due - time.monotonic()))
                pool.submit(self._life, address, began + due, late).add_done_callback(_raise)
        return late

    def burst(self, seconds: float) -> float:
        """As fast as it goes; actions a second, filings among them."""
        late: list[float] = []
        until = time.monotonic() + seconds

        def work(address: str) -> None:
            while time.monotonic() < until:
                self._life(address, time.monotonic(), late)

        began = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(work, [address for address, _ in zip(cycle(self._addresses), range(CLIENTS), strict=False)]))
        return len(late) / (time.monotonic() - began)

    def settle(self) -> float:
        """Wait until tables and letters are done; for how many seconds that took."""
        began = time.monotonic()
        eventually(
            lambda: self.ask(_BEHIND) == 0 and self.ask(_OPEN) == 0, within=_SETTLE_SECONDS, every=0.1, what="all done"
        )
        return time.monotonic() - began

    def _life(self, address: str, due: float, late: list[float]) -> None:
        """One complaint, from its filing to its answer."""
        session = requests.Session()
        session.trust_env = False
        [complaint] = complaints(1)
        body = {**complaint, "channel": "web", "external_id": f"nation-{next(self._numbers)}"}
        with closing(session):
            dossier = _posted(session, f"{address}/complaints", body, None)["id"]
            late.append(max(0.0, time.monotonic() - due))
            for actor, asked in STEPS:
                begun = time.monotonic()
                action = {**asked, "agency": self._agency} if asked["action"] == "dispose" else asked
                _posted(session, f"{address}/dossiers/{dossier}/actions", action, self._tokens[actor])
                late.append(time.monotonic() - begun)


def _raise(done: Any) -> None:
    done.result()


def _taken(address: str, complaint: Mapping[str, Any]) -> bool:
    try:
        return requests.post(address, json=complaint, timeout=10).ok
    except requests.RequestException:
        return False


def _posted(session: requests.Session, address: str, body: Mapping[str, Any], token: str | None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = session.post(address, json=body, headers=headers, timeout=60)
    if not answer.ok:
        raise RuntimeError(f"answered {answer.status_code}: {answer.text}")
    return answer.json()
