"""The pages on which somebody enters their account, and the form that waits there: sent after a visit had ended, it is
shown again, filled in, once they have entered. It is never sent by itself.
"""

from dataclasses import dataclass
from typing import Final

from flask import Response, request, url_for

from portal import citizens
from portal.access import tenant
from portal.pages.citizen.own import holding
from portal.pages.frame import csrf
from portal.pages.frame.forms import Filled
from portal.pages.frame.late_form import LEFT, ended_words, leave, left
from portal.pages.frame.page import page

IDENTITY: Final = "warga.identify"
LINKING: Final = "warga.link"
_TYPED: Final = (IDENTITY, LINKING)
"""The forms of an account in which something is written."""


@dataclass(frozen=True)
class OwnLeftForm:
    """A form that came too late.

    :param what: one of :data:`_TYPED`.
    """

    what: str
    filled: Filled


def require_citizen() -> Response | None:
    """Before a page: the browser is in an account; else it is led to where one enters, with what was just written."""
    if holding.citizen() is not None:
        return None
    if request.method != "POST" or request.endpoint not in _TYPED:
        return Response(status=303, headers={"Location": url_for("warga_masuk.form")})
    return asking(tenant().id, Filled({LEFT: leave({"own": request.endpoint}, (csrf.FIELD,))}), 401, ended_words())


def asking(tenant_id: str, given: Filled, status: int = 200, sentence: str | None = None) -> Response:
    """The page that asks where the code is to be brought.

    :param given: what was typed into it, and the form that waits.
    :param sentence: why it is asked.
    """
    return page(
        "citizen/own/enter.html",
        status,
        form=given,
        sentence=sentence,
        phone_offered=citizens.phone_offered(tenant_id),
        adding=holding.citizen() is not None,
        scripts=("filing.js",),
    )


def coded(given: Filled, to: str, status: int = 200) -> Response:
    """The page that asks for the code.

    :param given: likewise.
    :param to: where it was brought, as it may be read over a shoulder.
    """
    return page("citizen/own/code.html", status, form=given, to=to, scripts=("filing.js",))


def left_form(form: Filled) -> OwnLeftForm | None:
    """The form that waits for an account to be entered; none if there is none."""
    said = left(form.value(LEFT), "own")
    if said is None or said["own"] not in _TYPED:
        return None
    return OwnLeftForm(said["own"], Filled(said["fields"]))
