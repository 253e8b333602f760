"""A receiver of OTLP over HTTP on the loopback interface: read as a collector reads what it is sent."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Told:
    """A span as it was sent.

    :param process: the service's name.
    """

    trace: str
    id: str
    parent: str
    name: str
    kind: int
    process: str
    attributes: dict[str, Any]


@dataclass
class Receiver:
    """What has come.

    :param bodies: as they were sent, unpacked.
    """

    address: str = ""
    bodies: list[bytes] = field(default_factory=list)

    def spans(self, trace: str = "") -> list[Told]:
        """The spans, of one trace or of all."""
        found = []
        for body in tuple(self.bodies):
            request = ExportTraceServiceRequest()
            request.ParseFromString(body)
            for resource in request.resource_spans:
                process = next(
                    each.value.string_value for each in resource.resource.attributes if each.key == "service.name"
                )
                for scope in resource.scope_spans:
                    found += [_told(span, process) for span in scope.spans]
        return [each for each in found if not trace or each.trace == trace]


def _told(span: Any, process: str) -> Told:
    attributes = {each.key: each.value.string_value or each.value.int_value for each in span.attributes}
    trace, own, parent = (each.hex() for each in (span.trace_id, span.span_id, span.parent_span_id))
    return Told(trace, own, parent, span.name, span.kind, process, attributes)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that runs during the block."""
    receiver = Receiver()

    class _Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpacked = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            assert self.path == "/v1/traces"
            receiver.bodies.append(unpacked)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        receiver.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
