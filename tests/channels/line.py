"""An installation with its channels, on a real database and over real HTTP: only the broker is left out."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from werkzeug.serving import make_server

from channels.conversing import House
from channels.polling import Polling
from channels.working import tick
from cli.doors import ask
from portal.app import create_app
from portal.rpc_gateway import RpcGateway
from services.notify import planning, sending, talking
from services.routing.commands import act
from shared.application.bootstrap import bootstrap
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.clock import SimulatedClock
from shared.base.randomness import SeededRandomness
from shared.base.services import ServiceName
from shared.channels.installed import channels_of
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.events import DossierEvent
from shared.domain.sop import engine
from shared.platform.secret import new_secret
from shared.platform.settings import PROJECT, Settings
from shared.store.eventstore.reading import RecordedEvent
from tests.fixtures.log import settled_after
from tests.fixtures.usual import usual

_JAKARTA: Final = ZoneInfo("Asia/Jakarta")


def _last_morning() -> datetime:
    """The last ten o'clock of the governments: what is sent at which hour must not depend on when the tests run."""
    now = datetime.now(_JAKARTA)
    morning = now.replace(hour=10, minute=0, second=0, microsecond=0)
    return (morning if morning <= now else morning - timedelta(days=1)).astimezone(UTC)


_TO_SAY = "SELECT count(*) FROM notify.talks WHERE state IN ('planned', 'unknown')"


class Line:
    """One installation.

    :param folder: with ``tenants``, ``secrets`` and what the installation writes.
    :ivar app: its portal.
    """

    app: Flask

    def __init__(self, database_url: str, folder: Path, port: int, smtp_url: str = "") -> None:
        self.clock = SimulatedClock(_last_morning())
        settings = Settings(
            database_url=database_url,
            broker_url="memory://",
            given_master_key=new_secret(SeededRandomness("master")),
            data_dir=folder / "data",
            tenants_dir=folder / "tenants",
            secrets_dir=str(folder / "secrets"),
            files_url=(folder / "files").as_uri(),
            public_url=f"http://127.0.0.1:{port}",
            embedded=False,
            smtp_url=smtp_url,
            mail_from="surat@aduan.example",
        )
        self.runtime: Runtime = bootstrap(settings, clock=self.clock)
        self.house = House(self.runtime, channels_of(self.runtime), self._ask)
        self.seen = 0
        self.address = f"http://127.0.0.1:{port}"

    def _ask(self, service: ServiceName, method: str, **arguments: Any) -> Any:
        return ask(self.runtime, service, method, **arguments)

    def works(self) -> None:
        """Everything that is due is done: conversations, letters, reports, until nothing is left."""
        self.settled()
        quiet = 0
        for _ in range(60):
            did = tick(self.house)
            waiting = self.rows(_TO_SAY)
            talking.tick(self.runtime, sending.carriers_of(self.runtime))
            did = waiting != self.rows(_TO_SAY) or did
            events = self.news()
            planning.apply(self.runtime, events)
            did = sending.tick(self.runtime) > 0 or bool(events) or did
            self.settled()
            quiet = 0 if did else quiet + 1
            if quiet == 3:  # what was put off may have come due
                return
        raise AssertionError("it never comes to rest")

    def settled(self) -> None:
        """Real time has passed: what came has settled, what waits for the machine's clock may go on."""
        for statement in (
            "UPDATE channels.heard SET received_at = received_at - interval '1 minute' WHERE state = 'new'",
            "UPDATE channels.heard SET next_attempt_at = next_attempt_at - interval '1 hour' WHERE state = 'new'",
            "UPDATE notify.talks SET next_attempt_at = next_attempt_at - interval '1 minute' WHERE state = 'planned'",
            "UPDATE notify.messages SET leased_until = NULL WHERE lease IS NULL AND leased_until IS NOT NULL",
        ):
            self.rows(statement)

    def fetches(self) -> int:
        """Every mailbox is looked into until nothing is left; how often."""
        for times in range(1, 50):
            if not Polling(self.runtime).tick(self.house):
                return times
        raise AssertionError("it never ends")

    def forward_to_office(self, dossier: UUID) -> None:
        """The coordinator disposes it, and each desk of Cilacap's agency passes it on to who answers it."""
        self.act(dossier, "dispose", agency="dpupr")
        for _ in range(4):
            self.act(dossier, "forward")

    def become_shell(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Commands are given this installation, as by its administrator's shell."""
        settings = self.runtime.settings
        for name, value in (
            ("ADUAN_DATABASE_URL", settings.database_url),
            ("ADUAN_BROKER_URL", settings.broker_url),
            ("ADUAN_MASTER_KEY", settings.given_master_key),
            ("ADUAN_TENANTS_DIR", str(settings.tenants_dir)),
            ("ADUAN_SECRETS_DIR", settings.secrets_dir),
            ("ADUAN_PUBLIC_URL", settings.public_url),
            ("ADUAN_SMTP_URL", settings.smtp_url),
            ("ADUAN_MAIL_FROM", settings.mail_from),
        ):
            monkeypatch.setenv(name, value)

    def later(self, **span: float) -> None:
        """The installation's time passes."""
        self.clock.move_to(self.clock.now() + timedelta(**span))

    def news(self) -> list[RecordedEvent]:
        """What was appended since this was last asked."""
        with self.runtime.database.autocommit() as cursor:
            events = settled_after(cursor, self.seen)
        self.seen = events[-1].position if events else self.seen
        return events

    def dossiers(self) -> list[UUID]:
        """Everything that was filed, in its order."""
        found = self.rows("SELECT dossier FROM eventstore.events WHERE type = 'ComplaintFiled' ORDER BY position")
        return [row[0] for row in found]

    def history(self, dossier: UUID) -> list[DossierEvent]:
        """All that happened to a dossier."""
        return self.runtime.dossiers("notify").history(dossier)

    def types(self, dossier: UUID) -> list[str]:
        """The types of its events."""
        return [event.type for event in self.history(dossier)]

    def act(self, dossier_id: UUID, name: str, **fields: Any) -> None:
        """Do an officer's action as the one who may."""
        dossier = self.runtime.dossiers("routing").load(dossier_id)
        sop = self.runtime.tenants.get(dossier.tenant).sop_of(dossier.sop_version)
        action = engine.find_action(sop, dossier.step, name)
        caller = Caller(dossier.tenant, engine.holder_of(sop, dossier.step or "", action), dossier.agency, "officer")
        fields = {**usual(sop, dossier, caller.actor, name), **fields}
        act(self.runtime, caller, dossier.tenant, dossier_id, name, fields, Cause(correlation_id="test"))

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Any question to the database."""
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []


class Door:
    """The calls of one service, without a broker in between."""

    def __init__(self, runtime: Runtime, service: ServiceName) -> None:
        self._runtime, self._service = runtime, service

    def __getattr__(self, method: str) -> Any:
        return partial(ask, self._runtime, self._service, method)


@dataclass(frozen=True)
class Doors:
    """Those of all services."""

    runtime: Runtime

    def __getitem__(self, service: ServiceName) -> Door:
        return Door(self.runtime, service)


@contextmanager
def line(
    database_url: str,
    folder: Path,
    books: dict[str, str],
    secrets: dict[str, str],
    smtp_url: str = "",
    agencies: dict[str, tuple[str, str]] | None = None,
) -> Iterator[Line]:
    """An installation that listens.

    :param books: the ``channels.yaml`` of each government that has one.
    :param secrets: what each file of secrets holds, by its name.
    :param smtp_url: of the mail server; letters lie in the outbox without one.
    :param agencies: what is written otherwise in a government's ``agencies.yaml``: what stands there, and what instead.
    """
    _copied(PROJECT / "tenants", folder / "tenants")
    for book in (folder / "tenants").glob("*/channels.yaml"):
        book.unlink()
    for tenant, book_text in books.items():
        (folder / "tenants" / tenant / "channels.yaml").write_text(book_text)
    for tenant, (former, instead) in (agencies or {}).items():
        file = folder / "tenants" / tenant / "agencies.yaml"
        assert former in file.read_text()
        file.write_text(file.read_text().replace(former, instead))
    (folder / "secrets").mkdir(mode=0o700)
    for name, secret in secrets.items():
        file = folder / "secrets" / name
        file.write_text(secret)
        file.chmod(0o600)
    listener = socket.create_server(("127.0.0.1", 0))  # the port is told to others before it is served: it is kept
    port = listener.getsockname()[1]
    made = Line(database_url, folder, port, smtp_url)
    made.app = create_app(RpcGateway(Doors(made.runtime)), made.runtime)  # type: ignore[arg-type]  # without a broker
    server = make_server("127.0.0.1", port, made.app, threaded=True, fd=listener.fileno())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        listener.close()
        made.runtime.database.close()


def _copied(tenants: Path, to: Path) -> None:
    """Governments' folders to be written in; what all of them share is read only, and lies where it lay."""
    to.mkdir()
    for each in tenants.iterdir():
        if each.name.startswith("_"):
            (to / each.name).symlink_to(each)
        elif each.is_dir():
            shutil.copytree(each, to / each.name)
