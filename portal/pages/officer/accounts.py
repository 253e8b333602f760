"""Accounts of a government's officers, for whoever administers the installation."""

import base64

from flask import Response

from portal.access import caller
from portal.pages.frame.forms import Filled, faults_of, sentence_of, typed
from portal.pages.frame.page import page, pages
from portal.pages.officer import visits
from portal.parts import parts
from shared.application.identity.membership import caller_for
from shared.application.reading_rights import check_administrator
from shared.base.errors import Conflict, Invalid
from shared.domain.sop.vocabulary import REPORTER, SYSTEM

_BYTES = 12


def require_administrator() -> None:
    """Before a page: whoever looks administers the installation."""
    check_administrator(caller())


blueprint = pages("accounts", __name__, "/<tenant>/kelola/akun", first=(visits.require_visit, require_administrator))


@blueprint.route("")
def shown(tenant: str) -> Response:
    """All accounts of the government."""
    return _page(tenant, Filled())


@blueprint.route("", methods=["POST"])
def change(tenant: str) -> Response:
    """Open an account, shut one, or give one a new password, which is shown once."""
    form = typed(("username", "actor", "agency", "deed"))
    name, password = form.value("username").strip().lower(), _password()
    users = parts().users
    try:
        match form.value("deed"):
            case "shut":
                users.disable(tenant, name)
                return _page(tenant, Filled(), said=name)
            case "renew":
                users.set_password(tenant, name, password)
            case _:
                agency = form.value("agency") or None
                users.add(caller_for(parts().runtime.tenants, tenant, form.value("actor"), agency, name), password)
    except Invalid as error:
        return _page(tenant, form.with_faults(faults_of(error)), 422)
    except Conflict as error:
        return _page(tenant, form.with_faults({"username": sentence_of(error)}), 409)
    return _page(tenant, Filled(), said=name, password=password)


def _page(
    tenant: str, form: Filled, status: int = 200, said: str | None = None, password: str | None = None
) -> Response:
    home = parts().runtime.tenants.get(tenant)
    sop = home.sop
    roles = [actor for actor in sop.actors if actor.id not in (REPORTER, SYSTEM)]
    return page(
        "officer/accounts.html",
        status,
        desk=True,
        form=form,
        said=said,
        password=password,
        users=parts().users.all(tenant),
        role_of=lambda actor: sop.actor(actor).title,
        office_of=lambda agency: home.agency_name(agency) if agency else home.name,
        roles=[(actor.id, actor.title) for actor in roles],
        agencies=[(each.id, each.name) for each in home.agencies],
    )


def _password() -> str:
    """One that nobody has chosen: 96 bits."""
    return base64.b32encode(parts().runtime.randomness.bytes(_BYTES)).decode().rstrip("=").lower()
