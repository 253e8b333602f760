"""Addresses read as they were written: ``%2F`` is a character of a ticket, not the border between two parts.

WSGI unquotes the address before it is taken apart. So a slash inside a ticket would lead to another route, or to none,
instead of to a ticket that does not exist.
"""

import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from portal.correlation import WsgiApp

_SLASH: Final = re.compile("%2f", re.IGNORECASE)
_RAW: Final = ("RAW_PATH_INFO", "RAW_URI")
"""Where the address lies as it came: with eventlet's server, and with others (and Flask's own client)."""


def slashes_kept(app: WsgiApp) -> WsgiApp:
    """The application, to which a quoted slash stays ``%2F``."""

    def respond(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        raw = next((str(environ[name]) for name in _RAW if name in environ), "").partition("?")[0]
        if raw.startswith("/") and _SLASH.search(raw):
            environ["PATH_INFO"] = unquote_to_bytes(_SLASH.sub("%252F", raw)).decode("latin-1")
        return app(environ, start)

    return respond
