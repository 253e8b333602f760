"""Logging in and out."""

import re

from flask import Response, request, url_for

from portal.pages.frame import asked, csrf, late_form
from portal.pages.frame.forms import KEY, Filled, typed
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import page, pages
from portal.pages.frame.words import field_words
from portal.pages.officer import door, visits
from portal.pages.officer.chosen_words import in_words
from portal.pages.officer.words import field_label
from portal.parts import parts
from shared.application.identity.errors import Unauthenticated
from shared.application.identity.membership import EVERY_TENANT
from shared.application.identity.users import LoggedIn

_ADMINISTRATOR = "administrator"
_RESUMED = re.compile(r"(/[^/]+/(?:berkas|terbitkan)/[^/]+)/[^/]+|(/[^/]+/daftarkan)(?:/lanjut)?")
"""Forms of pages that show a form again, filled in; what was sent to any other is shown to be copied."""
_MECHANICAL = frozenset({KEY, "version", "number", "deed", "action", "akhiri", "pilih", "since", "calendar"})

blueprint = pages("entering", __name__, "/<tenant>")


@blueprint.route("/masuk")
def form(tenant: str) -> Response:
    """Name and password."""
    if there(tenant):
        return Response(status=303, headers={"Location": visits.place(asked.one(door.BACK), tenant)})
    response = door.shown(Filled({door.BACK: asked.one(door.BACK) or ""}))
    door.forget_kept(response)  # whoever begins anew is perhaps somebody else
    return response


@blueprint.route("/masuk", methods=["POST"])
def enter(tenant: str) -> Response:
    """Begin a visit. An unknown name, a wrong password and a shut account are answered alike."""
    given = typed(("username", door.BACK, late_form.LEFT, _ADMINISTRATOR))
    realm = EVERY_TENANT if given.value(_ADMINISTRATOR) else tenant
    try:
        entered = parts().users.log_in(
            realm, given.value("username"), request.form.get("password", ""), address=request.remote_addr or ""
        )
    except Unauthenticated:
        return door.shown(given, 401, _("Nama atau kata sandi tidak cocok."))
    return let_in(entered, tenant, given.value(door.BACK), given.value(late_form.LEFT))


def there(tenant: str) -> bool:
    """Whether whoever asks has logged in already."""
    word = request.cookies.get(visits.COOKIE)
    visit = visits.sessions().visit(word) if word else None
    return visit is not None and visit.caller.tenant in (tenant, EVERY_TENANT)


def let_in(entered: LoggedIn, tenant: str, back: str, given: str) -> Response:
    """Begin a visit of somebody who has just shown who they are.

    :param back: the page that they were on their way to.
    :param given: the form that they had sent too late, sealed; blank for none.
    """
    left = late_form.left(given, "path")
    resumed = _RESUMED.fullmatch(left["path"]) if left is not None else None
    wanted = back if left is None else resumed[1] or resumed[2] if resumed else left["path"]
    address = visits.place(wanted, tenant)
    csrf.renew()
    csrf.token()
    response = Response(status=303, headers={"Location": address})
    if left and not resumed:
        texts = {name: text for name, text in left["fields"].items() if name not in _MECHANICAL and text.strip()}
        response = page(
            "officer/kept.html",
            kept=in_words(texts, parts().home(tenant)),
            lost=door.file_to_choose(left),
            label=_label,
            address=address,
            scripts=("filing.js", "tulisan.js"),
        )
    elif left:
        response = page("officer/resume.html", left=given, address=address)
    visits.keep(response, visits.sessions().begin(entered))
    door.forget_kept(response)
    return response


@blueprint.route("/keluar", methods=["POST"])
def leave(tenant: str) -> Response:
    """End the visit, here and in the books."""
    word = request.cookies.get(visits.COOKIE)
    if word:
        visit = visits.sessions().visit(word, seen=False)
        visits.sessions().end(word)
        if visit is not None:
            parts().streams.look(visit.account)
    csrf.renew()
    response = Response(status=303, headers={"Location": url_for("entering.form", tenant=tenant)})
    visits.forget(response)
    return response


def _label(name: str) -> str:
    """A field of whatever form it was."""
    told = field_words(name)
    return field_label(name) if told == name else told.capitalize()
