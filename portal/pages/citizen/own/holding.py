"""Which citizen's account this browser is in: a random word in a cookie, whose visit is in the books."""

from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from flask import Response, g, request, url_for

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
    """The account, after :func:`require_citizen`."""
    return cast("UUID", g.citizen)


def require_citizen() -> Response | None:
    """Before a page: the browser is in an account; else it is led to where one enters."""
    if citizen() is None:
        return Response(status=303, headers={"Location": url_for("warga_masuk.form")})
    return None


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
