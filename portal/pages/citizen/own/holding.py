"""Which citizen's account this browser is in: a random word in a cookie, whose visit is in the books."""

from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from flask import Response, g, request

from portal import citizens
from portal.access import tenant
from portal.pages.frame.cookies import SealedCookie
from shared.application.citizens.sessions import LONGEST

COOKIE: Final = "__Host-warga"
ASKED: Final = SealedCookie("__Host-kode", timedelta(minutes=10))
"""Which code was asked for, and where it was brought."""


def citizen() -> UUID | None:
    """The account that this browser is in; none if it is in none."""
    if "citizen" not in g:
        word = request.cookies.get(COOKIE)
        g.citizen = citizens.visits().whose(tenant().id, word) if word else None
    return cast("UUID | None", g.citizen)


def present() -> UUID:
    """The account, where the browser is in one."""
    return cast("UUID", g.citizen)


def begin(tenant_id: str, word: str) -> None:
    """Somebody has just entered: the rest of this request is theirs."""
    g.citizen = citizens.visits().whose(tenant_id, word)


def keep(response: Response, word: str) -> None:
    """Let the browser hold the word."""
    seconds = int(LONGEST.total_seconds())
    response.set_cookie(COOKIE, word, max_age=seconds, secure=True, httponly=True, samesite="Lax", path="/")


def forget(response: Response) -> None:
    """Take it away."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")


def asked(tenant_id: str) -> dict[str, Any] | None:
    """The code that this browser has asked for at a government."""
    said = ASKED.read()
    return said if said is not None and said["tenant"] == tenant_id else None
