"""The page to log in on, and the form that waits there: sent after a visit had ended, it is shown again after the next
log-in.
"""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, request

from portal.access import tenant
from portal.oidc.installed import provider_of
from portal.pages.frame import csrf
from portal.pages.frame.forms import Filled, files_sent
from portal.pages.frame.language import gettext as _
from portal.pages.frame.late_form import LEFT, ended_words, leave, left
from portal.pages.frame.page import page

BACK: Final = "lanjut"
"""Where to go on after logging in."""
KEPT: Final = "__Host-titipan"
"""Holds the form, sealed as it is, while its officer is away at the government's provider."""
_LARGEST_KEPT: Final = 3800
"""More a browser does not hold in one cookie (RFC 6265, section 6.1)."""
_SECRET: Final = (csrf.FIELD, "password")


def shown(given: Filled, status: int = 200, sentence: str | None = None) -> Response:
    """The page to log in on, with the form that was sent too late kept on both ways in."""
    waiting, provided = given.value(LEFT), provider_of(tenant().id) is not None
    fits = len(waiting) <= _LARGEST_KEPT
    response = page(
        "officer/enter.html",
        status,
        form=given,
        sentence=sentence,
        provided=provided and fits,
        too_long=provided and not fits,
        scripts=("filing.js",),
    )
    if waiting and provided and fits:
        response.set_cookie(KEPT, waiting, max_age=600, secure=True, httponly=True, samesite="Lax", path="/")
    return response


def ended() -> Response:
    """What was just sent came after its visit had ended: the page to log in on, with the form kept.

    Files are not: a page cannot hold them, nor fill in which one was chosen. That is said, here and where it is shown.
    """
    told = " ".join(filter(None, (ended_words(), file_to_choose({"files": files_sent()}))))
    return shown(Filled({LEFT: leave({"path": request.path}, _SECRET)}), 401, told)


def file_to_choose(left: Mapping[str, Any]) -> str | None:
    """That a file was sent with a form and is to be chosen once more; none if there was none."""
    return _("Berkas tidak ikut tersimpan. Pilih berkasnya lagi.") if left.get("files") else None


def kept() -> str:
    """The form that is kept for who comes back from the provider; blank if there is none."""
    held = request.cookies.get(KEPT, "")
    return held if left(held, "path") is not None else ""


def forget_kept(response: Response) -> None:
    """The form that was kept for a trip to the provider is kept no more."""
    if request.cookies.get(KEPT):
        response.delete_cookie(KEPT, secure=True, httponly=True, samesite="Lax", path="/")
