"""Who is at the desk: a visit that began with a log-in, held in the browser as a random word."""

from typing import Final, cast

from flask import Response, g, request, url_for

from portal.access import tenant
from portal.pages.officer import door
from portal.parts import parts
from shared.application.identity.sessions import LONGEST, Sessions, Visit
from shared.base.errors import Forbidden

COOKIE: Final = "__Host-aduan"


def sessions() -> Sessions:
    """The visits of this installation."""
    runtime = parts().runtime
    return Sessions(runtime.database, runtime.randomness)


def require_visit() -> Response | None:
    """Before a page for officers: somebody has logged in, to this government.

    :returns: the page to log in on, if nobody has; what they sent is kept for after.
    :raises Forbidden: if they belong to another government.
    """
    word = request.cookies.get(COOKIE)
    visit = sessions().visit(word) if word else None
    if visit is None:
        return _to_the_door()
    _let_in(visit)
    return None


def require_quiet_visit() -> Response | None:
    """As :func:`require_visit`, for what a page asks by itself: it keeps no visit alive, and leads to no log-in.

    :returns: 401, if nobody is there any more.
    """
    word = request.cookies.get(COOKIE)
    visit = sessions().visit(word, seen=False) if word else None
    if visit is None:
        return Response(status=401)
    _let_in(visit)
    return None


def require_center() -> Response | None:
    """As :func:`require_visit`, for a page of no government: whoever has logged in, wherever.

    :returns: the first page, if nobody has.
    """
    word = request.cookies.get(COOKIE)
    visit = sessions().visit(word) if word else None
    if visit is None:
        return Response(status=303, headers={"Location": "/"})
    _note_own_desk(visit)
    g.visit = visit
    g.caller = visit.caller
    return None


def visit() -> Visit:
    """The present visit, after :func:`require_visit`."""
    return cast("Visit", g.visit)


def keep(response: Response, word: str) -> None:
    """Let the browser hold the word."""
    response.set_cookie(
        COOKIE, word, max_age=int(LONGEST.total_seconds()), secure=True, httponly=True, samesite="Lax", path="/"
    )


def forget(response: Response) -> None:
    """Take it away."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")


def place(given: str | None, home: str) -> str:
    """Where to go on after logging in: a page of the same government, whatever was asked for.

    :param given: a path with its query.
    """
    # What begins so names no other host; a line break, or what browsers take for a slash, is no part of an address.
    ours = given is not None and given.startswith(f"/{home}/") and given.isprintable() and "\\" not in given
    return str(given) if ours else f"/{home}/meja"


def _let_in(visit: Visit) -> None:
    _note_own_desk(visit)
    if not visit.caller.admin and visit.caller.tenant != tenant().id:
        raise Forbidden("wrong_tenant")
    g.visit = visit
    g.caller = visit.caller


def _note_own_desk(visit: Visit) -> None:
    """The page of a refusal leads back to it."""
    g.own_desk = None if visit.caller.admin else visit.caller.tenant


def _to_the_door() -> Response:
    """The page to log in on; with what was sent, if something was."""
    if request.method != "POST":
        back = request.full_path.rstrip("?")
        return Response(status=303, headers={"Location": url_for("entering.form", lanjut=back)})
    return door.ended()
