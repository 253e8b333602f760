"""How long browsers, and what stands between, may keep a page or what belongs to it."""

from typing import Final

from flask import Response, request

from portal.pages.frame import language

_PERSONAL: Final = "no-store"
_PUBLIC: Final = "public, max-age=60"
FOR_GOOD: Final = f"public, max-age={365 * 86_400}, immutable"
"""Of what has another address as soon as its content is another."""


def cache_control(response: Response, *, listed: bool, simulated: bool) -> str:
    """A minute for a page for everybody that was asked for by nobody in particular; no other is kept at all.

    The only cookie of whoever asks may be the language: with any other there is a visit, an opened complaint or a form
    of theirs, and they are to see at once what they did. What differs by language is told by ``Vary``.

    :param response: with its cookies and its ``Vary``.
    :param listed: whether the page is for everybody.
    :param simulated: whether the clock is moved by hand: then a minute of the browser's may be a week of ours.
    """
    known = set(request.cookies) <= {language.COOKIE}
    kept = listed and known and not simulated and response.status_code == 200 and "Set-Cookie" not in response.headers
    return _PUBLIC if kept else _PERSONAL
