"""A stretch of the nation's year at a hundred times its speed: what lags, what grows, what a complaint costs.

SP4N-LAPOR!, the national system, takes some one and a half million reports a year. Complaints arrive by chance, as many
in an hour as there; each goes the whole way through a procedure, over HTTP, with all services running and letters going
out, each service in a process of its own: once, and twice. Then the same without a pace, as fast as it goes.

Run when it is named. The stretch is short unless said otherwise: what a complaint takes does not hang on how many there
are, what a page takes does (`aduan bench scale`).
"""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count, cycle
from threading import Event, Thread
from typing import Any, Final

import psutil
import psycopg2
import requests

from benchmarks.complaints import TENANT, complaints
from benchmarks.costs import Meter, server_of
from benchmarks.desks import STEPS
from benchmarks.processes import Side, side
from benchmarks.rounds import table
from benchmarks.servers import Servers, servers
from shared.application.identity.tokens import issue_token
from shared.base.caller import Caller
from shared.base.services import SERVICES
from shared.domain.tenants import Tenants
from shared.platform.secret import new_secret
from shared.platform.settings import PROJECT, Settings
from tests.fixtures.waiting import eventually, free_ports

A_YEAR: Final = 1_500_000
"""Reports of the nation."""
SPEED: Final = 100
HOURS: Final = 0.5
CLIENTS: Final = 6
INSTANCES: Final = (1, 2)

_PER_HOUR: Final = A_YEAR / (365 * 24)
_BURST_SECONDS: Final = 8.0
_LOOK_SECONDS: Final = 0.5
_SETTLE_SECONDS: Final = 600.0
_READY_SECONDS: Final = 180.0
_MEGABYTE: Final = 1 << 20
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


@dataclass
class Stretch:
    """What was found of one number of instances.

    :param late: seconds by which each thing done was later than the nation would have had it.
    :param behind: positions of the log that the slowest service lay behind, at each look.
    :param settled: seconds after the last action until all tables and letters were done.
    :param burst: actions a second without a pace.
    :param sizes: bytes of tables and of indexes that were added, by schema.
    """

    instances: int
    complaints: int = 0
    events: int = 0
    late: list[float] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)
    settled: float = 0.0
    burst: float = 0.0
    cost: float = 0.0
    memory: int = 0
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)


def report(*, quick: bool = False, hours: float | None = None) -> str:
    """Replay and tell.

    :param quick: a few minutes of the nation's time, unless said otherwise.
    :param hours: of the nation's time; half of one unless given, which takes some twenty seconds for each side.
    """
    with servers() as given:
        return measure(given, hours or (0.1 if quick else HOURS), burst_seconds=2.0 if quick else _BURST_SECONDS)


def measure(given: Servers, hours: float, *, burst_seconds: float, instances: Sequence[int] = INSTANCES) -> str:
    """Replay with each number of instances by turns, and tell."""
    return told([_replay(given, hours, burst_seconds, each) for each in instances], hours)


def told(found: Sequence["Stretch"], hours: float) -> str:
    """What was found, as a table."""
    rows = [
        [
            str(each.instances),
            str(each.complaints),
            f"{_percentile(each.late, 50):.2f} / {_percentile(each.late, 99):.2f} s",
            f"{max(each.behind, default=0)}",
            f"{each.settled:.1f} s",
            f"{1000 * each.cost:.1f} ms",
            f"{each.memory / _MEGABYTE:.0f} MB",
            f"{each.burst:.0f}/s",
        ]
        for each in found
    ]
    return table(
        f"{hours:g} hours of {A_YEAR:,} reports a year, at {SPEED} times their speed",
        (
            *("instances", "complaints", "late, p50 / p99", "behind, most", "all done after"),
            *("processor a complaint", "memory", "without a pace"),
        ),
        rows,
        [
            f"{SPEED * A_YEAR / (365 * 86400):.1f} complaints a second, each filed, then {len(STEPS)} actions",
            f"by {CLIENTS} clients, on the machine that runs everything else. Late: after it would have been there.",
            *_bytes(found),
        ],
    )


def _bytes(found: Sequence[Stretch]) -> Iterator[str]:
    """What a complaint adds, by where it lies: of the longest log, in which a page more or less counts least."""
    of = max(found, key=lambda each: each.complaints)
    if not of.complaints:
        return
    yield f"A complaint with its whole way is {of.events / of.complaints:.1f} events, and adds on the disk:"
    for name, (tables, indexes) in sorted(of.sizes.items(), key=lambda each: -sum(each[1])):
        if tables + indexes > 0:
            yield f"  {name}: {tables / of.complaints:,.0f} bytes of tables, {indexes / of.complaints:,.0f} of indexes"


def _replay(given: Servers, hours: float, burst_seconds: float, instances: int) -> Stretch:
    found = Stretch(instances)
    with side(given.directory / f"nation-{instances}.log") as processes:
        nation = _Nation(given, processes, instances)
        nation.wait_ready()
        before, events = nation.sizes(), nation.ask("SELECT count(*) FROM eventstore.events")
        meter = Meter(nation.pids)
        meter.reset()
        with nation.watched(found.behind):
            found.late = nation.paced(hours)
        found.settled = nation.settle()
        found.complaints = nation.ask("SELECT count(*) FROM intake.tickets") - 1  # by the one it was ready with
        spent = meter.used()
        found.cost = sum(spent.values()) / max(1, found.complaints)
        found.events = nation.ask("SELECT count(*) FROM eventstore.events") - events
        after = nation.sizes()
        found.sizes = {
            name: (size[0] - before.get(name, (0, 0))[0], size[1] - before.get(name, (0, 0))[1])
            for name, size in after.items()
        }
        found.burst = nation.burst(burst_seconds)
        found.memory = sum(psutil.Process(pid).memory_info().rss for _, pid in processes.pids())
        nation.settle()
    return found


class _Nation:
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


def _percentile(samples: Sequence[float], percent: int) -> float:
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else 0.0
