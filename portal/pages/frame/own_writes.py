"""What a browser wrote a moment ago, carried by it from one portal to another: of several, the one that shows the next
page did not see the write, and waits for it likewise.
"""

from datetime import timedelta
from typing import Final

from flask import Response, g, request

from portal.access import tenant
from portal.pages.frame.cookies import SealedCookie
from portal.parts import parts

COOKIE: Final = SealedCookie("__Host-tulis", timedelta(seconds=30))
"""Holds the government and the position in its log. Projections follow within milliseconds: after that time it is of no
use.
"""


def note(tenant_id: str, position: int) -> None:
    """The present request has written this."""
    g.wrote = {"tenant": tenant_id, "position": position}


def tell() -> None:
    """Before a page: what its reader wrote is waited for here too, where it was written by another portal."""
    said = COOKIE.read()
    if said is not None and request.view_args and said["tenant"] == tenant().id:
        parts().freshness.heard(said["tenant"], said["position"])


def keep(response: Response) -> Response:
    """Let the browser carry what the present request has written, if anything."""
    wrote = g.get("wrote")
    if wrote is not None:
        COOKIE.write(response, wrote)
    return response
