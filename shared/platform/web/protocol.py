"""HTTP over one connection, in bounded time: a client that sends slowly, or not at all, is left.

eventlet's own handler waits for each piece of a request for as long as pieces come, and writes refused request lines to
standard error, which hold tracking codes.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from http import HTTPStatus
from typing import Any, Final

import eventlet
from eventlet import wsgi
from werkzeug.exceptions import RequestTimeout

from shared.platform.web.connections import STREAMS, Connection, Connections
from shared.platform.web.last_look import LastLook

FIRST_SECONDS: Final = 10.0
"""How long a new connection may stay silent."""
IDLE_SECONDS: Final = 60.0
"""How long a connection may wait for its next request."""
HEADER_SECONDS: Final = 10.0
"""How long a request's line and header may take, from the first byte to the last."""
BODY_SECONDS: Final = 30.0
"""How long a request's body may take."""
BUSY: Final = "aduan.busy"
"""The key in a request's environment that says that its client has too many others under way."""

LONGEST_LINE: Final = 8192

Unread = Callable[[int], bytes]
"""The whole answer, by its status, to a request whose line or header could not be read."""


def bare(status: int) -> bytes:
    """An answer that says its status only."""
    phrase = HTTPStatus(status).phrase
    return f"HTTP/1.1 {status} {phrase}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode("ascii")


class TooSlow(RequestTimeout):
    """A body that was not sent in time: to Flask an answer of 408."""


class Protocol(wsgi.HttpProtocol):
    """One connection.

    :param connections: among all others.
    :param unread: what is answered to what cannot be read.
    """

    def __init__(self, connections: Connections, unread: Unread, state: Any, server: Any) -> None:
        self._connections = connections
        self._unread = unread
        self._mine: Connection | None = connections.of(state[0])
        self._silence = FIRST_SECONDS
        self._header: Any = None
        try:
            super().__init__(state, server)
        finally:
            if self._mine is not None:
                connections.leave(self._mine)

    def log_message(self, *_: object) -> None:
        """Say nothing: a request line holds tracking codes."""

    def handle(self) -> None:
        """Answer requests until the connection ends. Our headers are well written: to do it anew costs each answer."""
        self.capitalize_response_headers = False
        super().handle()

    def handle_one_request(self) -> None:
        """Wait for a request, read it and answer it."""
        if self._mine is None or not self._begins(self._mine):
            self.close_connection = True
            return
        self._header = LastLook(HEADER_SECONDS)
        try:
            super().handle_one_request()
        except eventlet.Timeout as late:
            if late is not self._header:
                raise
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        except TooSlow:
            self.close_connection = True  # it was answered before its body had come, and the rest never came
        finally:
            self._header.cancel()
        self._silence = IDLE_SECONDS

    def parse_request(self) -> bool:
        """Read the header; its time ends with it."""
        try:
            understood: bool = super().parse_request()
        except (wsgi.HeaderLineTooLong, wsgi.HeadersTooLarge):
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return False
        self._header.cancel()
        if understood and not _length_is_clear(self.headers):
            self._refuse(HTTPStatus.BAD_REQUEST)
            return False
        if self._mine is None or self._mine.ended:
            self.close_connection = True
            return False  # nobody would hear the answer
        return understood

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what cannot be read, in our own words: those of the library repeat what was sent."""
        del message, explain
        self._refuse(code)

    def finish(self) -> None:
        """Let go of the connection, whatever state it is in: a file left open would keep its socket."""
        for file in (self.wfile, self.rfile):
            with suppress(OSError, ValueError):
                file.close()
        super().finish()

    def get_environ(self) -> Any:
        """The request, as WSGI wants it; its body is read in bounded time."""
        environ = super().get_environ()
        mine, given = self._mine, environ["eventlet.input"]
        if mine is None:
            return environ
        mine.named(self.headers.get("X-Forwarded-For"))
        environ["REMOTE_ADDR"] = mine.client
        environ[BUSY] = not mine.may_work
        environ[STREAMS] = mine.streams
        if given.chunked_input or given.content_length:
            given.rfile = _Body(self, given, mine)
        else:
            mine.works()
        return environ

    def _begins(self, mine: Connection) -> bool:
        """Whether a first byte came in time."""
        mine.waits()
        try:
            with LastLook(self._silence, False):
                return not self.rfile.closed and bool(self.rfile.peek(1))
        except (OSError, ValueError):
            pass  # the client has gone
        return False

    def _read_request_line(self) -> Any:
        line = super()._read_request_line()
        if len(line) < LONGEST_LINE:
            return line
        self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)
        return ""

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        try:
            self.wfile.write(self._unread(status))
            self.wfile.flush()
        except OSError:
            pass  # it does not even listen


def _length_is_clear(headers: Message) -> bool:
    """Whether a body, if there is one, says in one way how long it is: else two readers would see two requests."""
    lengths = headers.get_all("Content-Length", [])
    plain = len(lengths) <= 1 and all(each.strip().isascii() and each.strip().isdigit() for each in lengths)
    coded = [each.strip().lower() for each in headers.get_all("Transfer-Encoding", [])]
    return plain and (not coded or (coded == ["chunked"] and not lengths))


class _Body:
    """What is read of a body, until its time is over.

    :param protocol: over which it comes; its connection is not used again if the body does not come in time.
    :param request: eventlet's account of what has been read.
    """

    def __init__(self, protocol: Protocol, request: Any, mine: Connection) -> None:
        self._protocol = protocol
        self._source = protocol.rfile
        self._request = request
        self._mine = mine
        self._until = time.monotonic() + BODY_SECONDS

    def read(self, most: int) -> bytes:
        """At most so many bytes."""
        data = self._within(self._source.read, most)
        if not self._request.chunked_input and self._request.position + len(data) >= self._request.content_length:
            self._mine.works()  # all of it is here
        return data

    def readline(self, most: int | None = None) -> bytes:
        """A line; of a chunk's header no more than it may have."""
        line = self._within(self._source.readline, LONGEST_LINE if most is None else most)
        if self._request.chunked_input and line.split(b";")[0].strip().strip(b"0") == b"" and line.strip():
            self._mine.works()  # the last chunk's
        return line

    def _within(self, read: Any, most: int) -> bytes:
        try:
            with LastLook(max(0.0, self._until - time.monotonic()), TooSlow()):
                data: bytes = read(most)
        except BaseException:
            self._protocol.close_connection = True
            raise
        return data
