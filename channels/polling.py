"""Looking into mailboxes: each by one process at a time, and what is found written down before the next is fetched."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import Final

from channels.conversing import House
from shared.application.runtime import Runtime
from shared.base.clock import SystemClock
from shared.channels.carrier import Maybe, Refused
from shared.channels.incoming import Incoming, Odd, Raw
from shared.channels.journal import understood
from shared.channels.polled import Polled
from shared.channels.secrets import SecretMissing
from shared.platform.database.locks import Lock, give_back, try_to_hold

log = logging.getLogger(__name__)

_LONGEST_PAUSE_SECONDS: Final = 300.0
_LISTEN_SECONDS: Final = 1200.0
_BETWEEN_SECONDS: Final = 2.0
"""People who sort their mails make news without end."""
_DEAF_SECONDS: Final = 60.0


@dataclass
class _Next:
    """When a mailbox is looked into, by the machine's own count of seconds.

    :param failed: how often in a row that could not be done.
    """

    at: float = 0.0
    failed: int = 0


def polling_of(runtime: Runtime) -> "Polling":
    """The process's, made once: it remembers when it looked into what."""
    return runtime.once(Polling)


@dataclass(frozen=True)
class Polling:
    """The mailboxes of a process's channels."""

    runtime: Runtime
    _next: dict[tuple[str, str], _Next] = field(default_factory=dict)
    _listening: dict[tuple[str, str], Thread] = field(default_factory=dict)

    def listen(self, house: House) -> None:
        """Have news of every mailbox heard as they come, where its server tells of them; begun once for each.

        A mailbox is then looked into at once; and every so often all the same, since news can be lost.
        """
        for tenant in house.runtime.tenants.ids():
            for spec in house.channels.book(tenant).channels:
                channel = house.channels.find(tenant, spec.id)
                if channel is None or channel.polled is None or (tenant, spec.id) in self._listening:
                    continue
                due = self._next.setdefault((tenant, spec.id), _Next())
                # A thread of the machine's, or a green one where the process has those; it holds no process up.
                ear = Thread(target=_hear, args=(channel.polled, due), daemon=True)
                self._listening[tenant, spec.id] = ear
                ear.start()

    def tick(self, house: House) -> bool:
        """Look into one that is due; whether there may be more to do at once.

        :raises psycopg2.Error: if the database fails; nothing is lost then.
        """
        for tenant in house.runtime.tenants.ids():
            for spec in house.channels.book(tenant).channels:
                channel = house.channels.find(tenant, spec.id)
                if channel is None or channel.polled is None or channel.incoming is None:
                    continue
                due = self._next.setdefault((tenant, spec.id), _Next())
                if due.at <= time.monotonic():
                    more = self._look(house, tenant, spec.id, channel.polled, channel.incoming, due)
                    return more or any(each.at <= time.monotonic() for each in self._next.values())
        return False

    def _look(self, house: House, tenant: str, channel: str, polled: Polled, incoming: Incoming, due: _Next) -> bool:
        due.at = time.monotonic() + polled.every.total_seconds()
        try:
            more = look(house, tenant, channel, polled, incoming)
        except (Refused, Maybe, SecretMissing) as error:
            pause = min(2.0 * 2 ** min(due.failed, 10), _LONGEST_PAUSE_SECONDS)
            due.failed, due.at = due.failed + 1, time.monotonic() + pause
            told = {"tenant": tenant, "channel": channel, "why": str(error.args[0])}
            log.warning("a mailbox cannot be looked into", extra=told)
            return False
        due.failed = 0
        if more:
            due.at = time.monotonic()
        return more


def _hear(polled: Polled, due: _Next) -> None:
    """Listen for as long as the process lives. What cannot be listened to is told by whoever looks into it."""

    def look_again() -> None:
        """For what came while nobody listened."""
        if not due.failed:  # else it is tried again at its own pace: servers lock out who knocks too often
            due.at = min(due.at, time.monotonic())

    deaf = 0.0
    while True:
        began = time.monotonic()
        try:
            told = polled.listen(_LISTEN_SECONDS, look_again)
        except (Refused, Maybe, SecretMissing):
            deaf = deaf_after(deaf, time.monotonic() - began)
            time.sleep(deaf)
            look_again()
            continue
        if told is None:
            return
        deaf = 0.0
        if told:
            due.at = time.monotonic()
        time.sleep(_BETWEEN_SECONDS)


def deaf_after(before: float, listened: float) -> float:
    """For how many seconds nobody listens after that has failed: longer each time in a row.

    :param before: for how many that was the last time; 0 if it has gone well since.
    :param listened: for how many it went well now. Many a network ends what has been still for some minutes.
    """
    if not before or listened > _DEAF_SECONDS:
        return _DEAF_SECONDS
    return min(before * 2, _LISTEN_SECONDS)


def look(house: House, tenant: str, channel: str, polled: Polled, incoming: Incoming) -> bool:
    """Look into a mailbox once, unless another process does; whether there is more in it.

    :raises Refused: as :meth:`shared.channels.polled.Polled.poll`, and the next two.
    :raises Maybe: likewise.
    :raises SecretMissing: if its password is not there.
    """
    runtime = house.runtime

    def take(items: Sequence[Raw], position: str) -> bool:
        read = [understood(incoming, raw) for raw in items]
        house.channels.journal.keep(tenant, channel, read, incoming, runtime.clock.now())
        with runtime.database.autocommit() as cursor:
            cursor.execute(
                """
                INSERT INTO channels.positions (tenant, channel, position) VALUES (%s, %s, %s)
                ON CONFLICT (tenant, channel) DO UPDATE SET position = excluded.position, at = excluded.at
                """,
                (tenant, channel, position),
            )
        return any(isinstance(what, Odd) and what.unread for _, what in read)

    with runtime.database.autocommit() as held:
        if not try_to_hold(held, Lock.POLLING, f"{tenant} {channel}"):
            return False
        try:
            held.execute(
                "SELECT position FROM channels.positions WHERE tenant = %s AND channel = %s", (tenant, channel)
            )
            known = held.fetchone()
            return polled.poll(known[0] if known else "", take, SystemClock().now())
        finally:
            give_back(held, Lock.POLLING, f"{tenant} {channel}")
