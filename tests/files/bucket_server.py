"""An object store of the simplest kind, over HTTP: what the S3 client sends and expects, kept in memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_LISTED = "<Contents><Key>{}</Key><LastModified>2026-10-05T01:00:00.000Z</LastModified><Size>{}</Size></Contents>"


class _Handler(BaseHTTPRequestHandler):
    objects: dict[str, bytes]
    breaking: list[str]

    def do_PUT(self) -> None:
        """Keep an object; the client sends it in chunks with signatures, or as it is."""
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size)
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            body = _unchunked(body)
        self.objects[self._key] = body
        self._answer(200)

    def do_GET(self) -> None:
        """An object, or the list of those that begin with a prefix."""
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            prefix = query.get("prefix", [""])[0]
            found = sorted((key, len(body)) for key, body in self.objects.items() if key.startswith(prefix))
            listed = "".join(_LISTED.format(escape(key), size) for key, size in found)
            self._answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{listed}</ListBucketResult>".encode())
        elif self._key in self.objects:
            self._answer(200, self.objects[self._key], more=1000 if self._key in self.breaking else 0)
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_DELETE(self) -> None:
        """Forget an object."""
        self.objects.pop(self._key, None)
        self._answer(204)

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path.split("/", 2)[-1])

    def _answer(self, status: int, body: bytes = b"", more: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) + more))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _unchunked(body: bytes) -> bytes:
    whole = bytearray()
    while body:
        head, _, rest = body.partition(b"\r\n")
        size = int(head.split(b";")[0], 16)
        if not size:
            break
        whole += rest[:size]
        body = rest[size + 2 :]
    return bytes(whole)


@contextmanager
def bucket_server(*breaking: str) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The address of a store, and what is in it.

    :param breaking: keys of which the end never comes.
    """
    objects: dict[str, bytes] = {}
    handler = type("Handler", (_Handler,), {"objects": objects, "breaking": [*breaking]})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", objects
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
