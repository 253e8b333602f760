"""Forms are taken from our own pages only.

Each browser has a random cookie, and each form carries a token made from it: whoever can write a form elsewhere knows
neither. Browsers that tell where a form comes from are believed besides.
"""

import base64
import hashlib
import hmac
from typing import Final
from urllib.parse import urlsplit

from flask import Response, g, request

from portal.pages.frame.cookies import derived_key
from portal.parts import parts
from shared.base.errors import Forbidden
from shared.platform.own_machine import is_own_machine

FIELD: Final = "tanda"
COOKIE: Final = "__Host-sapa"

_BYTES: Final = 18


class Foreign(Forbidden):
    """The form was not ours, or is too old."""


def token() -> str:
    """The token for a form of this page, the same for all of them."""
    held = _browser()
    if g.get("form_token", ("", ""))[0] != held:
        g.form_token = (held, _token(held))
    made: str = g.form_token[1]
    return made


def check() -> None:
    """Refuse a form that is not from a page of ours.

    :raises Foreign: ``foreign_form``; ``tls_needed`` where the browser could not keep the cookie at all.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Foreign("foreign_form")
    held = request.cookies.get(COOKIE, "")
    if not held and not request.is_secure and not _this_machine():
        raise Foreign("tls_needed")
    given = request.form.get(FIELD, "")
    if not held or not given.isascii() or not hmac.compare_digest(_token(held), given):
        raise Foreign("foreign_form")


def keep(response: Response) -> Response:
    """Give the browser its cookie, if a form of this page needs it."""
    fresh = g.get("browser")
    if fresh is not None and fresh != request.cookies.get(COOKIE):
        response.set_cookie(COOKIE, fresh, secure=True, httponly=True, samesite="Lax", path="/")
    return response


def renew() -> None:
    """Begin anew, as after a log-in: forms of before are no longer taken."""
    g.browser = _random()


def _this_machine() -> bool:
    """Whether a browser takes cookies that are for TLS without it: from its own machine only."""
    try:
        return is_own_machine(urlsplit(f"//{request.host}").hostname or "")
    except ValueError:  # no host is called so
        return False


def _browser() -> str:
    if "browser" not in g:
        g.browser = request.cookies.get(COOKIE) or _random()
    held: str = g.browser
    return held


def _random() -> str:
    return base64.urlsafe_b64encode(parts().runtime.randomness.bytes(_BYTES)).decode()


def _token(browser: str) -> str:
    digest = hmac.digest(derived_key("forms"), browser.encode("utf-8", "replace"), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
