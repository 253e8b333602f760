"""Who may hold a connection: one client, however many it opens, keeps nobody else out.

A connection *waits* until a whole request has come over it: for its first byte, for its header, for its body, or for
the next request. Waiting is cheap to begin and costs the client nothing, so those who wait make room: when one address
has too many waiting, or all together are too many, the one that has waited longest is closed, and the newcomer is let
in. Who sends requests promptly never notices. What works on a request is never cut off; one address may have so many
requests under way at once.
"""

import errno
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, Final

from eventlet import greenio

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MOST_WAITING: Final = 100
"""Connections of one address that wait."""
MOST_WORKING: Final = 50
"""Requests of one address under way at once."""

STREAMS: Final = "aduan.streams"
"""The key in a request's environment of what to call once its answer is a stream, which may last for hours."""

_NO_MORE: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_PAUSE_SECONDS: Final = 0.05


class Connection:
    """One connection, from when it is accepted.

    :ivar client: whose it is: the peer's address, or, behind a trusted proxy, the one that the proxy names.
    """

    def __init__(self, held: "Connections", key: Any, socket: Any, client: str) -> None:
        self._held = held
        self.key = key
        self.socket = socket
        self.client = client

    @property
    def ended(self) -> bool:
        """Whether it was closed to make room."""
        return self._held.of(self.key) is not self

    @property
    def may_work(self) -> bool:
        """Whether its client has not too many requests under way already."""
        return self._held.may_work(self)

    def waits(self) -> None:
        """For a request, or for the rest of one."""
        self._held.waits(self)

    def works(self) -> None:
        """A whole request has come: until it is answered nobody closes the connection."""
        self._held.works(self)

    def streams(self) -> None:
        """Its answer goes on and on: its client may have as many other requests under way as before."""
        self._held.streams(self)

    def named(self, forwarded: str | None) -> None:
        """A request's header has come; the proxy before us may have named its client."""
        self.client = self._held.client_of(str(self.key[0]), forwarded)


class Connections:
    """All connections of the web server.

    :param most: connections in all.
    :param trusted: the proxies that name the clients for whom they ask; nobody is believed but them.
    :param close: ends a connection; whoever reads from it finds its end.
    """

    def __init__(
        self,
        most: int,
        trusted: Iterable[Network] = (),
        close: Callable[[Any], object] = greenio.shutdown_safe,
        *,
        most_waiting: int = MOST_WAITING,
        most_working: int = MOST_WORKING,
    ) -> None:
        self._most = most
        self._trusted = tuple(trusted)
        self._close = close
        self._most_waiting = most_waiting
        self._most_working = most_working
        self._open: dict[Any, Connection] = {}
        self._waiting: dict[str, OrderedDict[Any, Connection]] = {}
        self._working: dict[Any, str] = {}
        self.closed = 0

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, socket: Any, key: Any) -> Connection | None:
        """Let a newcomer in, and close who has waited too long if need be; none if everybody in here is at work.

        :param key: its address and port.
        """
        peer = self.client_of(str(key[0]), None)
        if len(self._open) >= self._most and not self.make_room():
            return None
        if not self._is_trusted(peer) and len(self._waiting.get(peer, ())) >= self._most_waiting:
            self._end_longest(peer)
        made = Connection(self, key, socket, peer)
        self._open[key] = made
        self.waits(made)
        return made

    def of(self, key: Any) -> Connection | None:
        """The connection of an address and port, if it is open and was not closed to make room."""
        return self._open.get(key)

    def leave(self, one: Connection) -> None:
        """It has ended. Its client may have come again from the same port meanwhile: that one stays."""
        if self._open.get(one.key) is one:
            self._forget(one.key)
            del self._open[one.key]

    def end_waiting(self) -> None:
        """Close all who wait: the server takes no more requests."""
        for client in list(self._waiting):
            while client in self._waiting:
                self._end_longest(client)

    def waits(self, one: Connection) -> None:
        """See :meth:`Connection.waits`."""
        if self._open.get(one.key) is one:
            self._forget(one.key)
            # By its peer: before a header has come nobody knows for whom a proxy asks.
            self._waiting.setdefault(str(one.key[0]), OrderedDict())[one.key] = one

    def works(self, one: Connection) -> None:
        """See :meth:`Connection.works`."""
        if self._open.get(one.key) is one:
            self._forget(one.key)
            self._working[one.key] = one.client

    def streams(self, one: Connection) -> None:
        """See :meth:`Connection.streams`. How many there are is bounded by whoever streams."""
        if self._open.get(one.key) is one:
            self._forget(one.key)

    def may_work(self, one: Connection) -> bool:
        """See :attr:`Connection.may_work`. A proxy that names no client asks for many."""
        under_way = sum(client == one.client for client in self._working.values())
        return under_way < self._most_working or self._is_trusted(one.client)

    def client_of(self, peer: str, forwarded: str | None) -> str:
        """For whom a peer asks: for itself, unless it is a trusted proxy and says so.

        :param forwarded: the header, nearest last. Of a chain of trusted proxies the first address that is none.
        """
        if forwarded is None or not self._is_trusted(peer):
            return peer
        client = peer
        for named in reversed(forwarded.split(",")):
            if _address(named.strip()) is None:
                return client
            client = named.strip()
            if not self._is_trusted(client):
                return client
        return client

    def _is_trusted(self, client: str) -> bool:
        address = _address(client) if self._trusted else None
        return address is not None and any(
            address.version == network.version and address in network for network in self._trusted
        )

    def make_room(self) -> bool:
        """Close who has waited longest of those of whom most wait; false if nobody waits."""
        if not self._waiting:
            return False
        self._end_longest(max(self._waiting, key=lambda client: len(self._waiting[client])))
        return True

    def _end_longest(self, client: str) -> None:
        one = next(iter(self._waiting[client].values()))
        self.leave(one)
        self.closed += 1
        self._close(one.socket)

    def _forget(self, key: Any) -> None:
        self._working.pop(key, None)
        peer = str(key[0])
        waiting = self._waiting.get(peer)
        if waiting is not None:
            waiting.pop(key, None)
            if not waiting:
                del self._waiting[peer]


class Door:
    """A listening socket that admits as :class:`Connections` says.

    :param socket: it.
    :param on_full: told when a newcomer had to be turned away.
    """

    _FULL: Final = (
        b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    )

    def __init__(self, socket: Any, connections: Connections, on_full: Callable[[], object]) -> None:
        self._socket = socket
        self._connections = connections
        self._on_full = on_full

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def accept(self) -> tuple[Any, Any]:
        """The next client that is let in."""
        while True:
            client, key = self._accept()
            if self._connections.admit(client, key) is not None:
                return client, key
            self._on_full()
            try:
                client.setblocking(False)
                client.send(self._FULL)
            except OSError:
                pass  # it does not even listen
            finally:
                client.close()

    def _accept(self) -> tuple[Any, Any]:
        while True:
            try:
                client, key = self._socket.accept()
            except OSError as error:
                if error.errno not in _NO_MORE:
                    raise
                self._on_full()
                self._connections.make_room()
                time.sleep(_PAUSE_SECONDS)
            else:
                return client, key


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
