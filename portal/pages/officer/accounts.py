"""Accounts of a government's officers, for whoever administers the installation."""

import base64

from flask import Response

from portal.access import caller
from portal.oidc.installed import provider_of
from portal.pages.frame import saying
from portal.pages.frame.forms import Filled, deed_of, faults_of, sentence_of, typed
from portal.pages.frame.page import page, pages
from portal.pages.officer import visits
from portal.parts import parts
from shared.application.identity.bindings import Bindings
from shared.application.identity.membership import caller_for
from shared.application.identity.offices import Deed, Kind, Offices, Signed
from shared.application.reading_rights import check_administrator
from shared.base.errors import Conflict, Invalid, NotFound
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from shared.wording.coded_schema import CodedSchema, Text, load_coded

_BYTES = 12
_DEEDS = ("open", "shut", "renew", "bind", "unbind")


class _Given(CodedSchema):
    username = Text(most=200, load_default=None)
    why = Text(most=200, load_default=None)


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
    """Open an account, shut one, give one a new password, which is shown once, or bind one to an account of the
    government's own; who did it and why is kept, or it is not done.

    :raises NotFound: if what is asked for is none of the page's own.
    """
    form = typed(("username", "actor", "agency", "deed", "why", "subject", "email"))
    name, password = form.value("username").strip().lower(), _password()
    users = parts().users
    try:
        why = load_coded(_Given(), {"username": name, "why": form.value("why")})["why"] or ""
        match deed_of(_DEEDS):
            case "shut":
                _do(tenant, "shut", name, why, lambda at: users.disable(tenant, name, at))
                return _page(tenant, Filled(), said=name)
            case "renew":
                _do(tenant, "renewed", name, why, users.renewing(tenant, name, password))
            case "bind" if (there := provider_of(tenant)) is not None:
                issuer, who = there.described.issuer, {each: form.value(each) for each in ("subject", "email")}
                _do(tenant, "bound", name, why, lambda at: _bindings().bind(tenant, name, issuer, at, **who))
                return _page(tenant, Filled(), bound=name)
            case "unbind":
                _do(tenant, "unbound", name, why, lambda at: _bindings().unbind(tenant, name, at))
                return _page(tenant, Filled(), unbound=name)
            case "bind":
                raise NotFound("no_such_page")
            case _:
                agency = form.value("agency") or None
                officer = caller_for(parts().runtime.tenants, tenant, form.value("actor"), agency, name)
                _do(tenant, "opened", name, why, users.opening(officer, password))
    except Invalid as error:
        return _page(tenant, form.with_faults(faults_of(error)), 422)
    except Conflict as error:
        field = "email" if form.value("email") else "subject" if form.value("deed") == "bind" else "username"
        return _page(tenant, form.with_faults({field: sentence_of(error)}), 409)
    return _page(tenant, Filled(), said=name, password=password)


def _bindings() -> Bindings:
    return Bindings(parts().runtime.database)


def _do(tenant: str, what: Kind, username: str, why: str, deed: Deed) -> None:
    runtime = parts().runtime
    by = Signed(account=caller().user, why=why, at=runtime.clock.now(), since=None)
    Offices(runtime.database, tenant).account(what, username, by, deed)


def _page(
    tenant: str,
    form: Filled,
    status: int = 200,
    *,
    said: str | None = None,
    password: str | None = None,
    bound: str | None = None,
    unbound: str | None = None,
) -> Response:
    home = parts().home(tenant)
    sop = home.sop
    chosen = form.value("username") if form.value("deed") == "bind" else ""
    if chosen:
        form = Filled({**form.values, "username": ""}, form.faults)  # nobody is about to open that account
    roles = [actor for actor in sop.actors if actor.id not in (REPORTER, SYSTEM)]
    return page(
        "officer/accounts.html",
        status,
        desk=True,
        form=form,
        said=said,
        password=password,
        bound=bound,
        chosen=chosen,
        unbound=unbound,
        provided=provider_of(tenant) is not None,
        bindings=_bindings().of(tenant),
        users=parts().users.all(tenant),
        seen=lambda at: saying.full_day(at.astimezone(home.zone).date()),
        role_of=lambda actor: sop.actor(actor).title,
        office_of=lambda agency: home.agency_name(agency) if agency else home.name,
        roles=[(actor.id, actor.title) for actor in roles],
        agencies=[(each.id, each.name) for each in home.agencies],
    )


def _password() -> str:
    """One that nobody has chosen: 96 bits."""
    return base64.b32encode(parts().runtime.randomness.bytes(_BYTES)).decode().rstrip("=").lower()
