"""One id per request: in its log lines, in the events that it causes, in its answer."""

import logging
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any, Final, cast

from flask import request

from shared.base.correlation import correlation_id
from shared.base.randomness import Randomness
from shared.platform import tracing
from shared.platform.logging import bound

HEADER: Final = "X-Request-ID"
_KEY: Final = "aduan.request_id"
_ABOUT_US: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds, and never worth a trace."""

_log = logging.getLogger(__name__)

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


def correlated(app: WsgiApp, randomness: Randomness) -> WsgiApp:
    """The application with an id for every request.

    The client's own id is kept if it is a UUID: nothing else may come from outside into the log.
    """

    def respond(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        chosen = correlation_id(environ.get("HTTP_X_REQUEST_ID"), randomness)
        environ[_KEY] = chosen
        watched = environ.get("PATH_INFO") in _ABOUT_US
        with bound(correlation_id=chosen), nullcontext() if watched else tracing.request("request", chosen):
            try:
                return app(environ, start)
            except Exception:
                _log.exception("an error could not even be answered")
                raise

    return respond


def request_id() -> str:
    """The id of the present request."""
    return cast("str", request.environ[_KEY])
