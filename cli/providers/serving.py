"""A provider's HTTP server, on a port of this machine and of its own."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

LEAVING_SECONDS: Final = 0.05
"""How often a server looks whether it is to leave. Its process does other work as well, which each look holds up."""


class Handler(BaseHTTPRequestHandler, ABC):
    """What every provider's requests have in common; silent, since nobody reads a test's log of them."""

    content_type = ""
    """Of every answer; blank of a provider that does not tell."""

    @abstractmethod
    def asked(self) -> None:
        """Answer a GET."""

    @abstractmethod
    def posted(self, body: bytes) -> None:
        """Answer a POST."""

    def do_GET(self) -> None:
        """As the provider does."""
        self.asked()

    def do_POST(self) -> None:
        """As the provider does, with all that was posted."""
        self.posted(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, status: int, body: bytes, heads: Mapping[str, str] | None = None) -> None:
        """One answer.

        :param heads: more of them.
        """
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if self.content_type:
            self.send_header("Content-Type", self.content_type)
        for name, value in (heads or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def listening(handler: type[Handler], port: int = 0, **known: Any) -> Iterator[str]:
    """The server's address during the block.

    :param port: any that is free unless given.
    :param known: what its handlers know, by the name of their attribute.
    """
    with ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (handler,), known)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": LEAVING_SECONDS})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
