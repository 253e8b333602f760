"""What happens around every request: its line in the log, its figure in the metrics, the headers of its answer."""

import logging
import time
from typing import Final

from flask import Flask, Response, g, request

from portal.correlation import HEADER, request_id
from portal.problems import route
from shared.platform import tracing
from shared.platform.metrics import HTTP_SECONDS

_log = logging.getLogger(__name__)

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A tracking code stands in the address: it must not travel on to where a link leads.
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def register(app: Flask) -> None:
    """Watch over this application's requests."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    own = {name.lower() for name, _ in response.headers}
    response.headers.extend([(name, value) for name, value in _HEADERS.items() if name.lower() not in own])
    response.headers[HEADER] = request_id()
    seconds = time.perf_counter() - g.began
    method = request.method if request.method in _METHODS else "other"
    HTTP_SECONDS.labels(route(), method, str(response.status_code)).observe(seconds)
    tracing.named(
        f"{method} {route()}",
        {"http.request.method": method, "http.route": route(), "http.response.status_code": response.status_code},
    )
    # The pattern, never the address or its query: tickets and tracking codes stand there.
    _log.info(
        "request",
        extra={
            "route": route(),
            "method": method,
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
        },
    )
    return response
