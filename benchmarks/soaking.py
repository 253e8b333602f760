"""Who keeps an installation busy in a soak, and who restarts its parts."""

import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import requests

from shared.platform.database.embedded_postgres import EmbeddedPostgres
from tests.fixtures.rabbitmq import RabbitMQ
from tests.processes.cluster import Member, ProcessCluster

TENANT: Final = "cilacap"

_COMPLAINT: Final[dict[str, Any]] = {
    "message": "Lampu jalan di depan balai desa Hanum mati sejak hari Senin.",
    "reporter": {"name": "Agus Santoso", "address": "RT 01/RW 02 Hanum", "email": "agus@warga.example"},
    "category": "PERHUBUNGAN",
}
_ASK_AGAIN_SECONDS: Final = 0.5
_ANSWER_SECONDS: Final = 30.0
_COME_AGAIN: Final = 503
_GIVE_UP_SECONDS: Final = 120.0


class Filer:
    """Files complaints by HTTP; each is asked again under its key until it is answered.

    :param address: the portal's.
    :param clients: at once.
    :param per_second: of all of them together; as many as they can unless given.
    """

    def __init__(self, address: str, clients: int, per_second: float | None = None) -> None:
        self.turn_to(address)
        self._clients = clients
        self._every = None if per_second is None else clients / max(per_second, 0.1)
        self._stop = threading.Event()
        self.ids: list[str] = []
        """The dossiers of those that were answered."""
        self._samples: list[float] = []
        self.refused = 0
        """Complaints that were answered with anything but a receipt or "come again", or, in the end, not at all."""
        self.told_to_come_again = 0
        """How often somebody was, or was not answered at all."""

    def turn_to(self, address: str) -> None:
        """File at another portal from now on."""
        self._url = f"{address}/api/v1/{TENANT}/complaints"

    def samples_so_far(self) -> list[float]:
        """Milliseconds until each was answered, with all that was asked again."""
        return list(self._samples)

    @contextmanager
    def filing(self) -> Iterator[None]:
        """They file during the block; what was begun is finished."""
        threads = [threading.Thread(target=self._file) for _ in range(self._clients)]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            self._stop.set()
            for each in threads:
                each.join()

    def _file(self) -> None:
        session = requests.Session()
        session.trust_env = False
        due = time.monotonic()
        while not self._stop.is_set():
            self._one(session, uuid.uuid4().hex)
            if self._every is not None:
                due += self._every
                due = max(
                    due, time.monotonic()
                )  # what could not be filed in time is not made up for: half load stays half
                self._stop.wait(due - time.monotonic())

    def _one(self, session: requests.Session, key: str) -> None:
        began = time.monotonic()
        while not (self._stop.is_set() and time.monotonic() - began > _GIVE_UP_SECONDS):
            try:
                answer = session.post(
                    self._url, json=_COMPLAINT, headers={"Idempotency-Key": key}, timeout=_ANSWER_SECONDS
                )
            except requests.RequestException:
                self.told_to_come_again += 1
                time.sleep(_ASK_AGAIN_SECONDS)
                continue
            if answer.ok:
                self._samples.append(1000 * (time.monotonic() - began))
                self.ids.append(answer.json()["id"])
                return
            if answer.status_code != _COME_AGAIN:
                self.refused += 1
                return
            self.told_to_come_again += 1
            time.sleep(_ASK_AGAIN_SECONDS)
        self.refused += 1


@dataclass(frozen=True)
class Restarted:
    """A part that was restarted.

    :param seconds: from when it was told to stop until everything was ready again.
    """

    name: str
    seconds: float


def named(members: Sequence[Member]) -> dict[str, Member]:
    """Processes by name; the second of a service is called so."""
    found: dict[str, Member] = {}
    for member in members:
        many = sum(each.name == member.name for each in found.values())
        found[f"{member.name} {many + 1}" if many else member.name] = member
    return found


def restart_all(
    running: ProcessCluster,
    broker: RabbitMQ,
    database: EmbeddedPostgres,
    seconds: float,
    only: Sequence[str] | None = None,
) -> list[Restarted]:
    """Restart every process, the broker and the database, one after the other, spread over a time.

    :param seconds: in which all of it is to be done, if that can be.
    :param only: of these names.
    :raises AssertionError: if a part does not leave, or not everything gets ready again.
    """

    def process(member: Member) -> Callable[[], None]:
        def restart() -> None:
            member.tell(signal.SIGTERM)
            member.left()
            member.start()

        return restart

    def restart_database() -> None:
        database.stop()
        database.start()

    parts = {name: process(member) for name, member in named(running.members).items()}
    parts |= {"RabbitMQ": broker.restart, "PostgreSQL": restart_database}
    if only is not None:
        parts = {name: restart for name, restart in parts.items() if name in only}
    begun, done = time.monotonic(), []
    for number, (name, restart) in enumerate(parts.items()):
        time.sleep(max(0.0, begun + (number + 0.5) * seconds / len(parts) - time.monotonic()))
        told = time.monotonic()
        restart()
        running.wait_ready()
        done.append(Restarted(name, time.monotonic() - told))
    return done
