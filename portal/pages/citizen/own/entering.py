"""Entering a citizen's account: a telephone number or an address, and the code that is brought there.

Whoever is in already adds a second way to the same account by the same two pages.
"""

from flask import Response, request, url_for

from portal import citizens
from portal.pages.citizen.own import account, door, holding
from portal.pages.frame import csrf
from portal.pages.frame.forms import Filled, faults_of, sentence_of, typed
from portal.pages.frame.late_form import LEFT
from portal.pages.frame.page import pages
from shared.application.citizens.contact import CitizensContact, contact_of
from shared.application.identity.errors import Unauthenticated
from shared.base.errors import Conflict, Invalid

_SEEN = 3
_AGAIN = "lagi"
"""The field of whoever wants another code, and has a form that waits."""

blueprint = pages("warga_masuk", __name__, "/<tenant>/saya")


@blueprint.route("/masuk")
def form(tenant: str) -> Response:
    """Where the code is to be brought."""
    return door.asking(tenant, Filled())


@blueprint.route("/masuk", methods=["POST"])
def ask(tenant: str) -> Response:
    """Have it brought. The answer is the same whether there is an account or not."""
    given = typed(("phone", "email", LEFT))
    if request.form.get(_AGAIN):
        return door.asking(tenant, given)
    try:
        contact = contact_of(given.value("phone"), given.value("email"))
        challenge = citizens.ask_code(tenant, contact)
    except Invalid as error:
        return door.asking(tenant, given.with_faults(faults_of(error)), 422)
    if given.value(LEFT):  # which no address can carry
        response = door.coded(Filled({LEFT: given.value(LEFT)}), _hinted(contact))
    else:
        response = Response(status=303, headers={"Location": url_for("warga_masuk.code", tenant=tenant)})
    holding.ASKED.write(response, {"tenant": tenant, "challenge": str(challenge), "to": _hinted(contact)})
    return response


@blueprint.route("/kode")
def code(tenant: str) -> Response:
    """The code that was brought."""
    return _coded(tenant, Filled())


@blueprint.route("/kode", methods=["POST"])
def enter(tenant: str) -> Response:
    """Enter with it, or add where it was brought to the account that the browser is in."""
    said, waiting = holding.asked(tenant), typed((LEFT,))
    if said is None:
        return _coded(tenant, waiting)
    given, present = request.form.get("code", ""), holding.citizen()
    word = None
    try:
        if present is None:
            word = citizens.enter(tenant, said["challenge"], given)
        else:
            citizens.add_contact(tenant, present, said["challenge"], given)
    except (Unauthenticated, Conflict) as error:
        return _coded(tenant, waiting.with_faults({"code": sentence_of(error)}), error.status)
    csrf.renew()
    csrf.token()
    if word is not None:
        holding.begin(tenant, word)
    left = door.left_form(waiting)
    if left is None:
        response = Response(status=303, headers={"Location": url_for("warga.shown", tenant=tenant)})
    else:
        response = account.resumed(tenant, left)
    holding.ASKED.forget(response)
    if word is not None:
        holding.keep(response, word)
    return response


def _coded(tenant: str, given: Filled, status: int = 200) -> Response:
    said = holding.asked(tenant)
    if said is None:
        if given.value(LEFT):
            return door.asking(tenant, given)
        return Response(status=303, headers={"Location": url_for("warga_masuk.form", tenant=tenant)})
    return door.coded(given, said["to"], status)


def _hinted(contact: CitizensContact) -> str:
    """Enough to know one's own by, for who sees it over a shoulder too little."""
    if contact.kind == "phone":
        return f"…{contact.value[-_SEEN:]}"
    name, _, host = contact.value.partition("@")
    return f"{name[:1]}…@{host}"
