"""The compose file's topology as processes of this machine: every service by ``aduan serve``, on a real broker."""

import base64
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import requests

from shared.application.bootstrap import bootstrap
from shared.application.service_roles import opens_sealed
from shared.base.services import SERVICES
from shared.platform.secret import new_secret
from shared.platform.settings import Settings
from tests.fixtures.rabbitmq import dying_with_us
from tests.fixtures.waiting import eventually, free_ports, patience
from tests.journey.installation import Api
from tests.tamper.logins import as_login, login_of

APART = (*SERVICES, "routing", "portal")
"""A process for each service, two of routing: its instances share one queue."""
FEW = ("routing sla notify reporting", "portal intake")
"""Two processes for all, as the compose file's other profile has them."""

READY_SECONDS = 90.0
LEAVE_SECONDS = 30.0


@dataclass
class Member:
    """One process.

    :param name: the services in it, with blanks between.
    :param port: of its health pages; the portal's own for the portal.
    """

    name: str
    port: int
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it, without waiting."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                dying_with_us(self.command), env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def page(self, path: str) -> requests.Response | None:
        """One of its health pages; none if it does not answer."""
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/{path}", timeout=5)
        except requests.RequestException:
            return None

    def ready(self) -> bool:
        """Whether it says that it can do its work."""
        page = self.page("readyz")
        return page is not None and page.ok

    def comes(self) -> bool:
        """The same, of one that was started.

        :raises AssertionError: if it has ended, with the end of its log.
        """
        assert self.runs, f"{self.name} has ended:\n{self.tail()}"
        return self.ready()

    def leads(self) -> bool:
        """Whether it is the one that publishes the log."""
        page = self.page("metrics")
        return page is not None and "aduan_relay_leads 1.0" in page.text

    def tell(self, how: signal.Signals) -> None:
        """Send it a signal, if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)

    def left(self, within: float = LEAVE_SECONDS) -> int:
        """Wait until it is gone.

        :param within: seconds, on a machine that has time for us; later it is killed.
        :returns: its exit status.
        :raises AssertionError: if it had to be killed.
        """
        assert self.process is not None
        try:
            return self.process.wait(patience(within))
        except subprocess.TimeoutExpired as late:
            had = sum(psutil.Process(self.process.pid).cpu_times()[:2])
            self.process.kill()
            self.process.wait()
            raise AssertionError(
                f"{self.name} did not leave in {late.timeout:.0f} s, with {had:.1f} s of a processor:\n{self.tail()}"
            ) from None

    def said(self) -> str:
        """Its log."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def tail(self) -> str:
        """The end of its log, but for being asked how it is."""
        return "\n".join(line for line in self.said().splitlines() if '"/readyz"' not in line)[-6000:]


@dataclass
class ProcessCluster:
    """All processes of an installation."""

    members: list[Member]
    api: Api
    database_url: str
    broker_url: str
    settings: Settings
    environment: dict[str, str] = field(repr=False)

    def of(self, name: str) -> list[Member]:
        """The processes in which a service runs."""
        return [member for member in self.members if name in member.name.split()]

    def wait_ready(self) -> None:
        """Wait until all are ready."""
        for member in self.members:
            try:
                eventually(member.comes, within=READY_SECONDS, every=0.1)
            except AssertionError:
                page = member.page("readyz")
                said = "nothing" if page is None else page.text
                raise AssertionError(f"{member.name} is not ready, says {said}:\n{member.tail()}") from None

    def revive(self) -> None:
        """Start what does not run, and wait until all are ready."""
        for member in self.members:
            if not member.runs:
                member.start()
        self.wait_ready()

    def aduan(self, *arguments: str) -> str:
        """Run a command as an operator does; what it prints.

        :raises AssertionError: if its status is not 0.
        """
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=patience(120),
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _admit(environment: dict[str, str]) -> None:
    """As ``aduan migrate`` does: services without a right to keys cannot make the master key known."""
    settings = Settings.from_environment({k: v for k, v in environment.items() if k.startswith("ADUAN_")})
    runtime = bootstrap(settings, role=None)
    with closing(runtime.database):
        runtime.vault.admit()


@contextmanager
def cluster(
    database_url: str,
    broker_url: str,
    place: Path,
    sets: Sequence[str] = APART,
    master_key: str = "",
    *,
    logins: bool = False,
    **more: str,
) -> Iterator[ProcessCluster]:
    """Run every service; all processes are stopped by their ids afterwards.

    :param database_url: a migrated database.
    :param place: for logs and the outbox.
    :param master_key: a new one unless given.
    :param more: settings.
    :param logins: whether each process has the login of its services, which are there; else all have the one given.
    """
    ports = free_ports(len(sets))
    common = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ADUAN_")},
        "ADUAN_DATABASE_URL": database_url,
        "ADUAN_BROKER_URL": broker_url,
        "ADUAN_MASTER_KEY": master_key or new_secret(),
        "ADUAN_DATA_DIR": str(place),
        "ADUAN_POOL_SIZE": "6",
        "ADUAN_TICK_MS": "50",
        **more,
    }
    if logins:
        _admit(common)
    settings = Settings.from_environment({k: v for k, v in common.items() if k.startswith("ADUAN_")})
    members = []
    for number, (name, port) in enumerate(zip(sets, ports, strict=True)):
        services = name.split()
        own = {"ADUAN_HEALTH_PORT": str(port)}
        if "portal" in services:
            own = {"ADUAN_PORTAL_PORT": str(port), "ADUAN_HEALTH_PORT": "0"}
        if not any(map(opens_sealed, services)):
            own |= {"ADUAN_MASTER_KEY": "", "ADUAN_CALLS_KEY": base64.b64encode(settings.calls_keys[0]).decode()}
        if logins:
            own["ADUAN_DATABASE_URL"] = as_login(database_url, login_of(services))
        command = [sys.executable, "-m", "cli.main", "serve", *services]
        members.append(Member(name, port, command, {**common, **own}, place / f"{number}-{services[0]}.log"))
    api = Api(f"http://127.0.0.1:{ports[-1]}", settings.token_key)
    running = ProcessCluster(members, api, database_url, broker_url, settings, common)
    try:
        for member in members:
            member.start()
        running.wait_ready()
        yield running
    finally:
        for member in members:
            member.tell(signal.SIGTERM)
        for member in members:
            member.left()
