"""An officer's own account: who they are here, where they are logged in, a new password."""

from flask import Response, request, url_for

from portal.access import caller
from portal.pages.frame.forms import Filled, faults_of
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import page, pages
from portal.pages.officer import visits
from portal.parts import parts
from shared.application.identity.errors import Unauthenticated
from shared.base.errors import Invalid

blueprint = pages("account", __name__, "/<tenant>/akun", first=(visits.require_visit,))


@blueprint.route("")
def shown(tenant: str) -> Response:
    """The account."""
    return _page(tenant, Filled())


@blueprint.route("", methods=["POST"])
def change(tenant: str) -> Response:
    """End every visit, or take a new password, which ends them too; here a new one begins."""
    if request.form.get("akhiri"):
        visits.sessions().end_all(visits.visit().account)
        return Response(status=303, headers={"Location": url_for("entering.form", tenant=tenant)})
    who, new = caller(), request.form.get("new", "")
    users = parts().users
    if new != request.form.get("again", ""):
        return _page(tenant, Filled(faults={"again": _("Tulis kata sandi baru yang sama dua kali")}), 422)
    try:
        users.log_in(who.tenant, who.user, request.form.get("old", ""), address=request.remote_addr or "")
    except Unauthenticated:
        return _page(tenant, Filled(faults={"old": _("Kata sandi yang sekarang tidak cocok")}), 422)
    try:
        users.set_password(who.tenant, who.user, new)
    except Invalid as error:
        return _page(tenant, Filled(faults=faults_of(error, {"password": "new"})), 422)
    entered = users.log_in(who.tenant, who.user, new, address=request.remote_addr or "")
    response = Response(status=303, headers={"Location": url_for("account.shown", tenant=tenant, kabar="sandi")})
    visits.keep(response, visits.sessions().begin(entered))
    return response


@blueprint.route("/masih")
def still(tenant: str) -> Response:
    """Somebody is still there: the visit goes on."""
    del tenant
    return Response(status=204)


def _page(tenant: str, form: Filled, status: int = 200) -> Response:
    home = parts().runtime.tenants.get(tenant)
    who = caller()
    role = home.sop.actor(who.actor).title if not who.admin else _("Pengelola instalasi")
    return page(
        "officer/account.html",
        status,
        desk=True,
        form=form,
        role=role,
        office=home.agency_name(who.agency) or home.name,
        open_visits=visits.sessions().of(visits.visit().account),
        labels={
            "old": _("Kata sandi sekarang"),
            "new": _("Kata sandi baru"),
            "again": _("Kata sandi baru, sekali lagi"),
        },
    )
