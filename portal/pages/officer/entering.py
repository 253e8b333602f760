"""Logging in and out."""

import re

from flask import Response, request, url_for

from portal.pages.frame import asked, csrf
from portal.pages.frame.forms import KEY, Filled, typed
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import page, pages
from portal.pages.frame.words import field_words
from portal.pages.officer import visits
from portal.pages.officer.words import field_label
from portal.parts import parts
from shared.application.identity.errors import Unauthenticated
from shared.application.identity.membership import EVERY_TENANT

_ADMINISTRATOR = "administrator"
_RESUMED = re.compile(r"/[^/]+/(?:berkas|terbitkan)/[^/]+/[^/]+")
"""Pages that show a form again, filled in; what was sent to any other is shown to be copied."""
_MECHANICAL = frozenset({KEY, "version", "number", "deed", "action", "akhiri", "pilih"})

blueprint = pages("entering", __name__, "/<tenant>")


@blueprint.route("/masuk")
def form(tenant: str) -> Response:
    """Name and password."""
    word = request.cookies.get(visits.COOKIE)
    if word and (there := visits.sessions().visit(word)) and there.caller.tenant in (tenant, EVERY_TENANT):
        return Response(status=303, headers={"Location": visits.place(asked.one(visits.BACK), tenant)})
    return _shown(Filled({visits.BACK: asked.one(visits.BACK) or ""}))


@blueprint.route("/masuk", methods=["POST"])
def enter(tenant: str) -> Response:
    """Begin a visit. An unknown name, a wrong password and a shut account are answered alike."""
    given = typed(("username", visits.BACK, visits.LEFT, _ADMINISTRATOR))
    realm = EVERY_TENANT if given.value(_ADMINISTRATOR) else tenant
    try:
        entered = parts().users.log_in(
            realm, given.value("username"), request.form.get("password", ""), address=request.remote_addr or ""
        )
    except Unauthenticated:
        return _shown(given, 401, _("Nama atau kata sandi tidak cocok."))
    left = visits.left(given.value(visits.LEFT))
    resumed = left is not None and _RESUMED.fullmatch(left["path"]) is not None
    asked = given.value(visits.BACK) if left is None else left["path"].rpartition("/")[0] if resumed else left["path"]
    address = visits.place(asked, tenant)
    csrf.renew()
    csrf.token()
    response = Response(status=303, headers={"Location": address})
    if left and not resumed:
        texts = {name: text for name, text in left["fields"].items() if name not in _MECHANICAL and text.strip()}
        response = page("officer/kept.html", kept=texts, label=_label, address=address)
    elif left:
        response = page("officer/resume.html", left=given.value(visits.LEFT), address=address)
    visits.keep(response, visits.sessions().begin(entered))
    return response


@blueprint.route("/keluar", methods=["POST"])
def leave(tenant: str) -> Response:
    """End the visit, here and in the books."""
    word = request.cookies.get(visits.COOKIE)
    if word:
        visits.sessions().end(word)
    csrf.renew()
    response = Response(status=303, headers={"Location": url_for("entering.form", tenant=tenant)})
    visits.forget(response)
    return response


def ended(left: str) -> Response:
    """A form came after its visit had ended: the page to log in on, with the form kept.

    :param left: the form, sealed.
    """
    sentence = _("Sesi Anda berakhir. Masuk lagi; tulisan Anda belum terkirim dan masih ada.")
    return _shown(Filled({visits.LEFT: left}), 401, sentence)


def _shown(given: Filled, status: int = 200, sentence: str | None = None) -> Response:
    return page("officer/enter.html", status, form=given, sentence=sentence, scripts=("filing.js",))


def _label(name: str) -> str:
    """A field of whatever form it was."""
    told = field_words(name)
    return field_label(name) if told == name else told.capitalize()
