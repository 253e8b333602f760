"""Webhooks of a provider, many of them repeated, some malformed, all shuffled, with servers that fail in the middle.

People complain by WhatsApp, each in three messages; between them the broker is restarted, and every connection to the
database is cut. Whatever happens, each person has one complaint and one receipt, and every malformed delivery is kept
with its reason. Baseline: a bare Flask application on the same web server that does one INSERT and COMMIT.
"""

import hmac
import json
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from statistics import quantiles
from typing import Any

import psycopg2

from benchmarks.processes import Side, Worker, side
from benchmarks.rounds import table
from benchmarks.samples import keep
from benchmarks.servers import Servers, servers
from cli.providers.whatsapp import BUSINESS, NUMBER, SECRET, TOKEN, WhatsAppProvider, escaped
from shared.platform.secret import new_secret
from shared.platform.settings import PROJECT
from tests.fixtures.waiting import answers, eventually, free_ports

CLIENTS = 8
TENANT = "bantul"
REPEATED, MALFORMED = 0.30, 0.05
_PATIENCE_SECONDS = 1200.0
_BOOK = """
conversation: {{settle: 0 s}}
channels:
  - id: whatsapp
    kind: whatsapp
    extra: true
    api: {address}
    phone_number_id: "{number}"
    rate: 1000
"""
_STEPS: Sequence[dict[str, Any]] = (
    {"type": "text", "text": {"body": "Jalan di depan rumah kami rusak sudah lama sekali"}},
    {"type": "text", "text": {"body": "ya"}},
    {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "p:open", "title": "Buka"}}},
)
_BEHIND = """
    SELECT (SELECT count(*) FROM channels.heard WHERE state = 'new')
         + (SELECT count(*) FROM channels.outgoing WHERE done_at IS NULL)
         + (SELECT count(*) FROM notify.talks WHERE state IN ('planned', 'unknown'))
"""
_RIGHT = """
    SELECT (SELECT count(*) FROM intake.tickets),
           (SELECT count(*) FROM channels.heard WHERE state = 'done'),
           (SELECT count(*) FROM notify.talks WHERE state = 'accepted' AND about IS NOT NULL),
           (SELECT count(*) FROM channels.heard WHERE state = 'odd' AND reason <> '')
"""
_CUT = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


@dataclass
class Found:
    """What was measured on one side.

    :param taken: milliseconds of each delivery that was thanked for.
    :param seconds: until all were delivered.
    :param done: seconds until everything that they brought about was done.
    :param again: how often one had to be repeated.
    """

    taken: list[float] = field(default_factory=list)
    seconds: float = 0.0
    done: float = 0.0
    again: int = 0

    @property
    def cells(self) -> list[str]:
        """As a row of the table."""
        cuts = quantiles(self.taken, n=100)
        rate = len(self.taken) / self.seconds
        return [
            f"{rate:,.0f}/s",
            f"{cuts[49]:.1f} ms",
            f"{cuts[98]:.0f} ms",
            f"{max(self.taken):,.0f} ms",
            f"{self.again}",
        ]


def report(*, quick: bool = False) -> str:
    """Measure and tell.

    :param quick: a tenth of the deliveries.
    """
    with servers() as given:
        return measure(given, 1_000 if quick else 10_000)


def measure(given: Servers, deliveries: int, *, trouble: bool = True, samples: Path | None = None) -> str:
    """The table.

    :param deliveries: in all, those repeated and malformed ones included.
    :param trouble: whether servers fail in the middle.
    :param samples: where to keep every single figure; in the usual place unless given.
    :raises AssertionError: if a complaint, a receipt or a malformed delivery is missing, or is there twice.
    """
    chance = random.Random(17)
    phases = [list(_phase(chance, deliveries, place)) for place in range(len(_STEPS))]
    people = _people(deliveries)
    with Worker("benchmarks.deliverers", str(CLIENTS)) as deliverers:
        deliver = _by(deliverers, given.directory)
        with _bare(given) as address:
            bare = Found()
            for phase in phases:
                deliver(address, phase, bare)
        ours = Found()
        with _ours(given) as (address, url):
            began = time.monotonic()
            for place, phase in enumerate(phases):
                failing = threading.Timer(0.5, _fail if trouble and place == 1 else _rest, (given, url))
                failing.start()
                deliver(address, phase, ours)
                failing.join()
                eventually(lambda: _ask(url, _BEHIND) == (0,), within=_PATIENCE_SECONDS, every=0.2)
            ours.done = time.monotonic() - began
            filed, heard, told, odd = _ask(url, _RIGHT)
    assert (people, people * len(_STEPS), people) == (filed, heard, told), (
        "each person has one complaint and one receipt"
    )
    assert odd > 0, "what is malformed is kept"
    kept = keep("hooks", {"bare": bare.taken, "ours": ours.taken}, samples)
    return table(
        f"{len(ours.taken):,} deliveries of WhatsApp by {CLIENTS} connections, {REPEATED:.0%} repeated, "
        f"{MALFORMED:.0%} malformed, shuffled",
        ("", "taken", "p50", "p99", "longest", "repeated by us"),
        [["bare", *bare.cells], ["hooks", *ours.cells]],
        [
            f"{people:,} people, three messages each: {filed:,} complaints, {told:,} receipts; {odd:,} kept malformed.",
            *(["Half a second into the second message the broker was restarted, the database cut."] if trouble else []),
            f"All was delivered, answered and said after {ours.done:.0f} s.",
            f"Every delivery's time: {kept}",
        ],
    )


def _people(deliveries: int) -> int:
    return round(deliveries * (1 - REPEATED - MALFORMED)) // len(_STEPS)


def _phase(chance: random.Random, deliveries: int, place: int) -> Iterator[tuple[str, str]]:
    """What everybody writes at one step, shuffled with earlier deliveries that come again and with broken ones."""
    provider = WhatsAppProvider()
    people, at = _people(deliveries), int(time.time()) - 600
    bodies = []
    for step in range(place + 1):
        for person in range(people):
            message = provider.message(f"62812{person:08}", _STEPS[step], id_=f"wamid.{person}.{step}", at=at + step)
            bodies.append(
                escaped({"object": "whatsapp_business_account", "entry": [{"id": BUSINESS, "changes": [message]}]})
            )
    fresh, share = bodies[-people:], deliveries // len(_STEPS)
    again = chance.choices(bodies, k=int(share * REPEATED))
    broken = [f'{{"object": "page", "n": {number + share * place}'.encode() for number in range(int(share * MALFORMED))]
    broken = [body if number % 2 else body + b"}" for number, body in enumerate(broken)]
    phase = [*fresh, *again, *broken]
    chance.shuffle(phase)
    for body in phase:
        yield hmac.new(SECRET.encode(), body, sha256).hexdigest(), body.decode()


def _by(deliverers: Worker, directory: Path) -> Callable[[str, Sequence[tuple[str, str]], Found], None]:
    def deliver(address: str, phase: Sequence[tuple[str, str]], found: Found) -> None:
        file = directory / "deliveries.jsonl"
        file.write_text("\n".join(json.dumps(each) for each in phase), encoding="utf-8")
        began = time.monotonic()
        deliverers.tell(f"{address} {file}")
        told = json.loads(deliverers.heard())
        found.seconds += time.monotonic() - began
        found.taken += told["taken"]
        found.again += told["again"]

    return deliver


def _fail(given: Servers, url: str) -> None:
    """The broker is restarted, and every connection to the database is cut."""
    restart = getattr(given.broker, "restart", None)
    if restart is not None:
        restart()
    _ask(url, _CUT, (url.rpartition("/")[2],))


def _rest(given: Servers, url: str) -> None:
    """Nothing fails."""


@contextmanager
def _bare(given: Servers) -> Iterator[str]:
    [port] = free_ports(1)
    with side(given.directory / "bare.log") as processes:
        url = given.postgres.database("hooks_bare")
        processes.start("web", ["-m", "benchmarks.bare_web", str(port), url], {})
        _await(processes, port)
        yield f"http://127.0.0.1:{port}/hooks"


@contextmanager
def _ours(given: Servers) -> Iterator[tuple[str, str]]:
    """Everything running that a government runs, in few processes: the address of its hook, and its database."""
    port, provider = free_ports(2)
    folder = given.directory / "hooks"
    shutil.copytree(PROJECT / "tenants", folder / "tenants")
    for book in (folder / "tenants").glob("*/channels.yaml"):
        book.unlink()
    connected = _BOOK.format(address=f"http://127.0.0.1:{provider}", number=NUMBER)
    (folder / "tenants" / TENANT / "channels.yaml").write_text(connected, encoding="utf-8")
    secrets = folder / "secrets"
    secrets.mkdir(mode=0o700)
    for name, secret in (("app_secret", SECRET), ("access_token", TOKEN)):
        (secrets / f"{TENANT}.whatsapp.{name}").write_text(secret, encoding="utf-8")
    url = given.postgres.database("hooks")
    environment = {
        "ADUAN_DATABASE_URL": url,
        "ADUAN_BROKER_URL": given.virtual_host(),
        "ADUAN_MASTER_KEY": new_secret(),
        "ADUAN_DATA_DIR": str(folder / "data"),
        "ADUAN_TENANTS_DIR": str(folder / "tenants"),
        "ADUAN_SECRETS_DIR": str(secrets),
        "ADUAN_FILES_URL": (folder / "files").as_uri(),
        "ADUAN_PORTAL_PORT": str(port),
        "ADUAN_LOG_LEVEL": "WARNING",
    }
    with side(given.directory / "hooks.log") as processes:
        processes.start("provider", ["-m", "cli.providers", "--port", str(provider), "--serve"], {})
        processes.serve(("portal", "intake"), environment)
        processes.serve(("routing", "sla", "notify", "reporting", "channels"), environment)
        _await(processes, port)
        yield f"http://127.0.0.1:{port}/hooks/v1/{TENANT}/whatsapp", url


def _await(processes: Side, port: int) -> None:
    def is_there() -> bool:
        processes.check()
        return answers("127.0.0.1", port)

    eventually(is_there, within=90.0, every=0.1)


def _ask(url: str, statement: str, values: Sequence[object] = ()) -> tuple[Any, ...]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(statement, values or None)
        return tuple(cursor.fetchone() or ())
